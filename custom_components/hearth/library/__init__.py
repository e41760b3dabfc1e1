"""The models of an engine: what is installed, pulling, updating and deleting."""
