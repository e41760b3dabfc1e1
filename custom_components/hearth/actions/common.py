"""What all actions have in common: their names, and the entry they are about."""

from enum import StrEnum

from homeassistant.core import ServiceCall
from homeassistant.helpers import service

from ..const import DOMAIN
from ..coordinator import HearthConfigEntry

ATTR_CONFIG_ENTRY = "config_entry_id"
ATTR_MODEL = "model"
ATTR_MODELS = "models"


class Action(StrEnum):
    """The names of the actions."""

    BENCHMARK = "benchmark"
    CANCEL_PULL = "cancel_pull"
    DELETE_MODEL = "delete_model"
    GENERATE = "generate"
    LIST_MODELS = "list_models"
    LOAD_MODEL = "load_model"
    PULL_MODEL = "pull_model"
    UNLOAD_MODEL = "unload_model"
    WARM_UP = "warm_up"


def entry_of(call: ServiceCall) -> HearthConfigEntry:
    """Return the loaded entry that a call names, or the only one there is.

    Raises ServiceValidationError.
    """
    entry: HearthConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY)
    )
    return entry
