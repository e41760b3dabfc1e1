"""Words of English orders: what people say around them, verbs, units. No devices."""

from collections.abc import Mapping
import re

from .spoken_numbers import SHARES, spoken_words

# Fields of `set` that are percents.
PERCENT = frozenset({"brightness", "position", "speed", "volume"})
DEGREES = frozenset({"temperature"})
UNITS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("percent", "per", "cent"), PERCENT),
    **dict.fromkeys(("degree", "degrees", "celsius"), DEGREES),
    "open": frozenset({"position"}),
}
# A share of a hundred is a percent.
SHARE_WORDS = frozenset(SHARES) | {"thirds", "quarters"}
HALFWAY = frozenset({"halfway", "midway"})
FULL = frozenset({"full", "max", "maximum"})
# Names of CSS, which are Home Assistant's.
COLORS = frozenset(
    "red green blue yellow orange purple pink white cyan magenta turquoise violet aqua"
    " coral crimson gold indigo lavender lime maroon navy olive orchid plum salmon"
    " teal".split()
)

# With these a question is an order.
ASKING = frozenset("could can would will".split())
_SUGGESTING = re.compile(r"\b(?:how|what) about\b|\bany chance of\b", re.IGNORECASE)
# What people say before and after an order.
POLITE = ASKING | frozenset(
    "you kindly hey hi hello ok okay thanks thank ta cheers pet".split()
)
BEGINNING = POLITE | frozenset("right so um uh er erm ah oh well and then".split())
_KIND = r"(?:dear|love|darling|star|sweetheart|pal|champ)"
FILLER = re.compile(
    r"^\W*(?:(?:hey|hi|oh|ok|okay|right|so|and|then|well|please|uh|um)\b\W*)*"
    r"(?:if you (?:would|could)|(?:i|we) (?:(?:want|fancy)(?: (?:you )?to)?|need(?: you to)?(?! to\b))"
    r"|(?:i|we)(?:'d| would) like(?: (?:you )?to)?|(?:we'll|let's) have|(?:how|what) about|any chance of"
    r"|go ahead and|let's|do (?:me|us) a favou?r and|any chance you (?:can|could)"
    rf"|(?:(?:would|could|can|will) you )?be a {_KIND} and"
    r"|would you be so (?:kind|good) (?:as to|and)|i wonder if you could)\b"
    r"|\b(?:for (?:me|us)|(?:would|will|could|can)(?: you| ya|ja|ya)|mate|buddy|love|hon|honey"
    r"|babe|sweetie|(?:my )?dear|pal|you guys|chop chop|instead|too|as well|for good|and that's (?:it|all)"
    r"|if (?:it's|that's) (?:not too much|no) (?:trouble|bother)"
    r"|if you (?:please|could|can|would|don't mind)|if you'd be so (?:kind|good)"
    r"|while you(?:'re| are) at it|behind (?:me|us)|real quick|quickly)\W*$"
    r"|\b(?:right now|right away|straight away|at once|please|now|just|completely|fully)\b",
    re.IGNORECASE,
)
# Ways to say that something is to do all it can.
ALL_IT_CAN = re.compile(
    r"\bflat out\b|\bfull (?:tilt|blast|whack|power|throttle|steam|bore)\b"
    r"|\btop speed\b|\bthe max\b",
    re.IGNORECASE,
)


def is_question(said: str) -> bool:
    """Return whether words ask something, and are no order that is put as a question."""
    is_order = _SUGGESTING.search(said) or not ASKING.isdisjoint(spoken_words(said))
    return "?" in said and not is_order


# Verbs that take a particle, and what they are with it.
_SWITCHED = {"on": "on", "off": "off"}
_MOVED = {"up": "raise", "down": "lower"}
PARTICLED: Mapping[str, Mapping[str, str]] = {
    "turn": {**_SWITCHED, "out": "off", "up": "up", "down": "down"},
    "switch": {**_SWITCHED, "out": "off"},
    "put": {**_SWITCHED, "out": "off", **_MOVED},
    "power": {**_SWITCHED, "up": "on", "down": "off"},
    **dict.fromkeys(("flip", "flick", "click", "pop", "stick", "snap"), _SWITCHED),
    "knock": {"off": "off"},
    "get": {**_SWITCHED, "going": "on", "running": "on"},
    "have": _SWITCHED,
    "fire": {"up": "on"},
    "boot": {"up": "on"},
    "wake": {"up": "on"},
    "light": {"up": "on"},
    "lock": {"up": "lock"},
    "open": {"up": "open"},
    "start": {"up": "start"},
    "shut": {"off": "off"},
    "pull": _MOVED,
    "roll": _MOVED,
    "bring": _MOVED,
    "wind": _MOVED,
    "let": {"down": "lower"},
    "draw": {"back": "open", "open": "open", **_MOVED},
}
# Verbs that say by themselves what is to be done.
VERBS: Mapping[str, str] = {
    "open": "open",
    "raise": "raise",
    "close": "close",
    "shut": "close",
    "lower": "lower",
    "draw": "draw",
    "lock": "lock",
    "bolt": "lock",
    "secure": "lock",
    "hold": "hold",
    "unlock": "unlock",
    "unbolt": "unlock",
    "resume": "play",
    "pause": "pause",
    "mute": "mute",
    **dict.fromkeys(("silence", "hush", "shush"), "mute"),
    "unmute": "unmute",
    "start": "start",
    "run": "start",
    "stop": "stop",
    "dock": "dock",
    "wake": "on",
    "activate": "on",
    "enable": "on",
    "illuminate": "on",
    "deactivate": "off",
    "disable": "off",
    "kill": "off",
    "douse": "off",
    "extinguish": "off",
    "cut": "cut",
}
# With these it is lights that are meant.
LIGHTING = frozenset({"illuminate", "light"})
# What an order without a verb ends with, or has before a place.
ENDS: Mapping[str, str] = {"on": "on", "off": "off", "up": "raise", "down": "lower"}
# What one of several orders ends with, where it says how something is to be.
RESULTS: Mapping[str, str] = {
    **dict.fromkeys(("bolted", "locked"), "lock"),
    **dict.fromkeys(("closed", "drawn", "shut"), "close"),
    "out": "off",
}
# After "on" a place or a thing comes with these, and no end of an order.
BEFORE_NAMES = frozenset({"the", "my", "our"})
BEFORE_PLACES = frozenset("in at out upstairs downstairs everywhere throughout".split())

# Verbs of values. A number without a unit is one with "to" only.
SETTING = frozenset("set make".split())
BRINGING = frozenset(
    "set make put bring take turn get have run open raise lower drop crank move pop"
    " stick knock slow nudge whack pull push ease shift notch kick jack".split()
)
# With these a number may be a difference, and a color the one that something has.
CHANGING = frozenset("dim change adjust brighten".split())
DIRECTIONS = frozenset("up down on".split())

# Words of tracks, and what is wanted of them.
TRACKS = frozenset("track song tune title item episode".split())
TRACK_ACTIONS: Mapping[str, str] = {
    "next": "next",
    "skip": "next",
    "previous": "previous",
    "back": "previous",
}
AROUND_TRACKS = frozenset("skip go play to this that a one next previous back".split())
