"""The present states of what an utterance names, as words for the prompt."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, callback

from .heard import heard_by_name, heard_places, spoken_names
from .home import ExposedEntity
from .names import stems
from .sensing_table import told_words

# More than a dozen states cost more tokens than asking for them.
MOST_STATES = 12


def named(entities: tuple[ExposedEntity, ...], said: str) -> list[ExposedEntity]:
    """Return the entities whose name, or whose area, stands in what was said.

    A name counts when all its words were said, in any order, with or without
    plural endings, and not as a part of a longer name: in "is the garage door
    open" the door is named, not the garage. One word is enough where only one
    entity has it: "pause the TV" names the Living room TV. Names come before
    areas, and at most a dozen entities are returned.
    """
    heard = stems(said)
    spoken = heard_by_name(entities, heard)
    used = frozenset[str]().union(*spoken.values())
    owners = spoken_names(entities).owners
    of_word = {owners[word] for word in heard - used if word in owners}
    by_name, by_word, rest = [], [], []
    for entity in entities:
        if entity.entity_id in spoken:
            by_name.append(entity)
        elif entity.entity_id in of_word:
            by_word.append(entity)
        else:
            rest.append(entity)
    places = heard_places(entities, heard)
    by_area = [
        entity
        for entity in rest
        if entity.area
        and (mine := places.get(entity.area))
        and not any(mine <= spoken[other.entity_id] for other in by_name)
    ]
    return [*by_name, *by_word, *by_area][:MOST_STATES]


@callback
def state_words(
    hass: HomeAssistant, entities: list[ExposedEntity], most: int = MOST_STATES
) -> list[tuple[str, str]]:
    """Return the names of entities and what they are like now, in words."""
    return [
        (
            entity.name,
            describe(entity.domain, entity.device_class, state.state, state.attributes),
        )
        for entity in entities[:most]
        if (state := hass.states.get(entity.entity_id)) is not None
    ]


def describe(
    domain: str, device_class: str | None, state: str, attributes: Mapping[str, Any]
) -> str:
    """Say a state in few words: ``locked``, ``on 30%``, ``heat, 20.5 now, set 21``."""
    match domain:
        case "binary_sensor" if state in ("on", "off"):
            on, off = told_words(device_class)
            return on if state == "on" else off
        case "light" if isinstance(level := attributes.get("brightness"), int | float):
            return f"{state} {level / 2.55:.0f}%"
        case "cover" if state == "open" and isinstance(
            position := attributes.get("current_position"), int | float
        ):
            return f"open {position:g}%"
        case "fan" if state == "on" and isinstance(
            speed := attributes.get("percentage"), int | float
        ):
            return f"on {speed:g}%"
        case "media_player" if isinstance(
            volume := attributes.get("volume_level"), int | float
        ):
            title = attributes.get("media_title")
            return f"{state}, volume {volume * 100:.0f}%" + (
                f", {title}" if title else ""
            )
        case "climate":
            return _climate(state, attributes)
        case _:
            unit = attributes.get("unit_of_measurement")
            return f"{state} {unit}" if unit else state


def _climate(state: str, attributes: Mapping[str, Any]) -> str:
    """Say what a thermostat does, measures and aims at."""
    parts = [state]
    for attribute, word in (("current_temperature", "now"), ("temperature", "set to")):
        value = attributes.get(attribute)
        if isinstance(value, int | float):
            parts.append(f"{word} {value:g}°")
    return ", ".join(parts)
