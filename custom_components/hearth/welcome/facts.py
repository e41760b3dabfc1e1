"""What was seen, in short pieces for people to read."""

from collections.abc import Iterator, Mapping
import re
from urllib.parse import urlsplit

from ..engines.discovery import Found
from ..engines.kinds import NAMES
from ..engines.values import shown
from ..hardware.board import Board
from ..hardware.board_health import Health
from ..hardware.storage import StorageKind
from ..managed.figures import size
from ..recommending.base import NANO, Pick, PlaceKind, ReasonKey
from ..recommending.candidate import USUAL
from ..steps.labels import BETWEEN, costs, joined
from ..steps.texts import filled

# Stands for what is unknown.
NOTHING = "-"

_GIB = 2**30
# Names that are the same in every language.
_DISKS = {
    StorageKind.EMMC: "eMMC",
    StorageKind.NVME: "NVMe",
    StorageKind.SD_CARD: "SD",
    StorageKind.SSD: "SSD",
}
# Degrees. A Raspberry Pi 5 with its cooler was measured to stay below the first one
# under load (stressberry, issue 139); above the second one it slows down.
_WARM, _HOT = 65, 80
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
        _state(health, texts),
    ]
    return BETWEEN.join(piece for piece in pieces if piece) or NOTHING


def _memory(board: Board) -> str | None:
    """Return how much memory there is: as it was sold, or as it is seen."""
    if board.installed_memory:
        return f"{board.installed_memory / _GIB:g} GB"
    return size(board.memory.total) if board.memory.total else None


def _state(health: Health, texts: Mapping[str, str]) -> str | None:
    """Return how the machine is doing, None where it does not tell."""
    troubles = [f"⚠ {texts[name]}" for name in _troubles(health)]
    pieces = [heat for heat in [_heat(health, texts)] if heat]
    if not troubles and health.now.throttled is False:
        pieces.append(texts["not_throttled"])
    return BETWEEN.join([*pieces, *troubles]) or None


def _heat(health: Health, texts: Mapping[str, str]) -> str | None:
    """Return how warm the processor is, None where it does not tell."""
    degrees = health.temperature
    if degrees is None:
        return None
    name = "cool" if degrees < _WARM else "warm" if degrees < _HOT else "hot"
    return filled(texts[name], {"degrees": f"{degrees:.0f}"})


def _troubles(health: Health) -> Iterator[str]:
    """Yield the names of what slows the machine down right now."""
    if health.now.under_voltage:
        yield "under_voltage"
    if health.now.throttled or health.now.soft_temperature_limit:
        yield "throttled"


def engines_text(found: tuple[Found, ...], texts: Mapping[str, str]) -> str:
    """Return a sentence for each engine that answers, or that none does."""
    if not found:
        return texts["nothing_answers"]
    said = [_engine(one, texts) for one in found]
    return said[0] if len(said) == 1 else "".join(f"\n- {one}" for one in said)


def _engine(found: Found, texts: Mapping[str, str]) -> str:
    """Return what answers, where, and with how many models."""
    name = NAMES[found.kind] if found.kind else texts["unknown_engine"]
    if found.version and _PLAIN.fullmatch(found.version):
        name = f"{name} {found.version}"
    if found.locked:
        text = texts["answers_locked"]
    elif found.models is None:
        text = texts["answers"]
    elif not found.models:
        text = texts["answers_empty"]
    else:
        text = texts["answers_one" if len(found.models) == 1 else "answers_many"]
    values = {"engine": name, "address": urlsplit(found.url).netloc}
    return filled(text, values | {"count": str(len(found.models or ()))})


def pick_label(pick: Pick, texts: Mapping[str, str]) -> str:
    """Return what a recommendation is, where it runs and what it costs."""
    name = shown(pick.name)
    if pick.quantization not in {None, USUAL} and pick.model != NANO:
        name = f"{name} ({shown(pick.quantization)})"
    return joined(name, [_place(pick, texts), *_costs(pick, texts)])


def server_label(found: Found, texts: Mapping[str, str]) -> str:
    """Return the choice of a server that answers, for one of its models."""
    name = NAMES[found.kind] if found.kind else texts["unknown_engine"]
    text = texts["enter_key" if found.locked else "all_models"]
    return filled(text, {"engine": name, "address": urlsplit(found.url).netloc})


def _costs(pick: Pick, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what a model needs, how fast it is and what has to be downloaded."""
    if pick.model == NANO:
        yield texts["comes_along"]
        return
    yield from costs(pick, texts)
    if pick.download:
        yield filled(texts["to_download"], {"size": size(pick.download)})
    else:
        yield texts["is_there"]


def _place(pick: Pick, texts: Mapping[str, str]) -> str:
    """Return what runs a model."""
    place = pick.place
    if place.kind is PlaceKind.MANAGED:
        return texts["run_by_hearth"]
    engine = NAMES[place.engine] if place.engine else texts["unknown_engine"]
    return f"{engine} {urlsplit(place.url or '').netloc}".strip()


def best_text(pick: Pick | None, texts: Mapping[str, str]) -> str:
    """Return what is recommended, why, and what speaks against it."""
    if pick is None:
        return NOTHING
    first, *others = pick.reasons
    said = [first, *(one for one in others if one.key in _AGAINST)]
    why = " ".join(filled(texts[one.key], one.placeholders) for one in said)
    return f"{_escaped(pick.name)}. {why}"


def _escaped(text: str) -> str:
    """Return a text that is not ours so that it is shown as it is."""
    return _SPECIAL.sub(r"\\\1", shown(text))
