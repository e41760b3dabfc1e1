"""Choices for an agent."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.hearth.engines.base import Capabilities, ModelInfo

from .conftest import AGENT_ID, state_of
from .fake_engine import MODEL, FakeEngine

MODEL_OF = "select.tiny_model"
KEPT = "select.tiny_keep_loaded"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the choices."""
    return ["select"]


@pytest.fixture
def engine(engine: FakeEngine) -> FakeEngine:
    """Return an engine with two more models, of which one only talks."""
    engine.known = (
        MODEL,
        ModelInfo(name="other", tools=True),
        ModelInfo(name="talker", tools=False),
    )
    return engine


async def choose(hass: HomeAssistant, entity_id: str, option: str) -> None:
    """Choose something, and let the entry start again with it."""
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": entity_id, "option": option},
        blocking=True,
    )
    await hass.async_block_till_done()


async def test_selects(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The choices are as they were."""
    await snapshot_platform(hass, entity_registry, snapshot, setup_entry.entry_id)


async def test_another_model(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The agent has another model then, and its name unless somebody gave it one."""
    await choose(hass, MODEL_OF, "other")
    subentry = setup_entry.subentries[AGENT_ID]
    assert subentry.data["model"] == "other"
    assert subentry.title == "other"
    assert state_of(hass, MODEL_OF) == "other"

    hass.config_entries.async_update_subentry(setup_entry, subentry, title="Jeeves")
    await hass.async_block_till_done()
    await choose(hass, MODEL_OF, "tiny")
    assert setup_entry.subentries[AGENT_ID].title == "Jeeves"


async def test_a_model_that_only_talks(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """An agent that controls the home needs one that can."""
    with pytest.raises(ServiceValidationError) as caught:
        await choose(hass, MODEL_OF, "talker")
    assert caught.value.translation_key == "model_without_tools"
    assert setup_entry.subentries[AGENT_ID].data["model"] == "tiny"


async def test_models_come_and_go(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """What the engine has can be chosen, and the agent's own also when it is gone."""
    engine.known = (ModelInfo(name="new"),)
    await setup_entry.runtime_data.coordinator.async_refresh_models()
    state = hass.states.get(MODEL_OF)
    assert state is not None
    assert state.attributes["options"] == ["tiny", "new"]
    assert state.state == "tiny"


@pytest.mark.parametrize(
    ("agent_data", "shown", "options"),
    [
        ({}, "always", 5),
        ({"keep_alive": -7}, "always", 5),
        ({"keep_alive": 300}, "five_minutes", 5),
        ({"keep_alive": 77}, "other", 6),
    ],
    indirect=["agent_data"],
)
async def test_how_long_it_stays(
    hass: HomeAssistant, setup_entry: MockConfigEntry, shown: str, options: int
) -> None:
    """A time that was entered in the form is another one; any can be chosen."""
    state = hass.states.get(KEPT)
    assert state is not None
    assert state.state == shown
    assert len(state.attributes["options"]) == options
    before = setup_entry.subentries[AGENT_ID].data
    if shown == "other":
        await choose(hass, KEPT, "other")
        assert setup_entry.subentries[AGENT_ID].data == before
    await choose(hass, KEPT, "not_at_all")
    assert setup_entry.subentries[AGENT_ID].data == {**before, "keep_alive": 0}
    assert state_of(hass, KEPT) == "not_at_all"


@pytest.fixture
def agent_data(
    request: pytest.FixtureRequest, agent_data: dict[str, Any]
) -> dict[str, Any]:
    """Return the agent's settings, with what a test adds."""
    return agent_data | getattr(request, "param", {})


async def test_an_engine_that_keeps_its_model(
    hass: HomeAssistant,
    engine: FakeEngine,
    mock_config_entry: MockConfigEntry,
    mock_probe: object,
    platforms: None,
) -> None:
    """Where a time would mean nothing there is none to choose."""
    engine.capabilities = Capabilities()
    mock_config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(mock_config_entry.entry_id)
    assert hass.states.async_entity_ids("select") == [MODEL_OF]
