"""The text that the model reads: the stable prefix, and what changes, last."""

from collections.abc import Iterable
from datetime import datetime

from .home import ExposedEntity, overview

INSTRUCTIONS = (
    "You are the voice of this home. Do what is asked with the tools, then confirm "
    "it in one short sentence, in the user's language. Copy names exactly. Never "
    "claim what no tool did. What the home does not have, you cannot do: say so."
)


def prefix(
    instructions: str, entities: tuple[ExposedEntity, ...], extra: str = ""
) -> str:
    """Return the system message, the same until the home or the options change.

    Args:
        instructions: What the user wants of the agent, or :data:`INSTRUCTIONS`.
        entities: What is exposed, in the overview's order.
        extra: What the selected tools or the caller ask to be told to the model.
    """
    home = home_text(overview(entities)) if entities else ""
    return joined(home, duties(instructions, extra))


def joined(home: str, duties: str) -> str:
    """Return the system message: what all agents of a home share comes first."""
    return "\n".join(part for part in (home, duties) if part)


def duties(instructions: str, extra: str = "") -> str:
    """Return what an agent is to do, and what its tools say about themselves."""
    return "\n".join(part for part in (instructions.strip(), extra) if part)


def home_text(told: str) -> str:
    """Return what is told of the home, with a line above it."""
    return f"The home, area by area:\n{told}"


def user_message(
    said: str,
    *,
    now: datetime,
    area: str | None = None,
    states: Iterable[tuple[str, str]] = (),
    extra: str = "",
) -> str:
    """Return the newest user message: what changes first, the words last.

    Args:
        said: What the person said.
        now: Local time.
        area: The area of the satellite that heard it.
        states: Names and present states of what was named.
        extra: What the caller wants the model to know in this conversation.
    """
    context = f"{extra.strip()}\n" if extra.strip() else ""
    context += f"Now: {now:%A %Y-%m-%d %H:%M}."
    if area:
        context += f" Here: {area}."
    known = "; ".join(f"{name} = {state}" for name, state in states)
    if known:
        context += f"\nStates: {known}"
    return f"{context}\n{said}"
