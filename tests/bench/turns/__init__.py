"""Tests of the turns that are played side by side."""
