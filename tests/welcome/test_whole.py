"""The first step as a browser sees it, with an engine that answers."""

from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hearth.const import DOMAIN
from custom_components.hearth.managed.choices import Choices

from ..engines.servers import serving
from ..hardware.board_trees import TREES
from ..machines import Machine
from ..test_flow_rest import FLOWS, get, post

LOOK = "custom_components.hearth.welcome.look"

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
def look_around() -> None:
    """Look around for real."""


async def test_what_a_browser_shows(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, machine: Machine
) -> None:
    """A Pi and an Ollama are found, shown, and can be chosen."""
    machine.plant(TREES["pi_5_8gb"])
    # Once the server listens, no component can add what it serves.
    for component in ("config", DOMAIN):
        assert await async_setup_component(hass, component, {})
    client: Any = await hass_client()
    choices = Choices(server=None, package=None, files=())
    async with serving("ollama") as server:
        with (
            patch(f"{LOOK}.usual_addresses", return_value=(server.url,)),
            patch(f"{LOOK}.async_list_choices", AsyncMock(return_value=choices)),
        ):
            waiting = await post(client, FLOWS, {"handler": DOMAIN})
            assert waiting["type"] == "progress"
            assert waiting["progress_action"] == "look"
            await hass.async_block_till_done(wait_background_tasks=True)
            form = await get(client, f"{FLOWS}/{waiting['flow_id']}")

    assert form["step_id"] == "welcome"
    named = form["description_placeholders"]
    assert (
        named["machine"]
        == "Raspberry Pi 5 Model B · 8 GB · SD · cool (53 °C) · not throttled"
    )
    assert named["engines"].startswith("Ollama 0.33.0 answers at 127.0.0.1:")
    (field,) = form["data_schema"]
    assert field["name"] == "choice"
    assert field["default"] == "pick_0"
    shown = field["selector"]["select"]
    assert shown["translation_key"] == "welcome"
    best = shown["options"][0]
    assert best["value"] == "pick_0"
    assert " · Ollama\N{NO-BREAK SPACE}127.0.0.1:" in best["label"]
