"""Free speech: situations that call for something without naming it."""

from collections.abc import Callable
from functools import cache

from . import numbers, relative, speech
from .commands import CONTROLLABLE, actions
from .contract import EVERYTHING
from .dice import Dice
from .goals import Asked, Goal, by_name, by_place, setting
from .homes import Home, Thing, word_set
from .mentions import inside, mention, shows, the
from .phrases import raw, section
from .places import here_alone, reach

# What light is set to where nobody says how much.
LEVELS: dict[str, Callable[[tuple[Thing, ...]], Goal]] = {
    "dim": lambda things: setting(things, brightness=30),
    "brighten": lambda things: setting(things, brightness=80),
    "full": lambda things: setting(things, brightness=100),
}
_DOMAINS = {"light": "light", "fan": "fan", "player": "media_player"}


@cache
def _headings() -> dict[str, tuple[str, ...]]:
    """Return the headings of situations by how they find their target."""
    found: dict[str, list[str]] = {}
    for heading in raw("situations"):
        found.setdefault(heading.split(" ")[0], []).append(heading)
    return {kind: tuple(headings) for kind, headings in found.items()}


@cache
def _nouns(heading: str) -> tuple[str, frozenset[str]]:
    """Return the action and the nouns of ``thing ACTION: nouns``."""
    head, _, nouns = heading.partition(":")
    return head.split(" ")[1], frozenset(n.strip().lower() for n in nouns.split(","))


def situation(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Tell of a situation that something in the home can help with."""
    kinds: list[Callable[[Dice, Home, str | None], Asked | None]] = [
        _thing,
        _area,
        _spot,
    ]
    kinds += [_whole_home, _media]
    return dice.choices(kinds, [16, 13, 3, 2, 3])[0](dice, home, here)


def _thing(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Want what one device of the home gives."""
    found = []
    pool = [t for t in home.of(*CONTROLLABLE) if shows(t)]
    for heading in _headings()["thing"]:
        action, nouns = _nouns(heading)
        thing = only(pool, nouns, here)
        if thing and action in actions(thing):
            found.append((heading, action, thing))
    if not found:
        return None
    sizes = [len(raw("situations")[heading]) for heading, _, _ in found]
    heading, action, thing = dice.choices(found, sizes)[0]
    said = dice.say(f"situations/{heading}")
    return _asked(dice, home, said, Goal(action, (thing,)), "situation_device")


def only(pool: list[Thing], nouns: frozenset[str], here: str | None) -> Thing | None:
    """Return the one thing that is such a noun: of the home, else of this room."""
    fitting = [
        t
        for t in pool
        if t.noun.text.lower() in nouns
        or any(a.lower() in nouns for a in t.entity.aliases)
    ]
    if len(fitting) > 1 and here:
        fitting = [t for t in fitting if t.area == here]
    return fitting[0] if len(fitting) == 1 else None


def _asked(dice: Dice, home: Home, said: str, goal: Goal, phenomenon: str) -> Asked:
    said, _ = speech.dressed(dice, said, order=False)
    return Asked(said, (goal,), by_name(home, goal), "free", phenomenon)


def _area(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Find an area too dark, too cold, too loud, too sunny."""
    place = here if here and dice.often(0.5) else dice.of([*home.areas, None])
    heading = dice.of(_headings()["area"])
    _, action, what = heading.split(" ")
    if place is None:
        return None
    members = [t for t in home.at(place) if t.area == place]
    words = _worded(dice, home, heading, place, here)
    if words is None:
        return None
    if what == "climate":
        return heat(dice, home, members, words, more=action == "warmer")
    if what == "all":
        return _all_off(dice, home, members, words, place, here)
    if what == "cover":
        things = tuple(t for t in members if t.kind == "cover")
        domain = "cover"
    else:
        domain = _DOMAINS[what]
        things = tuple(t for t in members if t.domain == domain)
    if not things:
        return None
    goal = LEVELS[action](things) if action in LEVELS else Goal(action, things)
    calls = reach(home, goal, place, domain, here)
    if calls is None:
        return None
    said, _ = speech.dressed(dice, words, order=False)
    return Asked(said, (goal,), calls, "free", f"situation_{what}")


def _worded(
    dice: Dice, home: Home, heading: str, place: str, here: str | None
) -> str | None:
    """Say where in a situation; ``None`` where a device is called like the place."""
    said = dice.say(f"situations/{heading}")
    at = inside(dice, home, place, here)
    name = the(dice, home, place)
    if "{p}" in said and place == here and dice.often(0.4):
        name = dice.of(["this room", "it"])
    if not at and "{in}" in said and said.strip() == "{in}":
        return None
    return said.replace("{in}", at).replace("{p}", name)


def heat(
    dice: Dice, home: Home, members: list[Thing], words: str, *, more: bool
) -> Asked | None:
    """Turn the only thermostat of an area up or down."""
    climates = [t for t in members if t.domain == "climate"]
    if len(climates) == 1:
        asked = relative.adjusted(
            dice, home, climates[0], words, more=more, kind="free", order=False
        )
        return asked and Asked(
            asked.said, asked.goals, asked.calls, "free", "situation_heat", asked.lookup
        )
    if climates:
        return None
    words_of = _HEATERS if more else frozenset({"fan"})
    helpers = [
        t
        for t in members
        if t.domain in ("switch", "fan")
        and any(word_set(n) <= word_set(t.name) for n in words_of)
    ]
    if len(helpers) != 1:
        return None
    return _asked(dice, home, words, Goal("on", (helpers[0],)), "situation_heat")


_HEATERS = frozenset({"heater", "heating", "infrared panel"})


def _all_off(
    dice: Dice,
    home: Home,
    members: list[Thing],
    words: str,
    place: str | None,
    here: str | None,
) -> Asked | None:
    """Switch off all that shines and hums in a place."""
    things = tuple(t for t in members if t.domain in EVERYTHING)
    if not things:
        return None
    goal = Goal("off", things)
    calls = by_place(goal, place, None)
    said, _ = speech.dressed(dice, words, order=False)
    name = "everything_home" if place is None else "everything_area"
    return Asked(said, (goal,), calls, "free", name)


def _whole_home(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Go to bed or leave the house."""
    heading = dice.of(_headings()["home"])
    words = dice.say(f"situations/{heading}")
    if heading.endswith("all"):
        return _all_off(dice, home, list(home.things), words, None, here)
    _, action, what = heading.split(" ")
    domain = _DOMAINS.get(what, what)
    things = tuple(home.of(domain))
    if not things:
        return None
    goal = Goal(action, things)
    said, _ = speech.dressed(dice, words, order=False)
    calls = by_place(goal, None, domain)
    phenomenon = {"light": "bedtime", "lock": "lock_up"}.get(what, "home")
    return Asked(said, (goal,), calls, "free", phenomenon)


_MEDIA = (
    *("next", "previous", "pause", "play", "mute", "unmute"),
    *("louder", "quieter", "volume", "volume"),
)


def _media(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Say what the only player of the room, or of the home, is to do."""
    player = here_alone(home, "media_player", here)
    if player is None:
        return None
    action = dice.of(_MEDIA)
    said = dice.say(f"situations/media {action}")
    goal = Goal(action, (player,))
    if action == "volume":
        value, words = numbers.percent(dice)
        goal = setting([player], volume=value)
        said = said.replace("{v}", words)
    said, _ = speech.dressed(dice, said)
    return Asked(said, (goal,), by_name(home, goal), "free", "nameless")


def _spot(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Miss light where one lamp is named for the spot."""
    found = section("situations/spots")
    phrases = (*found.learned, *(found.held if dice.measuring else ()))
    lights = home.of("light")
    spots = []
    for spot in dict.fromkeys(phrase.text.split("=")[0].strip() for phrase in phrases):
        wanted = word_set(spot)
        fitting = [t for t in lights if wanted <= word_set(t.name)]
        if len(fitting) > 1 and here:
            fitting = [t for t in fitting if t.area == here]
        if len(fitting) == 1 and not any(wanted <= word_set(a) for a in home.areas):
            spots.append((spot, fitting[0]))
    if not spots:
        return None
    spot, thing = dice.of(spots)
    action = "on" if dice.often(0.8) else "off"
    where = f"{dice.of(['my', 'the', 'the', 'our'])} {spot}"
    said = dice.say(f"situations/spot {action}").replace("{s}", where)
    return _asked(dice, home, said, Goal(action, (thing,)), "situation_spot")


def near_thing(dice: Dice, home: Home, here: str | None) -> tuple[Thing, str] | None:
    """Return a device with what somebody calls it, for talk that asks nothing."""
    pool = home.of(*CONTROLLABLE)
    if not pool:
        return None
    risky = [t for t in pool if t.domain in ("lock", "cover", "valve")]
    thing = dice.of(risky if risky and dice.often(0.55) else pool)
    said = mention(dice, home, thing, pool, here)
    return (thing, said) if said else None
