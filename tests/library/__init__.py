"""Tests of the models of an engine."""
