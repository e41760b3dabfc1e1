"""Sizes and times for people to read, without words that want translating."""

_KIBI = 1024
_SECONDS = 60


def size(octets: float) -> str:
    """Return a number of bytes in the unit that fits it, such as ``1.9 GiB``."""
    value = float(octets)
    for unit in ("B", "KiB", "MiB"):
        if value < _KIBI:
            return f"{value:.0f} {unit}"
        value /= _KIBI
    return f"{value:.1f} GiB"


def duration(seconds: float) -> str:
    """Return a number of seconds as minutes and seconds, such as ``1:05``."""
    minutes, rest = divmod(round(seconds), _SECONDS)
    return f"{minutes}:{rest:02}"
