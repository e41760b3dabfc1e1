"""Tests of how the bundled model is made."""
