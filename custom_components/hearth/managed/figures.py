"""Sizes and times for people to read, without words that want translating."""

_KILO = 1000
_SECONDS = 60


def size(octets: float) -> str:
    """Return a number of bytes in the unit that fits it, such as ``2.0 GB``.

    The units are those of disks and of the places that models come from.
    """
    value = float(octets)
    for unit in ("B", "kB", "MB"):
        # What would be rounded up to a thousand is one of the next unit.
        if value < _KILO - 0.5:
            return f"{value:.0f} {unit}"
        value /= _KILO
    return f"{value:.1f} GB"


def duration(seconds: float) -> str:
    """Return a number of seconds as minutes and seconds, such as ``1:05``."""
    minutes, rest = divmod(round(seconds), _SECONDS)
    return f"{minutes}:{rest:02}"
