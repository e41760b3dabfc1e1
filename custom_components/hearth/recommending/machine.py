"""What the machine with Home Assistant has to spare, and how fast it probably is."""

from ..engines.base import EngineKind
from ..hardware.board import Board
from ..hardware.cpu_features import CpuFeature
from ..hardware.engine_costs import (
    LLAMA_CPP_PYTHON,
    LLAMA_SERVER,
    LOCAL_AI,
    OLLAMA,
    EngineCost,
)
from ..hardware.fit import CachePrecision
from ..hardware.window import RESERVE, WANTED_CONTEXT
from ..models.download_base import GIB
from .base import Place, PlaceKind, Situation

# Boards are sold with so much; a little of it is never shown to the system.
_SMALL = 4 * GIB
_SMALL_SHOWN = 7 * GIB // 2
# Of all memory, a tenth stays free: what is free now is not what always will be.
_SHARE = 10
# What is to be had on a machine that tells nothing: Home Assistant asks for 2 GB and
# takes about half of them.
_SUPPOSED = GIB
# And on another machine that answers: a PC of 8 GB has so much to spare.
_SUPPOSED_ELSEWHERE = 4 * GIB
# Bytes of the disk that a download leaves free; the downloads insist on it.
_DISK_RESERVE = GIB
# Tokens. A Raspberry Pi reads so slowly that more context than this is never used.
_PI_CONTEXT = 4096
# Against a Raspberry Pi 5, a processor that has neither its instructions nor AVX2:
# a guess for ranking, never shown to anybody.
_OLD = 0.3
_FAST_FEATURES = frozenset({CpuFeature.AVX2, CpuFeature.DOTPROD})

_COSTS = {
    EngineKind.LLAMA_CPP_PYTHON: LLAMA_CPP_PYTHON,
    EngineKind.LOCALAI: LOCAL_AI,
    EngineKind.OLLAMA: OLLAMA,
}


def is_pi(board: Board) -> bool:
    """Return whether a machine is a Raspberry Pi, as far as known."""
    named = (board.model or "").startswith("Raspberry Pi")
    return bool(board.is_pi5) or named or (board.soc or "").startswith("BCM2")


def is_small(board: Board) -> bool:
    """Return whether a machine has less than 4 GB of memory, as far as known."""
    total = board.memory.total
    if total is not None and total < _SMALL_SHOWN:
        return True
    return (board.installed_memory or _SMALL) < _SMALL


def engine_cost(situation: Situation, place: Place) -> EngineCost:
    """Return what the engine at a place takes beside a model."""
    if place.kind is PlaceKind.MANAGED and not situation.llama_server:
        return LLAMA_CPP_PYTHON
    return _COSTS.get(place.engine, LLAMA_SERVER) if place.engine else LLAMA_SERVER


def wanted_context(situation: Situation, place: Place) -> int:
    """Return the tokens of context that would be best at a place."""
    return context_for(situation.board) if place.here else WANTED_CONTEXT


def context_for(board: Board) -> int:
    """Return the tokens of context that would be best on a machine."""
    return _PI_CONTEXT if is_pi(board) else WANTED_CONTEXT


def cache_types(place: Place) -> tuple[CachePrecision, ...]:
    """Return how an engine's cache can be kept: only our own can be told."""
    if place.kind is PlaceKind.MANAGED:
        return tuple(CachePrecision)
    return (CachePrecision.F16,)


def memory_free(situation: Situation, place: Place) -> int | None:
    """Return the bytes that a model may take at a place, None where unknown.

    What is left to Home Assistant is not among them; what the engine itself holds
    now is.
    """
    memory = situation.board.memory
    if not place.here or memory.available is None:
        return None
    held = situation.loaded.get(place.url or "", 0)
    reserve = max(RESERVE, (memory.total or 0) // _SHARE)
    return max(memory.available + held - reserve, 0)


def memory_budget(situation: Situation, place: Place) -> int:
    """Return the bytes that a model may take, supposed where that is unknown."""
    if not place.here:
        return _SUPPOSED_ELSEWHERE
    free = memory_free(situation, place)
    if free is not None:
        return free
    board = situation.board
    total = board.memory.total or board.installed_memory
    return max((total // 2 if total else _SUPPOSED) - RESERVE, 0)


def disk_free(situation: Situation) -> int | None:
    """Return the bytes that may be downloaded, None where unknown."""
    storage = situation.board.storage
    if storage.read_only:
        return 0
    if storage.space is None:
        return None
    return max(storage.space.free - _DISK_RESERVE, 0)


def times_pi5(board: Board) -> float:
    """Return how many times as fast as a Raspberry Pi 5 a machine is at least.

    For ranking only, where nothing was measured.
    """
    features = board.cpu.features
    if features is None or features & _FAST_FEATURES:
        return 1.0
    return _OLD
