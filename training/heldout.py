"""What is never trained on: the reference homes and their utterances."""

from functools import cache
from pathlib import Path

import yaml

from .contract import words
from .homes import Home

HOMES = Path(__file__).parent.parent / "homes"
_REFERENCE = ("family", "villa")
# How the files end that have utterances written for a home.
SPOKEN = "-spoken.yaml"
# More names in common than this and a home counts as the reference home.
_MOST_SHARED = 0.5


@cache
def reference_names() -> tuple[frozenset[str], ...]:
    """Return the names of each reference home's devices."""
    return tuple(
        frozenset(
            entity["name"]
            for entity in yaml.safe_load((HOMES / f"{home}.yaml").read_text())[
                "entities"
            ]
        )
        for home in _REFERENCE
    )


@cache
def reference_utterances() -> frozenset[str]:
    """Return the measured utterances, without case and punctuation."""
    return frozenset(
        " ".join(words(row["say"]))
        for path in (HOMES / "family-utterances.yaml", *HOMES.glob(f"*{SPOKEN}"))
        for row in yaml.safe_load(path.read_text())
    )


def is_held_out(home: Home) -> bool:
    """Return whether a home has much of a reference home in it."""
    names = {thing.name for thing in home.things}
    return any(
        len(names & reference) > _MOST_SHARED * len(reference)
        for reference in reference_names()
    )


def is_measured(said: str) -> bool:
    """Return whether an utterance is one of those that are measured."""
    return " ".join(words(said)) in reference_utterances()
