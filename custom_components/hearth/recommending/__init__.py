"""What the recommendation of an engine and a model is made of."""
