"""Tests of what the ways to a new engine have in common."""
