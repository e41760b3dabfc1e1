"""Talking to inference servers; knows nothing of Home Assistant."""
