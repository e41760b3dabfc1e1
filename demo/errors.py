"""What can go wrong on the way to a running home."""


class DemoError(Exception):
    """A failure that a person can do something about; the text says what."""
