"""Orders for what the home does not have, or what a device cannot do."""

from functools import cache

from . import numbers, speech
from .commands import CONTROLLABLE
from .dice import Dice
from .homes import Home, Thing, word_set
from .mentions import inside, mention
from .phrases import raw
from .words import draw, invented, listed

type Refusal = tuple[str, str, str]

# For an order to what is not there: where its nouns are, and the phrases.
_ABSENT = {
    "on": ("switch", "light", "fan", "media", "climate"),
    "off": ("switch", "light", "fan", "media", "climate"),
    "open": ("cover", "gate", "valve", "shade"),
    "close": ("cover", "gate", "valve", "shade"),
    "lock": ("lock",),
    "unlock": ("lock",),
    "start": ("vacuum", "mower"),
    "dock": ("vacuum", "mower"),
    "play": ("media",),
    "pause": ("media",),
    "mute": ("media",),
    "louder": ("media",),
    "brightness": ("light",),
    "color": ("light",),
    "temperature": ("climate",),
    "position": ("cover", "gate"),
    "volume": ("media",),
    "speed": ("fan",),
}
_VALUES = ("brightness", "color", "temperature", "position", "volume", "speed")
_GENERAL = frozenset({"light", "lamp", "music", "heat", "fire"})


def absent(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Ask for a device that the home does not have, anywhere or at a place."""
    action = dice.of(["on", "off", "on", "off", *_ABSENT])
    noun = _absent_noun(dice, action)
    if any(word in _GENERAL for word in word_set(noun)) and " " not in noun:
        return None
    if _half_there(home, noun):
        return None
    where = ""
    if home.areas and dice.often(0.12):
        where = f" {inside(dice, home, dice.of(home.areas))}"
    said = f"{dice.of(['the ', 'the ', 'the ', 'my ', ''])}{noun}{where}"
    return _ordered(dice, action, said, noun, "wrong_device")


def _absent_noun(dice: Dice, action: str) -> str:
    noun = draw(dice, f"devices/{dice.of(_ABSENT[action])}")
    text = dice.of([noun.text, *noun.synonyms]).lower()
    if action in ("on", "off") and dice.often(0.35):
        return dice.word("world/nowhere").lstrip("+")
    r = dice.random()
    if r < 0.2:
        return f"{draw(dice, 'words/areas.indoor').text.lower()} {text}"
    if r < 0.3:
        return f"{draw(dice, 'words/adjectives').text} {text}"
    if r < 0.4:
        return f"{dice.word('words/persons')}'s {text}"
    if r < 0.46:
        return f"{invented(dice).lower()} {text}"
    return text


def _ordered(dice: Dice, action: str, said: str, noun: str, phenomenon: str) -> Refusal:
    """Order something of what is not there."""
    form = f"values/{action}" if action in _VALUES else f"control/{action}"
    words, _ = speech.order(dice, [form], said, v=_value(dice, action))
    text, _ = speech.dressed(dice, words)
    return text, f"There is no {noun} in this home.", phenomenon


def _value(dice: Dice, action: str) -> str:
    if action == "color":
        return dice.word("values/colors").lstrip("+")
    return (numbers.degrees if action == "temperature" else numbers.percent)(dice)[1]


@cache
def _same_nouns() -> tuple[frozenset[str], ...]:
    """Return the names of each noun of devices with its synonyms."""
    return tuple(
        frozenset(text.lower() for text in (noun.text, *noun.synonyms))
        for section in raw("devices")
        for noun in listed(f"devices/{section}")
    )


def _half_there(home: Home, noun: str) -> bool:
    """Return whether somebody could mean a device that is there."""
    wanted = word_set(noun)
    texts = [
        noun.lower(),
        *(t for group in _same_nouns() if noun.lower() in group for t in group),
    ]
    for thing in home.of(*CONTROLLABLE):
        place = word_set(thing.area or "")
        words = (*thing.entity.names, thing.noun.text, *thing.noun.synonyms)
        if any(wanted <= word_set(w) | place or word_set(w) <= wanted for w in words):
            return True
        if any(word_set(text) <= word_set(w) for text in texts for w in words):
            return True
    last = noun.rsplit(" ", maxsplit=1)[-1].lower()
    return any(
        thing.is_a(last) and word_set(noun) & word_set(thing.area or "")
        for thing in home.of(*CONTROLLABLE)
    )


def wrong_area(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Ask for a kind of device where there is none, though elsewhere there is."""
    thing = _generic(dice, home)
    if thing is None:
        return None
    thing, noun = thing
    places = [
        area
        for area in home.areas
        if not any(
            t.domain == thing.domain or word_set(noun) <= word_set(t.name)
            for t in home.things
            if t.area == area or word_set(area) <= word_set(t.name)
        )
        and not word_set(area) & word_set(noun)
    ]
    if not places:
        return None
    place = dice.of(places)
    action = dice.of(_BY_DOMAIN[thing.domain])
    lower = place if "'" in place else f"the {place.lower()}"
    said = dice.of(
        [f"the {noun} in {lower}", f"the {place.lower()} {noun}", f"{noun} in {lower}"]
    )
    form = f"values/{action}" if action in _VALUES else f"control/{action}"
    words, _ = speech.order(dice, [form], said, v=_value(dice, action))
    text, _ = speech.dressed(dice, words)
    return text, f"There is no {noun} in {lower}.", "wrong_area"


_BY_DOMAIN = {
    "light": ("on", "off", "brightness"),
    "cover": ("open", "close", "position"),
    "lock": ("lock", "unlock"),
    "climate": ("temperature", "off"),
    "fan": ("on", "off", "speed"),
    "media_player": ("play", "pause", "louder", "volume"),
}
_NOUN_OF = {
    "light": ("light", "lamp"),
    "cover": ("blind", "shutter", "curtain"),
    "lock": ("lock", "door"),
    "climate": ("heater", "radiator", "thermostat"),
    "fan": ("fan",),
    "media_player": ("speaker", "TV", "radio"),
}


def _generic(dice: Dice, home: Home) -> tuple[Thing, str] | None:
    found = [t for t in home.of(*_BY_DOMAIN) if t.area]
    if not found:
        return None
    thing = dice.of(found)
    return thing, dice.of(_NOUN_OF[thing.domain])


_IMPOSSIBLE: dict[str, tuple[str, ...]] = {
    "light": ("open", "lock", "unlock", "close", "mute", "pause", "dock", "heat"),
    "switch": ("open", "lock", "dim", "dim", "color", "mute", "unlock", "heat"),
    "lock": ("dim", "mute", "pause", "color", "heat"),
    "media_player": ("lock", "open", "unlock", "dock", "heat", "color"),
    "cover": ("lock", "unlock", "mute", "color", "pause", "heat"),
    "climate": ("open", "lock", "mute", "color", "unlock"),
    "fan": ("lock", "open", "unlock", "mute", "color"),
    "vacuum": ("lock", "open", "dim", "unlock"),
    "sensor": ("turn on", "turn off", "open", "lock", "dim", "close", "mute"),
    "binary_sensor": ("turn on", "turn off", "lock", "dim", "mute"),
}


# Verbs that say what cannot be set.
_IMPOSSIBLE_VALUES = {
    "dim": "brightness",
    "color": "color",
    "heat": "temperature",
}


def wrong_capability(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Ask something of a device that it cannot do."""
    pool = home.of(*_IMPOSSIBLE)
    if not pool:
        return None
    thing = dice.of(pool)
    if home.has_namesake(thing):
        return None
    said = mention(dice, home, thing, home.things, here)
    if said is None:
        return None
    verb = dice.of(_IMPOSSIBLE[thing.domain])
    words = f"{verb} {said}"
    if (value := _IMPOSSIBLE_VALUES.get(verb)) and dice.often(0.7):
        words, _ = speech.order(dice, [f"values/{value}"], said, v=_value(dice, value))
    elif dice.often(0.3):
        words = dice.say("talk/before.order", 0.3).replace("{c}", words)
    text, _ = speech.dressed(dice, words)
    return text, f"I cannot {verb} {thing.name}.", "wrong_capability"


def no_light(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Find it dark where there is no light that could be switched on."""
    places = [
        area
        for area in home.areas
        if not any(
            t.domain == "light"
            and (t.area == area or word_set(area) <= word_set(t.name))
            for t in home.things
        )
    ]
    if not places:
        return None
    place = dice.of(places)
    lower = place if "'" in place else f"the {place.lower()}"
    said = dice.say("situations/area on light")
    said = said.replace("{in}", f"in {lower}").replace("{p}", lower)
    text, _ = speech.dressed(dice, said, order=False)
    return text, f"There is no light in {lower}.", "wrong_area"
