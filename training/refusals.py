"""Orders for what the home does not have, or what a device cannot do."""

from functools import cache

from . import numbers, speech
from .commands import CONTROLLABLE
from .dice import Dice
from .homes import Home, Thing, word_set
from .mentions import called, could_be, inside
from .phrases import raw
from .questions import agreeing
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
_ON = frozenset({"terrace", "patio", "balcony", "porch", "deck", "veranda", "landing"})
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
    if home.areas and dice.often(0.2):
        where = f" {inside(dice, home, dice.of(home.areas))}"
    elif dice.often(0.05):
        where = dice.of([" here", " in here", " in this room", " over there"])
    said = f"{dice.of(['the ', 'the ', 'the ', 'my ', ''])}{noun}{where}"
    return _ordered(dice, action, said, noun, "wrong_device")


# How somebody may ask for the state of what is not there.
_ASKED_OF = {
    "on": ("on", "off", "on", "running"),
    "open": ("open", "closed", "shut"),
    "lock": ("locked", "unlocked"),
}


def absent_question(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Ask how a device is that the home does not have."""
    action = dice.of(["on", "on", "on", "open", "lock"])
    noun = _absent_noun(dice, action)
    if any(word in _GENERAL for word in word_set(noun)) and " " not in noun:
        return None
    wanted = word_set(noun)
    if _half_there(home, noun) or any(
        wanted <= word_set(name) or could_be(t, noun)
        for t in home.things
        for name in t.entity.names
    ):
        return None
    article = dice.of(["the ", "the ", "the ", "my ", "our "])
    said = dice.say("world/absent")
    keeps = said.endswith("?")
    said = agreeing(said.replace("{x}", "{n}"), f"{article}{noun}")
    said = speech.asked(dice, said.replace("{a}", dice.of(_ASKED_OF[action])))
    if keeps:
        said = f"{said.rstrip('?.')}?"
    return said, none_of(noun), "absent_question"


def no_place(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Speak of a place that the home does not have."""
    place = draw(dice, f"words/areas.{dice.of(['indoor', 'indoor', 'outdoor'])}")
    said = dice.of([place.text, *place.synonyms]).lower()
    wanted = word_set(said)
    others = [word_set(name) for name in (place.text, *place.synonyms)]
    known = [*home.areas, *home.floors]
    known += [name for names in home.called.values() for name in names]
    if any(wanted & word_set(name) for name in known) or any(
        wanted & word_set(name) for t in home.things for name in t.entity.names
    ):
        return None
    if any(other <= word_set(name) for other in others for name in known):
        return None
    if _same_place(known, others):
        return None
    asked = dice.often(0.35)
    words = dice.say("world/no place asked" if asked else "world/no place")
    at = f"{'on' if said.split(' ')[-1] in _ON else 'in'} the {said}"
    words = words.replace("{in}", at).replace("{p}", f"the {said}")
    if asked:
        text = speech.asked(dice, words)
        text = f"{text.rstrip('?.')}?" if words.endswith("?") else text
    else:
        text, _ = speech.dressed(dice, words)
    return text, none_of(said), "no_place"


def _same_place(known: list[str], others: list[frozenset[str]]) -> bool:
    """Return whether a place of the home is called so by others, too."""
    mine = [word_set(name) for name in known]
    for place in (*listed("words/areas.indoor"), *listed("words/areas.outdoor")):
        names = [word_set(text) for text in (place.text, *place.synonyms)]
        if any(name in mine for name in names) and any(o in names for o in others):
            return True
    return False


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
    words, _ = speech.order(dice, [form], said, v=value_for(dice, action))
    text, _ = speech.dressed(dice, words)
    return text, none_of(noun), phenomenon


def none_of(noun: str) -> str:
    """Say that the home has no such thing."""
    return f"There {'are' if noun.endswith('s') else 'is'} no {noun} in this home."


def value_for(dice: Dice, action: str) -> str:
    """Return a value for an action, as it is said."""
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
    found = _generic(dice, home)
    if found is None:
        return None
    thing, noun = found
    places = [area for area in home.areas if _has_none(home, area, thing, noun)]
    if not places:
        return None
    place = here if here in places and dice.often(0.5) else dice.of(places)
    name = called(dice, home, place).lower() if dice.often(0.3) else place.lower()
    lower = place if "'" in place else f"the {name}"
    there = dice.of([f"in {lower}", f"in {lower}", inside(dice, home, place)])
    if place == here and dice.often(0.4):
        there = dice.of(["here", "in here", "in this room"])
    said = dice.of(
        [
            *(f"the {noun} {there}", f"the {name} {noun}", f"{noun} {there}"),
            *(f"{name} {noun}", f"the {noun} {there}", f"the {noun} {there}"),
        ]
    )
    verb = "are" if noun.endswith("s") else "is"
    answer = f"There {verb} no {noun} in {lower}."
    if (states := _STATE_OF.get(thing.domain)) and dice.often(0.2):
        words = agreeing(dice.say("questions/yes_no"), said)
        words = words.replace("{a}", dice.of(states)).rstrip("?")
        return f"{speech.asked(dice, words).rstrip('?.')}?", answer, "wrong_area"
    action = dice.of(_BY_DOMAIN[thing.domain])
    form = f"values/{action}" if action in _VALUES else f"control/{action}"
    words, _ = speech.order(dice, [form], said, v=value_for(dice, action))
    text, _ = speech.dressed(dice, words)
    return text, answer, "wrong_area"


def _has_none(home: Home, area: str, thing: Thing, noun: str) -> bool:
    """Return whether nobody could mean something of an area with a noun."""
    if word_set(area) & word_set(noun):
        return False
    heats = thing.domain == "climate"
    return not any(
        t.domain == thing.domain
        or word_set(noun) <= word_set(t.name)
        or could_be(t, noun.lower())
        or (heats and _HEATING & (word_set(t.name) | word_set(t.noun.text)))
        for t in home.things
        if t.area == area or word_set(area) <= word_set(t.name)
    )


_HEATING = frozenset(
    "heater heating radiator stove fireplace boiler thermostat heat".split()
)
_STATE_OF = {
    "light": ("on", "off", "burning"),
    "cover": ("open", "closed", "down", "up"),
    "lock": ("locked", "unlocked"),
    "climate": ("on", "off"),
    "fan": ("on", "off", "running"),
    "media_player": ("on", "off", "playing"),
    "switch": ("on", "off"),
}
_BY_DOMAIN = {
    "light": ("on", "off", "brightness", "color"),
    "cover": ("open", "close", "position"),
    "lock": ("lock", "unlock"),
    "climate": ("temperature", "temperature", "off", "on"),
    "fan": ("on", "off", "speed"),
    "media_player": ("play", "pause", "louder", "volume", "mute", "off"),
    "switch": ("on", "off"),
    "vacuum": ("start", "dock"),
}
_NOUN_OF = {
    "light": (
        *("light", "light", "lamp", "lights", "ceiling light", "floor lamp"),
        *("main light", "spotlights", "desk lamp", "table lamp", "lamps"),
    ),
    "cover": (
        *("blind", "blinds", "shutter", "shutters", "curtain", "curtains"),
        *("shades", "roller blind", "drapes"),
    ),
    "lock": ("lock", "door", "door lock"),
    "climate": (
        *("heater", "radiator", "thermostat", "heating", "air conditioning"),
        *("aircon", "air conditioner", "AC"),
    ),
    "fan": ("fan", "ceiling fan", "ventilator"),
    "media_player": (
        *("speaker", "speakers", "TV", "television", "radio", "stereo"),
        "music player",
    ),
    "vacuum": ("vacuum", "robot", "vacuum cleaner", "hoover"),
}


def _generic(dice: Dice, home: Home) -> tuple[Thing, str] | None:
    found = [t for t in home.of(*_BY_DOMAIN) if t.area]
    if not found:
        return None
    thing = dice.of(found)
    if thing.domain == "switch" or dice.often(0.25):
        return thing, dice.of([thing.noun.text, *thing.noun.synonyms]).lower()
    return thing, dice.of(_NOUN_OF[thing.domain])


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
