"""Recommending an engine, a model, its quantization and its context, and saying why.

Nothing is read, asked or measured here: what is known comes in, and what follows
from it goes out. The rules, the first that applies:

1. An engine that answers on another machine and has a model that suits: a bigger
   machine before a Raspberry Pi, which stays free for Home Assistant.
2. With less than 4 GB of memory, the engine that Hearth runs itself.
3. An engine that answers on this machine and has a model that suits.
4. Ollama where it is installed but has no such model, or where Home Assistant offers
   it as an app: it is simple, and looks after its models itself.
5. The engine that Hearth runs itself.

Where no model suits, those that at least fit follow, and then the tiny model that
comes with Hearth, which fits everywhere. Models that do not fit, and those that
really run in the cloud, are last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from .engines.base import EngineKind
from .recommending.base import Pick, Place, PlaceKind, ReasonKey, Situation
from .recommending.candidate import (
    Candidate,
    app_place,
    installed,
    nano,
    place_of,
    to_manage,
    to_pull,
)
from .recommending.cost import Cost, cost_of
from .recommending.machine import is_pi, is_small
from .recommending.quantization import choose_file
from .recommending.reasons import reasons_of, speaks

# What a model loses of its quality, in percent of tasks done right. These weigh one
# good against another, and were chosen so that on a Raspberry Pi models that do
# about as well are put in order by what else matters there.
# One percent for each of so many seconds that reading everything again takes after a
# restart.
_SECONDS_PER_PERCENT = 4.0
# And for a context window of no tokens; for a shorter one than is comfortable, a
# share of it.
_SHORTNESS = 20.0


class _Group(IntEnum):
    """How a candidate does, the best first."""

    SUITS = 0
    FITS = 1
    NANO = 2
    TOO_LARGE = 3
    CLOUD = 4


class _PlaceRank(IntEnum):
    """In which order places are recommended."""

    ELSEWHERE = 0
    ELSEWHERE_EMPTY = 1
    MANAGED_SMALL = 2
    HERE = 3
    HERE_EMPTY = 4
    APP = 5
    MANAGED = 6
    # Beside a machine that is no Raspberry Pi, another is not bigger for sure.
    ELSEWHERE_EMPTY_LAST = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rated:
    """A candidate with what it costs, and why its file was taken."""

    candidate: Candidate
    cost: Cost
    why_file: ReasonKey | None = None


def recommend(situation: Situation) -> tuple[Pick, ...]:
    """Return what can be had, the best first; never empty, and its first fits.

    Of each model that would be downloaded there is one file, and only where it suits,
    or where nothing does. :func:`every_file` has the others.
    """
    rated = [
        *(_rated(situation, candidate) for candidate in installed(situation)),
        *_downloads(situation),
    ]
    if any(_suits(situation, one) for one in rated):
        rated = [
            one for one in rated if not one.candidate.download or _suits(situation, one)
        ]
    rated.append(_nano(situation))
    rated.sort(key=lambda one: _order(situation, one))
    return tuple(_pick(situation, one) for one in rated)


def every_file(situation: Situation, place: Place) -> tuple[Pick, ...]:
    """Return every model of the catalogue for a place, with what it costs.

    Those that do not suit come after those that do, those that do not fit at the end.

    Args:
        situation: What it depends on.
        place: Where it would run: the managed engine or an Ollama.
    """
    if place.kind is PlaceKind.MANAGED:
        candidates = [
            candidate
            for model in situation.catalog
            for candidate in to_manage(situation, model)
        ]
    else:
        candidates = list(to_pull(situation, place))
    rated = [_rated(situation, candidate) for candidate in candidates]
    rated.sort(key=lambda one: _order(situation, one))
    return tuple(_pick(situation, one) for one in rated)


def _rated(situation: Situation, candidate: Candidate) -> _Rated:
    """Return a candidate with what it costs."""
    return _Rated(candidate=candidate, cost=cost_of(situation, candidate))


def _downloads(situation: Situation) -> Iterator[_Rated]:
    """Yield the models that could be had, one file of each at each place."""
    for model in situation.catalog:
        files = [(one, cost_of(situation, one)) for one in to_manage(situation, model)]
        if chosen := choose_file(files):
            candidate, cost, why = chosen
            yield _Rated(candidate=candidate, cost=cost, why_file=why)
    for place in _ollamas(situation):
        has = {one.model for one in installed(situation) if one.place == place}
        for candidate in to_pull(situation, place):
            rated = _rated(situation, candidate)
            if candidate.model not in has and rated.cost.fits:
                yield rated


def _ollamas(situation: Situation) -> Iterator[Place]:
    """Yield the places where Ollama is and does what is asked, or could be."""
    places = [
        place_of(situation, found)
        for found in situation.found
        if found.kind is EngineKind.OLLAMA and not found.locked
    ]
    yield from places
    if situation.app_offered and not any(place.here for place in places):
        yield app_place()


def _nano(situation: Situation) -> _Rated:
    """Return the model that comes with Hearth, and why one would take it."""
    costs = [
        cost_of(situation, one)
        for model in situation.catalog
        for one in to_manage(situation, model)
    ]
    why = ReasonKey.NANO
    if not any(cost.in_memory for cost in costs):
        why = ReasonKey.NANO_MEMORY
    elif not any(cost.fits for cost in costs):
        why = ReasonKey.NANO_DISK
    candidate = nano()
    return _Rated(candidate=candidate, cost=cost_of(situation, candidate), why_file=why)


def _defects(situation: Situation, rated: _Rated) -> int:
    """Return how many things a model cannot do that a home needs."""
    mute = speaks(situation, rated.candidate) is False
    return mute + (rated.candidate.tools is False)


def _suits(situation: Situation, rated: _Rated) -> bool:
    """Return whether a candidate fits, is fast enough and does what a home needs."""
    return _group(situation, rated) is _Group.SUITS


def _group(situation: Situation, rated: _Rated) -> _Group:
    """Return how a candidate does."""
    candidate, cost = rated.candidate, rated.cost
    if candidate.cloud:
        return _Group.CLOUD
    if candidate.is_nano:
        return _Group.NANO
    if not cost.fits:
        return _Group.TOO_LARGE
    if cost.enough and not _defects(situation, rated):
        return _Group.SUITS
    return _Group.FITS


def _place_rank(situation: Situation, candidate: Candidate) -> _PlaceRank:
    """Return where a place stands."""
    board, place = situation.board, candidate.place
    if place.kind is PlaceKind.MANAGED:
        return _PlaceRank.MANAGED_SMALL if is_small(board) else _PlaceRank.MANAGED
    if place.kind is PlaceKind.OLLAMA_APP:
        return _PlaceRank.APP
    pi = is_pi(board)
    if place.here:
        if candidate.download:
            return _PlaceRank.HERE_EMPTY
        # Between two machines that are no Pi, the better model decides.
        alike = not pi and not is_small(board)
        return _PlaceRank.ELSEWHERE if alike else _PlaceRank.HERE
    if not candidate.download:
        return _PlaceRank.ELSEWHERE
    return _PlaceRank.ELSEWHERE_EMPTY if pi else _PlaceRank.ELSEWHERE_EMPTY_LAST


def _order(situation: Situation, rated: _Rated) -> tuple[float | str, ...]:
    """Return what candidates are sorted by."""
    candidate, cost = rated.candidate, rated.cost
    worth = candidate.expected - cost.again / _SECONDS_PER_PERCENT
    worth -= _SHORTNESS * cost.shortness
    if not cost.enough:
        # Among slow models the fastest is the best.
        worth = cost.likely
    return (
        _group(situation, rated),
        _defects(situation, rated),
        _place_rank(situation, candidate),
        not cost.enough,
        -worth,
        not candidate.place.here,
        candidate.download,
        candidate.place.url or "",
        candidate.model,
    )


def _pick(situation: Situation, rated: _Rated) -> Pick:
    """Return a candidate as it is handed out."""
    candidate, cost = rated.candidate, rated.cost
    window = cost.window
    return Pick(
        place=candidate.place,
        model=candidate.model,
        name=candidate.name,
        catalog_key=candidate.known.key if candidate.known else None,
        file=candidate.file,
        quantization=candidate.quantization,
        context_window=cost.context,
        cache_type=window.cache_type if window else None,
        memory_needed=window.need.total if window else None,
        memory_free=cost.free,
        generating=cost.speed.generating,
        reading=cost.speed.reading,
        first_word=cost.first_word,
        load=cost.load,
        download=candidate.download,
        fits=cost.fits,
        suits=_suits(situation, rated),
        reasons=reasons_of(situation, candidate, cost, rated.why_file),
    )
