"""Hearth: a local language model as the voice of the home."""

from homeassistant.const import CONF_API_KEY, CONF_URL, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import DeviceEntryType
from homeassistant.helpers.typing import ConfigType

from .agent.budget import AgentBudget
from .agent.line import Line
from .agent.metrics import AgentMetrics
from .agent.thinking import ThinkMode
from .agent.toolset import async_register_api
from .agent.uses import async_follow_uses, async_forget_uses
from .benchmarking.store import async_benchmarks
from .board_setup import async_set_up_board
from .const import CONF_THINK, DOMAIN
from .coordinator import HearthConfigEntry, HearthCoordinator, HearthRuntimeData
from .engines.base import Engine
from .engines.faults import EngineError
from .engines.kinds import NAMES
from .engines.probe import probe
from .errors import setup_error
from .issue_watch import async_drop_stale_issues
from .library.opening import async_open_library, async_start_library
from .library.store import async_forget
from .managed.entry import async_clean_up, async_start_engine, async_stop_engine
from .managed.settings import is_managed
from .read_ahead import async_set_up_read_ahead
from .services import async_register_actions

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = (
    Platform.AI_TASK,
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CONVERSATION,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.UPDATE,
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Offer the compact tools to every agent, and the actions to automations."""
    await async_follow_uses(hass)
    async_register_api(hass)
    async_register_actions(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: HearthConfigEntry) -> bool:
    """Set up an engine and its agents."""
    managed = is_managed(entry.data)
    engine: Engine
    if managed:
        engine = await async_start_engine(hass, entry)
    else:
        engine = await _async_connect(hass, entry)

    line = Line()
    coordinator = HearthCoordinator(hass, entry, engine, line)
    await coordinator.async_config_entry_first_refresh()

    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        # An engine of our own has no page, and a new address at each start.
        configuration_url=None if managed else engine.url,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        model=NAMES[engine.kind],
        name=entry.title,
        sw_version=coordinator.data.health.version,
    )
    library, pulls, shelf = await async_open_library(hass, entry, engine)
    entry.runtime_data = HearthRuntimeData(
        engine=engine,
        coordinator=coordinator,
        metrics={subentry_id: AgentMetrics() for subentry_id in entry.subentries},
        budgets={subentry_id: AgentBudget(engine) for subentry_id in entry.subentries},
        library=library,
        line=line,
        benchmarks=await async_benchmarks(hass),
        pulls=pulls,
        shelf=shelf,
    )
    async_set_up_read_ahead(hass, entry)
    await async_set_up_board(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_start_library(entry)
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: HearthConfigEntry) -> bool:
    """Unload an engine and its agents."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    if is_managed(entry.data):
        await async_stop_engine(entry)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: HearthConfigEntry) -> bool:
    """Bring an entry of an older version up to date; a newer one cannot be read."""
    if entry.version > 1:
        return False
    if entry.minor_version < 2:
        _async_name_think_modes(hass, entry)
        hass.config_entries.async_update_entry(entry, minor_version=2)
    return True


def _async_name_think_modes(hass: HomeAssistant, entry: HearthConfigEntry) -> None:
    """Turn the switch for thinking, which was on or off, into a choice."""
    for subentry in list(entry.subentries.values()):
        if isinstance(thinks := subentry.data.get(CONF_THINK), bool):
            mode = ThinkMode.ON if thinks else ThinkMode.OFF
            data = {**subentry.data, CONF_THINK: mode.value}
            hass.config_entries.async_update_subentry(entry, subentry, data=data)


async def async_remove_entry(hass: HomeAssistant, entry: HearthConfigEntry) -> None:
    """Remove what an engine of our own has left, but none of its models."""
    async_drop_stale_issues(hass)
    (await async_benchmarks(hass)).forget(entry.entry_id)
    await async_forget(hass, entry.entry_id)
    if all(one is entry for one in hass.config_entries.async_entries(DOMAIN)):
        await async_forget_uses(hass)
    if is_managed(entry.data):
        await async_clean_up(hass, entry.entry_id)


async def _async_connect(hass: HomeAssistant, entry: HearthConfigEntry) -> Engine:
    """Return the engine that answers at an entry's address."""
    url = entry.data[CONF_URL]
    try:
        return await probe(
            async_get_clientsession(hass), url, entry.data.get(CONF_API_KEY)
        )
    except EngineError as err:
        raise setup_error(err, url) from err


async def _async_reload(hass: HomeAssistant, entry: HearthConfigEntry) -> None:
    """Start again with what was changed: the server, or an agent."""
    await hass.config_entries.async_reload(entry.entry_id)
