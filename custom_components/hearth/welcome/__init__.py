"""Showing what there is when somebody sets Hearth up, and what would suit."""
