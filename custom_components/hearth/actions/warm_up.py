"""The action that has agents' prompts read ahead."""

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import DOMAIN
from ..read_ahead import async_read_ahead
from .common import ATTR_CONFIG_ENTRY, Action, entry_of

_SCHEMA = vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY): cv.string})


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(DOMAIN, Action.WARM_UP, _async_warm_up, _SCHEMA)


async def _async_warm_up(call: ServiceCall) -> None:
    """Have the prompts of all agents read, and wait for it."""
    entry = entry_of(call)
    for subentry_id in entry.runtime_data.read_ahead:
        await async_read_ahead(entry, subentry_id)
