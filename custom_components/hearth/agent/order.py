"""What an English order wants to be done: a verb, a value for some, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
import re

from .spoken_numbers import SHARES, numbers_in, spoken_words

# Fields of `set` that are percents.
_PERCENT = frozenset({"brightness", "position", "speed", "volume"})
_DEGREES = frozenset({"temperature"})
_UNITS = {
    **dict.fromkeys(("percent", "per", "cent"), _PERCENT),
    **dict.fromkeys(("degree", "degrees", "celsius"), _DEGREES),
}
# With these a question is an order.
_ASKING = frozenset("could can would will".split())
# What people say before and after an order.
_POLITE = _ASKING | frozenset("you kindly hey hi hello ok okay thanks thank".split())
_BEGINNING = _POLITE | {"right"}
_FILLER = re.compile(r"\b(?:right now|please|now|just)\b", re.IGNORECASE)
_SWITCHING = frozenset("turn switch put power flip".split())
_ENDS = ("on", "off")
_SETTING = frozenset("set make".split())
# With these a number may be a difference, and a color the one that something has.
_CHANGING = frozenset("dim change adjust brighten".split())
_COLORING = frozenset("set make change".split())
_VERBS = {
    "open": "open",
    "close": "close",
    "shut": "close",
    "lock": "lock",
    "unlock": "unlock",
    "pause": "pause",
    "mute": "mute",
    "unmute": "unmute",
    "start": "start",
    "stop": "stop",
}
_COLORS = frozenset(
    "red green blue yellow orange purple pink white cyan magenta turquoise violet".split()
)
_SHARES = frozenset(SHARES) | {"thirds", "quarters"}
_TO, _AT = "to", "at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done, and the words that do not say it.

    Args:
        action: An action of `control`; None where something is set.
        value: What it is set to.
        fields: The fields of `set` that the value can be of.
        rest: The other words.
    """

    action: str | None = None
    value: float | str | None = None
    fields: frozenset[str] = frozenset()
    rest: tuple[str, ...]


def order(said: str) -> Order | None:
    """Return what is to be done, None where no verb that is known says it."""
    spoken = list(spoken_words(_FILLER.sub(" ", said)))
    # "Kitchen light on?"
    if "?" in said and _ASKING.isdisjoint(spoken):
        return None
    while spoken and spoken[0] in _BEGINNING:
        del spoken[0]
    while spoken and spoken[-1] in _POLITE:
        del spoken[-1]
    if not spoken:
        return None
    verb, *rest = spoken
    ends = [place for place, word in enumerate(rest) if word in _ENDS]
    if verb in _SWITCHING:
        if not ends:
            return None
        return Order(action=rest.pop(ends[0]), rest=tuple(rest))
    if verb in _VERBS:
        return Order(action=_VERBS[verb], rest=tuple(rest))
    if verb in _SETTING or verb in _CHANGING:
        return _setting(verb, rest)
    # "Desk lamp on, hall lamp off" are two orders.
    if ends == [len(rest) - 1]:
        return Order(action=rest[-1], rest=(verb, *rest[:-1]))
    return None


def _setting(verb: str, spoken: Sequence[str]) -> Order | None:
    """Return an order with the only value among words."""
    values, others = numbers_in(spoken)
    colors = [word for word in others if word in _COLORS]
    if len(values) + len(colors) != 1:
        return None
    if colors:
        return _color(verb, colors[0], others)
    told = [_UNITS[word] for word in others if word in _UNITS]
    if values[0].is_integer() and _SHARES.intersection(spoken):
        told.append(_PERCENT)
    if _TO not in others and not (told and (verb in _SETTING or _AT in others)):
        return None
    told += [frozenset({word}) for word in others if word in _PERCENT]
    return Order(
        value=values[0],
        fields=(_PERCENT | _DEGREES).intersection(*told),
        rest=tuple(
            word
            for word in others
            if word not in _UNITS and word not in _PERCENT and word != "level"
        ),
    )


def _color(verb: str, color: str, spoken: Sequence[str]) -> Order | None:
    """Return an order with a color: the one after "to", or the last word.

    Any other is a part of a name, or of another color: "dim the red lamp", "to light
    blue".
    """
    place = spoken.index(color)
    is_value = spoken[place - 1] == _TO if _TO in spoken else place == len(spoken) - 1
    if not is_value or verb not in _COLORING:
        return None
    rest = (*spoken[:place], *spoken[place + 1 :])
    return Order(value=color, fields=frozenset({"color"}), rest=rest)
