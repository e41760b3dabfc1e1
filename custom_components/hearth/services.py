"""Registers the actions that automations can call."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant, callback

from .actions import benchmark, generate, loading, models, warm_up

# How the actions of each file in actions/ are registered.
_REGISTER: tuple[Callable[[HomeAssistant], None], ...] = (
    benchmark.async_register,
    generate.async_register,
    loading.async_register,
    models.async_register,
    warm_up.async_register,
)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Register every action, once for all entries."""
    for register in _REGISTER:
        register(hass)
