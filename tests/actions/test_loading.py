"""Loading and unloading models, by an action."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.hearth.engines.base import LoadedModel, ModelInfo

from ..conftest import ENTRY_ID
from ..fake_engine import MODEL, FakeEngine


@pytest.fixture
def platform_list() -> list[str]:
    """Set up no platform."""
    return []


async def act(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Call an action and wait for its end."""
    await hass.services.async_call("hearth", action, data, blocking=True)


@pytest.mark.parametrize(
    "agent_data", [{"model": "tiny", "context_window": 8192, "keep_alive": 300}]
)
async def test_as_the_agents_do(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A model is loaded as its agent needs it, unless told otherwise."""
    await act(hass, "load_model", model="tiny")
    assert engine.loads == [("tiny", 8192, 300)]
    await act(
        hass,
        "load_model",
        config_entry_id=ENTRY_ID,
        model="tiny",
        context_window=2048,
        keep_alive=-1,
    )
    assert engine.loads[1] == ("tiny", 2048, -1)


async def test_without_an_agent(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A model that no agent has is loaded as the engine likes."""
    engine.known = (MODEL, ModelInfo(name="other"))
    await act(hass, "load_model", model="other")
    assert engine.loads == [("other", None, None)]


async def test_unloading(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """One model goes, or all."""
    engine.known = (MODEL, ModelInfo(name="other"))
    both = (LoadedModel(name="tiny"), LoadedModel(name="other"))
    engine.in_memory = both
    await act(hass, "unload_model", model="tiny")
    assert engine.in_memory == both[1:]
    engine.in_memory = both
    await act(hass, "unload_model")
    assert engine.in_memory == ()


@pytest.mark.parametrize("action", ["load_model", "unload_model"])
async def test_what_is_wrong_is_said(
    hass: HomeAssistant, setup_entry: MockConfigEntry, action: str
) -> None:
    """A model that is not there, and an engine that is none."""
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, action, model="gone")
    assert caught.value.translation_key == "model_missing"
    with pytest.raises(ServiceValidationError):
        await act(hass, action, config_entry_id="none", model="tiny")
    await hass.config_entries.async_unload(ENTRY_ID)
    with pytest.raises(ServiceValidationError):
        await act(hass, action, config_entry_id=ENTRY_ID, model="tiny")


@pytest.mark.parametrize("data", [{"context_window": 1}, {"keep_alive": -2}, {}])
async def test_what_makes_no_sense(
    hass: HomeAssistant, setup_entry: MockConfigEntry, data: dict[str, Any]
) -> None:
    """Numbers have limits, and a model is needed."""
    with pytest.raises(vol.Invalid):
        await act(hass, "load_model", **({"model": "tiny"} if data else {}), **data)
