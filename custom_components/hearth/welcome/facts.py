"""What was seen, in short pieces for people to read."""

from collections.abc import Iterator, Mapping
import re
from urllib.parse import urlsplit

from ..engines.discovery import Found
from ..engines.kinds import NAMES
from ..engines.values import shown
from ..hardware.board import Board
from ..hardware.board_health import Health
from ..hardware.speed import Basis
from ..hardware.storage import StorageKind
from ..managed.figures import size
from ..recommending.base import Pick, ReasonKey

# Stands for what is unknown.
NOTHING = "-"

_GIB = 2**30
_BETWEEN = " · "
# Names that are the same in every language.
_DISKS = {
    StorageKind.EMMC: "eMMC",
    StorageKind.NVME: "NVMe",
    StorageKind.SD_CARD: "SD",
    StorageKind.SSD: "SSD",
}
# Servers say of themselves what they want, and texts of forms may hold pictures.
_PLAIN = re.compile(r"[\w][\w.+ -]{0,39}", re.ASCII)
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")
# What is said of a recommendation beside its first reason: what speaks against it.
_AGAINST = frozenset(
    {
        ReasonKey.CONTEXT_SHORT,
        ReasonKey.LANGUAGE_MISSING,
        ReasonKey.NO_TOOLS,
        ReasonKey.TOO_SLOW,
    }
)


def machine_text(board: Board, health: Health, texts: Mapping[str, str]) -> str:
    """Return what the machine is and how it is doing.

    Args:
        board: The machine.
        health: How it is doing.
        texts: Sentences in the home's language, by their names.
    """
    pieces = [
        board.model and _escaped(board.model),
        _memory(board),
        _DISKS.get(board.storage.kind) if board.storage.kind else None,
        None if health.temperature is None else f"{health.temperature:.0f} °C",
        *(f"⚠ {texts[name]}" for name in _troubles(health)),
    ]
    return _BETWEEN.join(piece for piece in pieces if piece) or NOTHING


def _memory(board: Board) -> str | None:
    """Return how much memory there is: as it was sold, or as it is seen."""
    if board.installed_memory:
        return f"{board.installed_memory / _GIB:g} GB"
    return size(board.memory.total) if board.memory.total else None


def _troubles(health: Health) -> Iterator[str]:
    """Yield the names of what slows the machine down right now."""
    if health.now.under_voltage:
        yield "under_voltage"
    if health.now.throttled or health.now.soft_temperature_limit:
        yield "throttled"


def engines_text(found: tuple[Found, ...], texts: Mapping[str, str]) -> str:
    """Return a line for each engine that answers, or a dash."""
    lines = [f"- {_engine(one, texts)}" for one in found]
    return "\n".join(["", *lines]) if lines else NOTHING


def _engine(found: Found, texts: Mapping[str, str]) -> str:
    """Return what answers, where, and with how many models."""
    name = NAMES[found.kind] if found.kind else NOTHING
    if found.version and _PLAIN.fullmatch(found.version):
        name = f"{name} {found.version}"
    pieces = [name, urlsplit(found.url).netloc]
    if found.locked:
        pieces.append(texts["locked"])
    elif found.models is not None:
        pieces.append(filled(texts["models"], {"count": str(len(found.models))}))
    return _BETWEEN.join(pieces)


def pick_label(pick: Pick) -> str:
    """Return what a recommendation is and what it costs, without words."""
    place = pick.place
    engine = NAMES[place.engine] if place.engine else None
    pieces = [
        shown(pick.name),
        pick.quantization and shown(pick.quantization),
        f"{engine} {urlsplit(place.url).netloc}" if place.url and engine else engine,
        _needed(pick),
        _speed(pick),
        f"⤓ {size(pick.download)}" if pick.download else None,
    ]
    return _BETWEEN.join(piece for piece in pieces if piece)


def _needed(pick: Pick) -> str | None:
    """Return how much of the memory that can be spared it needs."""
    if not pick.memory_needed:
        return None
    needed = f"{pick.memory_needed / _GIB:.1f}"
    if pick.memory_free is None:
        return f"{needed} GiB"
    return f"{needed} / {pick.memory_free / _GIB:.1f} GiB"


def _speed(pick: Pick) -> str | None:
    """Return how fast it speaks, roughly where nobody measured it."""
    if pick.generating is None:
        return None
    tokens = pick.generating.value
    return f"{_about(pick)}{tokens:.{0 if tokens >= 10 else 1}f} tokens/s"


def _about(pick: Pick) -> str:
    """Return the mark of an estimate, nothing for a measurement."""
    measured = pick.generating and pick.generating.basis is Basis.MEASURED
    return "" if measured else "≈ "


def best_text(pick: Pick | None, texts: Mapping[str, str]) -> str:
    """Return what is recommended, why, and what speaks against it."""
    if pick is None:
        return NOTHING
    first, *others = pick.reasons
    said = [first, *(one for one in others if one.key in _AGAINST)]
    why = " ".join(filled(texts[one.key], one.placeholders) for one in said)
    return f"{_escaped(pick.name)}. {why}"


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with values in it, which mean nothing to what draws the text."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _escaped(text: str) -> str:
    """Return a text that is not ours so that it is shown as it is."""
    return _SPECIAL.sub(r"\\\1", shown(text))
