"""The number in which a Raspberry Pi says what it is."""

from dataclasses import dataclass

_MIB = 2**20

# Bit 23 says that the others mean what is below. Before it, codes were only counted.
_NEW_STYLE = 1 << 23
_SMALLEST_MEMORY = 256 * _MIB
# 7 is not in use.
_MEMORY_SIZES = 7
_PROCESSORS = ("BCM2835", "BCM2836", "BCM2837", "BCM2711", "BCM2712")
_TYPES = {
    0x00: "A",
    0x01: "B",
    0x02: "A+",
    0x03: "B+",
    0x04: "2B",
    0x06: "CM1",
    0x08: "3B",
    0x09: "Zero",
    0x0A: "CM3",
    0x0C: "Zero W",
    0x0D: "3B+",
    0x0E: "3A+",
    0x10: "CM3+",
    0x11: "4B",
    0x12: "Zero 2 W",
    0x13: "400",
    0x14: "CM4",
    0x15: "CM4S",
    0x17: "5B",
    0x18: "CM5",
    0x19: "500",
    0x1A: "CM5 Lite",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a revision code says; None for what it does not say.

    The bits are described in Raspberry Pi's documentation, "Raspberry Pi revision
    codes": 0-3 the board's revision, 4-11 its type, 12-15 the processor, 20-22 the
    memory, 23 that the code is of this kind.

    Args:
        code: The whole number.
        type: ``5B``, ``500`` (a 500+ says the same), ``CM5``, ``CM5 Lite``, ``4B``…
        board: Which revision of the board, ``1.0``.
        soc: The processor, ``BCM2712``.
        memory: Bytes that are soldered on.
    """

    code: int
    type: str | None = None
    board: str | None = None
    soc: str | None = None
    memory: int | None = None


def parse_revision(code: int) -> Revision | None:
    """Return what a revision code says; None for what is none."""
    if not 0 < code < 2**32:
        return None
    if not code & _NEW_STYLE:
        return Revision(code=code)
    memory = code >> 20 & 0x7
    processor = code >> 12 & 0xF
    return Revision(
        code=code,
        type=_TYPES.get(code >> 4 & 0xFF),
        board=f"1.{code & 0xF}",
        soc=_PROCESSORS[processor] if processor < len(_PROCESSORS) else None,
        memory=_SMALLEST_MEMORY << memory if memory < _MEMORY_SIZES else None,
    )


def hexadecimal(text: str) -> int | None:
    """Return a number of up to 32 bits that is written with 16 digits."""
    text = text.strip().lower().removeprefix("0x")
    if not 0 < len(text) <= 8 or set(text) - set("0123456789abcdef"):
        return None
    return int(text, 16)
