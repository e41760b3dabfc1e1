"""The blueprints: imported from their address as people do it, filled in and run."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
import json
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock
from urllib.parse import quote

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import conversation
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.persistent_notification import (
    Notification,
    UpdateType,
    async_register_callback,
)
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import CONF_MODEL, CONF_URL
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.hearth.const import (
    DOMAIN,
    EVENT_TURN_FINISHED,
    SUBENTRY_AI_TASK,
    SUBENTRY_CONVERSATION,
)
from custom_components.hearth.engines.base import LoadedModel, ModelInfo, Unreachable

from .conftest import state_of
from .fake_engine import MODEL, FakeEngine, Step, says
from .hardware.board_trees import PI_5_8GB
from .machines import HOT, Machine

ROOT = Path(__file__).parents[1]
FOLDER = "blueprints/automation/hearth"
FILES = sorted((ROOT / FOLDER).iterdir())
REPOSITORY = json.loads(
    (ROOT / "custom_components" / DOMAIN / "manifest.json").read_text()
)["documentation"]
TALKER = "conversation.tiny"
WORKER = "ai_task.other"
THROTTLED = "binary_sensor.127_0_0_1_throttled"

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
def notices(hass: HomeAssistant) -> asyncio.Queue[str]:
    """Return the messages of notifications, as they come."""
    messages: asyncio.Queue[str] = asyncio.Queue()

    @callback
    def changed(kind: UpdateType, found: dict[str, Notification]) -> None:
        if kind in (UpdateType.ADDED, UpdateType.UPDATED):
            for notice in found.values():
                messages.put_nowait(notice["message"])

    async_register_callback(hass, changed)
    return messages


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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_is_a_blueprint(file: Path) -> None:
    """Home Assistant accepts each one, people know what to enter, and find it."""
    blueprint = Blueprint(
        load_yaml_dict(str(file)),
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )
    told = blueprint.metadata
    url = f"{REPOSITORY}/blob/main/{FOLDER}/{file.name}"
    hacs = json.loads((ROOT / "hacs.json").read_text())

    assert blueprint.validate() is None
    assert told["description"]
    assert told["homeassistant"]["min_version"] == hacs["homeassistant"]
    assert told["source_url"] == url
    for field in blueprint.inputs.values():
        assert field["name"]
        assert field["description"]
        assert field["selector"]
    assert f"?blueprint_url={quote(url, safe='')}" in (ROOT / "README.md").read_text()


@pytest.mark.freeze_time("2026-11-20 23:00:00+01:00")
async def test_sleeps_and_wakes(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Models go when the night begins, and are back as their agents need them."""
    await automate("sleep_at_night", agents=[TALKER, WORKER])
    await pass_time(hass, freezer, 29 * 60)
    assert len(engine.in_memory) == 2
    await pass_time(hass, freezer, 60)
    assert engine.in_memory == ()
    await pass_time(hass, freezer, 6.4 * 3600)
    assert engine.loads == []
    await pass_time(hass, freezer, 0.1 * 3600)
    assert sorted(engine.loads) == [("other", 2048, 60), ("tiny", 2048, 60)]


@pytest.mark.freeze_time("2026-11-20 12:00:00+01:00")
async def test_sleeps_when_told(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The times are one's own, and models of other agents stay."""
    await automate(
        "sleep_at_night", agents=[TALKER], sleep_at="13:00:00", wake_at="14:00:00"
    )
    await pass_time(hass, freezer, 3600)
    assert engine.in_memory == (LoadedModel(name="other"),)
    await pass_time(hass, freezer, 3600)
    assert engine.loads == [("tiny", 2048, 60)]


@pytest.mark.freeze_time("2026-11-20 23:29:00+01:00")
async def test_one_keeps_nobody_awake(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    mock_probe: AsyncMock,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An engine that is not there is told of; an agent that is gone, nobody misses."""
    other = FakeEngine(url="http://127.0.0.1:8080", known=(ModelInfo(name="attic"),))
    mock_probe.return_value = other
    entry = entry_with(other.url, {"attic": SUBENTRY_CONVERSATION})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    # Whatever the order is, one comes after the engine that is off.
    agents = ["ai_task.gone", TALKER, "conversation.attic", WORKER]
    await automate("sleep_at_night", agents=agents)
    other.error = Unreachable("Gone")
    await pass_time(hass, freezer, 60)
    assert engine.in_memory == ()
    assert "Nothing answers at" in caplog.text
    assert "ai_task.gone" not in caplog.text

    other.error = None
    await pass_time(hass, freezer, 6.5 * 3600)
    assert len(engine.loads) == 2
    assert other.loads == [("attic", 2048, 60)]


async def say(hass: HomeAssistant, engine: FakeEngine, *steps: Step) -> None:
    """Say something to the agent, and hear it answer or fail.

    Does not wait for the automation: it goes on for as long as it says nothing more.
    """
    engine.passes.append(list(steps) or says("Hello."))
    await conversation.async_converse(
        hass, "Hello", None, Context(), language="en", agent_id=TALKER
    )
    # An automation hears of an event in the loop's next round.
    await asyncio.sleep(0)


async def test_tells_of_a_slow_machine(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    machine: Machine,
    notices: asyncio.Queue[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Who is not slowed down hears nothing, who is hears it once in a while."""
    await automate("slowed_down", throttled=THROTTLED)
    await say(hass, engine)
    await pass_time(hass, freezer, 6)

    machine.slow_down(HOT)
    await say(hass, engine)
    message = await notices.get()
    assert message.endswith("helps. The answer came with 10.0 tokens per second.")
    assert "\n" not in message

    await say(hass, engine)
    freezer.tick(11.9 * 3600)
    async_fire_time_changed(hass)
    for _ in range(3):
        await say(hass, engine)
    await pass_time(hass, freezer, 0.2 * 3600)
    assert notices.empty()

    await say(hass, engine)
    assert await notices.get() == message
    assert notices.empty()


@pytest.mark.parametrize(("agent", "told"), [(TALKER, 2), (WORKER, 0)])
async def test_does_what_one_likes(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    machine: Machine,
    agent: str,
    told: int,
) -> None:
    """Agents elsewhere do not count, and what is done, and how often, is a choice."""
    events = async_capture_events(hass, "too_hot")
    data = {"speed": "{{ speed }}"}
    await automate(
        "slowed_down",
        actions=[{"event": "too_hot", "event_data": data}],
        agents=[agent],
        pause=0,
        throttled=THROTTLED,
    )
    machine.slow_down(HOT)
    for _ in range(2):
        await say(hass, engine)
        await hass.async_block_till_done(wait_background_tasks=True)

    assert [event.data for event in events] == [{"speed": 10.0}] * told


async def test_a_turn_that_failed_at_once(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    machine: Machine,
    notices: asyncio.Queue[str],
) -> None:
    """A machine that was not put to work was not slowed down by that."""
    machine.slow_down(HOT)
    await say(hass, engine)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, THROTTLED) == "on"
    await automate("slowed_down", throttled=THROTTLED)
    turns = async_capture_events(hass, EVENT_TURN_FINISHED)
    await say(hass, engine, Unreachable("Gone"))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert [turn.data["passes"] for turn in turns] == [0]
    assert notices.empty()


async def test_run_by_hand(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    machine: Machine,
    notices: asyncio.Queue[str],
) -> None:
    """Who runs the automation to see what it does sees that."""
    machine.slow_down(HOT)
    await say(hass, engine)
    await hass.async_block_till_done(wait_background_tasks=True)
    await automate("slowed_down", throttled=THROTTLED)
    await run_by_hand(hass, "slowed_down")
    assert (await notices.get()).endswith("power supply helps.")

    await automate("sleep_at_night", agents=[TALKER])
    await run_by_hand(hass, "sleep_at_night")
    await hass.async_block_till_done()
    assert engine.in_memory == (LoadedModel(name="other"),)


async def run_by_hand(hass: HomeAssistant, name: str) -> None:
    """Press "Run" of an automation."""
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": f"automation.{name}"}
    )


async def test_a_name_of_ones_own(
    hass: HomeAssistant, automate: Automate, engine: FakeEngine
) -> None:
    """An agent may be called whatever one likes."""
    er.async_get(hass).async_update_entity(
        TALKER, name="Jeeves", new_entity_id="conversation.jeeves"
    )
    await hass.async_block_till_done()
    await automate("sleep_at_night", agents=["conversation.jeeves"])
    await run_by_hand(hass, "sleep_at_night")
    await hass.async_block_till_done()

    assert engine.in_memory == (LoadedModel(name="other"),)
