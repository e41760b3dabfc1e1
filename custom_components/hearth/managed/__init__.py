"""The llama.cpp that Hearth runs itself, seen from Home Assistant."""
