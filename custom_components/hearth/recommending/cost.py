"""What a model costs at a place: memory, room, seconds."""

from dataclasses import dataclass, replace

from ..hardware.fit import CachePrecision, kv_cache_bytes
from ..hardware.speed import (
    RASPBERRY_PI_5,
    Basis,
    Figure,
    SpeedEstimate,
    Work,
    estimate_speed,
    pace_of,
    reckoned_speed,
)
from ..hardware.speed_loading import estimate_load
from ..hardware.window import Window, best_window, least_window, widest_window
from .base import PlaceKind, Situation
from .candidate import Candidate
from .machine import (
    cache_types,
    disk_free,
    engine_cost,
    memory_budget,
    memory_free,
    times_pi5,
    wanted_context,
)

# Tokens. What Hearth says of a home of 40 entities, tools included.
PROMPT = 800
# Seconds. Nobody waits longer for a first word, not even where that is rare.
_MOST_PATIENCE = 60.0
# A file that is larger than usual has to be so many times as fast as is wanted.
_TO_SPARE = 2.0
# Tokens. A home and a longer talk; less will do.
_COMFORTABLE = 4096
_UNKNOWN = SpeedEstimate(generating=None, reading=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a candidate costs.

    Args:
        window: Its context window and memory; None where its size is unknown.
        context: Tokens of that window.
        free: Bytes of memory for it; None where unknown.
        in_memory: Whether there is memory for it.
        on_disk: Whether there is room for it.
        speed: Tokens a second, as they are shown.
        first_word: Seconds until the first word of an answer.
        load: Seconds until it is loaded.
        likely: Tokens that it probably generates in a second, for ranking only.
        enough: Whether it is probably as fast as wanted.
        to_spare: Whether it is probably much faster.
        again: Seconds that it probably takes to read what it has read before a
            restart; 0 for a model that keeps it.
    """

    window: Window | None
    context: int
    free: int | None
    in_memory: bool
    on_disk: bool
    speed: SpeedEstimate = _UNKNOWN
    first_word: Figure | None = None
    load: Figure | None = None
    likely: float = 0.0
    enough: bool = True
    to_spare: bool = True
    again: float = 0.0

    @property
    def fits(self) -> bool:
        """Return whether there is memory and room for it."""
        return self.in_memory and self.on_disk

    @property
    def shortness(self) -> float:
        """Return which share of a comfortable context window is missing."""
        return max(1 - self.context / _COMFORTABLE, 0.0)

    @property
    def precise(self) -> bool:
        """Return whether the cache is kept in full precision."""
        return self.window is None or self.window.cache_type is CachePrecision.F16


def cost_of(situation: Situation, candidate: Candidate) -> Cost:
    """Return what a model costs; arithmetic alone."""
    place = candidate.place
    window, in_memory = _window(situation, candidate)
    room = disk_free(situation)
    cost = Cost(
        window=window,
        context=window.tokens if window else _context(situation, candidate),
        free=memory_free(situation, place),
        in_memory=in_memory,
        on_disk=not candidate.download
        or not place.here
        or room is None
        or candidate.download <= room,
    )
    # How fast other machines are, nobody knows, nor what the cloud takes.
    if candidate.shape is None or window is None or not place.here:
        return cost
    load = estimate_load(
        candidate.shape.weights,
        situation.board.storage.kind,
        engine_cost(situation, place).start,
        situation.calibration,
    )
    cost = replace(cost, load=load)
    if candidate.work is None:
        return cost
    cache = kv_cache_bytes(candidate.shape, PROMPT, window.cache_type)
    return _timed(situation, candidate, cost, replace(candidate.work, cache=cache))


def _context(situation: Situation, candidate: Candidate) -> int:
    """Return the tokens of context that a model would get at best."""
    wanted = wanted_context(situation, candidate.place)
    return min(wanted, candidate.context_length or wanted)


def _window(situation: Situation, candidate: Candidate) -> tuple[Window | None, bool]:
    """Return the window that a model gets, and whether it fits into memory."""
    place, shape = candidate.place, candidate.shape
    wanted = _context(situation, candidate)
    if shape is None or candidate.cloud:
        return None, True
    overhead = engine_cost(situation, place).overhead
    elsewhere = place.kind is PlaceKind.FOUND and not place.here
    if candidate.in_memory or (elsewhere and not candidate.download):
        return widest_window(shape, overhead, wanted=wanted), True
    kinds = cache_types(place)
    budget = memory_budget(situation, place)
    window = best_window(shape, budget, overhead, wanted=wanted, cache_types=kinds)
    if window is None:
        return least_window(shape, overhead, cache_types=kinds), False
    return window, True


def _timed(situation: Situation, candidate: Candidate, cost: Cost, work: Work) -> Cost:
    """Return a cost with how fast the model is on this machine."""
    board, calibration = situation.board, situation.calibration
    cores = board.cpu.cores
    speed = estimate_speed(work, pace_of(is_pi5=board.is_pi5), calibration, cores)
    reckoned = reckoned_speed(work, RASPBERRY_PI_5, cores)
    times = times_pi5(board)
    generating = _likely(speed.generating, reckoned.generating, times)
    reading = _likely(speed.reading, reckoned.reading, times)
    keeps = candidate.known is not None and candidate.known.keeps_saved_prompts
    wait = PROMPT / reading if reading else 0.0
    return replace(
        cost,
        speed=speed,
        first_word=_first_word(speed),
        likely=generating,
        enough=generating >= situation.wanted_speed and wait <= _MOST_PATIENCE,
        to_spare=generating >= _TO_SPARE * situation.wanted_speed,
        again=0.0 if keeps else wait,
    )


def _likely(shown: Figure | None, reckoned: float | None, times: float) -> float:
    """Return a number to rank by: the one that is shown, or a cautious guess."""
    return shown.value if shown is not None else (reckoned or 0.0) * times


def _first_word(speed: SpeedEstimate) -> Figure | None:
    """Return the seconds to read a prompt and to generate the first token."""
    reading, generating = speed.reading, speed.generating
    if reading is None or generating is None:
        return None
    measured = reading.basis is generating.basis is Basis.MEASURED
    return Figure(
        value=PROMPT / reading.value + 1 / generating.value,
        basis=Basis.MEASURED if measured else Basis.ESTIMATED,
    )
