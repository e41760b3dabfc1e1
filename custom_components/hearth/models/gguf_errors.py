"""What can be wrong with a GGUF file."""


class GgufError(Exception):
    """The root of everything that is wrong with a GGUF file."""


class NotGguf(GgufError):
    """It is a file of another kind, or no file at all."""


class Truncated(GgufError):
    """The file ends too early: a download that was cut off, or a part is missing."""


class Malformed(GgufError):
    """The header contradicts itself or the format."""


class Unsupported(GgufError):
    """The file is of a version, or has a kind of number, that is not known here."""


class TooMuch(GgufError):
    """The header claims more of something than any model has."""
