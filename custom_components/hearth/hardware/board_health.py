"""How the machine is doing right now."""

from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from .thermal import Clock, read_clock, read_temperature
from .throttling import Throttling, read_throttling

_ROOT = Path("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the machine is doing; None for what is unknown.

    Args:
        temperature: Of the processor, in °C.
        clock: How fast it runs.
        now: What slows a Raspberry Pi down at this moment.
        since_boot: What is known to have done so; never false, for the firmware is
            made to forget.
    """

    temperature: float | None = None
    clock: Clock = field(default_factory=Clock)
    now: Throttling = field(default_factory=Throttling)
    since_boot: Throttling = field(default_factory=Throttling)


def read_health(root: Path = _ROOT) -> Health:
    """Return how the machine is doing; reads files, and never raises."""
    now, since_boot = read_throttling(root)
    return Health(
        temperature=read_temperature(root),
        clock=read_clock(root),
        now=now,
        since_boot=since_boot,
    )


def remember(before: Health, now: Health) -> Health:
    """Return the health of now that still knows what happened before."""
    names = [fact.name for fact in fields(Throttling)]
    happened = {name: True for name in names if getattr(before.since_boot, name)}
    return replace(now, since_boot=replace(now.since_boot, **happened))
