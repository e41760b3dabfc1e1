"""What automations can ask of an engine; each file has the actions of one kind."""
