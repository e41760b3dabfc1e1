"""Bringing an entry together with the models of its engine."""

from contextlib import suppress
from functools import partial

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .. import board_coordinator
from ..agent.line import LineError, Priority
from ..board_coordinator import runs_here
from ..board_reading import ollama_folder
from ..const import EVENT_PULL_FINISHED
from ..coordinator import HearthConfigEntry
from ..engines.base import Engine, EngineKind
from ..hardware.board import is_pi5
from ..hardware.storage import read_storage
from ..managed.settings import ManagedSettings, is_managed
from ..models.download_request import Patience
from ..models.registry import ENDPOINTS, Registry
from ..welcome.apps import async_apps
from .base import Library
from .files import FileLibrary
from .fixed import FixedLibrary
from .ollama import OllamaLibrary
from .problem import said
from .pull import Pull
from .pulls import Pulls
from .shelf import Shelf
from .store import LibraryStore

# Seconds. A registry only tells what is good to know, and somebody may wait for it.
_PATIENCE = Patience(connect=5.0, silence=10.0)
# A Raspberry Pi has one slow disk, and a network that one download fills.
_ON_PI_5, _ELSEWHERE = 1, 2


async def async_open_library(
    hass: HomeAssistant, entry: HearthConfigEntry, engine: Engine
) -> tuple[Library, Pulls, Shelf]:
    """Return the models of an entry's engine, those on their way, and a view of both.

    Nothing begins yet.
    """
    store = LibraryStore(hass, entry.entry_id)
    await store.async_load()
    entry.async_on_unload(store.async_close)
    library = _library(hass, entry, engine)
    pulls = Pulls(
        hass,
        entry,
        library,
        store,
        at_once=await _async_at_once(hass, entry),
        when_done=partial(_async_pull_ended, hass, entry),
    )
    shelf = Shelf(hass, entry, library, store)
    await shelf.async_refresh()
    return library, pulls, shelf


@callback
def async_start_library(entry: HearthConfigEntry) -> None:
    """Go on with what was not finished, and look for newer versions."""
    runtime = entry.runtime_data
    runtime.pulls.async_resume()
    if runtime.library.can_change:
        runtime.shelf.async_start()


def _library(hass: HomeAssistant, entry: HearthConfigEntry, engine: Engine) -> Library:
    """Return the models of an engine."""
    if is_managed(entry.data):
        return FileLibrary(hass, ManagedSettings.of(entry.data))
    if engine.kind is EngineKind.OLLAMA and engine.capabilities.pull:
        session = async_get_clientsession(hass)
        registry = Registry(session, ENDPOINTS, patience=_PATIENCE)
        return OllamaLibrary(engine, registry, partial(_async_free, hass, entry))
    return FixedLibrary(engine)


async def _async_free(hass: HomeAssistant, entry: HearthConfigEntry) -> int | None:
    """Return the bytes that are free on an Ollama's disk, where that is seen."""
    if not runs_here(entry):
        return None
    places = board_coordinator.MACHINE

    def read() -> int | None:
        if (folder := ollama_folder(places.root)) is None:
            return None
        space = read_storage(places.root, folder, places.space).space
        return space.free if space else None

    return await hass.async_add_executor_job(read)


async def _async_at_once(hass: HomeAssistant, entry: HearthConfigEntry) -> int:
    """Return how many models are pulled at the same time."""
    if not runs_here(entry):
        return _ELSEWHERE
    look = partial(
        is_pi5,
        board_coordinator.MACHINE.root,
        supervisor_machine=async_apps(hass).machine,
    )
    return _ON_PI_5 if await hass.async_add_executor_job(look) else _ELSEWHERE


@callback
def _async_pull_ended(
    hass: HomeAssistant, entry: HearthConfigEntry, pull: Pull
) -> None:
    """Tell automations that a pull has ended, and let the entities show it."""
    error = said(HomeAssistantError, pull.error) if pull.error else None
    hass.bus.async_fire(
        EVENT_PULL_FINISHED,
        {
            "config_entry_id": entry.entry_id,
            "model": pull.key,
            "success": error is None,
            "error": str(error) if error else None,
        },
    )
    if error is None:
        entry.async_create_background_task(
            hass, _async_take(hass, entry, pull), "Looking at a new model"
        )


async def _async_take(
    hass: HomeAssistant, entry: HearthConfigEntry, pull: Pull
) -> None:
    """Show a model that was pulled, and use it where the one before it was used."""
    runtime = entry.runtime_data
    await runtime.shelf.async_refresh()
    runtime.shelf.async_is_newest(pull.key)
    runtime.async_forget_facts()
    await runtime.coordinator.async_refresh_models()
    if not is_managed(entry.data):
        return
    settings = ManagedSettings.of(entry.data)
    if settings.models_path(hass) / pull.key == settings.model_file:
        # The engine has the old file open; nobody is interrupted for the new one.
        with suppress(LineError):
            async with runtime.line.place(Priority.TASK):
                pass
        hass.config_entries.async_schedule_reload(entry.entry_id)
