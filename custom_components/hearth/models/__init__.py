"""Model files; knows nothing of Home Assistant."""
