"""One set of tests for all that can run a model for us."""
