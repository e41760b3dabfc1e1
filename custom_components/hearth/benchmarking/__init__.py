"""Measuring how fast models are here, and what follows from it."""
