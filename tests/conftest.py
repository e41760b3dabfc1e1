"""Fixtures that all tests share."""

from collections.abc import Generator
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import CONF_LLM_HASS_API, CONF_MODEL, CONF_PROMPT, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from custom_components.hearth import PLATFORMS
from custom_components.hearth.board_reading import Places
from custom_components.hearth.const import (
    DOMAIN,
    LLM_API_HEARTH,
    SUBENTRY_CONVERSATION,
)

from .fake_engine import FakeEngine
from .machines import Machine

AGENT_ID = "01JHEARTHAGENT000000000000"
ENTRY_ID = "01JHEARTHENTRY000000000000"


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity that must be there."""
    state = hass.states.get(entity_id)
    assert state is not None, (
        f"{entity_id} is not among {hass.states.async_entity_ids()}"
    )
    return state.state


@pytest.fixture
async def hass(hass: HomeAssistant) -> HomeAssistant:
    """Return Home Assistant with its own component, which every home has."""
    assert await async_setup_component(hass, "homeassistant", {})
    return hass


@pytest.fixture(autouse=True)
def custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find Hearth, in the tests that have a Home Assistant.

    It runs on a machine of which nothing is known, unless a test says more.
    """
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")
        request.getfixturevalue("machine")
        request.getfixturevalue("look_around")
        request.getfixturevalue("at_once")


@pytest.fixture
def at_once() -> Generator[None]:
    """Let no page have time to listen."""
    with patch("custom_components.hearth.steps.work.LEAST", 0.0):
        yield


@pytest.fixture
def look_around() -> Generator[AsyncMock]:
    """See nothing, so that a new entry begins with the question of what it is to be."""
    look = AsyncMock(side_effect=TimeoutError)
    with patch("custom_components.hearth.welcome.flow.async_look", look):
        yield look


@pytest.fixture
def machine(tmp_path_factory: pytest.TempPathFactory) -> Generator[Machine]:
    """Return the machine that Home Assistant runs on, with empty files."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    places = Places(root=machine.root, space=machine.space)
    with patch("custom_components.hearth.board_coordinator.MACHINE", places):
        yield machine


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that know Home Assistant's types."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def engine() -> FakeEngine:
    """Return an engine without a server."""
    return FakeEngine()


@pytest.fixture
def mock_probe(engine: FakeEngine) -> Generator[AsyncMock]:
    """Find the fake engine at every address."""
    probe = AsyncMock(return_value=engine)
    with (
        patch("custom_components.hearth.probe", probe),
        patch("custom_components.hearth.trial.probe", probe),
    ):
        yield probe


@pytest.fixture
def agent_data() -> dict[str, Any]:
    """Return the settings of the agent of ``mock_config_entry``."""
    return {CONF_LLM_HASS_API: [LLM_API_HEARTH], CONF_MODEL: "tiny", CONF_PROMPT: ""}


@pytest.fixture
def mock_config_entry(
    engine: FakeEngine, agent_data: dict[str, Any]
) -> MockConfigEntry:
    """Return an entry for the fake engine with one agent; not yet added."""
    return MockConfigEntry(
        data={CONF_URL: engine.url},
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        subentries_data=[
            ConfigSubentryDataWithId(
                data=agent_data,
                subentry_id=AGENT_ID,
                subentry_type=SUBENTRY_CONVERSATION,
                title="tiny",
                unique_id=None,
            )
        ],
        title="127.0.0.1",
    )


@pytest.fixture
def platform_list() -> list[str]:
    """Return the platforms to set up; a test module names its own."""
    return list(PLATFORMS)


@pytest.fixture
def platforms(platform_list: list[str]) -> Generator[None]:
    """Set up only the platforms that a test module names."""
    with patch("custom_components.hearth.PLATFORMS", platform_list):
        yield


@pytest.fixture
async def setup_entry(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> MockConfigEntry:
    """Return the entry, set up."""
    mock_config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(mock_config_entry.entry_id)
    await hass.async_block_till_done()
    return mock_config_entry


@pytest.fixture
def entity_registry_enabled_by_default() -> Generator[None]:
    """Enable the entities that start disabled."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        return_value=True,
    ):
        yield
