"""The compact tools, on the reference home, through Home Assistant's own Assist."""

from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.vacuum import VacuumEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar, device_registry as dr, llm
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.hearth.agent.compact import CONTROL
from custom_components.hearth.agent.home import async_exposed_entities
from custom_components.hearth.agent.toolset import CompactTool, async_register_api

from .conftest import Effects

BEDROOM_LIGHTS = ("bedroom_ceiling", "bedside_lamp_left", "bedside_lamp_right")


async def call(
    hass: HomeAssistant, context: llm.LLMContext, tool: str, **arguments: Any
) -> llm.ToolResult:
    """Call one of Hearth's tools as a model would."""
    api = await llm.async_get_api(hass, "hearth", context)
    result = await api.async_call_tool(
        llm.ToolInput(tool_name=tool, tool_args=arguments)
    )
    await hass.async_block_till_done()
    return result


def done_names(result: llm.ToolResult) -> list[Any]:
    """Return the names that a result tells."""
    names = result.data["done"]
    assert isinstance(names, list)
    return names


@pytest.fixture(autouse=True)
async def _hearth(hass: HomeAssistant, home: None) -> None:
    """Register the API, twice: the second time changes nothing."""
    async_register_api(hass)
    async_register_api(hass)


async def test_only_tools_that_do_something(
    hass: HomeAssistant, llm_context: llm.LLMContext
) -> None:
    """The family home needs the compact tools and no others."""
    api = await llm.async_get_api(hass, "hearth", llm_context)
    assert [tool.name for tool in api.tools] == ["control", "set", "state"]
    assert {tool.integration for tool in api.tools} == {"hearth"}


async def test_other_tools_pass_through(
    hass: HomeAssistant, llm_context: llm.LLMContext
) -> None:
    """A script is a tool of its own; a vacuum that knows areas can be sent there."""
    assert await async_setup_component(
        hass, "script", {"script": {"party": {"sequence": []}}}
    )
    async_expose_entity(hass, "conversation", "script.party", True)
    state = hass.states.get("vacuum.mower")
    assert state
    features = state.attributes["supported_features"] | VacuumEntityFeature.CLEAN_AREA
    hass.states.async_set(
        "vacuum.mower",
        state.state,
        {**state.attributes, "supported_features": features},
    )
    api = await llm.async_get_api(hass, "hearth", llm_context)
    assert [tool.name for tool in api.tools][3:] == [
        "script__party",
        "vacuum__HassVacuumCleanArea",
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "service", "entities", "data"),
    [
        (
            "control",
            {"action": "on", "name": "Kitchen ceiling"},
            "light.turn_on",
            ["light.kitchen_ceiling"],
            {},
        ),
        (
            "control",
            {"action": "on", "name": "espresso machine"},
            "switch.turn_on",
            ["switch.coffee_machine"],
            {},
        ),
        (
            "control",
            {"action": "on", "name": "Garage"},
            "light.turn_on",
            ["light.garage"],
            {},
        ),
        (
            "control",
            {"action": "on", "name": "Desk lamp", "area": "Kitchen"},
            "light.turn_on",
            ["light.desk_lamp"],
            {},
        ),
        (
            "control",
            {"action": "off", "area": "bedroom", "domain": "lights"},
            "light.turn_off",
            [f"light.{name}" for name in BEDROOM_LIGHTS],
            {},
        ),
        (
            "control",
            {"action": "open", "name": "Garage door"},
            "cover.open_cover",
            ["cover.garage_door"],
            {},
        ),
        (
            "control",
            {"action": "close", "area": "Living Room"},
            "cover.close_cover",
            ["cover.living_room_blinds"],
            {},
        ),
        (
            "control",
            {"action": "stop", "name": "Bedroom blinds"},
            "cover.stop_cover",
            ["cover.bedroom_blinds"],
            {},
        ),
        ("control", {"action": "lock"}, "lock.lock", ["lock.front_door"], {}),
        (
            "control",
            {"action": "unlock", "name": "Front door"},
            "lock.unlock",
            ["lock.front_door"],
            {},
        ),
        (
            "control",
            {"action": "start", "name": "Mower"},
            "vacuum.start",
            ["vacuum.mower"],
            {},
        ),
        (
            "control",
            {"action": "dock", "name": "Mower"},
            "vacuum.return_to_base",
            ["vacuum.mower"],
            {},
        ),
        (
            "set",
            {"name": "Desk lamp", "brightness": 30},
            "light.turn_on",
            ["light.desk_lamp"],
            {"brightness_pct": 30},
        ),
        (
            "set",
            {"name": "Desk lamp", "brightness": 300},
            "light.turn_on",
            ["light.desk_lamp"],
            {"brightness_pct": 100},
        ),
        (
            "set",
            {"area": "Kitchen", "color": "red"},
            "light.turn_on",
            ["light.kitchen_ceiling", "light.kitchen_counter"],
            {"rgb_color": (255, 0, 0)},
        ),
        (
            "set",
            {"name": "Desk lamp", "kelvin": 2700},
            "light.turn_on",
            ["light.desk_lamp"],
            {"color_temp_kelvin": 2700},
        ),
        (
            "set",
            {"name": "Desk lamp", "temperature": 2700.2},
            "light.turn_on",
            ["light.desk_lamp"],
            {"color_temp_kelvin": 2700},
        ),
        (
            "set",
            {"name": "Office heater", "temperature": 19},
            "climate.set_temperature",
            ["climate.office_heater"],
            {"temperature": 19},
        ),
        (
            "set",
            {"name": "Bedroom blinds", "position": 50},
            "cover.set_cover_position",
            ["cover.bedroom_blinds"],
            {"position": 50},
        ),
        (
            "set",
            {"name": "Soundbar", "volume": 15},
            "media_player.volume_set",
            ["media_player.soundbar"],
            {"volume_level": 0.15},
        ),
        (
            "set",
            {"name": "Bedroom fan", "speed": 40},
            "fan.turn_on",
            ["fan.bedroom_fan"],
            {"percentage": 40},
        ),
        (
            "control",
            {"action": "pause", "name": "telly"},
            "media_player.media_pause",
            ["media_player.living_room_tv"],
            {},
        ),
        (
            "control",
            {"action": "stop", "name": "Soundbar"},
            "media_player.media_pause",
            ["media_player.soundbar"],
            {},
        ),
        (
            "control",
            {"action": "mute", "area": "Living Room"},
            "media_player.volume_mute",
            ["media_player.living_room_tv", "media_player.soundbar"],
            {"is_volume_muted": True},
        ),
    ],
)
async def test_actions(
    hass: HomeAssistant,
    llm_context: llm.LLMContext,
    effects: Effects,
    tool: str,
    arguments: dict[str, Any],
    service: str,
    entities: list[str],
    data: dict[str, Any],
) -> None:
    """Each compact call does what it says, to what it names, and tells so."""
    result = await call(hass, llm_context, tool, **arguments)
    assert effects() == [(service, entity, data) for entity in entities]
    assert not result.error
    assert len(done_names(result)) == len(entities)
    assert isinstance(result.data, llm.IntentResponseDict)


async def test_everything_off(
    hass: HomeAssistant, llm_context: llm.LLMContext, effects: Effects
) -> None:
    """Everything means what hums and shines, not blinds and heating."""
    result = await call(hass, llm_context, "control", action="off", area="Bedroom")
    assert [effect[:2] for effect in effects()] == [
        ("fan.turn_off", "fan.bedroom_fan"),
        *(("light.turn_off", f"light.{name}") for name in BEDROOM_LIGHTS),
    ]
    assert result.data == {
        "done": [
            "Bedroom fan",
            "Bedroom ceiling",
            "Bedside lamp left",
            "Bedside lamp right",
        ]
    }


async def test_a_floor_and_the_whole_home(
    hass: HomeAssistant, llm_context: llm.LLMContext, effects: Effects
) -> None:
    """A floor is reached by its name, the home by a kind of device."""
    await call(
        hass, llm_context, "control", action="on", area="upstairs", domain="light"
    )
    assert len(effects()) == 4
    result = await call(hass, llm_context, "control", action="off", domain="light")
    assert len(effects()) == 13
    assert len(done_names(result)) == 12
    assert result.data["more"] == 1


async def test_louder(
    hass: HomeAssistant, llm_context: llm.LLMContext, effects: Effects
) -> None:
    """Louder is a step up; Assist does not tell what it changed, we do."""
    result = await call(hass, llm_context, "control", action="louder", name="Soundbar")
    assert result.data == {"done": ["Soundbar"]}
    state = hass.states.get("media_player.soundbar")
    assert state
    assert state.attributes["volume_level"] > 0.2
    await call(hass, llm_context, "control", action="quieter", name="Soundbar")
    state = hass.states.get("media_player.soundbar")
    assert state
    assert state.attributes["volume_level"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("tool", "arguments", "error"),
    [
        (
            "control",
            {"action": "on", "name": "Sauna"},
            "There is no Sauna in this home",
        ),
        (
            "control",
            {"action": "on", "name": "Kitchen ceilling"},
            "There is no Kitchen ceilling in this home. Did you mean: Kitchen ceiling?",
        ),
        (
            "control",
            {"action": "on", "area": "Cellar"},
            (
                "There is no area Cellar. Areas: Bathroom, Bedroom, Garage, Garden, "
                "Hallway, Kitchen, Living Room, Office"
            ),
        ),
        (
            "control",
            {"action": "on", "area": "Kitchen", "domain": "siren"},
            "There is no siren in Kitchen",
        ),
        (
            "control",
            {"action": "lock", "area": "Kitchen"},
            "There is no such thing in Kitchen",
        ),
        ("control", {"action": "off"}, "Say which device or which area"),
        ("control", {"action": "unlock"}, "Say which device or which area"),
        ("control", {"action": "open"}, "Say which device or which area"),
        (
            "control",
            {"action": "unlock", "area": "home", "domain": "lock"},
            "Say which device or which area",
        ),
        (
            "control",
            {"action": "open", "area": "everywhere"},
            "Say which device or which area",
        ),
        ("set", {"brightness": 5}, "Say which device or which area"),
        (
            "control",
            {"action": "off", "name": "Front door"},
            "A lock knows only: lock, unlock",
        ),
        (
            "control",
            {"action": "unlock", "name": "Garage door"},
            "A cover knows only: open, close, stop, on, off",
        ),
        (
            "control",
            {"action": "pause", "name": "Desk lamp"},
            "A light knows only: on, off",
        ),
        ("set", {"name": "Desk lamp"}, "Nothing was set: no value was given"),
    ],
)
async def test_refusals(
    hass: HomeAssistant,
    llm_context: llm.LLMContext,
    effects: Effects,
    tool: str,
    arguments: dict[str, Any],
    error: str,
) -> None:
    """What cannot be or must not be is not done, and the model is told why."""
    result = await call(hass, llm_context, tool, **arguments)
    assert effects() == []
    assert result.error
    assert result.data == {"error": error}


async def test_an_impossible_color(
    hass: HomeAssistant, llm_context: llm.LLMContext, effects: Effects
) -> None:
    """What Assist itself refuses comes back as an error, not as an exception."""
    result = await call(
        hass, llm_context, "set", name="Desk lamp", color="octarine", brightness=5
    )
    assert result.error
    assert effects() == []


async def test_invalid_arguments(
    hass: HomeAssistant, llm_context: llm.LLMContext
) -> None:
    """Arguments that do not fit the schema are refused before anything runs."""
    with pytest.raises(vol.Invalid):
        await call(hass, llm_context, "control", action="explode")


async def test_a_tool_that_assist_does_not_have(
    hass: HomeAssistant, llm_context: llm.LLMContext, effects: Effects
) -> None:
    """An action whose intent does not exist in this home is refused."""
    assist = await llm.async_get_api(hass, "assist", llm_context)
    assist.tools = []
    tool = CompactTool(CONTROL, assist, async_exposed_entities(hass, "conversation"))
    result = await tool.async_call(
        hass,
        llm.ToolInput(tool_name="control", tool_args={"action": "lock"}),
        llm_context,
    )
    assert result.data == {"error": "This home cannot do that (HassTurnOn)"}
    assert effects() == []


async def test_the_speaker_s_area(
    hass: HomeAssistant, llm_context: llm.LLMContext, effects: Effects
) -> None:
    """A call that names nothing means the area of the satellite that heard it."""
    entry = MockConfigEntry()
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("test", "satellite")}
    )
    area = ar.async_get(hass).async_get_area_by_name("Kitchen")
    assert area
    dr.async_get(hass).async_update_device(device.id, area_id=area.id)
    llm_context.device_id = device.id
    await call(hass, llm_context, "control", action="on", domain="light")
    assert [effect[1] for effect in effects()] == [
        "light.kitchen_ceiling",
        "light.kitchen_counter",
    ]
    await call(hass, llm_context, "control", action="on", domain="light", area="home")
    assert len(effects()) == 13
    # A name is looked for everywhere.
    await call(hass, llm_context, "control", action="off", name="Desk lamp")
    assert [effect[1] for effect in effects()] == ["light.desk_lamp"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"name": "front door"}, {"states": "Front door = locked"}),
        (
            {"area": "Office"},
            {
                "states": "Office heater = heat, now 20.5°, set to 20°; Desk lamp = off;"
                " Office ceiling = off; Office CO2 = 640 ppm; Printer = off"
            },
        ),
        (
            {"area": "Upstairs", "domain": "sensor"},
            {
                "states": "Bathroom humidity = 62 %; Bathroom leak = dry; "
                "Bedroom temperature = 19 °C"
            },
        ),
        (
            {"area": "Bathroom", "domain": "binary_sensor"},
            {"states": "Bathroom humidity = 62 %; Bathroom leak = dry"},
        ),
        ({"name": "sauna"}, {"error": "There is no sauna in this home"}),
    ],
)
async def test_states(
    hass: HomeAssistant,
    llm_context: llm.LLMContext,
    arguments: dict[str, Any],
    told: dict[str, str],
) -> None:
    """States come in few words."""
    result = await call(hass, llm_context, "state", **arguments)
    assert result.data == told


async def test_the_states_of_a_whole_villa_are_cut(
    hass: HomeAssistant,
    llm_context: llm.LLMContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More states than a model can use are counted instead."""
    monkeypatch.setattr("custom_components.hearth.agent.toolset.MOST_TOLD", 3)
    result = await call(hass, llm_context, "state", area="Kitchen")
    assert result.data == {
        "states": "Kitchen ceiling = off; Kitchen counter = off; "
        "Kitchen temperature = 21 °C",
        "more": 3,
    }


async def test_nothing_exposed(
    hass: HomeAssistant, llm_context: llm.LLMContext
) -> None:
    """A home that exposes nothing has no tools to control it."""
    llm_context.assistant = "somebody.else"
    api = await llm.async_get_api(hass, "hearth", llm_context)
    assert "state" not in [tool.name for tool in api.tools]


async def test_an_unknown_tool(
    hass: HomeAssistant, llm_context: llm.LLMContext
) -> None:
    """A tool that does not exist is Home Assistant's error."""
    with pytest.raises(HomeAssistantError):
        await call(hass, llm_context, "explode")
