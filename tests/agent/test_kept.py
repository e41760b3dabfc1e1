"""What was gathered about the home is kept until something about it changes."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    entity_registry as er,
    floor_registry as fr,
    intent,
    llm,
)
from homeassistant.loader import Integration
from homeassistant.setup import async_setup_component
import pytest

from custom_components.hearth.agent import assist, home as homes, toolset
from custom_components.hearth.agent.kept import Kept
from custom_components.hearth.agent.toolset import HearthInstance, async_register_api

LIGHT = "light.kitchen_ceiling"


@pytest.fixture(autouse=True)
async def _hearth(hass: HomeAssistant, home: None) -> None:
    """Register the API."""
    async_register_api(hass)


@pytest.fixture
def gathered() -> Iterator[list[str]]:
    """Note for whom the home is looked at anew."""
    noted: list[str] = []
    looks = homes.async_exposed_entities

    def note(hass: HomeAssistant, assistant: str) -> Any:
        noted.append(assistant)
        return looks(hass, assistant)

    with patch.object(toolset, "async_exposed_entities", note):
        yield noted


async def instance(hass: HomeAssistant, context: llm.LLMContext) -> HearthInstance:
    """Return what a turn begins with."""
    api = await llm.async_get_api(hass, "hearth", context)
    assert isinstance(api, HearthInstance)
    return api


def name_of(api: HearthInstance, entity_id: str) -> str | None:
    """Return what an entity is called, None where it is not exposed."""
    names = {entity.entity_id: entity.name for entity in api.entities}
    return names.get(entity_id)


async def test_states_are_no_news(
    hass: HomeAssistant, llm_context: llm.LLMContext, gathered: list[str]
) -> None:
    """Ten turns look once, and each of them calls for who asks."""
    first = await instance(hass, llm_context)
    for number in range(10):
        state = hass.states.get(LIGHT)
        assert state
        level = {**state.attributes, "brightness": number}
        hass.states.async_set(LIGHT, "on", level)
        again = await instance(hass, llm_context)
    assert gathered == ["conversation"]
    assert again.entities is first.entities
    other = llm.LLMContext(
        platform="hearth",
        context=llm_context.context,
        language="de",
        assistant="conversation",
        device_id="a text chat",
    )
    assert (await instance(hass, other)).llm_context is other
    assert len(gathered) == 1


async def test_whatever_is_told_of_a_thing(
    hass: HomeAssistant, llm_context: llm.LLMContext
) -> None:
    """Names, places, exposure, what is new and what is gone are known at once."""
    entities = er.async_get(hass)
    assert name_of(await instance(hass, llm_context), LIGHT) == "Kitchen ceiling"

    entities.async_update_entity(LIGHT, name="Big lamp", aliases=["Big lamp"])
    await hass.async_block_till_done()
    assert name_of(await instance(hass, llm_context), LIGHT) == "Big lamp"

    async_expose_entity(hass, "conversation", LIGHT, False)
    assert name_of(await instance(hass, llm_context), LIGHT) is None
    async_expose_entity(hass, "conversation", LIGHT, True)
    assert name_of(await instance(hass, llm_context), LIGHT) is not None

    area = ar.async_get(hass).async_get_area_by_name("Kitchen")
    assert area
    floor = fr.async_get(hass).async_create("Roof")
    ar.async_get(hass).async_update(area.id, name="Galley", floor_id=floor.floor_id)
    [light] = [
        entity
        for entity in (await instance(hass, llm_context)).entities
        if entity.entity_id == LIGHT
    ]
    assert (light.area, light.floor) == ("Galley", "Roof")

    hass.states.async_set("light.new", "off", {"friendly_name": "New"})
    async_expose_entity(hass, "conversation", "light.new", True)
    assert name_of(await instance(hass, llm_context), "light.new") == "New"
    hass.states.async_set("light.new", "off", {"friendly_name": "Newer"})
    assert name_of(await instance(hass, llm_context), "light.new") == "Newer"
    hass.states.async_remove("light.new")
    assert name_of(await instance(hass, llm_context), "light.new") is None


async def test_what_can_be_done(
    hass: HomeAssistant, llm_context: llm.LLMContext
) -> None:
    """A script is there when it is made, and gone when it is taken away."""

    async def tools() -> list[str]:
        return [tool.name for tool in (await instance(hass, llm_context)).tools]

    before = await tools()
    assert await async_setup_component(
        hass, "script", {"script": {"party": {"sequence": []}}}
    )
    async_expose_entity(hass, "conversation", "script.party", True)
    assert await tools() == [*before, "script__party"]
    hass.services.async_remove("script", "party")
    hass.states.async_remove("script.party")
    assert await tools() == before


async def test_what_is_no_event(
    hass: HomeAssistant, llm_context: llm.LLMContext, gathered: list[str]
) -> None:
    """A new intent, and another assistant, are looked at by themselves."""
    await instance(hass, llm_context)
    dance = intent.ServiceIntentHandler("Dance", "light", "turn_on")
    intent.async_register(hass, dance)
    await instance(hass, llm_context)
    assert gathered == ["conversation", "conversation"]
    # What is exposed to it is written down when it is asked for, which is a change.
    llm_context.assistant = "somebody.else"
    for _ in range(3):
        await instance(hass, llm_context)
    assert gathered[2:] == ["somebody.else", "somebody.else"]


async def test_what_changes_while_it_is_gathered(
    hass: HomeAssistant, llm_context: llm.LLMContext, gathered: list[str]
) -> None:
    """What was looked at before a change is not kept."""
    looks = assist.async_are_lasting

    async def rename(hass: HomeAssistant) -> bool:
        er.async_get(hass).async_update_entity(LIGHT, name="Big lamp")
        return await looks(hass)

    with patch.object(toolset, "async_are_lasting", rename):
        await instance(hass, llm_context)
    await instance(hass, llm_context)
    assert len(gathered) == 2


async def test_tools_of_somebody_else(
    hass: HomeAssistant, llm_context: llm.LLMContext, gathered: list[str]
) -> None:
    """Nobody knows what an integration that is not Home Assistant's goes by."""
    with patch.object(Integration, "is_built_in", new=False):
        await instance(hass, llm_context)
        await instance(hass, llm_context)
    assert len(gathered) == 2
    with patch.object(assist, "llm_platforms", object()):
        assert not await assist.async_are_lasting(hass)


async def test_one_assistant_is_followed_once(hass: HomeAssistant) -> None:
    """However often it asks, its exposure is heard of once."""
    kept: Kept[str] = Kept(hass)
    kept.async_values("conversation")["key"] = "value"
    assert kept.async_values("conversation") == {"key": "value"}
    async_expose_entity(hass, "conversation", LIGHT, False)
    assert kept.async_values("conversation") == {}
