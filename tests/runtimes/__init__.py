"""Tests of finding and installing what runs a model."""
