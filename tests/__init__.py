"""Tests of Hearth."""
