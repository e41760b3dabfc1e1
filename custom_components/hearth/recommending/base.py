"""What a recommendation is made from, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..engines.base import EngineKind
from ..engines.discovery import Found
from ..hardware.board import Board
from ..hardware.fit import CachePrecision
from ..hardware.speed import NOT_CALIBRATED, Calibration, Figure
from ..models.catalog import CatalogFile, CatalogModel

# Stands for the model that comes with Hearth, as in the managed engine's settings.
NANO = "nano"

# Tokens a second. Speech of 150 words a minute is some 3.5 tokens a second in
# English: an answer that is generated as fast never keeps a voice waiting.
SPOKEN = 3.5


class PlaceKind(StrEnum):
    """How one comes to an engine."""

    # It answers at an address.
    FOUND = "found"
    # Hearth runs it.
    MANAGED = "managed"
    # Home Assistant can install Ollama as an app.
    OLLAMA_APP = "ollama_app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a model runs.

    Args:
        kind: How one comes to the engine.
        here: Whether that is the machine with Home Assistant.
        engine: What kind of server it is; None for an engine that Hearth runs.
        url: Its address, where one was found.
    """

    kind: PlaceKind
    here: bool = True
    engine: EngineKind | None = None
    url: str | None = None


class ReasonKey(StrEnum):
    """What can be said for or against a pick; each is the name of a text."""

    ACCURACY = "accuracy"
    ALREADY_DOWNLOADED = "already_downloaded"
    ANSWERS_ELSEWHERE = "answers_elsewhere"
    ANSWERS_HERE = "answers_here"
    CLOUD = "cloud"
    CONTEXT_SHORT = "context_short"
    DISK_FULL = "disk_full"
    DOWNLOAD = "download"
    EMPTY_ELSEWHERE = "empty_elsewhere"
    EMPTY_HERE = "empty_here"
    KEEPS_PROMPTS = "keeps_prompts"
    LANGUAGE_MISSING = "language_missing"
    MANAGED = "managed"
    MANAGED_SMALL = "managed_small"
    MEMORY = "memory"
    MEMORY_UNKNOWN = "memory_unknown"
    NANO = "nano"
    NANO_DISK = "nano_disk"
    NANO_MEMORY = "nano_memory"
    NOT_TESTED = "not_tested"
    NO_TOOLS = "no_tools"
    OLLAMA_APP = "ollama_app"
    QUANTIZATION_LARGER = "quantization_larger"
    QUANTIZATION_MEMORY = "quantization_memory"
    QUANTIZATION_SPEED = "quantization_speed"
    QUANTIZATION_USUAL = "quantization_usual"
    READS_AGAIN = "reads_again"
    SPEED_ESTIMATED = "speed_estimated"
    SPEED_MEASURED = "speed_measured"
    SPEED_UNKNOWN = "speed_unknown"
    TOO_LITTLE_MEMORY = "too_little_memory"
    TOO_SLOW = "too_slow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a pick is what it is, and where.

    Args:
        key: The name of the text that says it.
        placeholders: The numbers and names in that text.
    """

    key: ReasonKey
    placeholders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a recommendation depends on.

    Args:
        board: The machine with Home Assistant, and the memory that is free now.
        catalog: The models worth running.
        found: The engines that answer; asking was done before.
        language: What is spoken in the home, such as ``de-CH``.
        own_hosts: Names and addresses that lead to the machine with Home Assistant,
            beside those that always do: its apps, the host of its containers.
        app_offered: Whether Home Assistant can install Ollama as an app.
        files: Names of the model files that were downloaded before.
        llama_server: Whether there is a ``llama-server``, so that the managed engine
            needs no Python of its own.
        loaded: Bytes of memory that engines on this machine hold with their models,
            by address: theirs to use again.
        calibration: What was measured on this machine, reckoned with
            ``pace_of(is_pi5=board.is_pi5)`` and ``board.cpu.cores``.
        wanted_speed: Tokens that should be generated in a second.
    """

    board: Board
    catalog: tuple[CatalogModel, ...]
    found: tuple[Found, ...] = ()
    language: str = "en"
    own_hosts: frozenset[str] = frozenset()
    app_offered: bool = False
    files: frozenset[str] = frozenset()
    llama_server: bool = False
    loaded: Mapping[str, int] = field(default_factory=dict)
    calibration: Calibration = NOT_CALIBRATED
    wanted_speed: float = SPOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A model at a place, what it costs and why it stands where it does.

    Args:
        place: Where it runs.
        model: What the engine calls it, or will; a file's name or ``NANO`` for the
            managed engine.
        name: What people call it.
        catalog_key: Its entry in the catalogue, where it has one.
        file: The file to be run, for the managed engine.
        quantization: Such as ``Q4_K_M``; None where unknown.
        context_window: Tokens.
        cache_type: How the KV cache is kept; None where the size is unknown.
        memory_needed: Bytes; None where the model's size is unknown.
        memory_free: Bytes that are free for it, without those that are left to Home
            Assistant; None where unknown, and on other machines.
        generating: Tokens a second; None where nobody knows.
        reading: Tokens a second, likewise.
        first_word: Seconds until the first word of an answer to a prompt of 800
            tokens that was not read before.
        load: Seconds until the model is loaded.
        download: Bytes to be downloaded, as far as known before the hub or the
            registry is asked; 0 for none.
        fits: Whether there is memory and room on the disk for it.
        suits: Whether it fits, is fast enough, calls tools and speaks the language,
            as far as known.
        reasons: Why, the most important first.
    """

    place: Place
    model: str
    name: str
    catalog_key: str | None
    file: CatalogFile | None
    quantization: str | None
    context_window: int
    cache_type: CachePrecision | None
    memory_needed: int | None
    memory_free: int | None
    generating: Figure | None
    reading: Figure | None
    first_word: Figure | None
    load: Figure | None
    download: int
    fits: bool
    suits: bool
    reasons: tuple[Reason, ...]
