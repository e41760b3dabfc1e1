"""The machine; knows nothing of Home Assistant."""
