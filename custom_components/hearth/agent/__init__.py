"""One turn of talk: a chat log in, deltas out."""
