"""Tests of the llama.cpp that Hearth runs itself."""
