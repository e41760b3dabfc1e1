"""The same turns for Hearth and for Home Assistant's own agents."""
