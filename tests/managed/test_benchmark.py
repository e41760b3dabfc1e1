"""A benchmark of an engine of our own; with the real thing."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.engines.managed import ManagedEngine, ManagedState

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_every_column(
    hass: HomeAssistant, entry: MockConfigEntry, engine: ManagedEngine
) -> None:
    """Everything in the community's table is measured."""
    await engine.ready()
    response = await hass.services.async_call(
        "hearth", "benchmark", {}, blocking=True, return_response=True
    )
    assert response is not None
    results: Any = response["results"]
    (result,) = results
    assert result["model"] == "hearth-nano"
    assert result["generated_tokens"] == 100
    assert result["prompt_tokens"] > 400
    assert all(value is not None for value in result.values())
    assert engine.state is ManagedState.READY


async def test_generate(
    hass: HomeAssistant, entry: MockConfigEntry, engine: ManagedEngine
) -> None:
    """The tiny model writes something, and it comes back when it rests."""
    await engine.ready()
    await hass.services.async_call("hearth", "unload_model", {}, blocking=True)
    assert engine.state is ManagedState.RESTING
    response = await hass.services.async_call(
        "hearth",
        "generate",
        {"prompt": "turn on the lamp", "max_tokens": 8},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    assert response["text"]
    assert response["generated_tokens"]
