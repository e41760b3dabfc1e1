"""The demo home: a real Home Assistant, a real engine, a tiny model."""
