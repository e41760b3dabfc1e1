"""Grammars in llama.cpp's notation, GBNF."""


class Rules:
    """The rules of a grammar."""
