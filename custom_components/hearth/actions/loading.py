"""Actions that bring a model into memory, and take it out again."""

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import CONF_CONTEXT_WINDOW, CONF_KEEP_ALIVE, DOMAIN
from ..loading import async_load, async_unload, async_unload_all
from .common import ATTR_CONFIG_ENTRY, ATTR_MODEL, Action, entry_of

_LOAD = vol.Schema(
    {
        vol.Optional(ATTR_CONFIG_ENTRY): cv.string,
        vol.Required(ATTR_MODEL): cv.string,
        vol.Optional(CONF_CONTEXT_WINDOW): vol.All(
            vol.Coerce(int), vol.Range(min=512, max=262_144)
        ),
        vol.Optional(CONF_KEEP_ALIVE): vol.All(vol.Coerce(int), vol.Range(min=-1)),
    }
)
_UNLOAD = vol.Schema(
    {
        vol.Optional(ATTR_CONFIG_ENTRY): cv.string,
        vol.Optional(ATTR_MODEL): cv.string,
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions of this file."""
    hass.services.async_register(DOMAIN, Action.LOAD_MODEL, _async_load, _LOAD)
    hass.services.async_register(DOMAIN, Action.UNLOAD_MODEL, _async_unload, _UNLOAD)


async def _async_load(call: ServiceCall) -> None:
    """Load a model, as an agent with it would."""
    await async_load(
        entry_of(call),
        call.data[ATTR_MODEL],
        context_window=call.data.get(CONF_CONTEXT_WINDOW),
        keep_alive=call.data.get(CONF_KEEP_ALIVE),
    )


async def _async_unload(call: ServiceCall) -> None:
    """Unload a model, or all of them."""
    entry = entry_of(call)
    if (model := call.data.get(ATTR_MODEL)) is None:
        await async_unload_all(entry)
    else:
        await async_unload(entry, model)
