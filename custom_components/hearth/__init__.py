"""Hearth: a local language model as the voice of the home."""
