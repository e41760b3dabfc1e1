"""The programs that can run a model: finding them, and installing one of them."""
