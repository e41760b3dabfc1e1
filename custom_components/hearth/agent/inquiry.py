"""What a question about states wants to know, from its words. English only."""

from dataclasses import dataclass
from enum import StrEnum

from .names import singular, words


class Wanted(StrEnum):
    """The form of the answer."""

    YES_NO = "yes or no"
    WHICH = "which"
    WHERE = "where"
    COUNT = "how many"
    VALUE = "value"


# What something can be, by the words for it. Of two that exclude each other the second
# is the first with "not".
ON, OFF, OPEN, CLOSED = "on", "off", "open", "closed"
LOCKED, UNLOCKED, HOME, AWAY = "locked", "unlocked", "home", "away"
WET, DRY, DETECTED, CLEAR = "wet", "dry", "detected", "clear"
PLAYING, PAUSED, DOCKED, CLEANING = "playing", "paused", "docked", "cleaning"
OPPOSITE = {
    one: other
    for pair in ((ON, OFF), (OPEN, CLOSED), (LOCKED, UNLOCKED), (HOME, AWAY))
    for one, other in (pair, pair[::-1])
} | {WET: DRY, DRY: WET, DETECTED: CLEAR, CLEAR: DETECTED}
_CONDITIONS: dict[str, str] = {
    word: condition
    for condition, known in {
        ON: "on burning lit running active spinning working glowing shining powered"
        " heating cooling charging brewing",
        OFF: "off",
        OPEN: "open opened up ajar raised",
        CLOSED: "closed shut down close lowered",
        LOCKED: "locked lock bolted bolt secured",
        UNLOCKED: "unlocked unbolted unlock unbolt",
        HOME: "home in back",
        AWAY: "away out gone",
        WET: "wet leak leaking leaked flooded",
        DRY: "dry",
        DETECTED: "detected motion moving movement moved smoke burning-smell alarm",
        CLEAR: "clear free",
        PLAYING: "playing plays play",
        PAUSED: "paused",
        DOCKED: "docked dock base parked",
        CLEANING: "cleaning vacuuming hoovering mowing sweeping",
    }.items()
    for word in known.split()
}
# Those that a question has by itself: "are they in?", "is it up?". A sentence may have
# such words for other reasons, so any other condition comes first.
_WEAK = frozenset("in up down home play close lock out back".split())
# What a sensor measures, by the words for it.
_MEASURED: dict[str, str] = {
    word: kind
    for kind, known in {
        "temperature": "temperature warm warmer warmest hot hotter hottest cold colder"
        " coldest cool cooler coolest chilly degree thermometer freezing freeze sweat"
        " warmed warming warmly warmth heat cooled toasty",
        "humidity": "humidity humid humider damp damper moist muggy drier driest",
        "battery": "battery charge charged juice",
        "carbon_dioxide": "co2 carbon air",
        "power": "power watt drawing consume consuming consumption",
        "energy": "energy kwh kilowatt used",
        "illuminance": "illuminance bright brightness light lux dark",
    }.items()
    for word in known.split()
}
# Comparatives and superlatives: whether more is meant, and the word of the answer.
_MORE: dict[str, tuple[bool, str]] = {
    "warmer": (True, "warmer"),
    "hotter": (True, "warmer"),
    "colder": (False, "colder"),
    "cooler": (False, "cooler"),
    "humider": (True, "more humid"),
    "damper": (True, "more humid"),
    "muggier": (True, "more humid"),
    "chillier": (False, "colder"),
    "drier": (False, "drier"),
    "warmest": (True, "the warmest"),
    "hottest": (True, "the warmest"),
    "coldest": (False, "the coldest"),
    "coolest": (False, "the coldest"),
    "driest": (False, "the driest"),
    "dampest": (True, "the most humid"),
}
_DEGREES = {"more": True, "most": True, "higher": True, "highest": True}
_DEGREES |= {"less": False, "least": False, "lower": False, "lowest": False}
_ASKING = {
    "which": Wanted.WHICH,
    "what": Wanted.WHICH,
    "whats": Wanted.WHICH,
    "who": Wanted.WHICH,
    "list": Wanted.WHICH,
    "rundown": Wanted.WHICH,
    "where": Wanted.WHERE,
    "wheres": Wanted.WHERE,
    "number": Wanted.COUNT,
    "count": Wanted.COUNT,
    "how": Wanted.VALUE,
}
_WHETHER = frozenset({"if", "whether"})
_FORGOTTEN = frozenset(
    "forget forgot forgotten neglect neglected fail failed omit omitted".split()
)
_COLD = frozenset("cold cool chilly freeze freezing frosty dry".split())
_ALL = frozenset("all every everything everyone everybody both each".split())
_NONE = frozenset("nothing nobody".split())
_NOT = frozenset("isn aren not wasn weren".split())
# "The garage is shut, right?"
_TAILS: tuple[tuple[str, ...], ...] = (
    ("is", "it"),
    ("are", "they"),
    ("yes", "or", "no"),
    ("or", "no"),
    ("or", "not"),
    ("right",),
    ("correct",),
)
_SWITCHING = frozenset("turn turned switch switched put leave left".split())
_ARTICLES = frozenset("the my our this that a".split())
# What is asked of a device, apart from what it is.
_ASPECTS: dict[str, str] = {
    word: aspect
    for aspect, known in {
        "target": "set setting target setpoint aim aiming sat supposed",
        "volume": "volume loud loudness loudly sound turned",
        "title": "playing song track title listening title",
        "brightness": "bright brightness dim dimmed brightly percent level strongly",
        "speed": "speed fast",
        "position": "far position",
    }.items()
    for word in known.split()
}
# Kinds of things, by the words for them: domains and device classes.
_KINDS: dict[str, frozenset[str]] = {
    word: frozenset(kinds.split())
    for known, kinds in {
        "window skylight": "window",
        "door": "door garage_door lock opening",
        "light lamp": "light",
        "blind shutter curtain shade drape": "cover",
        "lock": "lock",
        "fan": "fan",
        "speaker player": "media_player",
        "switch plug socket outlet": "switch",
    }.items()
    for word in known.split()
}


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked.

    Args:
        wanted: The form of the answer.
        condition: What something may be, such as `ON`; None where no word says it.
        said: The word that said it.
        measured: What is measured, as the device classes of sensors.
        aspects: What of a device is asked, such as its volume.
        kinds: Domains and device classes that were named.
        more: For a comparison whether more is meant, and the word of the answer.
        of_all: Whether it is asked if all are so.
        of_none: Whether it is asked if none is so.
    """

    wanted: Wanted
    condition: str | None
    said: str
    measured: frozenset[str]
    aspects: frozenset[str]
    kinds: frozenset[str]
    more: tuple[bool, str] | None
    of_all: bool
    of_none: bool


def inquiry(said: str, names: frozenset[str] = frozenset()) -> Inquiry:
    """Return what words ask.

    Args:
        said: The user's words.
        names: Words of the names of what was looked up, which say nothing else.
    """
    spoken = words(said)
    known = {singular(word) for word in spoken} | set(spoken)
    measured = frozenset(_MEASURED[word] for word in known if word in _MEASURED)
    condition, word = _condition(spoken, names)
    if condition and known & _FORGOTTEN:
        condition = word = OPPOSITE.get(condition, condition)
    return Inquiry(
        wanted=_wanted(spoken, condition),
        condition=condition,
        said=word,
        measured=measured,
        aspects=frozenset(_ASPECTS[word] for word in known if word in _ASPECTS),
        kinds=frozenset[str]().union(*(_KINDS.get(word, ()) for word in known)),
        more=_more(spoken, known, measured),
        of_all=bool(known & _ALL),
        of_none=bool(known & _NONE),
    )


def _wanted(spoken: tuple[str, ...], condition: str | None) -> Wanted:
    """Return the form of the answer."""
    if not _WHETHER.isdisjoint(spoken) or any(
        spoken[-len(tail) :] == tail for tail in _TAILS
    ):
        return Wanted.YES_NO
    found = [_ASKING[word] for word in spoken if word in _ASKING]
    if "how" in spoken and "many" in spoken:
        return Wanted.COUNT
    if found:
        return found[0]
    return Wanted.YES_NO if condition else Wanted.VALUE


def _condition(
    spoken: tuple[str, ...], names: frozenset[str]
) -> tuple[str | None, str]:
    """Return what something may be, and the word for it; the last one counts.

    "On the ground floor" tells where, and "who isn't home" the opposite.
    """
    found = [
        word
        for place, word in enumerate(spoken)
        if word in _CONDITIONS and word not in names and not _is_where(spoken, place)
    ]
    if "free" in found:
        found = ["free"]
    if "off" in found:
        found = [word for word in found if word != "on"]
    strong = [word for word in found if word not in _WEAK]
    word = next(iter((strong or found)[::-1]), "")
    condition = _CONDITIONS.get(word)
    if condition and "who" in spoken and not _NOT.isdisjoint(spoken):
        condition = OPPOSITE.get(condition, condition)
    return condition, word


def _is_where(spoken: tuple[str, ...], place: int) -> bool:
    """Return whether a word is the "on" or "in" of a place."""
    before, after = spoken[place - 1 : place], spoken[place + 1 : place + 2]
    return (
        spoken[place] in ("on", "in")
        and not _ARTICLES.isdisjoint(after)
        and _SWITCHING.isdisjoint(before)
    )


def _more(
    spoken: tuple[str, ...], known: set[str], measured: frozenset[str]
) -> tuple[bool, str] | None:
    """Return what a comparison is about."""
    for word in spoken:
        if word in _MORE:
            return _MORE[word]
    for word in spoken:
        if word in _DEGREES and measured & {"temperature", "humidity"}:
            up = _DEGREES[word] != bool(known & _COLD)
            of = ("more humid", "less humid", "the most humid", "the least humid")
            if "humidity" not in measured:
                of = ("warmer", "colder", "the warmest", "the coldest")
            return up, of[2 * word.endswith("st") + (not up)]
    return None
