"""Tests with a real Home Assistant, engine and browser."""
