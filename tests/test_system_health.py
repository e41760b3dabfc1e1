"""What Home Assistant's page about the system shows of Hearth."""

import asyncio
from collections.abc import Awaitable, Callable
import json
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.components import system_health as page
from homeassistant.const import CONF_MODEL, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth import system_health
from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines.base import EngineKind, EngineState, Health
from custom_components.hearth.engines.faults import Unreachable

from .fake_engine import FakeEngine
from .hardware.board_trees import PI_5_8GB
from .machines import Machine
from .test_metadata import TRANSLATIONS

type Info = Callable[[], Awaitable[dict[str, Any]]]


@pytest.fixture
def platform_list() -> list[str]:
    """Set up no platform."""
    return []


@pytest.fixture
async def info(hass: HomeAssistant) -> Info:
    """Return what fetches the page's part about Hearth."""
    assert await async_setup_component(hass, "system_health", {})
    assert await async_setup_component(hass, DOMAIN, {})

    async def fetch() -> dict[str, Any]:
        found: dict[str, Any] = (await page.get_info(hass))[DOMAIN]
        return found

    return fetch


async def test_info(machine: Machine, setup_entry: MockConfigEntry, info: Info) -> None:
    """Engine, model and machine are shown, each row with a name."""
    machine.plant(PI_5_8GB)

    found = await info()

    assert found == {
        "version": "0.1.0",
        "engine": "Ollama 0.32.0",
        "engine_reachable": "ok",
        "loaded_model": "tiny",
        "runtime": "none",
        "machine": "Raspberry Pi 5 Model B, BCM2712, 8.0 GiB",
    }
    assert set(found) == set(TRANSLATIONS["system_health"]["info"])


async def test_without_entries(info: Info) -> None:
    """Before anything was added there is the machine, if it says what it is."""
    assert await info() == {"version": "0.1.0", "machine": "unknown"}


@pytest.mark.parametrize("silent", [True, False])
async def test_engine_is_gone(
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    info: Info,
    monkeypatch: pytest.MonkeyPatch,
    silent: bool,
) -> None:
    """An engine that does not answer, or not soon, is shown as a failure."""
    monkeypatch.setattr(system_health, "PATIENCE", 0.01)
    if silent:
        monkeypatch.setattr(FakeEngine, "health", AsyncMock(side_effect=_never))
    else:
        engine.error = Unreachable("refused")

    assert (await info())["engine_reachable"] == "Failed: unreachable"


async def _never() -> None:
    """Wait for ever."""
    await asyncio.Event().wait()


async def test_several_engines(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    info: Info,
) -> None:
    """Each engine has its place in every row, and no row tells an address."""
    other = FakeEngine(
        url="http://zebedee.example:8080",
        kind=EngineKind.LLAMA_SERVER,
        healthy=Health(state=EngineState.LOADING),
    )
    entry = MockConfigEntry(
        data={CONF_MODEL: "m", CONF_URL: other.url}, domain=DOMAIN, title="Zebedee"
    )
    entry.add_to_hass(hass)
    with patch("custom_components.hearth.probe", AsyncMock(return_value=other)):
        assert await hass.config_entries.async_setup(entry.entry_id)
    engine.error = Unreachable("refused")

    found = await info()

    assert found["engine"] == "Ollama 0.32.0; llama.cpp"
    assert found["engine_reachable"] == "unreachable; ok"
    assert found["loaded_model"] == "tiny; none"
    assert "zebedee" not in json.dumps(found).lower()
