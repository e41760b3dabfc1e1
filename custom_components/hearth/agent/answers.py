"""Answers to questions about states, without asking the model again. English only.

A very small model finds out what a question is about, but reads states badly. So it only
looks them up, and what they come to is said here.
"""

from collections.abc import Sequence

from .inquiry import AWAY, HOME, OFF, ON, Inquiry, Wanted, inquiry
from .names import words
from .seen import Seen

# Nobody listens to a longer list.
_MOST = 8
_FEW = 2
_GONE = ("unavailable", "unknown")
# What hums or shines: "is anything on" is about these.
_RUNNING = frozenset(
    {"light", "switch", "fan", "humidifier", "media_player", "siren", "input_boolean"}
)
# What is set a bit higher or lower.
_ADJUSTED = frozenset({"climate", "fan", "light", "media_player"})
# Sensors that tell whether there is something.
_SENSING = frozenset({"motion", "occupancy", "moisture", "smoke", "gas", "sound"})
_VALUES = {
    "temperature": "It is {}.",
    "humidity": "The humidity is {}.",
    "battery": "The battery is at {}.",
    "carbon_dioxide": "The CO2 level is {}.",
    "power": "The power is {}.",
    "energy": "The energy is {}.",
    "illuminance": "The brightness is {}.",
}


def answer(said: str, seen: Sequence[Seen], language: str) -> str | None:
    """Return the answer to a question, None where a model is to give it.

    Args:
        said: The user's words.
        seen: What was looked up for them.
        language: The user's.
    """
    if not seen or not language.startswith("en"):
        return None
    asked = inquiry(said, _words_of(seen, frozenset(words(said))))
    meant = _meant(asked, seen)
    if asked.more and len(meant) > 1:
        return _compared(asked, meant, said)
    if len(meant) == 1:
        # "A bit warmer" is an order, which wants the state first.
        is_order = asked.more and meant[0].entity.domain in _ADJUSTED
        return None if is_order else _of_one(asked, meant[0])
    if asked.condition and (known := _able(asked.condition, meant)):
        return _of_many(asked, asked.condition, known)
    return _all_told(meant)


def _words_of(seen: Sequence[Seen], heard: frozenset[str]) -> frozenset[str]:
    """Return the words of all names that were said as a whole."""
    names = (
        frozenset(words(name))
        for one in seen
        for name in (*one.entity.names, one.entity.area or "")
    )
    return frozenset[str]().union(*(parts for parts in names if parts <= heard))


def _meant(asked: Inquiry, seen: Sequence[Seen]) -> list[Seen]:
    """Return what a question is about: of all in a room, the thermometer."""
    if len(seen) == 1:
        return list(seen)
    measuring = [
        one
        for one in seen
        if one.entity.device_class in asked.measured
        or ("temperature" in asked.measured and one.entity.domain == "climate")
    ]
    if measuring and (asked.more or asked.condition is None or len(measuring) == 1):
        sensors = [one for one in measuring if one.entity.domain == "sensor"]
        return sensors or measuring
    kinds = [
        one
        for one in seen
        if one.entity.domain in asked.kinds or one.entity.device_class in asked.kinds
    ]
    return kinds or list(seen)


def _able(condition: str, seen: Sequence[Seen]) -> list[Seen]:
    """Return what can be so at all."""
    able = [one for one in seen if one.is_so(condition) is not None]
    if condition in (ON, OFF):
        running = [one for one in able if one.entity.domain in _RUNNING]
        return running or able
    return able


def _of_one(asked: Inquiry, one: Seen) -> str:
    """Answer about one thing."""
    name, kind = one.entity.name, one.entity.device_class
    if one.state in _GONE and one.entity.domain != "scene":
        return f"{name} is {one.state}."
    if (value := _aspect(asked, one)) is not None:
        return value
    if one.entity.domain == "sensor":
        pattern = _VALUES.get(kind or "")
        return pattern.format(one.told) if pattern else f"{name} is {one.told}."
    so = None if asked.condition is None else one.is_so(asked.condition)
    asks = asked.wanted in (Wanted.VALUE, Wanted.YES_NO)
    if so is None and kind in _SENSING and asks:
        so = one.state == "on"
    elif asked.wanted is Wanted.COUNT and so is not None:
        return f"1: {name}." if so else f"None: {name} is {one.short}."
    elif asked.wanted is not Wanted.YES_NO or so is None:
        return f"{name} is {_whole(one)}."
    if asked.of_none:
        so = not so
    return f"{'Yes' if so else 'No'}, {name} is {one.short}."


def _whole(one: Seen) -> str:
    """Return a state in words; of a thermostat all there is."""
    known = one.attributes
    if one.entity.domain != "climate":
        return one.short
    parts = [one.state]
    if "current_temperature" in known:
        parts.append(f"it is {known['current_temperature']:g}°")
    if "temperature" in known:
        parts.append(f"set to {known['temperature']:g}°")
    return ", ".join(parts)


def _aspect(asked: Inquiry, one: Seen) -> str | None:
    """Tell what of a device was asked."""
    name, known = one.entity.name, one.attributes
    if asked.condition and asked.wanted is Wanted.YES_NO:
        return None
    if one.entity.domain == "climate":
        if "target" in asked.aspects and "temperature" in known:
            return f"{name} is set to {known['temperature']:g}°."
        if "temperature" in asked.measured and "current_temperature" in known:
            return f"It is {known['current_temperature']:g}°."
        return None
    if "volume" in asked.aspects and "volume_level" in known:
        return f"The volume is {round(known['volume_level'] * 100)}%."
    if "title" in asked.aspects and known.get("media_title"):
        return f"{name} is playing {known['media_title']}."
    if "brightness" in asked.aspects and known.get("brightness") is not None:
        return f"The brightness is {round(known['brightness'] / 2.55)}%."
    if "speed" in asked.aspects and known.get("percentage"):
        return f"The speed is {known['percentage']}%."
    return None


def _compared(asked: Inquiry, seen: Sequence[Seen], said: str) -> str:
    """Say where it is more or less, where that can be counted."""
    known = [one for one in seen if one.number is not None]
    if asked.more is None or len(known) < 2:
        return _all_told(seen)
    more, word = asked.more
    known.sort(key=lambda one: one.number or 0.0, reverse=more)
    first, second = known[:2]
    if first.number == second.number:
        return _all_told(known[:2])
    where = first.entity.area or first.entity.name
    if len(known) > 2 or word.startswith("the "):
        return f"{where} is {word}, {_value(first)}."
    told = f"{where} is {word}, {_value(first)} and {_value(second)}."
    if asked.wanted is Wanted.VALUE and (is_first := _is_first(first, second, said)):
        return f"{'Yes' if is_first > 0 else 'No'}, {told}"
    return told


def _is_first(one: Seen, other: Seen, said: str) -> int:
    """Return 1 where the first was named before the other, -1 after it, 0 unknown.

    Only "is it warmer here than there" is answered with yes or no, and that begins
    with what it is asked of.
    """
    spoken = words(said)
    if "than" not in spoken:
        return 0
    before = set(spoken[: spoken.index("than")])
    here, there = (
        len(before.intersection(words(f"{x.entity.area or ''} {x.entity.floor or ''}")))
        for x in (one, other)
    )
    return (here > there) - (here < there)


def _value(one: Seen) -> str:
    """Return what is measured, with its unit."""
    now = one.attributes.get("current_temperature")
    return one.told if now is None else f"{now:g}°"


def _of_many(asked: Inquiry, condition: str, seen: Sequence[Seen]) -> str:
    """Say which of several are so, how many, or whether all or any are."""
    so = [one for one in seen if _counts(one, condition)]
    others = [one for one in seen if one not in so]
    word = asked.said if condition not in (HOME, AWAY) else condition
    if asked.wanted is Wanted.COUNT:
        return f"{len(so)}: {_listed(so)}." if so else "None."
    if asked.wanted is Wanted.WHERE and so:
        places = dict.fromkeys(one.entity.area or one.entity.name for one in so)
        return f"{_joined(list(places))}."
    is_person = all(one.entity.domain == "person" for one in seen)
    if asked.wanted is Wanted.YES_NO and asked.of_all:
        if not others:
            return f"Yes, {'everyone is' if is_person else 'all are'} {word}."
        return f"No, {_sentence(others)}"
    if asked.wanted is Wanted.YES_NO and asked.of_none:
        return (
            f"No, {_sentence(so)}" if so else f"Yes, {_nothing(is_person)} is {word}."
        )
    if so:
        said = _sentence(so)
        return f"Yes, {said}" if asked.wanted is Wanted.YES_NO else said
    said = f"{_nothing(is_person)} is {word}."
    return f"No, {said}" if asked.wanted is Wanted.YES_NO else said.capitalize()


def _counts(one: Seen, condition: str) -> bool:
    """Return whether something counts as so among others: what pauses is not on."""
    if one.state in ("paused", "idle"):
        return condition == OFF or (one.is_so(condition) is True and condition != ON)
    return one.is_so(condition) is True


def _nothing(is_person: bool) -> str:
    return "nobody" if is_person else "nothing"


def _sentence(seen: Sequence[Seen]) -> str:
    """Say what some things are, those of one state together."""
    alike: dict[str, list[Seen]] = {}
    for one in seen:
        word = one.short.partition(" ")[0] if len(seen) > 1 else one.short
        alike.setdefault(word if not word.startswith("at") else one.short, []).append(
            one
        )
    parts = [
        f"{_listed(some)} {'is' if len(some) == 1 else 'are'} {word}"
        for word, some in alike.items()
    ]
    return f"{_joined(parts)}."


def _all_told(seen: Sequence[Seen]) -> str:
    """Say what each of a few things is; of many how many are what."""
    if len(seen) > _MOST:
        return f"{_joined(_counted(seen))}."
    parts = []
    for one in seen:
        number = one.entity.domain == "sensor"
        parts.append(f"{one.entity.name} is {one.told if number else one.short}")
    return f"{_joined(parts)}."


def _counted(seen: Sequence[Seen]) -> list[str]:
    """Say how many things are in each state, and which, where they are few."""
    alike: dict[str, list[Seen]] = {}
    for one in seen:
        alike.setdefault(one.short.partition(" ")[0], []).append(one)
    return [
        f"{len(some)} {'is' if len(some) == 1 else 'are'} {word}"
        + (f": {_listed(some)}" if len(some) <= _FEW else "")
        for word, some in sorted(alike.items(), key=lambda pair: -len(pair[1]))
    ][:_MOST]


def _listed(seen: Sequence[Seen]) -> str:
    """Name some things, and count the rest."""
    names = [one.entity.name for one in seen]
    if len(names) > _MOST:
        return f"{', '.join(names[:_MOST])} and {len(names) - _MOST} more"
    return _joined(names)


def _joined(texts: Sequence[str]) -> str:
    """Join texts as a sentence does."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
