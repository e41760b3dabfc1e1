"""Which ways of running a model are tried, and which of them is the best."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..engines.launch import LaunchPlan, Runtime

# Tokens of a typical turn: what was said and a result to read, a call and a short
# answer to generate.
_READ = 60
_GENERATED = 35
# Of what the best took, at most; a smaller difference may be chance.
_ENOUGH = 0.95
# Of llama-server; the first one lets a reading ahead give way the soonest.
_BATCHES = (64, 256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speeds:
    """Tokens a second; ``calling`` is generating words that were read before.

    A model that is kept from ending says the same again and again, which can be
    guessed too well: how fast it is in a turn is told by a call.
    """

    reading: float
    generating: float
    calling: float

    @property
    def turn_seconds(self) -> float:
        """Return the seconds that a typical turn takes."""
        return _READ / self.reading + _GENERATED / self.calling


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A plan that was tried; ``speeds`` is None where it did not work."""

    plan: LaunchPlan
    speeds: Speeds | None


def first_plan(plan: LaunchPlan, cores: int) -> LaunchPlan:
    """Return a plan with nothing tuned, for a processor of so many real cores."""
    return replace(plan, threads=cores, batch=_BATCHES[0], ngram=False)


def changes(
    runtime: Runtime, cores: int, processors: int
) -> Iterator[Callable[[LaunchPlan], LaunchPlan]]:
    """Yield what is changed, one after the other.

    Args:
        runtime: What runs the model; the worker has threads only.
        cores: Real cores that may be used.
        processors: The same with all threads of a core.
    """
    if cores >= 3:
        yield _with(threads=cores - 1)
    if processors != cores:
        yield _with(threads=processors)
    if runtime is Runtime.LLAMA_SERVER:
        for batch in _BATCHES[1:]:
            yield _with(batch=batch)
        yield _with(ngram=True)


def _with(**values: Any) -> Callable[[LaunchPlan], LaunchPlan]:
    """Return what gives a plan other values."""
    return lambda plan: replace(plan, **values)


class Descent:
    """Changes one thing at a time, always from the best so far."""

    def __init__(self, first: Tried, cores: int, processors: int) -> None:
        """Begin with a plan that works, on a processor of so many cores."""
        self.best = first
        self.tried = [first]
        self._changes = changes(first.plan.runtime, cores, processors)

    def plans(self) -> Iterator[LaunchPlan]:
        """Yield what to try next, after what was tried before was told."""
        for change in self._changes:
            yield change(self.best.plan)

    def tell(self, tried: Tried) -> None:
        """Hear how a plan did."""
        self.tried.append(tried)
        if is_better(tried, self.best):
            self.best = tried


def is_better(tried: Tried, best: Tried) -> bool:
    """Return whether a plan is so much faster that it can be no chance.

    What makes calls faster must not make everything else slower.
    """
    if tried.speeds is None or best.speeds is None:
        return False
    if tried.speeds.generating < best.speeds.generating * _ENOUGH:
        return False
    return tried.speeds.turn_seconds <= best.speeds.turn_seconds * _ENOUGH


def table(tried: Sequence[Tried], best: Tried) -> list[dict[str, object]]:
    """Return what was tried, for people and automations."""
    return [
        {
            "threads": one.plan.threads,
            "batch": one.plan.batch,
            "ngram": one.plan.ngram,
            "read_per_second": one.speeds and round(one.speeds.reading, 1),
            "generated_per_second": one.speeds and round(one.speeds.generating, 1),
            "called_per_second": one.speeds and round(one.speeds.calling, 1),
            "turn_seconds": one.speeds and round(one.speeds.turn_seconds, 2),
            "chosen": one is best,
        }
        for one in tried
    ]
