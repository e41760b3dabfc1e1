"""The blueprints: imported from their address as people do it, and filled in."""

from collections.abc import AsyncGenerator, Awaitable, Callable
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import CONF_MODEL, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.hearth.const import (
    DOMAIN,
    SUBENTRY_AI_TASK,
    SUBENTRY_CONVERSATION,
)
from custom_components.hearth.engines.base import LoadedModel, ModelInfo

from ..conftest import state_of
from ..fake_engine import MODEL, FakeEngine
from ..hardware.board_trees import PI_5_8GB
from ..machines import Machine

ROOT = Path(__file__).parents[2]
FOLDER = "blueprints/automation/hearth"
REPOSITORY = json.loads(
    (ROOT / "custom_components" / DOMAIN / "manifest.json").read_text()
)["documentation"]
TALKER = "conversation.tiny"
WORKER = "ai_task.other"

type Automate = Callable[..., Awaitable[None]]


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the agents of both kinds, and what is wrong with the machine."""
    return ["ai_task", "binary_sensor", "conversation"]


@pytest.fixture
def mock_config_entry(engine: FakeEngine) -> MockConfigEntry:
    """Return an entry with an agent of each kind, each with a model of its own."""
    kinds = {"tiny": SUBENTRY_CONVERSATION, "other": SUBENTRY_AI_TASK}
    return entry_with(engine.url, kinds)


@pytest.fixture
async def prepared(
    hass: HomeAssistant, machine: Machine, engine: FakeEngine, tmp_path: Path
) -> None:
    """Run on a Raspberry Pi 5, with a folder for blueprints, and two models."""
    machine.plant(PI_5_8GB)
    hass.config.config_dir = str(tmp_path)
    engine.known = (MODEL, ModelInfo(name="other"))
    engine.in_memory = (LoadedModel(name="tiny"), LoadedModel(name="other"))
    for component in ("automation", "conversation", "persistent_notification"):
        assert await async_setup_component(hass, component, {})
    await hass.config.async_set_time_zone("Europe/Berlin")


def entry_with(url: str, agents: dict[str, str]) -> MockConfigEntry:
    """Return an entry with agents: a model, and the kind of agent that has it."""
    return MockConfigEntry(
        data={CONF_URL: url},
        domain=DOMAIN,
        minor_version=2,
        subentries_data=[
            ConfigSubentryDataWithId(
                data={CONF_MODEL: model, "context_window": 2048, "keep_alive": 60},
                subentry_id=f"{url} {model}",
                subentry_type=kind,
                title=model,
                unique_id=None,
            )
            for model, kind in agents.items()
        ],
        title="127.0.0.1",
    )


@pytest.fixture
async def automate(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    aioclient_mock: AiohttpClientMocker,
    prepared: None,
    setup_entry: MockConfigEntry,
) -> AsyncGenerator[Automate]:
    """Import a blueprint from its address, and make an automation from it."""

    async def configure(automations: list[dict[str, Any]]) -> None:
        (Path(hass.config.config_dir) / "configuration.yaml").write_text(
            json.dumps({"automation": automations})
        )
        await hass.services.async_call("automation", "reload", blocking=True)

    async def _automate(name: str, **inputs: Any) -> None:
        client = await hass_ws_client(hass)
        file = ROOT / FOLDER / f"{name}.yaml"
        url = f"{REPOSITORY}/blob/main/{FOLDER}/{file.name}"
        raw = url.replace("github.com", "raw.githubusercontent.com")
        aioclient_mock.get(raw.replace("/blob/", "/"), text=file.read_text())
        await client.send_json_auto_id({"type": "blueprint/import", "url": url})
        found = (await client.receive_json())["result"]
        assert found["validation_errors"] is None
        path = f"{found['suggested_filename']}.yaml"
        await client.send_json_auto_id(
            {
                "type": "blueprint/save",
                "domain": "automation",
                "path": path,
                "yaml": found["raw_data"],
                "source_url": url,
            }
        )
        assert (await client.receive_json())["success"]
        used = {"path": path, "input": inputs}
        await configure([{"alias": name, "use_blueprint": used}])
        assert state_of(hass, f"automation.{name}") == "on"

    yield _automate
    await configure([])


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time go by."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def run_by_hand(hass: HomeAssistant, name: str) -> None:
    """Press "Run" of an automation."""
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": f"automation.{name}"}
    )
