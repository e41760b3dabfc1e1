"""What a turn measured, for the entities that show it."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..engines.chat import TurnStats

MOST_RECENT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMetrics:
    """The sum over the passes of one turn.

    Token counts are sums; durations are in seconds. ``first_word_seconds`` runs
    from the moment the turn began to the first text or the first tool call,
    whichever came first. Values the engine did not give are ``None``.
    """

    passes: int
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    generated_tokens: int | None = None
    read_tokens_per_second: float | None = None
    generated_tokens_per_second: float | None = None
    first_word_seconds: float | None = None
    total_seconds: float | None = None

    @property
    def cached_percent(self) -> float | None:
        """Return how much of the prompt had not to be read again."""
        if not self.prompt_tokens or self.cached_tokens is None:
            return None
        return 100 * self.cached_tokens / self.prompt_tokens


def summarize(
    passes: list[TurnStats], *, first_word: float | None, total: float
) -> TurnMetrics:
    """Add up the passes of a turn."""
    prompt = _total(stats.prompt_tokens for stats in passes)
    cached = _total(stats.cached_tokens for stats in passes)
    generated = _total(stats.generated_tokens for stats in passes)
    read = None if prompt is None or cached is None else prompt - cached
    return TurnMetrics(
        passes=len(passes),
        prompt_tokens=_int(prompt),
        cached_tokens=_int(cached),
        generated_tokens=_int(generated),
        read_tokens_per_second=_rate(
            read, _total(stats.prompt_seconds for stats in passes)
        ),
        generated_tokens_per_second=_rate(
            generated, _total(stats.generation_seconds for stats in passes)
        ),
        first_word_seconds=first_word,
        total_seconds=total,
    )


def _total(values: Iterable[float | None]) -> float | None:
    """Add up; ``None`` when a pass did not tell, or when there was none."""
    known = list(values)
    if not known or None in known:
        return None
    return sum(value for value in known if value is not None)


def _int(value: float | None) -> int | None:
    return None if value is None else round(value)


def _rate(tokens: float | None, seconds: float | None) -> float | None:
    """Return tokens per second, where both are known and there was any work."""
    return tokens / seconds if tokens and seconds else None


@dataclass(slots=True)
class AgentMetrics:
    """The newest turns of one agent, the last one last, and who wants to know."""

    last: TurnMetrics | None = None
    recent: deque[TurnMetrics] = field(
        default_factory=lambda: deque(maxlen=MOST_RECENT)
    )
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    def add(self, turn: TurnMetrics) -> None:
        """Keep a finished turn and tell the listeners."""
        self.last = turn
        self.recent.append(turn)
        for listener in tuple(self._listeners):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after every turn; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
