"""Answers to questions about states, without asking the model again. English only.

A very small model finds out what a question is about, but reads states badly. So it only
looks them up, and what they come to is said here.
"""

from collections.abc import Sequence
from dataclasses import replace

from .answer_of_one import counts, of_one, told_of_one
from .compared import compared
from .heard import heard_by_name
from .inquiry import Inquiry, inquiry
from .inquiry_table import AT_REST, OFF, ON, Of, Wanted
from .names import stems, words
from .seen import Seen
from .sensing import Sensed, sensing
from .targets import EVERYTHING, PASSAGES
from .telling import all_told, joined, listed, sentence

# What is set a bit higher or lower, and what measures it.
_ADJUSTED = frozenset({"climate", "fan", "light", "media_player"})
_MEASURING = frozenset({"humidity", "temperature"})


def answer(said: str, seen: Sequence[Seen], language: str) -> str | None:
    """Return the answer to a question, None where a model is to give it.

    Args:
        said: The user's words.
        seen: What was looked up for them.
        language: The user's.
    """
    if not seen or not language.startswith("en"):
        return None
    if (sensed := sensing(tuple(one.entity for one in seen), said)) is not None:
        return _of_sensed(said, sensed, seen)
    asked = inquiry(said, _words_of(seen, frozenset(words(said))))
    meant = _meant(asked, seen)
    if _is_order(asked, meant):
        return None
    if len(meant) == 1:
        return told_of_one(said, asked, meant[0])
    if asked.more:
        return compared(asked.more, meant, said)
    able = _able(asked.condition, meant) if asked.condition else []
    if asked.condition and able and not _names_others(said, meant, able):
        return _of_many(asked, asked.condition, able)
    return f"{all_told(meant)}."


def _of_sensed(said: str, sensed: Sensed, seen: Sequence[Seen]) -> str:
    """Answer what is asked of what is sensed."""
    asked = replace(
        inquiry(said),
        wanted=sensed.wanted,
        of=sensed.of,
        condition=sensed.condition,
        adjective=sensed.adjective,
        aspects=frozenset(),
    )
    things = {entity.entity_id for entity in sensed.things}
    meant = [one for one in seen if one.entity.entity_id in things]
    if len(meant) == 1:
        return of_one(asked, meant[0])
    if sensed.condition is None:
        return f"{all_told(meant)}."
    return _of_many(asked, sensed.condition, meant)


def _words_of(seen: Sequence[Seen], heard: frozenset[str]) -> frozenset[str]:
    """Return the words of all names that were said as a whole."""
    names = (
        frozenset(words(name))
        for one in seen
        for name in (*one.entity.names, one.entity.area or "")
    )
    return frozenset[str]().union(*(parts for parts in names if parts <= heard))


def _names_others(said: str, meant: Sequence[Seen], able: Sequence[Seen]) -> bool:
    """Return whether a thing was named that cannot be so.

    "Is the front door locked and the garage door open" asks for both. A single word, or
    the name of a room, may only tell where.
    """
    named = heard_by_name(tuple(one.entity for one in meant), stems(said))
    others = (one.entity for one in meant if one not in able)
    return any(
        len(parts) > 1 and parts != stems(other.area or "")
        for other in others
        if (parts := named.get(other.entity_id))
    )


def _is_order(asked: Inquiry, meant: Sequence[Seen]) -> bool:
    """Return whether "a bit warmer" was said, which wants the state first."""
    adjusted = [one for one in meant if one.entity.domain in _ADJUSTED]
    if asked.is_order:
        measuring = any(one.entity.device_class in _MEASURING for one in meant)
        return bool(adjusted) or measuring
    return bool(asked.more and adjusted) and len(meant) == 1


def _meant(asked: Inquiry, seen: Sequence[Seen]) -> list[Seen]:
    """Return what a question is about: of all in a room, the thermometer."""
    if len(seen) == 1:
        return list(seen)
    measuring = _measuring(asked, seen)
    if measuring and (asked.more or not _is_of_state(asked, seen)):
        return measuring
    return [one for one in seen if _is_of_kind(asked, one)] or list(seen)


def _is_of_state(asked: Inquiry, seen: Sequence[Seen]) -> bool:
    """Return whether it is asked if things are so that can be so."""
    if asked.condition is None or asked.wanted is not Wanted.YES_NO:
        return False
    return bool(_able(asked.condition, seen))


def _measuring(asked: Inquiry, seen: Sequence[Seen]) -> list[Seen]:
    """Return what measures what is asked: thermostats where there is nothing better."""
    thermostats = [one for one in seen if one.entity.domain == "climate"]
    if thermostats and "target" in asked.aspects:
        return thermostats
    sensors = [one for one in seen if one.entity.device_class in asked.measured]
    if "temperature" not in asked.measured:
        return sensors
    measured = {one.entity.area for one in sensors}
    return sensors + [one for one in thermostats if one.entity.area not in measured]


def _is_of_kind(asked: Inquiry, one: Seen) -> bool:
    """Return whether something is of a kind that was named; a garage door no blind."""
    domain, kind = one.entity.domain, one.entity.device_class
    is_passage = domain == "cover" and kind in PASSAGES
    return kind in asked.kinds or (domain in asked.kinds and not is_passage)


def _able(condition: str, seen: Sequence[Seen]) -> list[Seen]:
    """Return what can be so at all; on or off is mostly asked of what hums or shines."""
    able = [one for one in seen if one.can_be(condition)]
    if condition in (ON, OFF):
        return [one for one in able if one.entity.domain in EVERYTHING] or able
    return able


def _of_many(asked: Inquiry, condition: str, able: Sequence[Seen]) -> str:
    """Say which of several are so, how many, or whether all or any are."""
    so = [one for one in able if counts(one, condition)]
    gone = [one for one in able if one.is_gone]
    if asked.wanted is Wanted.COUNT:
        return f"{len(so)}: {listed(so)}." if so else _but("None", gone)
    if asked.wanted is Wanted.WHERE and so:
        places = dict.fromkeys(one.entity.area or one.entity.name for one in so)
        return f"{joined(list(places))}."
    is_person = all(one.entity.domain == "person" for one in able)
    nothing = f"{'nobody' if is_person else 'nothing'} is {asked.adjective}"
    if asked.wanted is not Wanted.YES_NO:
        return f"{sentence(so)}." if so else _but(nothing.capitalize(), gone)
    if asked.of is Of.ALL or (asked.of is None and condition in AT_REST):
        everything = "everyone is" if is_person else "all are"
        others = [one for one in able if one not in so and one not in gone]
        return _of_all(f"{everything} {asked.adjective}", so, others, gone)
    if asked.of is Of.NONE:
        return f"No, {sentence(so)}." if so else _but(f"Yes, {nothing}", gone)
    return f"Yes, {sentence(so)}." if so else _but(f"No, {nothing}", gone)


def _of_all(
    everything: str, so: Sequence[Seen], others: Sequence[Seen], gone: Sequence[Seen]
) -> str:
    """Say whether all are so; of what is gone nobody knows."""
    if others:
        return f"No, {sentence(others)}."
    if gone:
        return f"{sentence([*so, *gone])}."
    return f"Yes, {everything}."


def _but(said: str, gone: Sequence[Seen]) -> str:
    """Add what nobody knows to what is said of the rest."""
    return f"{said}, but {sentence(gone)}." if gone else f"{said}."
