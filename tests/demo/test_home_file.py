"""The home of a file as Home Assistant has it."""

from pathlib import Path
from typing import Any

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import (
    area_registry as ar,
    entity_registry as er,
    floor_registry as fr,
    intent,
)
from homeassistant.setup import async_setup_component
import pytest

from demo.components import make_importable
from demo.homes import load_home

from ..homes import FAMILY, VILLA, async_set_up_home


def _state(hass: HomeAssistant, entity_id: str) -> State:
    """Return a state that must be there."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


@pytest.mark.parametrize("file", [FAMILY, VILLA], ids=lambda file: file.stem)
async def test_every_entity_of_the_file(hass: HomeAssistant, file: Path) -> None:
    """Entity ids, states, attributes, areas and floors are those of the file."""
    await async_set_up_home(hass, file)
    home = load_home(file)
    assert {state.entity_id for state in hass.states.async_all()} == {
        entity.entity_id for entity in home.entities
    }
    entities, areas, floors = er.async_get(hass), ar.async_get(hass), fr.async_get(hass)
    for described in home.entities:
        state = _state(hass, described.entity_id)
        assert (state.entity_id, state.state) == (described.entity_id, described.state)
        assert state.name == described.name
        given = {
            key: value
            for key, value in described.attributes.items()
            if state.attributes.get(key) != value
        }
        assert not given, (state.entity_id, state.attributes)
        assert async_should_expose(hass, "conversation", state.entity_id)
        entry = entities.async_get(state.entity_id)
        assert entry is not None
        assert entry.area_id is not None
        area = areas.async_get_area(entry.area_id)
        assert area is not None
        assert area.name == described.area
        assert area.floor_id is not None
        floor = floors.async_get_floor(area.floor_id)
        assert floor is not None
        assert area.name in home.floors[floor.name]


async def test_aliases(hass: HomeAssistant) -> None:
    """An entity answers to its name and to the aliases of the file."""
    await async_set_up_home(hass)
    state = _state(hass, "media_player.living_room_tv")
    entry = er.async_get(hass).async_get(state.entity_id)
    assert intent.async_get_entity_aliases(hass, entry, state=state) == [
        "Living room TV",
        "telly",
    ]


@pytest.mark.parametrize(
    ("action", "entity_id", "data", "state", "attributes"),
    [
        ("light.turn_on", "light.garage", {}, "on", {"brightness": 255}),
        (
            "light.turn_on",
            "light.garage",
            {"brightness_pct": 30, "color_name": "red"},
            "on",
            {"brightness": 76, "hs_color": (0, 100), "color_mode": "hs"},
        ),
        (
            "light.turn_on",
            "light.garage",
            {"color_temp_kelvin": 4000},
            "on",
            {"color_temp_kelvin": 4000, "color_mode": "color_temp"},
        ),
        ("switch.turn_on", "switch.printer", {}, "on", {}),
        ("lock.unlock", "lock.front_door", {}, "unlocked", {}),
        (
            "cover.open_cover",
            "cover.garage_door",
            {},
            "open",
            {"current_position": 100},
        ),
        (
            "cover.set_cover_position",
            "cover.garage_door",
            {"position": 40},
            "open",
            {"current_position": 40},
        ),
        ("fan.turn_on", "fan.bedroom_fan", {}, "on", {"percentage": 100}),
        (
            "fan.set_percentage",
            "fan.bedroom_fan",
            {"percentage": 25},
            "on",
            {"percentage": 25},
        ),
        (
            "climate.set_temperature",
            "climate.office_heater",
            {"temperature": 19},
            "heat",
            {"temperature": 19, "current_temperature": 20.5},
        ),
        (
            "climate.set_hvac_mode",
            "climate.office_heater",
            {"hvac_mode": "off"},
            "off",
            {},
        ),
        ("media_player.media_pause", "media_player.soundbar", {}, "paused", {}),
        ("media_player.media_stop", "media_player.soundbar", {}, "idle", {}),
        (
            "media_player.media_next_track",
            "media_player.soundbar",
            {},
            "playing",
            {"media_track": 2},
        ),
        (
            "media_player.media_previous_track",
            "media_player.soundbar",
            {},
            "playing",
            {"media_track": 1},
        ),
        (
            "media_player.volume_set",
            "media_player.soundbar",
            {"volume_level": 0.15},
            "playing",
            {"volume_level": 0.15},
        ),
        (
            "media_player.volume_mute",
            "media_player.soundbar",
            {"is_volume_muted": True},
            "playing",
            {"is_volume_muted": True},
        ),
        ("vacuum.start", "vacuum.mower", {}, "cleaning", {}),
        ("vacuum.stop", "vacuum.mower", {}, "idle", {}),
        ("vacuum.return_to_base", "vacuum.mower", {}, "returning", {}),
    ],
)
async def test_states_follow_actions(
    hass: HomeAssistant,
    action: str,
    entity_id: str,
    data: dict[str, Any],
    state: str,
    attributes: dict[str, Any],
) -> None:
    """An action changes its entity alone, and the reset changes it back."""
    await async_set_up_home(hass)
    domain, _, name = action.partition(".")
    before = hass.states.async_all()
    await hass.services.async_call(
        domain, name, {"entity_id": entity_id, **data}, blocking=True
    )
    now = _state(hass, entity_id)
    assert now.state == state
    assert {key: now.attributes.get(key) for key in attributes} == attributes
    assert [
        old.entity_id
        for old in before
        if old != _state(hass, old.entity_id) and old.entity_id != entity_id
    ] == []
    await hass.services.async_call("home_file", "reset", blocking=True)
    assert [(old.state, old.attributes) for old in before] == [
        (new.state, new.attributes)
        for new in (_state(hass, old.entity_id) for old in before)
    ]


async def test_closing_again(hass: HomeAssistant) -> None:
    """What was opened, started or switched on can be undone."""
    await async_set_up_home(hass)
    for action, entity_id, state in (
        ("cover.open_cover", "cover.garage_door", "open"),
        ("cover.stop_cover", "cover.garage_door", "open"),
        ("cover.close_cover", "cover.garage_door", "closed"),
        ("fan.turn_on", "fan.bedroom_fan", "on"),
        ("fan.turn_off", "fan.bedroom_fan", "off"),
        ("light.turn_on", "light.garage", "on"),
        ("light.turn_off", "light.garage", "off"),
        ("lock.unlock", "lock.front_door", "unlocked"),
        ("lock.lock", "lock.front_door", "locked"),
        ("media_player.media_pause", "media_player.soundbar", "paused"),
        ("media_player.media_play", "media_player.soundbar", "playing"),
        ("switch.turn_on", "switch.printer", "on"),
        ("switch.turn_off", "switch.printer", "off"),
        ("vacuum.start", "vacuum.mower", "cleaning"),
        ("vacuum.pause", "vacuum.mower", "paused"),
    ):
        domain, _, name = action.partition(".")
        await hass.services.async_call(
            domain, name, {"entity_id": entity_id}, blocking=True
        )
        assert (action, _state(hass, entity_id).state) == (action, state)


async def test_lists_and_scenes(hass: HomeAssistant) -> None:
    """The villa's list takes items; its scenes can be asked for."""
    await async_set_up_home(hass, VILLA)
    for name, data, left in (
        ("add_item", {"item": "Milk"}, "3"),
        ("update_item", {"item": "Milk", "status": "completed"}, "2"),
        ("remove_item", {"item": "Item 1"}, "1"),
    ):
        await hass.services.async_call(
            "todo", name, {"entity_id": "todo.shopping_list", **data}, blocking=True
        )
        assert _state(hass, "todo.shopping_list").state == left
    await hass.services.async_call(
        "scene", "turn_on", {"entity_id": "scene.movie_night"}, blocking=True
    )
    assert _state(hass, "scene.movie_night").state != "unknown"


async def test_other_features(hass: HomeAssistant, tmp_path: Path) -> None:
    """A file may give features that the reference homes lack, or none at all."""
    file = tmp_path / "home.yaml"
    file.write_text(
        """
entities:
- {entity_id: media_player.radio, name: Radio, state: 'off',
   attributes: {supported_features: 384}}
- {entity_id: light.plain, name: Plain, state: 'on'}
- {entity_id: sensor.phase, name: Phase, state: waxing}
- {entity_id: sensor.wind, name: Wind, state: '3.5',
   attributes: {unit_of_measurement: m/s, state_class: measurement}}
"""
    )
    await async_set_up_home(hass, file)
    assert _state(hass, "light.plain").attributes["color_mode"] == "onoff"
    assert _state(hass, "sensor.phase").state == "waxing"
    assert _state(hass, "sensor.wind").state == "3.5"
    for action, state in (("turn_on", "on"), ("turn_off", "off")):
        await hass.services.async_call(
            "media_player", action, {"entity_id": "media_player.radio"}, blocking=True
        )
        assert _state(hass, "media_player.radio").state == state


async def test_wrong_file(hass: HomeAssistant, tmp_path: Path) -> None:
    """A file that is not there keeps the component from being set up."""
    make_importable()
    assert not await async_setup_component(
        hass, "home_file", {"home_file": {"file": str(tmp_path / "nowhere.yaml")}}
    )


async def test_what_is_not_there(hass: HomeAssistant, tmp_path: Path) -> None:
    """A device may be unavailable, and a sensor may know nothing."""
    file = tmp_path / "home.yaml"
    file.write_text(
        """
entities:
  - entity_id: sensor.attic
    name: Attic
    state: unavailable
    attributes: {device_class: temperature, unit_of_measurement: "°C"}
  - entity_id: sensor.cellar
    name: Cellar
    state: unknown
    attributes: {device_class: temperature, unit_of_measurement: "°C"}
"""
    )
    await async_set_up_home(hass, file)
    await hass.services.async_call("home_file", "reset", blocking=True)
    assert _state(hass, "sensor.attic").state == "unavailable"
    assert _state(hass, "sensor.cellar").state == "unknown"


async def test_days_and_lists(hass: HomeAssistant, tmp_path: Path) -> None:
    """A sensor may tell a day or a time, and a list may tell nothing at all."""
    file = tmp_path / "home.yaml"
    file.write_text(
        """
entities:
  - entity_id: sensor.birthday
    name: Birthday
    state: '2027-04-01'
    attributes: {device_class: date}
  - entity_id: sensor.boot
    name: Boot
    state: '2027-04-01T08:30:00+00:00'
    attributes: {device_class: timestamp}
  - entity_id: todo.chores
    name: Chores
    state: ''
"""
    )
    await async_set_up_home(hass, file)
    await hass.services.async_call("home_file", "reset", blocking=True)
    assert _state(hass, "sensor.birthday").state == "2027-04-01"
    assert _state(hass, "sensor.boot").state == "2027-04-01T08:30:00+00:00"
    assert _state(hass, "todo.chores").state == "0"
