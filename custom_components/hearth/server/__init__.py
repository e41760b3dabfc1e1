"""A server that runs models, seen from the forms."""
