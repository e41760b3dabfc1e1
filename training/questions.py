"""Questions about single things of the home, and answers from their states."""

from collections.abc import Collection
from dataclasses import dataclass
import re

from . import speech
from .dice import Dice
from .goals import state_of
from .homes import Home, Thing, word_set
from .mentions import inside, mention, the
from .render import Call
from .words import foreign

# What can be asked about yes or no: kind -> {asked: state words that mean yes}.
_ON_OFF = {
    "on": ("on",),
    "off": ("off",),
    "switched on": ("on",),
    "turned on": ("on",),
    "switched off": ("off",),
    "turned off": ("off",),
}
_COVER = {
    "open": ("open",),
    "closed": ("closed",),
    "down": ("closed",),
    "up": ("open",),
    "shut": ("closed",),
}
_ZONES = ("Work", "School", "Gym")
_CONTACT = {"open": ("on",), "closed": ("off",), "shut": ("off",)}
YES: dict[str, dict[str, tuple[str, ...]]] = {
    "light": _ON_OFF | {"burning": ("on",), "lit": ("on",)},
    "switch": _ON_OFF | {"running": ("on",)},
    "helper": _ON_OFF | {"active": ("on",)},
    "humidifier": _ON_OFF | {"running": ("on",)},
    "fan": _ON_OFF | {"running": ("on",), "spinning": ("on",)},
    "cover": _COVER,
    "shade": {"open": ("open",), "closed": ("closed",)},
    "gate": {"open": ("open",), "closed": ("closed",), "shut": ("closed",)},
    "valve": {"open": ("open",), "closed": ("closed",)},
    "lock": {
        "locked": ("locked",),
        "unlocked": ("unlocked",),
        "locked up": ("locked",),
        "bolted": ("locked",),
    },
    "media": {
        "on": ("playing", "paused", "idle", "on"),
        "off": ("off", "standby"),
        "playing": ("playing",),
        "paused": ("paused",),
    },
    "window": _CONTACT,
    "door": _CONTACT,
    "leak": {"wet": ("on",), "dry": ("off",)},
    "vacuum": {
        "docked": ("docked",),
        "cleaning": ("cleaning",),
        "running": ("cleaning",),
    },
    "mower": {"docked": ("docked",), "mowing": ("mowing",)},
    "climate": {"on": ("heat", "cool", "auto", "heat_cool"), "off": ("off",)},
    "person": {
        "home": ("home",),
        "at home": ("home",),
        "out": ("not_home", *_ZONES),
        "away": ("not_home", *_ZONES),
    },
}
_SWITCHED = tuple(
    form
    for word in ("on", "off")
    for verb, past in (("turn", "turned"), ("switch", "switched"))
    for form in (
        (f"{verb} {{n}} {word}", f"{past} {{n}} {word}", f"{past} {word}", word),
        (f"{verb} {word} {{n}}", f"{past} {word} {{n}}", f"{past} {word}", word),
    )
)
_MOVED = (
    ("open {n}", "opened {n}", "opened", "open"),
    ("close {n}", "closed {n}", "closed", "closed"),
    ("shut {n}", "shut {n}", "shut", "closed"),
)
# What somebody may have done: as an infinitive, as a participle, in the passive voice,
# and how it is then.
DONE: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    **dict.fromkeys(("light", "switch", "fan", "humidifier", "helper"), _SWITCHED),
    **dict.fromkeys(("media", "climate"), _SWITCHED),
    **dict.fromkeys(("cover", "gate", "shade", "valve", "window", "door"), _MOVED),
    "lock": (
        ("lock {n}", "locked {n}", "locked", "locked"),
        ("lock {n} up", "locked {n} up", "locked up", "locked"),
        ("bolt {n}", "bolted {n}", "bolted", "locked"),
        ("unlock {n}", "unlocked {n}", "unlocked", "unlocked"),
    ),
}
_OPPOSITE = {
    one: other
    for pair in (("on", "off"), ("open", "closed"), ("locked", "unlocked"))
    for one, other in (pair, pair[::-1])
}
# Sensors: the sentence that tells their value.
SAYS = {
    "temperature": "It is {v}.",
    "humidity": "The humidity is {v}.",
    "battery": "The battery is at {v}.",
    "co2": "The CO2 level is {v}.",
    "power": "The power is {v}.",
    "energy": "The energy is {v}.",
    "lux": "The brightness is {v}.",
}
_OF_A_PLACE = ("temperature", "humidity", "co2", "lux")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the things it is about, the answer, and how to look it up."""

    said: str
    about: tuple[Thing, ...]
    answer: str
    lookup: tuple[Call, ...]
    phenomenon: str


def yes_or_no(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask whether a device is in some state."""
    found = _chosen(dice, home, YES, here)
    if found is None:
        return None
    thing, n = found
    asked = dice.of(list(YES[thing.kind]))
    frame = dice.say("questions/yes_no")
    said = marked(dice, frame, agreeing(frame, n).replace("{a}", asked))
    answer = yes_answer(thing, asked)
    return Question(said, (thing,), answer, (state_of(home, thing),), "yes_no")


def done(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask whether somebody did something, or forgot it."""
    found = _chosen(dice, home, DONE, here)
    if found is None:
        return None
    thing, n = found
    do, did, part, word = dice.of(DONE[thing.kind])
    frame = "done"
    if dice.often(0.2):
        frame, word = "forgot", _OPPOSITE[word]
    said = dice.say(f"questions/{frame}")
    for mark, text in (("do", do), ("did", did), ("part", part)):
        said = said.replace(f"{{{mark}}}", text)
    return Question(
        speech.asked(dice, agreeing(said, n)),
        (thing,),
        yes_answer(thing, word),
        (state_of(home, thing),),
        "yes_no_done",
    )


def _chosen(
    dice: Dice, home: Home, kinds: Collection[str], here: str | None
) -> tuple[Thing, str] | None:
    """Choose a thing of some kinds, often what should be shut, and what to call it."""
    fitting = [t for t in home.things if t.kind in kinds and t.state != "unavailable"]
    if not fitting:
        return None
    guarded = [t for t in fitting if t.domain in ("lock", "cover", "valve")]
    thing = dice.of(guarded if guarded and dice.often(0.25) else fitting)
    n = mention(dice, home, thing, home.things, here)
    return (thing, n) if n else None


def marked(dice: Dice, frame: str, said: str) -> str:
    """Finish a question; what is an order without its mark keeps it."""
    said = speech.asked(dice, said)
    return said if not frame.endswith("?") else f"{said.rstrip('?.')}?"


_VERBS = (
    ("is", "are"),
    ("isn't", "aren't"),
    ("has", "have"),
    ("was", "were"),
    ("does", "do"),
)


def agreeing(said: str, mention: str) -> str:
    """Put a name into a question, and the verb before it into its number."""
    many = mention.endswith("s")
    for pair in _VERBS:
        wrong, right = pair if many else pair[::-1]
        said = re.sub(rf"\b{wrong} \{{n\}}", f"{right} {{n}}", said)
        said = said.replace(f"{{n}} {wrong} ", f"{{n}} {right} ")
    return said.replace("{n}", mention)


def yes_answer(thing: Thing, asked: str) -> str:
    """Return yes or no, and how it is."""
    if thing.state in YES[thing.kind][asked]:
        return f"Yes, {thing.name} is {asked}."
    return f"No, {thing.name} is {spoken(thing)}."


def value(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask what a sensor says, by its name, by its area or by what it is of."""
    fitting = [t for t in home.things if t.kind in SAYS]
    if not fitting:
        return None
    thing = dice.of(fitting)
    said = None
    if thing.kind in _OF_A_PLACE and thing.area and dice.often(0.65):
        if _alone(home, thing):
            said = _of_place(dice, home, thing, here)
    if said is None:
        n = mention(dice, home, thing, home.things, here)
        if n is None:
            return None
        said = dice.say("questions/sensor").replace("{n}", n)
        owner = thing.name[: -len(thing.noun.text)].strip(" -:/,").lower()
        if thing.kind in ("battery", "power") and owner and dice.often(0.6):
            if thing.name.lower().endswith(thing.noun.text.lower()):
                said = dice.say(f"questions/{thing.kind}_of")
                said = said.replace("{o}", f"the {owner}")
    return Question(
        speech.asked(dice, said),
        (thing,),
        told_value(thing),
        (state_of(home, thing),),
        "value",
    )


def told_value(thing: Thing) -> str:
    """Tell what a sensor says."""
    if thing.state == "unavailable":
        return f"{thing.name} is unavailable."
    return SAYS[thing.kind].replace("{v}", thing.told)


def measures_area(thing: Thing) -> bool:
    """Return whether a sensor is named for what it measures and its area alone."""
    others = foreign("devices").get(thing.noun.text, ())
    words = word_set(thing.name) - word_set(thing.area or "")
    return any(words <= word_set(noun) for noun in (thing.noun.text, *others))


def _alone(home: Home, thing: Thing) -> bool:
    """Return whether an area has no other answer to the same question."""
    return measures_area(thing) and not any(
        t is not thing
        and t.area == thing.area
        and (
            t.kind == thing.kind
            or (thing.kind == "temperature" and t.domain == "climate")
        )
        for t in home.things
    )


def _of_place(dice: Dice, home: Home, thing: Thing, here: str | None) -> str:
    said = dice.say(f"questions/{thing.kind}")
    place = thing.area or ""
    if "{p}" in said and place == here and dice.often(0.3):
        return said.replace("{p}", "this room")
    return said.replace("{in}", inside(dice, home, place, here)).replace(
        "{p}", the(dice, home, place)
    )


_SENSED = ("motion", "leak", "smoke")


def sensed(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask whether something moves, leaks or burns in an area."""
    fitting = [t for t in home.things if t.kind in _SENSED and t.area]
    if not fitting:
        return None
    thing = dice.of(fitting)
    if any(
        t is not thing and (t.kind, t.area) == (thing.kind, thing.area) for t in fitting
    ):
        return None
    said = dice.say(f"questions/sensed.{thing.kind}")
    yes = thing.state == "on"
    if "free of" in said:
        yes = not yes
    said = said.replace("{in}", inside(dice, home, thing.area, here))
    answer = f"{'Yes' if yes else 'No'}, {thing.name} is {spoken(thing)}."
    lookup = (state_of(home, thing),)
    return Question(speech.asked(dice, said), (thing,), answer, lookup, "sensed")


def climate_at(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask how warm it is where only a thermostat measures it."""
    fitting = [
        t
        for t in home.of("climate")
        if t.area
        and "current_temperature" in t.attributes
        and not any(
            o is not t
            and o.area == t.area
            and (o.kind == "temperature" or o.domain == "climate")
            for o in home.things
        )
    ]
    if not fitting:
        return None
    thing = dice.of(fitting)
    said = dice.say("questions/temperature")
    said = said.replace("{in}", inside(dice, home, thing.area, here))
    said = said.replace("{p}", the(dice, home, thing.area or ""))
    now = thing.attributes["current_temperature"]
    return Question(
        speech.asked(dice, said),
        (thing,),
        f"It is {now:g} °C.",
        (state_of(home, thing),),
        "value",
    )


def state(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask how a device is, or what a thermostat or a player does."""
    fitting = [t for t in home.things if t.kind not in SAYS and t.domain != "scene"]
    if not fitting:
        return None
    thing = dice.of(fitting)
    n = mention(dice, home, thing, home.things, here)
    if n is None:
        return None
    section, answer = _aspect(dice, thing)
    said = dice.say(f"questions/{section}").replace("{n}", n)
    return Question(
        speech.asked(dice, said), (thing,), answer, (state_of(home, thing),), section
    )


def _aspect(dice: Dice, thing: Thing) -> tuple[str, str]:
    """Choose what to ask of a thing, and answer it."""
    level = thing.attributes
    choices = [("state_of", f"{thing.name} is {spoken(thing)}.")]
    if thing.domain == "person":
        return "where_is", choices[0][1]
    if "temperature" in level:
        choices.append(
            ("target", f"{thing.name} is set to {level['temperature']:g} °C.")
        )
    if "current_temperature" in level:
        choices.append(("measured", f"It is {level['current_temperature']:g} °C."))
    if "volume_level" in level:
        percent = round(level["volume_level"] * 100)
        choices.append(("volume_of", f"The volume is {percent}%."))
    if title := level.get("media_title"):
        choices.append(("playing", f"{thing.name} is playing {title}."))
    if "brightness" in level:
        percent = round(level["brightness"] / 2.55)
        choices.append(("brightness_of", f"The brightness is {percent}%."))
    if "current_position" in level:
        choices.append(("position_of", f"{thing.name} is {thing.told}."))
    if level.get("percentage") and thing.state == "on":
        choices.append(("speed_of", f"The speed is {level['percentage']}%."))
    return dice.of(choices)


def spoken(thing: Thing) -> str:
    """Say a state in a sentence: the first words of what the prompt tells."""
    if thing.domain == "person" and thing.state not in ("home", "not_home"):
        return f"at {thing.state}"
    said = thing.told.partition(",")[0]
    return said.replace("unknown", "ready").replace("not_home", "away")
