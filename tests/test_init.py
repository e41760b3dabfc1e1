"""Setting up, unloading and reloading an entry."""

from datetime import timedelta
from typing import Any
from unittest.mock import AsyncMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, llm
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.hearth.agent.line import Priority
from custom_components.hearth.const import DOMAIN, LLM_API_HEARTH
from custom_components.hearth.engines.base import EngineState, Health
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    EngineError,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)

from .conftest import AGENT_ID, ENTRY_ID
from .fake_engine import FakeEngine

pytestmark = pytest.mark.usefixtures("platforms")


@pytest.fixture
def platform_list() -> list[str]:
    """Set up no platform."""
    return []


async def test_leaves_nothing_behind(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    hass_admin_user: MockUser,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What people use is known as long as there is an entry."""
    other = MockConfigEntry(data={CONF_URL: "http://10.0.0.1"}, domain=DOMAIN)
    other.add_to_hass(hass)
    hass.states.async_set("light.lamp", "off")
    hass.services.async_register("test", "do", lambda _: None)
    context = Context(user_id=hass_admin_user.id)
    data = {"entity_id": "light.lamp"}
    await hass.services.async_call("test", "do", data, blocking=True, context=context)
    freezer.tick(timedelta(hours=1))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert "hearth.uses" in hass_storage

    await hass.config_entries.async_remove(ENTRY_ID)
    assert "hearth.uses" in hass_storage
    await hass.config_entries.async_remove(other.entry_id)
    assert "hearth.uses" not in hass_storage


async def test_sets_up_and_unloads(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    engine: FakeEngine,
) -> None:
    """A server that answers is set up with a place for each agent's numbers."""
    mock_config_entry.add_to_hass(hass)

    assert await hass.config_entries.async_setup(ENTRY_ID)

    assert mock_config_entry.state is ConfigEntryState.LOADED
    runtime = mock_config_entry.runtime_data
    assert runtime.engine is engine
    assert list(runtime.metrics) == [AGENT_ID]
    assert mock_probe.await_args_list[-1].args[1:] == (engine.url, None)

    assert await hass.config_entries.async_unload(ENTRY_ID)
    assert mock_config_entry.state is ConfigEntryState.NOT_LOADED


async def test_answers_one_at_a_time(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """A second generation waits for the first."""
    line = setup_entry.runtime_data.line
    assert not line.locked()
    async with line.place(Priority.VOICE):
        assert line.locked()


async def test_uses_the_key(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry, mock_probe: AsyncMock
) -> None:
    """The saved API key is used to connect."""
    mock_config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        mock_config_entry, data={**mock_config_entry.data, CONF_API_KEY: "secret"}
    )

    assert await hass.config_entries.async_setup(ENTRY_ID)

    assert mock_probe.await_args_list[-1].args[2] == "secret"


async def test_registers_the_compact_tools(hass: HomeAssistant) -> None:
    """The API of compact tools is there before any engine is."""
    assert await async_setup_component(hass, DOMAIN, {})

    assert LLM_API_HEARTH in {api.id for api in llm.async_get_apis(hass)}


async def test_engine_device(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The engine is a device that names its kind and version."""
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, ENTRY_ID), ENTRY_ID
    )

    assert device == snapshot


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (AuthFailed("401"), ConfigEntryState.SETUP_ERROR, "invalid_auth"),
        (Busy("503"), ConfigEntryState.SETUP_RETRY, "busy"),
        (EngineError("?"), ConfigEntryState.SETUP_RETRY, "unknown"),
        (ProtocolError("html"), ConfigEntryState.SETUP_ERROR, "not_an_engine"),
        (TimedOut("5 s"), ConfigEntryState.SETUP_RETRY, "timeout_connect"),
        (Unreachable("refused"), ConfigEntryState.SETUP_RETRY, "cannot_connect"),
        (Unsupported("vllm"), ConfigEntryState.SETUP_ERROR, "not_an_engine"),
    ],
)
async def test_server_fails_the_probe(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    error: EngineError,
    state: ConfigEntryState,
    reason: str,
) -> None:
    """What is wrong decides whether Home Assistant tries again."""
    mock_probe.side_effect = error
    mock_config_entry.add_to_hass(hass)

    assert not await hass.config_entries.async_setup(ENTRY_ID)

    assert mock_config_entry.state is state
    assert mock_config_entry.error_reason_translation_key == reason


async def test_bad_key_starts_reauth(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry, mock_probe: AsyncMock
) -> None:
    """A key that is not accepted is asked for again."""
    mock_probe.side_effect = AuthFailed("401")
    mock_config_entry.add_to_hass(hass)

    await hass.config_entries.async_setup(ENTRY_ID)
    await hass.async_block_till_done()

    assert any(mock_config_entry.async_get_active_flows(hass, {SOURCE_REAUTH}))


async def test_first_refresh_fails(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    engine: FakeEngine,
) -> None:
    """A server that falls silent after the probe is tried again later."""
    engine.error = Unreachable("reset")
    mock_config_entry.add_to_hass(hass)

    assert not await hass.config_entries.async_setup(ENTRY_ID)

    assert mock_config_entry.state is ConfigEntryState.SETUP_RETRY


async def test_sets_up_while_loading(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    engine: FakeEngine,
) -> None:
    """A server that still loads its model is set up, with nothing in memory."""
    engine.healthy = Health(state=EngineState.LOADING)
    mock_config_entry.add_to_hass(hass)

    assert await hass.config_entries.async_setup(ENTRY_ID)

    status = mock_config_entry.runtime_data.coordinator.data
    assert status.loaded == ()


async def test_reloads_when_changed(
    hass: HomeAssistant, setup_entry: MockConfigEntry, mock_probe: AsyncMock
) -> None:
    """A changed address is used at once."""
    url = "http://127.0.0.1:8080"
    hass.config_entries.async_update_entry(setup_entry, data={CONF_URL: url})
    await hass.async_block_till_done()

    assert setup_entry.state is ConfigEntryState.LOADED
    assert mock_probe.await_count == 2
    assert mock_probe.await_args_list[-1].args[1] == url


async def test_reloads_once_after_reconfigure(
    hass: HomeAssistant, setup_entry: MockConfigEntry, mock_probe: AsyncMock
) -> None:
    """A new key is tried once by the form, and used once by the entry."""
    result = await setup_entry.start_reconfigure_flow(hass)
    await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_API_KEY: "key", CONF_URL: setup_entry.data[CONF_URL]}
    )
    await hass.async_block_till_done()

    assert setup_entry.state is ConfigEntryState.LOADED
    assert mock_probe.await_count == 3


async def test_reloads_when_an_agent_is_removed(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """A removed agent leaves nothing behind."""
    assert hass.config_entries.async_remove_subentry(setup_entry, AGENT_ID)
    await hass.async_block_till_done()

    assert setup_entry.state is ConfigEntryState.LOADED
    assert setup_entry.runtime_data.metrics == {}


@pytest.mark.parametrize(("before", "after"), [(True, "on"), (False, "off")])
async def test_an_older_entry(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    before: bool,
    after: str,
) -> None:
    """What was a switch is a choice now; everything else stays."""
    mock_config_entry.add_to_hass(hass)
    (subentry,) = mock_config_entry.subentries.values()
    hass.config_entries.async_update_subentry(
        mock_config_entry, subentry, data={**subentry.data, "think": before}
    )

    assert await hass.config_entries.async_setup(ENTRY_ID)

    (subentry,) = mock_config_entry.subentries.values()
    assert subentry.data["think"] == after
    assert subentry.data["model"] == "tiny"
    assert mock_config_entry.minor_version == 2


async def test_an_entry_of_a_later_version(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry, mock_probe: AsyncMock
) -> None:
    """What nobody here can read is left alone."""
    mock_config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(mock_config_entry, version=2)

    assert not await hass.config_entries.async_setup(ENTRY_ID)
    assert mock_config_entry.state is ConfigEntryState.MIGRATION_ERROR
