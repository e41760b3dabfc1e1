"""Words of questions about states, by what they say. English only."""

from collections.abc import Mapping
from enum import StrEnum


class Wanted(StrEnum):
    """The form of the answer."""

    YES_NO = "yes or no"
    WHICH = "which"
    WHERE = "where"
    COUNT = "how many"
    HOW = "how"
    VALUE = "value"


class Of(StrEnum):
    """Of how many it is asked whether they are so."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


def _by_word[T](table: Mapping[T, str]) -> dict[str, T]:
    """Return what words say, by word, from the words for each."""
    return {word: said for said, known in table.items() for word in known.split()}


# What something can be. Of two that exclude each other one is the other with "not".
ON, OFF, OPEN, CLOSED = "on", "off", "open", "closed"
LOCKED, UNLOCKED, HOME, AWAY = "locked", "unlocked", "home", "away"
WET, DRY, DETECTED, CLEAR = "wet", "dry", "detected", "clear"
PLAYING, PAUSED, DOCKED, CLEANING = "playing", "paused", "docked", "cleaning"
OPPOSITE = {
    one: other
    for pair in (
        (ON, OFF),
        (OPEN, CLOSED),
        (LOCKED, UNLOCKED),
        (HOME, AWAY),
        (WET, DRY),
        (DETECTED, CLEAR),
    )
    for one, other in (pair, pair[::-1])
}
# How things are left: who asks if "the windows are closed" asks for all of them.
AT_REST = frozenset({OFF, CLOSED, LOCKED, AWAY, DRY, CLEAR, DOCKED})
CONDITIONS = _by_word(
    {
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
        DETECTED: "detected motion moving movement moved smoke alarm",
        CLEAR: "clear free",
        PLAYING: "playing plays play",
        PAUSED: "paused",
        DOCKED: "docked dock base parked",
        CLEANING: "cleaning vacuuming hoovering mowing sweeping",
    }
)
# Those that a sentence may have for other reasons, so any other condition comes first:
# in "are they in?" it is asked, in "who is in the house with the lights on" it is not.
WEAK = frozenset(
    "in home play close lock out back heating cooling charging motion moving movement"
    " moved smoke alarm leak up down".split()
)
# Of the weak ones those that go with another: "did I lock it up?"
WEAKEST = frozenset({"up", "down"})
# Those that cannot be said of a thing: no door is "lock".
NO_ADJECTIVES = WEAK - frozenset("heating cooling charging moving moved".split()) | {
    "plays",
    "bolt",
    "unlock",
    "unbolt",
    "dock",
    "base",
}
# What a sensor measures.
MEASURED = _by_word(
    {
        "temperature": "temperature temp warm warmer warmest hot hotter hottest cold colder"
        " coldest cool cooler coolest chilly chillier chilliest degree thermometer"
        " freezing freeze sweat warmed warming warmly warmth heat cooled toasty",
        "humidity": "humidity humid humider humidest damp damper dampest moist moister"
        " moistest muggy muggier muggiest drier driest",
        "battery": "battery charge charged juice",
        "carbon_dioxide": "co2 carbon air",
        "power": "power watt drawing consume consuming consumption",
        "energy": "energy kwh kilowatt used",
        "illuminance": "illuminance bright brightness light lux dark",
    }
)
# Comparatives and superlatives: whether more is meant, and the word of the answer.
MORE: Mapping[str, tuple[bool, str]] = _by_word(
    {
        (True, "warmer"): "warmer hotter",
        (False, "colder"): "colder cooler chillier",
        (True, "more humid"): "humider damper moister muggier",
        (False, "drier"): "drier",
        (True, "the warmest"): "warmest hottest",
        (False, "the coldest"): "coldest coolest chilliest",
        (True, "the most humid"): "humidest dampest moistest muggiest",
        (False, "the driest"): "driest",
    }
)
# Words of degree with the words of the answers for more and for less of it.
DEGREES = {"more": True, "most": True, "higher": True, "highest": True}
DEGREES |= {"less": False, "least": False, "lower": False, "lowest": False}
COMPARED = {
    "temperature": (("warmer", "colder"), ("the warmest", "the coldest")),
    "humidity": (("more humid", "less humid"), ("the most humid", "the least humid")),
}
COLD = frozenset("cold cool chilly freeze freezing frosty dry".split())
ASKING = _by_word(
    {
        Wanted.WHICH: "which what whats who list rundown name names show through",
        Wanted.WHERE: "where wheres",
        Wanted.COUNT: "number count",
        Wanted.HOW: "how",
    }
)
# "What about the lamp, is it on": here it is only asked whether.
AFTER_NO_ASKING = frozenset({"about", "sure"})
WHETHER = frozenset({"if", "whether"})
# Only at the beginning: "was it closed when you looked" asks for no time.
BEGINNING = frozenset({"when", "why"})
# "Tell me all the lights that are on" asks which; "tell me that they are off" does not.
LISTING = frozenset("all every everything the".split())
# With these "turn" is no order: "did I turn it down", "how far did we turn it up".
TURNED = frozenset("did do does didn how to if whether".split())
# What begins a question about how something is.
BEING = frozenset(
    "is are was were has did does isn aren wasn weren hasn ain whether if".split()
)
# "The garage is shut, right?"
TAILS: tuple[tuple[str, ...], ...] = (
    ("is", "it"),
    ("are", "they"),
    ("is", "there"),
    ("are", "there"),
    ("isn", "t", "it"),
    ("aren", "t", "they"),
    ("yes", "or", "no"),
    ("or", "no"),
    ("or", "not"),
    ("or", "what"),
    ("right",),
    ("correct",),
)
QUANTITIES = _by_word(
    {
        Of.ALL: "all every everything everyone everybody both each",
        Of.ANY: "any anything anyone anybody some something someone somebody several",
        Of.NONE: "nothing nobody",
    }
)
# "At all", "in every room", and "any idea" tell nothing of how many.
BEFORE_NO_ALL = frozenset("at after of".split())
WHOLE_FAMILY = frozenset("bunch family gang lot".split())
# "Did anyone lock up" asks of all that can be locked.
WHO = frozenset("anyone anybody someone somebody".split())
BEFORE_WHO = frozenset("did has have had".split())
AFTER_NO_ALL = frozenset(
    "right night day over room rooms floor floors chance clue idea news".split()
)
NOT = frozenset("isn aren not wasn weren hasn haven".split())
# Who forgot to do something left it as it was; so did who still has to do it.
FORGETTING = frozenset(
    "forget forgot forgotten neglect neglected fail failed omit omitted".split()
)
HAVING = frozenset({"have", "need"})
# What somebody forgets, or has, that leaves nothing as it was.
ONLY_ASKING = frozenset("ask check know look say see tell".split())
SWITCHING = frozenset("turn turned switch switched put leave left".split())
ARTICLES = frozenset("the my our this that a".split())
# "Check on the oven", "look it up": these say nothing of what it is.
BEFORE_NO_ON = frozenset("check going info latest news report status update".split())
AFTER_NO_IN = frozenset("bed case fact total".split())
BEFORE_NO_UP = frozenset("listen look s wake".split())
LOCKING = frozenset("bolt bolted lock locked".split())
# What goes off when it finds something.
ALARMS = frozenset("alarm detector sensor".split())
GOING = frozenset("go goes going gone went".split())
# What is to become more or less of it. Without a word that asks, it is an order.
CHANGES = frozenset(
    "warmer hotter colder cooler damper drier more less higher lower up down bit tad notch"
    " degree enough chill boost raise increase decrease reduce ease crank jack nudge bump"
    " pump amp ramp whack lift drop".split()
)
# "Not so hot", "it is too cold in here".
SO, SO_MUCH = ("so", "too"), frozenset("high low hot cold warm cool chilly".split())
# Comparing asks, too; "a degree or two" is none.
COMPARING = frozenset({"or", "than"})
# What is asked of a device, apart from what it is.
ASPECTS = _by_word(
    {
        "target": "set setting target setpoint aim aiming sat supposed",
        "volume": "volume loud loudness loudly sound turned",
        "title": "playing song track title listening",
        "brightness": "bright brightness dim dimmed brightly percent level strongly",
        "speed": "speed fast",
        "battery": "battery charge charged juice",
        "muted": "muted silenced",
    }
)
# Kinds of things: domains and device classes.
KINDS = {
    word: frozenset(kinds.split())
    for known, kinds in {
        "window skylight": "window",
        "door": "door garage garage_door lock opening",
        "gate": "gate",
        "light lamp": "light",
        "blind shutter curtain shade drape": "cover",
        "lock": "lock",
        "fan": "fan",
        "speaker player tv television telly": "media_player",
        "switch plug socket outlet": "switch",
        "heating heater thermostat radiator conditioner conditioning ac": "climate",
        "motion movement": "motion moving occupancy",
        "smoke": "smoke",
        "leak": "moisture",
    }.items()
    for word in known.split()
}
