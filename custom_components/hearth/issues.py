"""Which problems a person is told of, and when: decided by what was seen.

Nothing here knows Home Assistant's issues. Every answer has three values: a problem
stands, it does not, or nothing is known that would change what was said before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .board_reading import BoardReading
from .hardware.fit import MIB
from .hardware.storage import StorageKind

_GIB = 1024 * MIB


class Fault(StrEnum):
    """A problem; the value is its key among the translations."""

    CLOUD_MODEL = "cloud_model"
    CONTEXT_TOO_SMALL = "context_too_small"
    DISK_NEARLY_FULL = "disk_nearly_full"
    HOME_TOO_BIG = "home_too_big"
    MODEL_SWAPS = "model_swaps"
    MODELS_ON_SD_CARD = "models_on_sd_card"
    OLLAMA_PROMPT_CACHE = "ollama_prompt_cache"
    OPEN_SERVER = "open_server"
    THROTTLED = "throttled"
    UNDER_VOLTAGE = "under_voltage"


type Verdicts = Mapping[Fault, bool | None]

# Those of the machine, of an engine and of an agent.
MACHINE_FAULTS = frozenset(
    {
        Fault.DISK_NEARLY_FULL,
        Fault.MODEL_SWAPS,
        Fault.MODELS_ON_SD_CARD,
        Fault.THROTTLED,
        Fault.UNDER_VOLTAGE,
    }
)
ENGINE_FAULTS = frozenset({Fault.OLLAMA_PROMPT_CACHE, Fault.OPEN_SERVER})
AGENT_FAULTS = frozenset(
    {Fault.CLOUD_MODEL, Fault.CONTEXT_TOO_SMALL, Fault.HOME_TOO_BIG}
)

# Bytes. Too little for a database and for the next update of Home Assistant.
_DISK_FULL, _DISK_ENOUGH = _GIB, 3 * _GIB // 2
# Bytes. Below this Linux throws out what it needs again at once.
_MEMORY_SHORT, _MEMORY_ENOUGH = 128 * MIB, 256 * MIB
# Bytes from one reading to the next. What was idle for long may go at any time.
_SWAP_GROWTH = 64 * MIB
# A machine for which 8 GiB of old prompts are too many. One that is sold with 8 GB
# has a little less than that.
_SMALL_HOST = 8 * _GIB
# Readings during turns until heat or hunger for memory is taken for a habit, and
# until it is taken for mended.
_HABIT = 2
_MENDED = 10
_ENOUGH_AGAIN = 3
# The shortest of so many prompts is the prefix and hardly more.
_PROMPTS = 10
_PROMPTS_NEEDED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What is held to be so, and what speaks against it.

    Args:
        standing: What is held to be so; None before enough was seen.
        leaning: What was seen last that is not held to be so yet.
        streak: How often in a row that was seen.
    """

    standing: bool | None = None
    leaning: bool | None = None
    streak: int = 0

    def seen(self, what: bool | None, *, rise: int = 1, fall: int = 1) -> Signal:
        """Return what is held to be so after something was seen.

        Args:
            what: What was seen; None for nothing that says anything.
            rise: How often in a row a problem must be seen.
            fall: How often in a row its absence.
        """
        if what is None:
            return self
        if what is self.standing:
            return Signal(standing=what)
        streak = self.streak + 1 if what is self.leaning else 1
        if streak >= (rise if what else fall):
            return Signal(standing=what)
        return replace(self, leaning=what, streak=streak)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The machine at one moment, and what the engines on it were doing.

    Args:
        reading: The machine.
        generating: Whether a turn ran at that moment, or just before it.
        model_loaded: Whether an engine has a model in memory.
        bundled_only: Whether there is no model but the tiny one of Hearth's own.
    """

    reading: BoardReading
    generating: bool = False
    model_loaded: bool = False
    bundled_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineEvidence:
    """What was seen of the machine so far.

    ``swap_used`` are the bytes in use when it was last looked at.
    """

    disk_nearly_full: Signal = field(default_factory=Signal)
    model_swaps: Signal = field(default_factory=Signal)
    models_on_sd_card: Signal = field(default_factory=Signal)
    throttled: Signal = field(default_factory=Signal)
    under_voltage: Signal = field(default_factory=Signal)
    swap_used: int | None = None

    def after(self, seen: Observation) -> MachineEvidence:
        """Return the evidence with one more look at the machine."""
        swap = seen.reading.swap
        return MachineEvidence(
            disk_nearly_full=self.disk_nearly_full.seen(_is_disk_full(seen)),
            model_swaps=self.model_swaps.seen(
                _lacks_memory(seen, self.swap_used), rise=_HABIT, fall=_ENOUGH_AGAIN
            ),
            models_on_sd_card=self.models_on_sd_card.seen(_is_on_card(seen)),
            throttled=self.throttled.seen(
                _is_throttled(seen), rise=_HABIT, fall=_MENDED
            ),
            # The firmware tells for two seconds, so that one look is luck already.
            under_voltage=self.under_voltage.seen(_lacks_power(seen), fall=_MENDED),
            swap_used=swap.used if swap else None,
        )

    def verdicts(self) -> Verdicts:
        """Return which problems of the machine stand."""
        return {
            Fault.DISK_NEARLY_FULL: self.disk_nearly_full.standing,
            Fault.MODEL_SWAPS: self.model_swaps.standing,
            Fault.MODELS_ON_SD_CARD: self.models_on_sd_card.standing,
            Fault.THROTTLED: self.throttled.standing,
            Fault.UNDER_VOLTAGE: self.under_voltage.standing,
        }


def _is_throttled(seen: Observation) -> bool | None:
    """Return whether a turn ran slower for heat; lack of power is another problem."""
    now = seen.reading.health.now
    if not seen.generating or now.throttled is None:
        return None
    return now.throttled and not now.under_voltage


def _lacks_power(seen: Observation) -> bool | None:
    """Return whether the voltage was too low during a turn."""
    return seen.reading.health.now.under_voltage if seen.generating else None


def _lacks_memory(seen: Observation, swap_before: int | None) -> bool | None:
    """Return whether a model leaves too little memory to the machine.

    That there is enough is only known while it works.
    """
    available, swap = seen.reading.memory.available, seen.reading.swap
    if seen.model_loaded and available is not None and available < _MEMORY_SHORT:
        return True
    if not seen.generating:
        return None
    if swap is not None and swap_before is not None:
        if swap.used - swap_before >= _SWAP_GROWTH:
            return True
    return False if available is not None and available >= _MEMORY_ENOUGH else None


def _is_on_card(seen: Observation) -> bool | None:
    """Return whether models that are worth a disk lie on a card."""
    storage = seen.reading.storage
    if seen.bundled_only:
        return False
    if storage is None or storage.kind is None:
        return None
    return storage.kind is StorageKind.SD_CARD


def _is_disk_full(seen: Observation) -> bool | None:
    """Return whether there is hardly room left where the models lie."""
    storage = seen.reading.storage
    if storage is None or storage.space is None:
        return None
    if storage.space.free < _DISK_FULL:
        return True
    return False if storage.space.free >= _DISK_ENOUGH else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFacts:
    """What is known of an engine that has answered.

    Args:
        is_ollama: Whether it is an Ollama.
        on_this_host: Whether it runs on this machine.
        on_network: Whether other machines can reach it.
        has_key: Whether it is given a key.
        memory: Bytes of memory of this machine.
    """

    is_ollama: bool
    on_this_host: bool
    on_network: bool
    has_key: bool
    memory: int | None = None


def engine_verdicts(facts: EngineFacts) -> Verdicts:
    """Return which problems an engine has."""
    prompt_cache: bool | None = facts.is_ollama and facts.on_this_host
    if prompt_cache:
        prompt_cache = None if facts.memory is None else facts.memory <= _SMALL_HOST
    return {
        Fault.OLLAMA_PROMPT_CACHE: prompt_cache,
        Fault.OPEN_SERVER: facts.on_network and not facts.has_key,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTurn:
    """What a turn tells about the context window.

    Args:
        window: Tokens of the window.
        prompt: Tokens of a prompt of the turn, on average; None where the engine
            gave no number.
        overflowed: Whether the turn failed because a prompt did not fit.
    """

    window: int
    prompt: int | None = None
    overflowed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEvidence:
    """What was seen of an agent so far.

    ``remote`` tells whether its model runs elsewhere; ``prompts`` are the sizes of
    its newest ones in tokens; ``left_out`` are devices that they have no room for.
    """

    remote: bool | None = None
    left_out: int | None = None
    context_too_small: Signal = field(default_factory=Signal)
    prompts: tuple[int, ...] = ()

    def after(self, turn: AgentTurn) -> AgentEvidence:
        """Return the evidence with one more turn."""
        prompts = self.prompts
        if turn.prompt is not None:
            prompts = (*prompts, turn.prompt)[-_PROMPTS:]
        if turn.overflowed:
            signal = self.context_too_small.seen(True)
        else:
            signal = self.context_too_small.seen(
                _is_crowded(turn, prompts), rise=_PROMPTS_NEEDED, fall=_PROMPTS_NEEDED
            )
        return replace(self, context_too_small=signal, prompts=prompts)

    def verdicts(self) -> Verdicts:
        """Return which problems of the agent stand."""
        return {
            Fault.CLOUD_MODEL: self.remote,
            Fault.CONTEXT_TOO_SMALL: self.context_too_small.standing,
            Fault.HOME_TOO_BIG: None if self.left_out is None else self.left_out > 0,
        }


def _is_crowded(turn: AgentTurn, prompts: tuple[int, ...]) -> bool | None:
    """Return whether even a short prompt takes more than 3/4 of the window."""
    if turn.prompt is None:
        return None
    shortest = min(prompts)
    if shortest * 4 > turn.window * 3:
        return True
    return False if shortest * 3 <= turn.window * 2 else None
