"""Actions that automations call."""
