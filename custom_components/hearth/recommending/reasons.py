"""Saying why, in keys of texts with numbers."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from ..engines.kinds import NAMES
from ..hardware.speed import Basis
from ..managed.figures import size
from .base import Place, PlaceKind, Reason, ReasonKey, Situation
from .candidate import Candidate
from .cost import Cost
from .machine import disk_free, is_small, memory_budget, wanted_context
from .quality import percent_right


def speaks(situation: Situation, candidate: Candidate) -> bool | None:
    """Return whether a model speaks the home's language, None where unknown."""
    return candidate.known.speaks(situation.language) if candidate.known else None


def reasons_of(
    situation: Situation, candidate: Candidate, cost: Cost, why_file: ReasonKey | None
) -> tuple[Reason, ...]:
    """Return what is to be said of a candidate, the most important first.

    Args:
        situation: What it depends on.
        candidate: The model and its place.
        cost: What it costs.
        why_file: Why this file of the model, or this model, was taken.
    """
    if candidate.is_nano:
        return (Reason(key=why_file or ReasonKey.NANO),)
    if candidate.cloud:
        return (Reason(key=ReasonKey.CLOUD),)
    return (
        _of_place(situation, candidate),
        *_against(situation, candidate, cost),
        *_of_model(candidate, why_file),
        *_of_memory(cost),
        *_of_speed(candidate, cost),
        *_of_context(situation, candidate, cost),
        *_of_reading(candidate),
        *_of_download(candidate),
    )


def _of_place(situation: Situation, candidate: Candidate) -> Reason:
    """Return why it runs where it does."""
    place = candidate.place
    if place.kind is PlaceKind.OLLAMA_APP:
        return Reason(key=ReasonKey.OLLAMA_APP)
    if place.kind is PlaceKind.MANAGED:
        small = is_small(situation.board)
        return Reason(key=ReasonKey.MANAGED_SMALL if small else ReasonKey.MANAGED)
    keys = {
        (True, False): ReasonKey.ANSWERS_HERE,
        (False, False): ReasonKey.ANSWERS_ELSEWHERE,
        (True, True): ReasonKey.EMPTY_HERE,
        (False, True): ReasonKey.EMPTY_ELSEWHERE,
    }
    names = {"engine": _engine(place), "address": urlsplit(place.url or "").netloc}
    return Reason(key=keys[place.here, bool(candidate.download)], placeholders=names)


def _engine(place: Place) -> str:
    """Return what people call the server at a place."""
    return NAMES[place.engine] if place.engine else ""


def _against(
    situation: Situation, candidate: Candidate, cost: Cost
) -> Iterator[Reason]:
    """Yield what speaks against a candidate."""
    if cost.window is not None and not cost.in_memory:
        numbers = {
            "needed": size(cost.window.need.total),
            "free": size(memory_budget(situation, candidate.place)),
        }
        yield Reason(key=ReasonKey.TOO_LITTLE_MEMORY, placeholders=numbers)
    if not cost.on_disk:
        numbers = {
            "size": size(candidate.download),
            "free": size(disk_free(situation) or 0),
        }
        yield Reason(key=ReasonKey.DISK_FULL, placeholders=numbers)
    if candidate.tools is False:
        yield Reason(key=ReasonKey.NO_TOOLS)
    if speaks(situation, candidate) is False:
        language = {"language": situation.language}
        yield Reason(key=ReasonKey.LANGUAGE_MISSING, placeholders=language)
    if not cost.enough:
        yield Reason(key=ReasonKey.TOO_SLOW)


def _of_model(candidate: Candidate, why_file: ReasonKey | None) -> Iterator[Reason]:
    """Yield why it is this model, and this file of it."""
    known = candidate.known
    if known is not None and known.accuracy is not None:
        percent = f"{percent_right(known.accuracy):.0f}"
        yield Reason(key=ReasonKey.ACCURACY, placeholders={"percent": percent})
    else:
        yield Reason(key=ReasonKey.NOT_TESTED)
    if why_file is not None and candidate.quantization:
        names = {"quantization": candidate.quantization}
        yield Reason(key=why_file, placeholders=names)


def _of_memory(cost: Cost) -> Iterator[Reason]:
    """Yield what it needs of the memory."""
    if cost.window is None or not cost.in_memory:
        return
    numbers = {"needed": size(cost.window.need.total)}
    if cost.free is None:
        yield Reason(key=ReasonKey.MEMORY_UNKNOWN, placeholders=numbers)
    else:
        numbers["free"] = size(cost.free)
        yield Reason(key=ReasonKey.MEMORY, placeholders=numbers)


def _of_speed(candidate: Candidate, cost: Cost) -> Iterator[Reason]:
    """Yield how fast it is."""
    speed = cost.speed.generating
    if speed is None or cost.first_word is None:
        if candidate.place.here:
            yield Reason(key=ReasonKey.SPEED_UNKNOWN)
        return
    both = speed.basis is cost.first_word.basis is Basis.MEASURED
    yield Reason(
        key=ReasonKey.SPEED_MEASURED if both else ReasonKey.SPEED_ESTIMATED,
        placeholders={
            "tokens": f"{speed.value:.{0 if speed.value >= 10 else 1}f}",
            "seconds": f"{cost.first_word.value:.0f}",
        },
    )


def _of_context(
    situation: Situation, candidate: Candidate, cost: Cost
) -> Iterator[Reason]:
    """Yield that the context window is smaller than it should be."""
    if cost.context < wanted_context(situation, candidate.place) and cost.in_memory:
        tokens = {"tokens": str(cost.context)}
        yield Reason(key=ReasonKey.CONTEXT_SHORT, placeholders=tokens)


def _of_reading(candidate: Candidate) -> Iterator[Reason]:
    """Yield whether a restart costs time; only our own engine keeps what it read."""
    known = candidate.known
    if candidate.place.kind is PlaceKind.MANAGED and known is not None:
        keeps = known.keeps_saved_prompts
        yield Reason(key=ReasonKey.KEEPS_PROMPTS if keeps else ReasonKey.READS_AGAIN)


def _of_download(candidate: Candidate) -> Iterator[Reason]:
    """Yield what has to be downloaded."""
    if candidate.download:
        numbers = {"size": size(candidate.download)}
        yield Reason(key=ReasonKey.DOWNLOAD, placeholders=numbers)
    elif candidate.place.kind is PlaceKind.MANAGED:
        yield Reason(key=ReasonKey.ALREADY_DOWNLOADED)
