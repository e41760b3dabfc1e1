"""A Home Assistant with the reference home, and an agent that talks."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from ..homes import async_set_up_home

type Say = Callable[..., Awaitable[conversation.ConversationResult]]
type Effects = Callable[[], list[tuple[str, str, dict[str, Any]]]]

AGENT = "conversation.tiny"


@pytest.fixture
async def home(hass: HomeAssistant) -> None:
    """Set up the reference home."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    await async_set_up_home(hass)


@pytest.fixture
async def agent(
    hass: HomeAssistant,
    home: None,
    mock_config_entry: MockConfigEntry,
    mock_probe: object,
) -> MockConfigEntry:
    """Set up Hearth with the fake engine and one agent."""
    mock_config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(mock_config_entry.entry_id)
    await hass.async_block_till_done()
    return mock_config_entry


@pytest.fixture
def say(hass: HomeAssistant, agent: MockConfigEntry) -> Say:
    """Say something to the agent and wait for what it does."""

    async def _say(
        text: str,
        *,
        conversation_id: str | None = None,
        language: str = "en",
        device_id: str | None = None,
        extra: str | None = None,
    ) -> conversation.ConversationResult:
        result = await conversation.async_converse(
            hass,
            text,
            conversation_id,
            Context(),
            language=language,
            agent_id=AGENT,
            device_id=device_id,
            extra_system_prompt=extra,
        )
        await hass.async_block_till_done()
        return result

    return _say


@pytest.fixture
def effects(hass: HomeAssistant) -> Effects:
    """Return what was done to the home since the last time it was asked.

    Each effect is a service, an entity and what else was in the data; the
    general services, which call those of the domains, are left out.
    """
    events = async_capture_events(hass, "call_service")

    def _effects() -> list[tuple[str, str, dict[str, Any]]]:
        found = []
        for event in events:
            domain, service = event.data["domain"], event.data["service"]
            data = dict(event.data["service_data"])
            entity_ids = data.pop("entity_id", [])
            if domain == "homeassistant":
                continue
            if isinstance(entity_ids, str):
                entity_ids = [entity_ids]
            found += [(f"{domain}.{service}", entity, data) for entity in entity_ids]
        events.clear()
        return sorted(found, key=lambda effect: effect[:2])

    return _effects


@pytest.fixture
def llm_context() -> llm.LLMContext:
    """Return who asks: an agent of Hearth, for nobody in particular."""
    return llm.LLMContext(
        platform="hearth",
        context=Context(),
        language="en",
        assistant="conversation",
        device_id=None,
    )
