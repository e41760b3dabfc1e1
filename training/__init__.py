"""How the tiny bundled model is made, from words to GGUF."""
