"""Commands for all devices of a kind in an area, on a floor, at home."""

from random import Random

from . import frames
from .commands import Asked, command
from .homes import Home, word_set
from .references import place
from .render import Call
from .speech import decorate
from .words import phrases

# What a plural word means in an area: its domain, and what can be done with it.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "lights": ("light", ("on", "off")),
    "lamps": ("light", ("on", "off")),
    "switches": ("switch", ("on", "off")),
    "blinds": ("cover", ("open", "close")),
    "shutters": ("cover", ("open", "close")),
    "curtains": ("cover", ("open", "close")),
    "covers": ("cover", ("open", "close")),
    "locks": ("lock", ("lock", "unlock")),
    "doors": ("lock", ("lock", "unlock")),
    "fans": ("fan", ("on", "off")),
    "speakers": ("media_player", ("off",)),
    "media players": ("media_player", ("off",)),
}
# {t} is what is meant in the place {p}: lights, blinds, …
_PLACES: dict[str, tuple[str, ...]] = {
    "on": phrases(
        """
        turn on all {t} in {p}; turn on the {t} in {p}; {t} on in {p}
        all {t} in {p} on; switch on all the {t} in {p}; switch the {t} in {p} on
        turn all {t} in {p} on; turn on every one of the {t} in {p}
        i want all the {t} on in {p}; put the {t} on in {p}; turn the {t} on in {p}
        """
    ),
    "off": phrases(
        """
        turn off all {t} in {p}; turn off the {t} in {p}; {t} off in {p}
        all {t} in {p} off; switch off all the {t} in {p}; switch the {t} in {p} off
        turn all {t} in {p} off; kill the {t} in {p}; i want all the {t} off in {p}
        {t} out in {p}; turn the {t} off in {p}; shut off all {t} in {p}
        """
    ),
    "open": phrases(
        """
        open all {t} in {p}; open the {t} in {p}; all {t} in {p} up
        raise the {t} in {p}; {t} in {p} open; open every one of the {t} in {p}
        pull up all {t} in {p}
        """
    ),
    "close": phrases(
        """
        close all {t} in {p}; close the {t} in {p}; all {t} in {p} down
        lower the {t} in {p}; {t} in {p} closed; shut all the {t} in {p}
        pull down all {t} in {p}
        """
    ),
    "lock": phrases(
        """
        lock all {t} in {p}; lock the {t} in {p}; lock every one of the {t} in {p}
        """
    ),
    "unlock": phrases("unlock all {t} in {p}; unlock the {t} in {p}"),
}


def place_wide(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Ask something of everything of a kind in an area, on a floor, at home."""
    group = rng.choice(["lights"] * 10 + list(GROUPS))
    domain, can = GROUPS[group]
    action = rng.choice(can)
    found = home.of(domain)
    if not found:
        return None
    thing = rng.choice(found)
    floor = thing.entity.floor
    r = rng.random()
    if r < 0.1:
        verb = {"on": "on", "off": "off", "open": "up", "close": "down"}.get(action)
        said = rng.choice(_PLACES[action]).replace(
            "{p}",
            rng.choice(["the house", "the whole house", "the home", "every room"]),
        )
        if verb and rng.random() < 0.4:
            said = rng.choice(
                [f"all {group} {verb}", f"every one of the {group} {verb}"]
            )
        return Asked(
            decorate(rng, said.replace("{t}", group)),
            (("control", {"action": action, "domain": domain}),),
        )
    where = floor if floor and r < 0.25 else thing.area
    if where is None or _is_a_name(home, f"{where} {group}") or _is_a_name(home, group):
        return None
    call: Call = ("control", {"action": action, "area": where, "domain": domain})
    if where == here and rng.random() < 0.7:
        said = rng.choice(frames.CONTROL[action][:12]).replace(
            "{n}",
            rng.choice(
                [
                    f"the {group}",
                    group,
                    f"all {group}",
                    f"the {group} in here",
                    f"the {group} here",
                ]
            ),
        )
        if domain == "light" and rng.random() < 0.5:
            said = rng.choice(frames.CONTROL[action][:9]).replace(
                "{n}", rng.choice(["the light", "the light in here", "light"])
            )
        return Asked(decorate(rng, said), (call,))
    if rng.random() < 0.3:
        said = rng.choice(frames.CONTROL[action][:8]).replace(
            "{n}",
            rng.choice(
                [
                    f"the {where.lower()} {group}",
                    f"{where.lower()} {group}",
                    f"all {where} {group}",
                ]
            ),
        )
    else:
        said = (
            rng.choice(_PLACES[action])
            .replace("{t}", group)
            .replace("{p}", place(rng, where))
        )
    return Asked(decorate(rng, said), (call,))


def _is_a_name(home: Home, said: str) -> bool:
    """Return whether a device is called just this."""
    wanted = word_set(said)
    return any(word_set(name) == wanted for t in home.things for name in t.entity.names)


def place_values(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Set the lights, the blinds or the temperature of an area."""
    found = home.of("light", "climate", "cover")
    if not found:
        return None
    thing = rng.choice(found)
    if thing.area is None:
        return None
    target = {"area": thing.area}
    where = thing.area.lower()
    if (
        _is_a_name(home, where)
        or _is_a_name(home, f"{where} lights")
        or _is_a_name(home, "light")
    ):
        return None
    match thing.domain:
        case "light":
            names = [
                f"the lights in the {where}",
                f"the {where} lights",
                f"all lights in the {where}",
            ]
            if here == thing.area:
                names += ["the lights", "the light"] * 2
            action = rng.choice(
                ["brightness", "brightness", "color", "kelvin_word", "bright"]
            )
        case "climate":
            names = [
                f"the {where}",
                f"the temperature in the {where}",
                f"the heating in the {where}",
            ]
            action = "temperature"
        case _:
            names = [
                f"the blinds in the {where}",
                f"all blinds in the {where}",
                f"the {where} blinds",
                f"the {where} shutters",
            ]
            if len([t for t in home.of("cover") if t.area == thing.area]) < 2:
                return None
            action = "position"
    frame, call = command(rng, thing, action, target)
    return Asked(decorate(rng, frame.replace("{n}", rng.choice(names))), (call,))


def everything(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Switch off all that can be switched off in an area."""
    areas = home.areas
    if not areas:
        return None
    area = rng.choice(areas)
    domains = [
        d
        for d in ("fan", "light", "media_player", "switch")
        if any(t.area == area for t in home.of(d))
    ]
    if not domains:
        return None
    where = place(rng, area)
    said = rng.choice(
        [
            "everything in {p} off",
            "turn everything off in {p}",
            "turn off everything in {p}",
            "switch everything off in {p}",
            "shut down {p}",
            "good night, everything in {p} off",
            "all off in {p}",
            "turn off all the things in {p}",
            "i'm leaving {p}, turn everything off there",
            "everything off in {p}",
            "switch off everything in {p}",
        ]
    ).replace("{p}", where)
    calls = tuple(
        ("control", {"action": "off", "area": area, "domain": d}) for d in domains
    )
    return Asked(decorate(rng, said), calls)
