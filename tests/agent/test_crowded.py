"""A home that does not fit into the window."""

from dataclasses import replace
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    llm,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.briefing import (
    Briefing,
    async_brief,
    newest_message,
)
from custom_components.hearth.agent.budget import AgentBudget, room_for_prompt
from custom_components.hearth.agent.crowded import Priority, fitted, partial_overview
from custom_components.hearth.agent.history import characters
from custom_components.hearth.agent.home import (
    ExposedEntity,
    async_exposed_entities,
    overview,
)
from custom_components.hearth.agent.options import AgentOptions
from custom_components.hearth.agent.prompt import INSTRUCTIONS, prefix
from custom_components.hearth.agent.toolset import async_register_api
from custom_components.hearth.const import LLM_API_HEARTH

from ..fake_engine import FakeEngine

OPTIONS = AgentOptions(model="tiny", apis=(LLM_API_HEARTH,), context_window=1024)
USED = "custom_components.hearth.agent.briefing.async_used"


def entity(entity_id: str, area: str | None, floor: str | None = None) -> ExposedEntity:
    """Return an entity that is named like its id."""
    name = entity_id.partition(".")[2].replace("_", " ").capitalize()
    return ExposedEntity(entity_id=entity_id, name=name, area=area, floor=floor)


HOME = (
    entity("light.hall", "Hall", "Down"),
    entity("sensor.hall", "Hall", "Down"),
    entity("light.kitchen", "Kitchen", "Down"),
    entity("light.attic", "Attic", "Up"),
    entity("switch.attic", "Attic", "Up"),
    entity("sensor.attic", "Attic", "Up"),
    entity("light.shed", "Shed"),
    entity("sensor.loose", None),
)


def ids(ranked: list[ExposedEntity]) -> list[str]:
    """Return the ids of entities."""
    return [one.entity_id for one in ranked]


def test_what_tells_only_comes_last() -> None:
    """Where nothing is known, things that do something come first."""
    assert ids(Priority().ranked(HOME)) == [
        "light.hall",
        "light.kitchen",
        "light.attic",
        "switch.attic",
        "light.shed",
        "sensor.hall",
        "sensor.attic",
        "sensor.loose",
    ]


def test_what_is_used_comes_first() -> None:
    """Then the room and the floor of the satellite, then rooms that are used."""
    priority = Priority(used=frozenset({"switch.attic", "sensor.loose"}), area="Hall")
    assert ids(priority.ranked(HOME)) == [
        "switch.attic",
        "sensor.loose",
        "light.hall",
        "sensor.hall",
        "light.kitchen",
        "light.attic",
        "sensor.attic",
        "light.shed",
    ]
    assert ids(Priority(area="Shed").ranked(HOME))[0] == "light.shed"
    assert ids(Priority(area="Nowhere").ranked(HOME)) == ids(Priority().ranked(HOME))


def test_partial_overview() -> None:
    """What is told stands where it always stands; the rest is where to look."""
    assert partial_overview(HOME[:1], HOME[1:], "state") == (
        "Down\nHall: light: Hall\n"
        "There is more than is listed here. Before you use it, or say that it is "
        "missing, look it up with state, by area: Hall, Kitchen, Attic, Shed; "
        "without area, by domain: sensor."
    )
    assert partial_overview((), HOME[3:4], "x").endswith("with x, by area: Attic.")
    assert partial_overview((), HOME[7:], "x").endswith(
        "x, without area, by domain: sensor."
    )


@pytest.mark.parametrize("room", range(0, 400, 20))
def test_fitted(room: int) -> None:
    """As much as there is room for is told, and never nothing."""

    def write(whole: tuple[ExposedEntity, ...], rest: tuple[ExposedEntity, ...]) -> str:
        return partial_overview(whole, rest, "state")

    text, left_out = fitted(HOME, Priority(), write, room)
    assert 0 < left_out <= len(HOME)
    assert "Kitchen" in text
    if left_out < len(HOME):
        assert len(text) <= room
    if left_out > 1:
        more = Priority().ranked(HOME)[: len(HOME) - left_out + 1]
        rest = tuple(one for one in HOME if one not in more)
        assert len(write(tuple(o for o in HOME if o in more), rest)) > room


@pytest.fixture
def budget() -> AgentBudget:
    """Return the budget of an engine that does not count."""
    return AgentBudget(FakeEngine())


@pytest.fixture(autouse=True)
async def _family(hass: HomeAssistant, home: None) -> None:
    """Set up the reference home."""
    async_register_api(hass)


async def brief(
    hass: HomeAssistant,
    llm_context: llm.LLMContext,
    budget: AgentBudget | None,
    options: AgentOptions = OPTIONS,
) -> Briefing:
    """Return what an agent is told."""
    return await async_brief(hass, options, llm_context, budget)


async def test_a_home_that_fits_is_as_it_was(
    hass: HomeAssistant, llm_context: llm.LLMContext, budget: AgentBudget
) -> None:
    """Not one byte is different."""
    roomy = replace(OPTIONS, context_window=4096)
    briefing = await brief(hass, llm_context, budget, roomy)
    entities = async_exposed_entities(hass, "conversation")
    assert briefing.prefix == prefix(INSTRUCTIONS, entities)
    assert briefing.prefix == (await brief(hass, llm_context, None)).prefix
    assert (briefing.parts.devices, briefing.parts.left_out) == (len(entities), 0)


@pytest.mark.parametrize("window", [512, 900, 1024, 1200, 1350])
async def test_enough_is_left_for_talking(
    hass: HomeAssistant, llm_context: llm.LLMContext, budget: AgentBudget, window: int
) -> None:
    """The prompt takes no more than its part, if it can; every area is named."""
    options = replace(OPTIONS, context_window=window)
    briefing = await brief(hass, llm_context, budget, options)
    parts = briefing.parts
    assert 0 < parts.left_out <= parts.devices
    used = characters(parts.requests(options)[-1]) / 3
    assert used <= room_for_prompt(window) or parts.left_out == parts.devices
    for area in briefing.areas:
        if area not in ("Ground floor", "Outside", "Upstairs"):
            assert area in briefing.prefix
    assert len(briefing.entities) == parts.devices
    again = await brief(hass, llm_context, budget, options)
    assert again.prefix == briefing.prefix


async def test_what_is_used_is_told(
    hass: HomeAssistant, llm_context: llm.LLMContext, budget: AgentBudget
) -> None:
    """It is told wherever it is, and states change nothing."""
    options = replace(OPTIONS, context_window=1100)
    before = await brief(hass, llm_context, budget, options)
    hidden = next(
        one
        for one in before.entities
        if one.name not in before.prefix and one.domain == "sensor"
    )
    hass.states.async_set(hidden.entity_id, "changed")
    assert (await brief(hass, llm_context, budget, options)).prefix == before.prefix
    with patch(USED, return_value=frozenset({hidden.entity_id})):
        after = await brief(hass, llm_context, budget, options)
    assert hidden.name in after.prefix


async def test_the_floor_of_the_satellite_first(
    hass: HomeAssistant, llm_context: llm.LLMContext, budget: AgentBudget
) -> None:
    """Each floor is told of its own."""
    entry = MockConfigEntry()
    entry.add_to_hass(hass)
    options = replace(OPTIONS, context_window=1100)
    told = {}
    for area in ("Bedroom", "Garage"):
        found = ar.async_get(hass).async_get_area_by_name(area)
        assert found
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("test", area)}
        )
        dr.async_get(hass).async_update_device(device.id, area_id=found.id)
        context = replace(llm_context, device_id=device.id)
        told[area] = (await brief(hass, context, budget, options)).prefix
    assert "Bedside lamp left" in told["Bedroom"]
    assert "EV charger" not in told["Bedroom"]
    assert "EV charger" in told["Garage"]
    assert "Bedside lamp left" not in told["Garage"]


async def test_what_is_left_out_can_be_looked_up_and_used(
    hass: HomeAssistant, llm_context: llm.LLMContext, budget: AgentBudget
) -> None:
    """By its area with `state`, and then by its name with `control`."""
    hass.states.async_set("sensor.loose", "7", {"friendly_name": "Loose"})
    options = replace(OPTIONS, context_window=512)
    briefing = await brief(hass, llm_context, budget, options)
    assert briefing.parts.left_out == briefing.parts.devices
    assert "The home, area by area:\nThere is more" in briefing.prefix
    assert briefing.api is not None
    for one in briefing.entities:
        place = {"area": one.area} if one.area else {"domain": one.domain}
        result = await briefing.api.async_call_tool(llm.ToolInput("state", place))
        assert f"{one.name} = " in str(result.data)
    result = await briefing.api.async_call_tool(
        llm.ToolInput("control", {"action": "on", "name": "Bedside lamp left"})
    )
    assert result.data == {"done": ["Bedside lamp left"]}
    message = newest_message(
        hass,
        "is the garage door open",
        briefing.entities,
        device_id=None,
        extra=None,
    )
    assert "Garage door = " in message


async def test_another_name_of_the_tool(
    hass: HomeAssistant, llm_context: llm.LLMContext, budget: AgentBudget
) -> None:
    """With several sets of tools, each tool has a longer name, which is told."""
    options = replace(OPTIONS, apis=(LLM_API_HEARTH, "assist"))
    briefing = await brief(hass, llm_context, budget, options)
    (name,) = (one for one in briefing.tools if one.endswith("state"))
    assert f"look it up with {name}, " in briefing.prefix


def test_the_order_is_the_overview_s() -> None:
    """What is told of a part is a part of what is told of the whole."""
    part = tuple(one for one in HOME if one.domain == "light")
    told = partial_overview(part, (), "state").split("\n")
    assert [line for line in told if line in overview(part).split("\n")]
