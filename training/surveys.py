"""Questions about several things: which, how many, whether any, where it is warmer."""

from dataclasses import dataclass

from . import speech
from .dice import Dice
from .goals import state_of
from .homes import Home, Thing
from .mentions import inside, the
from .questions import Question, marked, measures_area

_MOST = 8
_MOST_LOOKED_UP = 40


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked about: words for one and for many, states.

    ``group`` is what the prompt calls the domain.
    """

    kinds: tuple[str, ...]
    group: str
    many: tuple[str, ...]
    one: tuple[str, ...]
    good: tuple[str, str]
    bad: tuple[str, str]


# ``good`` is how they are left, ``bad`` what is forgotten: word and state.
_ASKED = (
    _Asked(
        ("light",),
        "light",
        ("lights", "lights", "lamps"),
        ("light", "lamp"),
        ("off", "off"),
        ("on", "on"),
    ),
    _Asked(
        ("window",),
        "sensor",
        ("windows",),
        ("window",),
        ("closed", "closed"),
        ("open", "open"),
    ),
    _Asked(
        ("door",),
        "sensor",
        ("doors",),
        ("door",),
        ("closed", "closed"),
        ("open", "open"),
    ),
    _Asked(
        ("window", "door"),
        "sensor",
        ("windows and doors", "doors and windows", "windows or doors"),
        ("window or door", "door or window"),
        ("closed", "closed"),
        ("open", "open"),
    ),
    _Asked(
        ("lock",),
        "lock",
        ("doors", "locks", "door locks"),
        ("door", "lock"),
        ("locked", "locked"),
        ("unlocked", "unlocked"),
    ),
    _Asked(
        ("cover",),
        "cover",
        ("blinds", "shutters", "curtains", "shades"),
        ("blind", "shutter", "curtain"),
        ("closed", "closed"),
        ("open", "open"),
    ),
    _Asked(("fan",), "fan", ("fans",), ("fan",), ("off", "off"), ("on", "on")),
    _Asked(
        ("media",),
        "media_player",
        ("players", "media players"),
        ("player", "media player"),
        ("off", "off"),
        ("playing", "playing"),
    ),
    _Asked(
        ("switch",),
        "switch",
        ("switches", "devices"),
        ("switch",),
        ("off", "off"),
        ("on", "on"),
    ),
)
_WEIGHTS = (9, 7, 2, 2, 5, 3, 1, 1, 1)
_SECTIONS = {"locked": "everything.locked"}
_FRAMES = ("which", "which", "left", "left", "all_are", "count", "where_on")


def survey(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask which, how many, or whether all or any of a kind are in a state."""
    asked = dice.choices(_ASKED, _WEIGHTS)[0]
    members = [t for t in home.things if t.kind in asked.kinds]
    if not members or any(
        t.kind not in asked.kinds
        for t in home.of(asked.group)
        if asked.group == "cover"
    ):
        return None
    place: str | None = None
    lookup = {"domain": asked.group}
    if dice.often(0.5):
        thing = dice.of(members)
        place = thing.floor if thing.floor and dice.often(0.25) else thing.area
        if here and dice.often(0.3):
            place = here
        if place is None:
            return None
        members = [t for t in members if place in (t.area, t.floor)]
        lookup = {"area": place, "domain": asked.group}
    looked_at = [t for t in home.at(place) if t.entity.kind == asked.group]
    if not members or len(members) > _MOST or len(looked_at) > _MOST_LOOKED_UP:
        return None
    if len({t.name for t in looked_at}) < len(looked_at):
        return None
    frame = dice.of(_FRAMES)
    if asked.group == "lock" and dice.often(0.2):
        frame = "locked"
    if frame == "where_on" and (asked.group != "light" or place):
        frame = "which"
    good = frame in ("all_are", "locked") or (
        frame in ("which", "count") and dice.often(0.3)
    )
    word, state = asked.good if good else asked.bad
    found = [t for t in members if t.told.split(" ")[0].strip(",") == state]
    said = dice.say(f"questions/{_SECTIONS.get(frame, frame)}")
    at = inside(dice, home, place, here) if place or dice.often(0.4) else ""
    if frame == "locked" and place and "{in}" not in said:
        return None
    words = _grouped(dice, said, asked).replace("{a}", word).replace("{in}", at)
    answer = _answer(frame, asked.many[0], word, found, members)
    return Question(
        marked(dice, said.replace(" {in}", ""), words),
        tuple(members),
        answer,
        (("state", lookup),),
        frame,
    )


def _grouped(dice: Dice, said: str, asked: _Asked) -> str:
    """Put a word for one or for many of the things into a question."""
    before = said.partition("{g}")[0].split()
    one = bool(before) and before[-1] in ("a", "each", "every")
    group = dice.of(asked.one if one else asked.many)
    said = said.replace("{g}", group)
    return said if one else said.replace(f"is any {group}", f"are any {group}")


def _answer(
    frame: str, many: str, word: str, found: list[Thing], members: list[Thing]
) -> str:
    """Answer from the things that are as was asked."""
    names = speech.listed([t.name for t in found]) if found else ""
    verb = "is" if len(found) == 1 else "are"
    if frame == "where_on":
        areas = list(dict.fromkeys(t.area or t.name for t in found))
        return f"{speech.listed(areas)}." if areas else "No lights are on."
    if frame == "count":
        return f"{len(found)}: {names}." if found else "None."
    if frame in ("all_are", "locked"):
        others = [t.name for t in members if t not in found]
        if not others:
            return f"Yes, all {many} are {word}."
        verb = "is" if len(others) == 1 else "are"
        return f"No, {speech.listed(others)} {verb} not {word}."
    if not found:
        return f"No {many} are {word}."
    return f"{names} {verb} {word}."


# What counts where somebody asks whether anything is on, and the states that do.
_RUNNING = {
    "light": ("on",),
    "switch": ("on",),
    "fan": ("on",),
    "humidifier": ("on",),
    "media": ("playing", "on"),
}
# What may be on, too, but would not be counted by everybody.
_DOUBTFUL = ("climate", "vacuum", "lawn_mower", "input_boolean")


def anything(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask whether anything is on in a place, what is on, or whether all is off."""
    place = here if here and dice.often(0.4) else None
    if place is None and (home.areas or home.floors):
        place = dice.of([*home.areas, *home.floors])
    if dice.often(0.2):
        place = None
    looked_at = home.at(place)
    members = [t for t in looked_at if t.kind in _RUNNING]
    found = [t for t in members if t.state in _RUNNING[t.kind]]
    if not members or len(looked_at) > _MOST_LOOKED_UP or len(found) > _MOST:
        return None
    if any(t.domain in _DOUBTFUL and t.state not in _IDLE for t in looked_at):
        return None
    if len({t.name for t in looked_at}) < len(looked_at):
        return None
    frame = dice.of(["any", "any", "what", "all"])
    said = dice.say(f"questions/anything.{frame}")
    at = inside(dice, home, place, here) if place or dice.often(0.4) else ""
    names = speech.listed([t.name for t in found]) if found else ""
    verb = "is" if len(found) == 1 else "are"
    if frame == "all":
        answer = f"No, {names} {verb} on." if found else "Yes, everything is off."
    elif frame == "any":
        answer = f"Yes, {names} {verb} on." if found else "No, nothing is on."
    else:
        answer = f"{names} {verb} on." if found else "Nothing is on."
    return Question(
        marked(dice, said.replace(" {in}", ""), said.replace("{in}", at)),
        tuple(members),
        answer,
        (("state", {"area": place or "home"}),),
        f"anything_{frame}",
    )


_IDLE = ("off", "docked", "idle", "unavailable")


def presence(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask who is at home or out, or whether anybody or everybody is."""
    people = home.of("person")
    if not people or len(people) > _MOST:
        return None
    present = [t.name for t in people if t.state == "home"]
    away = [t.name for t in people if t.state != "home"]
    frame = dice.of(["any", "any", "any", "who", "who", "out", "all", "nobody"])
    said = dice.say(f"questions/home.{frame}")
    home_now = f"{speech.listed(present)} {_be(present)} home" if present else ""
    out_now = f"{speech.listed(away)} {_be(away)} away" if away else ""
    answer = {
        "any": f"Yes, {home_now}." if present else "No, nobody is home.",
        "who": f"{home_now}." if present else "Nobody is home.",
        "out": f"{out_now}." if away else "Nobody is away.",
        "all": f"No, {out_now}." if away else "Yes, everyone is home.",
        "nobody": f"No, {home_now}." if present else "Yes, nobody is home.",
    }[frame]
    return Question(
        marked(dice, said, said),
        tuple(people),
        answer,
        (("state", {"domain": "person"}),),
        "presence",
    )


def _be(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _numbers(home: Home, kind: str) -> dict[str, Thing]:
    """Return the only sensor of a kind in each area that has one, with its value."""
    found: dict[str, list[Thing]] = {}
    for thing in home.things:
        if thing.kind == kind and thing.area and measures_area(thing):
            found.setdefault(thing.area, []).append(thing)
    return {
        area: things[0]
        for area, things in found.items()
        if len(things) == 1
        and things[0].state != "unavailable"
        and not home.has_namesake(things[0])
        and "outdoor" not in things[0].name.lower()
    }


def compare(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask in which of two areas, or on which of two floors, it is warmer."""
    kind = dice.of(["temperature", "temperature", "temperature", "humidity"])
    sensors = _numbers(home, kind)
    if dice.often(0.35):
        sensors = _by_floor(home, sensors)
    if len(sensors) < 2:
        return None
    one, two = dice.sample(list(sensors), 2)
    pair = (sensors[one], sensors[two])
    if float(pair[0].state) == float(pair[1].state):
        return None
    frame = "compare_humid"
    if kind == "temperature":
        frame = dice.of(["compare", "compare", "compare_cold"])
    said = dice.say(f"questions/{frame}")
    yes_no = said.startswith("is {X}")
    for mark, place in (("x", one), ("y", two)):
        said = said.replace(f"{{{mark}}}", inside(dice, home, place))
        said = said.replace(f"{{{mark.upper()}}}", the(dice, home, place))
    more = 1 if frame != "compare_cold" else -1
    best = max(pair, key=lambda t: more * float(t.state))
    where = one if best is pair[0] else two
    word = {"compare": "warmer", "compare_cold": "colder"}.get(frame, "more humid")
    other = pair[1] if best is pair[0] else pair[0]
    answer = f"{where} is {word}, {best.told} and {other.told}."
    if yes_no:
        answer = f"{'Yes' if best is pair[0] else 'No'}, {answer}"
    return Question(
        speech.asked(dice, said),
        pair,
        answer,
        tuple(state_of(home, t) for t in pair),
        "compare",
    )


def _by_floor(home: Home, sensors: dict[str, Thing]) -> dict[str, Thing]:
    """Return the sensor of each floor that has only one."""
    found: dict[str, list[Thing]] = {}
    for thing in sensors.values():
        if thing.floor:
            found.setdefault(thing.floor, []).append(thing)
    return {floor: things[0] for floor, things in found.items() if len(things) == 1}


def extreme(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask where it is the warmest or the coldest."""
    sensors = _numbers(home, "temperature")
    values = [float(t.state) for t in sensors.values()]
    if not 2 <= len(sensors) <= 6 or len(set(values)) < len(values):
        return None
    warm = dice.often(0.5)
    best = (max if warm else min)(sensors, key=lambda area: float(sensors[area].state))
    said = dice.say(f"questions/{'warmest' if warm else 'coldest'}")
    word = "warmest" if warm else "coldest"
    return Question(
        speech.asked(dice, said),
        tuple(sensors.values()),
        f"{best} is the {word}, {sensors[best].told}.",
        tuple(state_of(home, t) for t in sensors.values()),
        "superlative",
    )
