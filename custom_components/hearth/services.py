"""Registers the actions that automations can call."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant, callback

from .actions import loading

# How the actions of each file in actions/ are registered.
_REGISTER: tuple[Callable[[HomeAssistant], None], ...] = (loading.async_register,)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Register every action, once for all entries."""
    for register in _REGISTER:
        register(hass)
