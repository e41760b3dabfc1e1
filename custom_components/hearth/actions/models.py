"""The actions that list, pull and delete the models of an engine."""

from typing import Any

from homeassistant.const import CONF_MODEL
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import HearthConfigEntry, HearthRuntimeData
from ..engines.base import LoadedModel
from ..engines.faults import EngineError
from ..library.base import InstalledModel, LibraryError
from ..library.problem import said
from ..library.pull import Pull
from .common import ATTR_CONFIG_ENTRY, ATTR_MODEL, Action, entry_of

ATTR_FORCE = "force"
ATTR_WAIT = "wait"

# The longest name of a file below the folder of a repository fits.
_LONGEST_NAME = 600

_ENTRY = {vol.Optional(ATTR_CONFIG_ENTRY): cv.string}
_MODEL = {
    vol.Required(ATTR_MODEL): vol.All(cv.string, vol.Length(min=1, max=_LONGEST_NAME))
}
_LIST = vol.Schema(_ENTRY)
_CANCEL = vol.Schema(_ENTRY | _MODEL)
_DELETE = vol.Schema(
    _ENTRY | _MODEL | {vol.Optional(ATTR_FORCE, default=False): cv.boolean}
)
_PULL = vol.Schema(
    _ENTRY | _MODEL | {vol.Optional(ATTR_WAIT, default=False): cv.boolean}
)

# What is wrong with what was entered, and not with the world.
_INVALID = frozenset(
    {
        "hub_not_found",
        "invalid_model_name",
        "invalid_reference",
        "model_in_use",
        "model_is_running",
        "model_not_installed",
        "model_not_ours",
        "models_fixed",
        "pull_missing",
        "pull_unknown_model",
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; only administrators may fill and clear the disk."""
    hass.services.async_register(
        DOMAIN, Action.LIST_MODELS, _async_list, _LIST, SupportsResponse.ONLY
    )
    async_register_admin_service(
        hass, DOMAIN, Action.PULL_MODEL, _async_pull, _PULL, SupportsResponse.OPTIONAL
    )
    async_register_admin_service(
        hass, DOMAIN, Action.CANCEL_PULL, _async_cancel, _CANCEL
    )
    async_register_admin_service(
        hass, DOMAIN, Action.DELETE_MODEL, _async_delete, _DELETE
    )


def _error(err: LibraryError) -> HomeAssistantError:
    """Return what Home Assistant says of an error."""
    kind = ServiceValidationError if err.key in _INVALID else HomeAssistantError
    return said(kind, err)


async def _async_pull(call: ServiceCall) -> ServiceResponse:
    """Pull a model; return at once, or when it is there."""
    pulls = entry_of(call).runtime_data.pulls
    try:
        pull = await pulls.async_start(call.data[ATTR_MODEL])
        if call.data[ATTR_WAIT]:
            await pull.wait()
    except LibraryError as err:
        raise _error(err) from err
    return {"model": pull.key, "success": pull.succeeded}


async def _async_cancel(call: ServiceCall) -> None:
    """Give up a pull."""
    pulls, name = entry_of(call).runtime_data.pulls, call.data[ATTR_MODEL]
    if (pull := pulls.find(name)) is None:
        raise _error(LibraryError("pull_missing", {"model": name}))
    await pulls.async_cancel(pull)


async def _async_delete(call: ServiceCall) -> None:
    """Delete a model, unless somebody needs it."""
    entry, name = entry_of(call), call.data[ATTR_MODEL]
    runtime = entry.runtime_data
    await runtime.shelf.async_refresh()
    try:
        model = _deletable(entry, name, force=call.data[ATTR_FORCE])
        if (pull := runtime.pulls.find(model.name)) is not None:
            await runtime.pulls.async_cancel(pull)
        await runtime.library.delete(model)
    except LibraryError as err:
        raise _error(err) from err
    await runtime.shelf.async_refresh()
    await runtime.coordinator.async_refresh_models()


def _deletable(entry: HearthConfigEntry, name: str, *, force: bool) -> InstalledModel:
    """Return a model that may be deleted; raises LibraryError."""
    runtime = entry.runtime_data
    if (model := runtime.shelf.model(name)) is None:
        raise LibraryError("model_not_installed", {"model": name})
    if (refusal := runtime.library.refusal(model)) is not None:
        raise refusal
    agents = _agents_with(entry, model)
    if agents and not force:
        words = {"agents": ", ".join(agents), "model": model.name}
        raise LibraryError("model_in_use", words)
    return model


def _agents_with(entry: HearthConfigEntry, model: InstalledModel) -> list[str]:
    """Return the titles of the agents and tasks that use a model."""
    shelf = entry.runtime_data.shelf
    return [
        subentry.title
        for subentry in entry.subentries.values()
        if shelf.model(subentry.data.get(CONF_MODEL, "")) == model
    ]


async def _async_list(call: ServiceCall) -> ServiceResponse:
    """Return the models that are there, and those on their way."""
    runtime = entry_of(call).runtime_data
    try:
        models = await runtime.library.installed()
        loaded = await runtime.engine.loaded()
    except LibraryError as err:
        raise _error(err) from err
    except EngineError:
        # An engine that is down may still have files.
        loaded = ()
    in_memory = {runtime.library.key_of(model.name): model for model in loaded}
    return {
        "models": [
            _described(
                runtime, model, in_memory.get(runtime.library.key_of(model.alias))
            )
            for model in models
        ],
        "pulls": [_progress(pull) for pull in runtime.pulls],
    }


def _described(
    runtime: HearthRuntimeData, model: InstalledModel, loaded: LoadedModel | None
) -> dict[str, Any]:
    """Return what is known of a model."""
    return {
        "name": model.name,
        "size": model.size,
        "quantization": model.quantization,
        "parameters": model.parameters,
        "context_window": model.context_window,
        "in_cloud": model.is_remote,
        "loaded": loaded is not None,
        "memory": loaded.memory if loaded else None,
        "until": loaded.until.isoformat() if loaded and loaded.until else None,
        "update_available": runtime.shelf.has_update(model),
    }


def _progress(pull: Pull) -> dict[str, Any]:
    """Return how far a pull is."""
    return {
        "model": pull.key,
        "state": pull.state.value,
        "percentage": pull.percentage,
        "completed": pull.meter.completed,
        "total": pull.meter.total,
    }
