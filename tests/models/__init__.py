"""Tests of reading, finding and fetching model files."""
