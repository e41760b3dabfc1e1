"""Tests of the first step: what was seen, and what would suit."""
