"""Homes and utterances of the tiny model's generator that it never learned from.

A home is drawn, written as a home file and set up in a real Home Assistant. What a
home file does not have (persons, helpers, valves, mowers, humidifiers) is left out of
it before anything is said. So are a player's louder and quieter, which Assist does
without an action that could be seen, and questions for the time, which runs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from homeassistant.util.color import color_name_to_rgb
import yaml

from demo.components import ROOT
from demo.homes import DOMAINS, load_home
from demo.stage import FAMILY
from training.dice import Dice
from training.effects import Effect as Meant, intended
from training.heldout import is_held_out
from training.homes import Home, Thing, draw_home
from training.talks import draw_turns
from training.turns import Turn

from .answers import required
from .asking import Scene
from .utterances import Effect, Kind, Utterance

WORK = ROOT / ".cache" / "bench" / "held-out"
PER_HOME = 25
_SEED = "held out for the benchmark"
_UNSEEN = frozenset({"media_player.volume_up", "media_player.volume_down"})
_MUTED = "is_volume_muted"
# TARGET_TEMPERATURE, TURN_OFF and TURN_ON of ClimateEntityFeature.
_CLIMATE_FEATURES = 1 | 128 | 256
_ABILITIES = ("supported_features", "supported_color_modes")
# What is told by naming things, and not by a number or a state.
_NAMING = frozenset({"which", "left", "superlative", "extreme", "compare"})


def held_out_scenes(wanted: int, folder: Path = WORK) -> Iterator[Scene]:
    """Yield homes with about so many utterances in all, writing the homes' files."""
    dice = Dice(_SEED, measuring=True)
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    while wanted > 0:
        home = at_home_in_a_file(draw_home(dice))
        if is_held_out(home) or not home.things:
            continue
        utterances = tuple(_utterances(dice, home, min(wanted, PER_HOME)))
        if not utterances:
            continue
        wanted -= len(utterances)
        path = folder / f"home-{number}.yaml"
        path.write_text(yaml.safe_dump(home_file(home), allow_unicode=True))
        yield Scene(home=path, utterances=utterances)
        number += 1


def at_home_in_a_file(home: Home) -> Home:
    """Return the home with what a home file can have, under ids that it takes."""
    things = [
        replace(t, entity=replace(t.entity, entity_id=f"{t.domain}.thing_{number}"))
        for number, t in enumerate(home.things)
        if t.domain in DOMAINS
    ]
    return Home(tuple(things), home.called)


def home_file(home: Home) -> dict[str, Any]:
    """Return a home as the content of a home file."""
    floors: dict[str, list[str]] = {}
    for thing in home.things:
        if thing.floor and thing.area and thing.area not in floors.get(thing.floor, ()):
            floors.setdefault(thing.floor, []).append(thing.area)
    return {"floors": floors, "entities": [_row(thing) for thing in home.things]}


def _row(thing: Thing) -> dict[str, Any]:
    entity = thing.entity
    attributes = abilities(thing.domain) | thing.attributes
    if entity.device_class:
        attributes["device_class"] = entity.device_class
    if thing.domain == "climate":
        modes = dict.fromkeys([thing.state, "heat", "off"])
        attributes |= {"hvac_modes": list(modes)}
    return {
        "entity_id": entity.entity_id,
        "name": entity.name,
        "state": thing.state,
        "attributes": attributes,
        **({"area": entity.area} if entity.area else {}),
        **({"aliases": list(entity.aliases)} if entity.aliases else {}),
    }


def abilities(domain: str) -> dict[str, Any]:
    """Return what the devices of the reference home can do."""
    if domain == "climate":
        return {"supported_features": _CLIMATE_FEATURES}
    return next(
        (
            {key: one.attributes[key] for key in _ABILITIES if key in one.attributes}
            for one in load_home(FAMILY).entities
            if one.domain == domain
        ),
        {},
    )


def _utterances(dice: Dice, home: Home, wanted: int) -> Iterator[Utterance]:
    """Draw talks about a home; each of their turns is an utterance of its own."""
    while wanted > 0:
        try:
            turns = draw_turns(dice, home)
        except LookupError:
            return
        for number, turn in enumerate(turns[:wanted]):
            if turn.phenomenon == "clock" or any(
                one.service in _UNSEEN for one in intended(turn.goals)
            ):
                break
            yield utterance(home, turn, turns[:number])
            wanted -= 1


def utterance(home: Home, turn: Turn, before: Sequence[Turn] = ()) -> Utterance:
    """Return a turn as an utterance, with what must come of it."""
    return Utterance(
        say=turn.said,
        kind=Kind(turn.kind),
        phenomenon=turn.phenomenon,
        effects=tuple(map(seen, intended(turn.goals))),
        must_tell=must_tell(home, turn),
        before=tuple(one.said for one in before),
        area=turn.here,
    )


def seen(meant: Meant) -> Effect:
    """Return an effect as Home Assistant's actions show it."""
    service, data = meant.service, dict(meant.data)
    if service.endswith("volume_mute"):
        data[_MUTED] = True
    if service.endswith("volume_unmute"):
        service, data[_MUTED] = service.replace("unmute", "mute"), False
    if "color_name" in data:
        data["rgb_color"] = list(color_name_to_rgb(data.pop("color_name")))
    return Effect(service=service, entities=meant.entities, data=data)


def must_tell(home: Home, turn: Turn) -> tuple[str, ...]:
    """Return what a right answer has in it, in whatever words it is said."""
    if turn.question is None:
        return ()
    names = [thing.name for thing in home.things]
    naming = turn.phenomenon in _NAMING
    return required(turn.question.answer, names, naming=naming)
