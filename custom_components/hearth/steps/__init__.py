"""What the ways to a new engine have in common: work, a trial, and how it ends."""
