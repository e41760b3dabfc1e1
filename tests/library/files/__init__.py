"""Tests of the model files of an engine of our own."""
