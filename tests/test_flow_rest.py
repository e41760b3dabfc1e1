"""The forms over HTTP, as the user interface and the demo fill them in."""

import asyncio
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hearth.const import DOMAIN

from .conftest import ENTRY_ID
from .fake_engine import FakeEngine, says

FLOWS = "/api/config/config_entries/flow"
SUBENTRY_FLOWS = "/api/config/config_entries/subentries/flow"

pytestmark = pytest.mark.usefixtures("mock_probe", "socket_enabled")


@pytest.fixture
def platform_list() -> list[str]:
    """Set up no platform."""
    return []


@pytest.fixture
async def client(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, platforms: None
) -> TestClient[Any, Any]:
    """Return a browser that is logged in."""
    # Once the server listens, no component can add what it serves.
    assert await async_setup_component(hass, "config", {})
    assert await async_setup_component(hass, DOMAIN, {})
    client: TestClient[Any, Any] = await hass_client()
    return client


async def post(client: TestClient[Any, Any], path: str, body: Any) -> dict[str, Any]:
    """Send a form and return what follows."""
    response = await client.post(path, json=body)
    assert response.status == HTTPStatus.OK
    result: dict[str, Any] = await response.json()
    return result


async def get(client: TestClient[Any, Any], path: str) -> dict[str, Any]:
    """Return where a flow stands."""
    response = await client.get(path)
    assert response.status == HTTPStatus.OK
    result: dict[str, Any] = await response.json()
    return result


async def test_adds_an_engine(
    hass: HomeAssistant, client: TestClient[Any, Any], engine: FakeEngine
) -> None:
    """Two posts, and asking until the model has answered, add an engine."""
    loaded = asyncio.Event()
    engine.script([loaded, *says("Noon.")])

    form = await post(client, FLOWS, {"handler": DOMAIN})
    flow = f"{FLOWS}/{form['flow_id']}"
    assert form["menu_options"] == ["managed", "server"]
    form = await post(client, flow, {"next_step_id": "server"})
    assert [field["name"] for field in form["data_schema"]] == ["url", "api_key"]
    form = await post(client, flow, {"url": engine.url})
    assert [field["name"] for field in form["data_schema"]] == ["model"]
    waiting = await post(client, flow, {"model": "tiny"})
    assert waiting["type"] == "progress"
    assert (await get(client, flow))["type"] == "progress"

    loaded.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    ready = await get(client, flow)
    assert ready["menu_options"] == ["add", "choose_again"]
    created = await post(client, flow, {"next_step_id": "add"})
    assert created["type"] == "create_entry"
    assert created["result"]["state"] == "loaded"


async def test_asks_how_to_run_one(
    hass: HomeAssistant, client: TestClient[Any, Any]
) -> None:
    """The form for an engine of our own can be shown by any browser."""
    form = await post(client, FLOWS, {"handler": DOMAIN})
    flow = f"{FLOWS}/{form['flow_id']}"
    form = await post(client, flow, {"next_step_id": "managed"})

    fields = {field["name"]: field for field in form["data_schema"]}
    assert list(fields) == ["model", "runtime", "advanced"]
    assert fields["advanced"]["expanded"] is False


async def test_adds_an_agent(
    hass: HomeAssistant,
    client: TestClient[Any, Any],
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
) -> None:
    """The form of an agent says all its fields, and takes them back."""
    engine.script(says("Noon."))

    form = await post(client, SUBENTRY_FLOWS, {"handler": [ENTRY_ID, "conversation"]})
    fields = {field["name"]: field for field in form["data_schema"]}
    assert list(fields) == [
        "model",
        "llm_hass_api",
        "prompt",
        "quick_confirmations",
        "ask_back",
        "advanced",
    ]
    assert fields["advanced"]["type"] == "expandable"
    assert fields["advanced"]["expanded"] is False
    advanced = {
        field["name"]: field["default"] for field in fields["advanced"]["schema"]
    }

    created = await post(
        client,
        f"{SUBENTRY_FLOWS}/{form['flow_id']}",
        {"advanced": advanced, "llm_hass_api": ["hearth"], "model": "tiny"},
    )
    assert created["type"] == "create_entry"
