"""Accuracy sets: utterances and the effect that each must have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from demo.errors import DemoError


class Kind(StrEnum):
    """What sort of thing is said."""

    FREE = "free"
    NONE = "none"
    PLAIN = "plain"
    STATE = "state"


# How results are listed: from the easiest to the hardest.
KINDS = (Kind.PLAIN, Kind.FREE, Kind.STATE, Kind.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An action on entities; ``data`` must be among the action's data."""

    service: str
    entities: frozenset[str]
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What is said, and what must come of it.

    Without effects no action may happen. Where there are answers, one of them
    must stand in the reply, in lower case; of what it ``must_tell``, everything, as
    words of their own. ``before`` was said earlier in the same conversation, and
    ``area`` is where the satellite stands that hears it.
    """

    say: str
    kind: Kind
    effects: tuple[Effect, ...] = ()
    answers: tuple[str, ...] = ()
    phenomenon: str = ""
    must_tell: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    area: str | None = None


def load_utterances(path: Path) -> tuple[Utterance, ...]:
    """Read an accuracy set; the format is told in the reference home's."""
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        return tuple(_utterance(row) for row in rows)
    except OSError as err:
        raise DemoError(
            f"{path} cannot be read: {err.strerror or 'unknown reason'}"
        ) from err
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as err:
        raise DemoError(f"{path} is no set of utterances: {err!r}") from err


def _utterance(row: Mapping[str, Any]) -> Utterance:
    """Read one row."""
    effects = row.get("do") or []
    answers = row.get("answer") or []
    return Utterance(
        say=row["say"],
        kind=Kind(row["kind"]),
        effects=tuple(
            _effect(one)
            for one in (effects if isinstance(effects, list) else [effects])
        ),
        answers=tuple(
            str(one).lower()
            for one in (answers if isinstance(answers, list) else [answers])
        ),
        phenomenon=str(row.get("phenomenon") or ""),
    )


def _effect(row: Mapping[str, Any]) -> Effect:
    """Read one effect."""
    entities = row["e"]
    return Effect(
        service=row["s"],
        entities=frozenset([entities] if isinstance(entities, str) else entities),
        data=dict(row.get("d") or {}),
    )
