"""What all actions have in common: their names, their entry, their errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import service

from ..const import DOMAIN
from ..coordinator import HearthConfigEntry
from ..engines.base import EngineError
from ..errors import error_key, translated

ATTR_CONFIG_ENTRY = "config_entry_id"


class Action(StrEnum):
    """The names of the actions."""


def entry_of(call: ServiceCall) -> HearthConfigEntry:
    """Return the loaded entry that a call names, or the only one there is.

    Raises ServiceValidationError.
    """
    entry: HearthConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY)
    )
    return entry


@contextmanager
def engine_errors(entry: HearthConfigEntry) -> Iterator[None]:
    """Say an engine's errors in the user's language, and let the entities know."""
    try:
        yield
    except EngineError as err:
        runtime = entry.runtime_data
        runtime.coordinator.async_report_error(err)
        raise translated(
            HomeAssistantError, error_key(err), runtime.engine.url, err
        ) from err
