"""What an English order wants to be done: a verb, a value for some, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from .order_colors import without_color
from .order_words import (
    ALL_IT_CAN,
    AROUND_TRACKS,
    BEFORE_NAMES,
    BEFORE_PLACES,
    BEGINNING,
    BRINGING,
    CHANGING,
    COLORS,
    DEGREES,
    DIRECTIONS,
    ENDS,
    FILLER,
    FULL,
    HALFWAY,
    LIGHTING,
    PARTICLED,
    PERCENT,
    POLITE,
    RESULTS,
    SETTING,
    SHARE_WORDS,
    TRACK_ACTIONS,
    TRACKS,
    UNITS,
    VERBS,
    is_question,
)
from .roundabout import straight
from .spoken_numbers import numbers_in, spoken_words
from .statements import is_told

_TO, _AT, _AGAIN = "to", "at", "again"
# Without anything said of what, these are for people.
_HUSHING = frozenset("hush shush silence".split())
_LAST_HOUR = 12
# No room is set warmer, in any unit.
_HOTTEST = 100
# "Nineteen on the heater": the first word that is no number.
_AFTER_VALUES = frozenset({"for", "on"})
_LIGHTS = ("light", "lights")
_LAMPS = (*_LIGHTS, "lamps")
# Values that a verb can be of, where that is only one kind.
_OF = {"open": frozenset({"position"})}
_BESIDE_VALUES = frozenset(UNITS) | PERCENT | HALFWAY | FULL | {"level", "way"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done, and the words that do not say it.

    Args:
        action: An action of `control`, or a word for one that depends on what it is
            done with, such as `up`; None where something is set.
        value: What it is set to.
        fields: The fields of `set` that the value can be of.
        rest: The other words.
        before: Those of the order before this one, which may say what kind is meant.
        spared: Words of what is left out of it.
    """

    action: str | None = None
    value: float | str | None = None
    fields: frozenset[str] = frozenset()
    rest: tuple[str, ...]
    before: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()


def order(said: str) -> Order | None:
    """Return what is to be done, None where no verb that is known says it."""
    # "Kitchen light on?"
    if is_question(said):
        return None
    spoken = without_courtesies(said)
    if not spoken or is_told(spoken):
        return None
    if spoken[-1] == _AGAIN:
        del spoken[-1]
    spoken = straight(" ".join(spoken)).split()
    if not spoken:
        return None
    return (
        _of_tracks(spoken)
        or _with_value(spoken)
        or _with_verb(spoken)
        or _without_verb(spoken)
    )


def result(said: str) -> Order | None:
    """Return an order that says only how something is to be: "the door locked".

    Of itself that may as well be told or asked; among other orders it is one. Nothing
    is opened by it.
    """
    spoken = without_courtesies(said)
    if not spoken or spoken[-1] not in RESULTS or not ENDS.keys().isdisjoint(spoken):
        return None
    return Order(action=RESULTS[spoken[-1]], rest=tuple(spoken[:-1]))


def without_courtesies(said: str) -> list[str]:
    """Return what was said as words, without what people say around an order."""
    plain = ALL_IT_CAN.sub("full", FILLER.sub(" ", said))
    spoken = list(spoken_words(plain))
    while spoken and spoken[0] in BEGINNING:
        del spoken[0]
    while spoken and spoken[-1] in POLITE:
        del spoken[-1]
    return spoken


def _of_tracks(spoken: Sequence[str]) -> Order | None:
    """Return an order for another track: "skip to the next song on the radio"."""
    wanted = {TRACK_ACTIONS[word] for word in spoken if word in TRACK_ACTIONS}
    if TRACKS.isdisjoint(spoken) or not wanted:
        return None
    rest = (word for word in spoken if word not in TRACKS and word not in AROUND_TRACKS)
    return Order(
        action="previous" if "previous" in wanted else "next",
        rest=tuple(word for word in rest if word != "on"),
    )


def _with_verb(spoken: Sequence[str]) -> Order | None:
    """Return an order that begins with a verb, and has no value."""
    verb, *rest = spoken
    if verb in _HUSHING and not rest:
        return None
    particles = PARTICLED.get(verb, {})
    found = [place for place, word in enumerate(rest) if word in particles]
    action = particles[rest.pop(found[0])] if found else VERBS.get(verb)
    if action is None:
        return None
    lights = _LIGHTS if verb in LIGHTING else ()
    return Order(action=action, rest=tuple(rest), before=tuple(lights))


def _without_verb(spoken: Sequence[str]) -> Order | None:
    """Return an order that ends with what is to be, or has it before a place."""
    if {spoken[0]} & ((PARTICLED.keys() - LIGHTING) | CHANGING | SETTING):
        return None
    followed = list(zip(spoken, [*spoken[1:], ""], strict=True))
    ends = [
        place
        for place, (word, after) in enumerate(followed)
        if word in ENDS and (not after or after in BEFORE_PLACES)
    ]
    others = [
        word for word, after in followed if word in ENDS and after not in BEFORE_NAMES
    ]
    # "Desk lamp on, hall lamp off" are two orders.
    if len(ends) == 1 and len(others) == 1:
        (place,) = ends
        rest = (*spoken[:place], *spoken[place + 1 :])
        return Order(action=ENDS[spoken[place]], rest=rest)
    outs = [
        place
        for place, word in enumerate(spoken[1:], 1)
        if word == "out" and spoken[place - 1] in _LAMPS
    ]
    if len(outs) == 1:
        rest = (*spoken[: outs[0]], *spoken[outs[0] + 1 :])
        return Order(action="off", rest=rest)
    return None


def _with_value(spoken: Sequence[str]) -> Order | None:
    """Return an order with the only value among words."""
    values, others = numbers_in(_with_at(spoken))
    values += [50.0 for word in others if word in HALFWAY]
    values += [100.0 for word in others if word in FULL]
    colors = [word for word in others if word in COLORS]
    if len(values) + len(colors) != 1:
        return None
    verb = spoken[0]
    if colors:
        colored = without_color(others, colors[0])
        if colored is None:
            return None
        return Order(value=colors[0], fields=frozenset({"color"}), rest=colored)
    units = others[1:] if spoken[0] in others else others
    told = [UNITS[word] for word in units if word in UNITS]
    is_share = not (SHARE_WORDS | HALFWAY | FULL).isdisjoint(spoken)
    if values[0].is_integer() and is_share:
        told.append(PERCENT)
    told += [frozenset({word}) for word in others if word in PERCENT]
    beside = [word for word in others if word not in _BESIDE_VALUES]
    is_first = not _AFTER_VALUES.isdisjoint(beside[:1]) and spoken[0] not in others
    if is_first:
        others = beside[1:]
    # "Thirty degrees in the office" tells how warm it is.
    elif beside and spoken[0] not in others:
        return None
    if not told and _is_bare(spoken, others, values[0], is_first=is_first):
        told.append(DEGREES)
    if not _is_value(verb, others, values[0], is_told=bool(told)):
        return None
    known = BRINGING | CHANGING
    rest = others[1:] if verb in known else others
    return Order(
        value=values[0],
        fields=(PERCENT | DEGREES).intersection(
            *told, _OF.get(verb, PERCENT | DEGREES)
        ),
        rest=tuple(
            word
            for word in rest
            if word not in _BESIDE_VALUES
            and not (word in DIRECTIONS and verb in known and _TO in others)
        ),
    )


def _is_bare(
    spoken: Sequence[str], others: Sequence[str], number: float, *, is_first: bool
) -> bool:
    """Return whether a number alone can be a temperature, and no time: "heater twenty"."""
    is_last = bool(others) and bool(numbers_in(spoken[-1:])[0])
    around = {_TO, _AT, *BRINGING, *CHANGING, *PARTICLED, *VERBS}.isdisjoint(others)
    return (is_first or (is_last and around)) and _LAST_HOUR < number <= _HOTTEST


def _with_at(spoken: Sequence[str]) -> list[str]:
    """Return words with "at" for an "on" before a number: "put it on twenty percent"."""
    return [
        _AT if word == "on" and numbers_in(after)[0] else word
        for word, after in zip(spoken, [*([w] for w in spoken[1:]), []], strict=True)
    ]


def _is_value(
    verb: str, spoken: Sequence[str], number: float, *, is_told: bool
) -> bool:
    """Return whether a number is what something is set to, and no difference.

    "Dim it to 20", "set it at 20 percent", "fan half speed"; but not "dim it by 20
    percent", and not "turn it up 20 percent". "At eight" may be a time.
    """
    is_aim = _TO in spoken or (_AT in spoken and (is_told or number > _LAST_HOUR))
    if verb in BRINGING or verb in CHANGING:
        moves = not {"up", "down"}.isdisjoint(spoken)
        exact = verb in SETTING or verb == "open" or not FULL.isdisjoint(spoken)
        return (
            _TO in spoken or (is_aim and not moves) or (is_told and exact and not moves)
        )
    others = {*ENDS, "by", "for", *PARTICLED, *VERBS} - {"on", "open", *_LIGHTS}
    return (is_told or is_aim) and others.isdisjoint(spoken)
