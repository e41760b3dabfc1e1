"""What is told to whoever is to help, and that it is nothing personal."""

import json
from types import MappingProxyType
from typing import Any, override
from unittest.mock import AsyncMock

from freezegun import freeze_time
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import (
    async_expose_entity,
)
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import (
    CONF_API_KEY,
    CONF_LLM_HASS_API,
    CONF_MODEL,
    CONF_PROMPT,
    CONF_URL,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    issue_registry as ir,
    llm,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.hearth.const import DOMAIN, SUBENTRY_AI_TASK
from custom_components.hearth.engines.base import LoadedModel, ModelInfo
from custom_components.hearth.engines.chat import ToolCall
from custom_components.hearth.engines.faults import OutOfMemory, Unreachable

from .conftest import AGENT_ID, ENTRY_ID
from .fake_engine import FakeEngine, calls, says
from .hardware.board_trees import PI_5_8GB
from .homes import async_set_up_home
from .machines import Machine

# In every place where something secret or personal can be.
MARKER = "Zebedee"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the agents."""
    return ["conversation"]


@pytest.fixture
async def home(hass: HomeAssistant) -> None:
    """Set up the reference home."""
    assert await async_setup_component(hass, "conversation", {})
    await async_set_up_home(hass)


async def _say(hass: HomeAssistant, text: str) -> None:
    """Say something to the agent."""
    (agent,) = (
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN and entity.domain == "conversation"
    )
    await conversation.async_converse(
        hass, text, None, Context(), language="en", agent_id=agent
    )
    await hass.async_block_till_done()


async def test_diagnostics(
    hass: HomeAssistant,
    home: None,
    machine: Machine,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    hass_client: ClientSessionGenerator,
    snapshot: SnapshotAssertion,
) -> None:
    """Engine, agents with their newest turns, home and machine are told."""
    machine.plant(PI_5_8GB)
    engine.script(says("Hello."), says("Hello again."))
    # The name of the day is in the message, and its length in what tokens measure.
    with freeze_time("2026-11-26T12:00:00+00:00"):
        await _say(hass, "hello")
        await _say(hass, "hello")

    found = await get_diagnostics_for_config_entry(hass, hass_client, setup_entry)

    assert found == snapshot(exclude=props("first_word_seconds", "total_seconds"))


async def test_only_the_newest_turns(
    hass: HomeAssistant,
    home: None,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    hass_client: ClientSessionGenerator,
) -> None:
    """Of a long life only the last twenty turns are told."""
    for _ in range(21):
        engine.script(says("Hello."))
        await _say(hass, "hello")

    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, setup_entry)

    assert len(found["agents"][0]["turns"]) == 20


async def test_of_a_device(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """The device of an agent tells of this agent, that of the engine of all."""
    other = ConfigSubentry(
        data=MappingProxyType({CONF_MODEL: "other"}),
        subentry_type=SUBENTRY_AI_TASK,
        title="Other",
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(setup_entry, other)
    await hass.async_block_till_done()
    devices = dr.async_get(hass)

    for identifier, models in ((AGENT_ID, ["tiny"]), (ENTRY_ID, ["tiny", "other"])):
        device = devices.async_get_device_by_identifier((DOMAIN, identifier), ENTRY_ID)
        assert device is not None
        found: Any = await get_diagnostics_for_device(
            hass, hass_client, setup_entry, device
        )
        assert [agent["model"] for agent in found["agents"]] == models


async def test_of_an_entry_that_failed(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    hass_client: ClientSessionGenerator,
) -> None:
    """What could not be set up tells why, and what it was to be."""
    mock_probe.side_effect = Unreachable("refused")
    mock_config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(ENTRY_ID)

    found: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, mock_config_entry
    )

    assert found["entry"]["state"] == ConfigEntryState.SETUP_RETRY.value
    assert found["entry"]["reason"] == "cannot_connect"
    assert found["engine"] is None
    assert found["agents"][0]["turns"] == []


class _PrivateAPI(llm.API):
    """A set of tools with a name of somebody's own."""

    @override
    async def async_get_api_instance(
        self, llm_context: llm.LLMContext
    ) -> llm.APIInstance:
        """Return no tools."""
        return llm.APIInstance(self, MARKER, llm_context, tools=[])


@pytest.fixture
def private_engine(engine: FakeEngine) -> FakeEngine:
    """Return an engine that knows somebody's name."""
    path = f"/home/{MARKER}/some models/q4.gguf"
    engine.url = f"http://{MARKER}:{MARKER}@{MARKER}.example:11434/{MARKER}?{MARKER}"
    engine.known = (ModelInfo(name=path), ModelInfo(name=f"C:\\{MARKER}\\q4.gguf"))
    engine.in_memory = (LoadedModel(name=path),)
    return engine


@pytest.fixture
def private_home(hass: HomeAssistant) -> None:
    """Name everything in the home after somebody."""
    hass.config.location_name = MARKER
    floor = fr.async_get(hass).async_create(MARKER)
    area = ar.async_get(hass).async_create(MARKER, floor_id=floor.floor_id)
    registry = er.async_get(hass)
    entry = registry.async_get_or_create(
        "light", "test", MARKER, object_id_base=MARKER, original_name=MARKER
    )
    registry.async_update_entity(
        entry.entity_id, aliases=[f"{MARKER} 2"], area_id=area.id
    )
    hass.states.async_set(entry.entity_id, "on", {"friendly_name": MARKER})
    async_expose_entity(hass, "conversation", entry.entity_id, True)
    llm.async_register_api(hass, _PrivateAPI(hass=hass, id=MARKER, name=MARKER))


@pytest.fixture
def private_entry(private_engine: FakeEngine) -> MockConfigEntry:
    """Return an entry with something secret in every field."""
    return MockConfigEntry(
        data={CONF_API_KEY: MARKER, CONF_URL: private_engine.url},
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        subentries_data=[
            {
                "data": {
                    CONF_LLM_HASS_API: ["hearth", MARKER],
                    CONF_MODEL: private_engine.known[0].name,
                    CONF_PROMPT: f"You belong to {MARKER}.",
                },
                "subentry_type": "conversation",
                "title": MARKER,
                "unique_id": None,
            }
        ],
        title=MARKER,
    )


async def test_nothing_personal(
    hass: HomeAssistant,
    home: None,
    private_home: None,
    private_engine: FakeEngine,
    private_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    hass_client: ClientSessionGenerator,
) -> None:
    """No key, address, name, instruction or word that was said is told."""
    private_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(ENTRY_ID)
    private_engine.script(
        calls(ToolCall("1", "control", {"action": "off", "name": MARKER})),
        [OutOfMemory(f"No memory for {MARKER}")],
    )
    await _say(hass, f"turn off {MARKER}")
    await _say(hass, f"turn off {MARKER}")
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"cloud_model_{MARKER}",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="cloud_model",
        translation_placeholders={"title": MARKER},
    )

    found: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, private_entry
    )

    # It was everywhere, and everything was looked at.
    assert any(MARKER in request.messages[0].content for request in _asked(hass))
    assert found["engine"]["last_chat_error"] == "out_of_memory"
    assert [len(agent["turns"]) for agent in found["agents"]] == [2]
    assert "cloud_model" in found["issues"]
    assert found["engine"]["models"][0]["name"] == "q4.gguf"
    assert MARKER.lower() not in json.dumps(found).lower()


def _asked(hass: HomeAssistant) -> list[Any]:
    """Return what the engine was asked."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    requests: list[Any] = entry.runtime_data.engine.requests
    return requests
