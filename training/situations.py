"""Free speech: situations that call for a device without naming what to do."""

from random import Random

from .commands import CONTROLLABLE, Asked
from .homes import Home, Thing, word_set
from .speech import finish
from .words import phrases

# Words of a device's name -> what people say when they want it on.
_WANTED: dict[str, tuple[str, ...]] = {
    "irrigation": phrases("""
        the plants need water; the flowers are thirsty; the garden is dry
        the lawn needs a drink; please water the plants
        it hasn't rained for days, water the garden
        """),
    "sprinkler": phrases(
        "the lawn is dry; the grass needs water; water the lawn; the lawn is thirsty"
    ),
    "lawn sprinkler": ("the lawn is dry", "the grass needs water", "water the lawn"),
    "drip watering": (
        "the plants need water",
        "the tomatoes look thirsty",
        "water the tomatoes",
    ),
    "coffee machine": phrases("""
        i need a coffee; time for coffee; i'd love an espresso; coffee please
        i could use some coffee; make me a coffee
        """),
    "kettle": (
        "i want some tea",
        "time for tea",
        "i'd like a cup of tea",
        "boil some water",
    ),
    "ev charger": phrases("""
        the car needs charging; charge the car; the car is almost empty
        i need the car full tomorrow
        """),
    "car charger": (
        "the car needs charging",
        "charge the car",
        "the car battery is low",
    ),
    "dishwasher": phrases(
        "the dishes are dirty; do the dishes; wash the dishes; the plates need washing"
    ),
    "washing machine": (
        "do the laundry",
        "the clothes need washing",
        "wash my clothes",
    ),
    "dryer": ("dry the laundry", "the clothes are still wet"),
    "christmas tree": (
        "it's christmas time",
        "let's get festive",
        "make it look like christmas",
    ),
    "electric blanket": ("my bed is cold", "warm up the bed", "i'd like a warm bed"),
    "foot warmer": ("my feet are cold", "i have cold feet"),
    "toaster": ("i want some toast", "time for toast"),
    "printer": ("i need to print something", "i have something to print"),
    "fountain": ("i want to hear some water splashing", "let the water dance"),
    "towel rail": ("i want warm towels", "the towels should be warm"),
    "popcorn machine": ("i want popcorn", "make some popcorn"),
    "hot tub": ("i'd like a hot bath outside", "get the tub ready"),
    "treadmill": ("i want to go for a run inside", "time for a workout"),
}
_DARK = phrases("""
        it's dark at {n}; it's a bit dark at {n}; it's too dark at {n}
        i can't see a thing at {n}; i need some light at {n}; some light at {n} please
        it is so gloomy at {n}; could use more light at {n}; i can hardly read at {n}
        give me light at {n}
        """)
_DARK_AREA = phrases("""
        it's dark in {p}; it's too dark in {p}; i can't see anything in {p}
        i need light in {p}; some light in {p} please; it's a bit gloomy in {p}
        light in {p} please; it's pitch black in {p}; let there be light in {p}
        """)
_BRIGHT_AREA = phrases("""
        it's too bright in {p}; nobody needs light in {p}; no light needed in {p}
        i want it dark in {p}; {p} should be dark; make it dark in {p}
        """)
_SPOTS = phrases("""
        desk; bed; sofa; piano; workbench; mirror; counter; island; table; shelf
        bench; door; stairs; path; tree; sink; vanity; window; bar; cabinet; bedside
        aquarium; corner; reading; hood; bookshelf
        """)
_COLD = ("it's cold in {p}", "i'm freezing in {p}", "it's chilly in {p}")
_DIRTY = phrases("""
        the floor is dirty; there are crumbs on the floor; clean the floor
        it's dusty in here; the dog lost hair everywhere; clean up the floor
        time to vacuum; vacuum the house
        """)
_GRASS = phrases("""
        the grass is too long; mow the lawn; cut the grass; the lawn looks wild
        the lawn needs mowing
        """)
_STUFFY = phrases("""
        it's stuffy in {p}; the air is bad in {p}; get some air moving in {p}
        it's hot and sticky in {p}
        """)
_LOUD = ("{n} is too loud", "i can't sleep with {n} on")
_SUN = phrases("""
        the sun is blinding me in {p}; too much sun in {p}
        the sun is too strong in {p}; keep the sun out of {p}
        people can look into {p}
        """)


def situation(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Tell of a situation that one device, or an area's, can help with."""
    return rng.choice([_wanted, _spot, _spot, _dark, _cleaning, _air])(rng, home)


def _asked(rng: Random, said: str, *calls: tuple[str, dict[str, object]]) -> Asked:
    return Asked(finish(rng, said), tuple(calls))


def _only(found: list[Thing]) -> Thing | None:
    return found[0] if len(found) == 1 else None


def _wanted(rng: Random, home: Home) -> Asked | None:
    """Want what a device gives."""
    pool = home.of(*CONTROLLABLE)
    fitting = [
        (t, n)
        for t in pool
        for n in _WANTED
        if t.noun.lower().removesuffix("s") == n and word_set(n) <= word_set(t.name)
    ]
    if not fitting:
        return None
    thing, noun = rng.choice(fitting)
    watering = ("irrigation", "sprinkler", "lawn sprinkler", "drip watering")
    rivals = (
        watering
        if noun in watering
        else (noun, noun.replace("car", "ev"), noun.replace("ev", "car"))
    )
    if len([t for t in pool if t.noun.lower().removesuffix("s") in rivals]) > 1:
        return None
    return _asked(
        rng,
        rng.choice(_WANTED[noun]),
        ("control", {"action": "on", "name": thing.name}),
    )


def _spot(rng: Random, home: Home) -> Asked | None:
    """Miss light where a lamp is named for the spot."""
    lights = home.of("light")
    found = []
    for spot in _SPOTS:
        thing = _only([t for t in lights if spot in word_set(t.name)])
        if thing is not None:
            found.append((spot, thing))
    if not found:
        return None
    spot, thing = rng.choice(found)
    n = f"{rng.choice(['my', 'the', 'the'])} {spot}"
    return _asked(
        rng,
        rng.choice(_DARK).replace("{n}", n),
        ("control", {"action": "on", "name": thing.name}),
    )


def _dark(rng: Random, home: Home) -> Asked | None:
    """Find an area too dark or too bright."""
    areas = [
        area for area in home.areas if any(t.area == area for t in home.of("light"))
    ]
    if not areas:
        return None
    area = rng.choice(areas)
    action = rng.choice(["on", "on", "off"])
    said = rng.choice(_DARK_AREA if action == "on" else _BRIGHT_AREA).replace(
        "{p}", f"the {area.lower()}"
    )
    return _asked(
        rng, said, ("control", {"action": action, "area": area, "domain": "light"})
    )


def _cleaning(rng: Random, home: Home) -> Asked | None:
    """Want the floor cleaned or the lawn cut."""
    mower = _only([t for t in home.things if t.kind in ("mower", "mower_vacuum")])
    vacuum = _only([t for t in home.things if t.kind == "vacuum"])
    if mower and (vacuum is None or rng.random() < 0.5):
        return _asked(
            rng,
            rng.choice(_GRASS),
            ("control", {"action": "start", "name": mower.name}),
        )
    if vacuum:
        return _asked(
            rng,
            rng.choice(_DIRTY),
            ("control", {"action": "start", "name": vacuum.name}),
        )
    return None


def _air(rng: Random, home: Home) -> Asked | None:
    """Want air, or no sun, in an area with one device for it."""
    fans = [
        t
        for t in home.of("fan")
        if t.area and len([o for o in home.of("fan") if o.area == t.area]) == 1
    ]
    covers = [
        t
        for t in home.things
        if t.kind == "cover"
        and t.area
        and len([o for o in home.of("cover") if o.area == t.area]) == 1
    ]
    players = home.of("media_player")
    choices = [
        (t, _STUFFY, ("control", {"action": "on", "name": t.name})) for t in fans
    ]
    choices += [
        (t, _SUN, ("control", {"action": "close", "name": t.name})) for t in covers
    ]
    choices += [
        (t, _LOUD[1:], ("control", {"action": "off", "name": t.name})) for t in players
    ]
    if not choices:
        return None
    thing, frames, call = rng.choice(choices)
    said = (
        rng.choice(frames)
        .replace("{p}", f"the {(thing.area or '').lower()}")
        .replace("{n}", f"the {thing.name.lower()}")
    )
    return _asked(rng, said, call)
