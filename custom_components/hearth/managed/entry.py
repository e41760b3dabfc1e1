"""From an entry's settings to a running engine of our own, and to its end."""

import shutil

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..coordinator import HearthConfigEntry
from ..engines.faults import EngineError
from ..engines.managed import ManagedEngine, ManagedState
from ..runtimes.installer import async_uninstall
from .installing import async_install_package
from .plan import async_plan
from .problem import ManagedError
from .settings import ManagedSettings, engine_path
from .tunings import async_tunings

_INSTALLING: HassKey[set[str]] = HassKey(f"{DOMAIN}_installing")

# A person must do something; waiting will not help.
_FOR_GOOD = frozenset(
    {"llama_server_missing", "model_file_damaged", "model_file_missing"}
)


async def async_start_engine(
    hass: HomeAssistant, entry: HearthConfigEntry
) -> ManagedEngine:
    """Start the engine of an entry; it loads its model while others go on.

    It is stopped when the entry is unloaded and when Home Assistant stops.
    """
    try:
        plan = await async_plan(hass, ManagedSettings.of(entry.data), entry.entry_id)
    except ManagedError as err:
        if err.key == "package_missing":
            _async_install_again(hass, entry)
        kind = ConfigEntryError if err.key in _FOR_GOOD else ConfigEntryNotReady
        raise kind(
            translation_domain=DOMAIN,
            translation_key=err.key,
            translation_placeholders=err.placeholders,
        ) from err

    @callback
    def changed(engine: ManagedEngine) -> None:
        _async_changed(hass, entry, engine)

    engine = ManagedEngine(async_get_clientsession(hass), plan, on_change=changed)

    async def stop(event: Event | None = None) -> None:
        await engine.stop()

    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop))
    entry.async_on_unload(stop)
    try:
        await engine.start()
    except EngineError as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="start_failed",
            translation_placeholders={"error": str(err)},
        ) from err
    return engine


@callback
def _async_install_again(hass: HomeAssistant, entry: HearthConfigEntry) -> None:
    """Bring back a package that an update took away; the entry starts with it.

    Each try to set the entry up comes here, and no second installation begins.
    """
    installing = hass.data.setdefault(_INSTALLING, set())
    if entry.entry_id in installing:
        return
    installing.add(entry.entry_id)

    async def install() -> None:
        try:
            await async_install_package(
                hass, ManagedSettings.of(entry.data), lambda _: None
            )
        except ManagedError as err:
            LOGGER.warning("llama-cpp-python could not be installed again: %s", err)
        else:
            hass.config_entries.async_schedule_reload(entry.entry_id)
        finally:
            installing.discard(entry.entry_id)

    hass.async_create_background_task(install(), "Installing llama-cpp-python again")


async def async_stop_engine(entry: HearthConfigEntry) -> None:
    """Stop the engine of a loaded entry now, for the next one wants its memory."""
    engine = entry.runtime_data.engine
    if isinstance(engine, ManagedEngine):
        await engine.stop()


async def async_clean_up(hass: HomeAssistant, entry_id: str) -> None:
    """Remove the engine's key, prompts, tuning and issue, and the package it had."""
    ir.async_delete_issue(hass, DOMAIN, issue_id(entry_id))
    (await async_tunings(hass)).forget(entry_id)
    await async_uninstall(hass)
    await hass.async_add_executor_job(shutil.rmtree, engine_path(hass), True)


def issue_id(entry_id: str) -> str:
    """Return the id of the issue that an engine of our own keeps ending."""
    return f"engine_failed_{entry_id}"


@callback
def _async_changed(
    hass: HomeAssistant, entry: HearthConfigEntry, engine: ManagedEngine
) -> None:
    """Tell a person what only a person can mend, and take it back when it is."""
    if engine.state is ManagedState.FAILED:
        LOGGER.error(
            "llama.cpp keeps ending and is not started again: %s", engine.failure
        )
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id(entry.entry_id),
            data={"entry_id": entry.entry_id},
            is_fixable=True,
            severity=ir.IssueSeverity.ERROR,
            translation_key="engine_failed",
            translation_placeholders={
                "error": engine.failure or "",
                "title": entry.title,
            },
        )
    elif engine.state is ManagedState.READY:
        ir.async_delete_issue(hass, DOMAIN, issue_id(entry.entry_id))
    if entry.state is ConfigEntryState.LOADED:
        entry.async_create_background_task(
            hass,
            entry.runtime_data.coordinator.async_request_refresh(),
            "Looking at the engine",
        )
