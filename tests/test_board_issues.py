"""The problems that a person is told of, and that go when they are mended."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import conversation
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hearth.agent.line import Priority
from custom_components.hearth.agent.metrics import TurnMetrics
from custom_components.hearth.board_coordinator import INTERVAL
from custom_components.hearth.const import CONF_CONTEXT_WINDOW, DOMAIN
from custom_components.hearth.coordinator import INTERVAL_UP
from custom_components.hearth.engines.base import EngineKind, LoadedModel
from custom_components.hearth.engines.faults import (
    ContextOverflow,
    ModelMissing,
    Unreachable,
)
from custom_components.hearth.issue_watch import issue_id
from custom_components.hearth.issues import Fault

from .conftest import AGENT_ID, ENTRY_ID
from .fake_engine import MODEL, FakeEngine, says
from .hardware.board_parts import GIB
from .hardware.board_trees import PI_5_8GB, TREES
from .machines import HOT, WEAK, Machine

KIB_OF_MIB = 1024
CLOUD = issue_id(Fault.CLOUD_MODEL, AGENT_ID)
CONTEXT = issue_id(Fault.CONTEXT_TOO_SMALL, AGENT_ID)
OPEN = issue_id(Fault.OPEN_SERVER, ENTRY_ID)
PROMPT_CACHE = issue_id(Fault.OLLAMA_PROMPT_CACHE, ENTRY_ID)
# Together the two prompts would fill most of the window.
TURN = TurnMetrics(passes=2, prompt_tokens=3400)
NETWORK_URL = "http://192.168.1.20:11434"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the agents only."""
    return ["conversation"]


@pytest.fixture(autouse=True)
async def conversations(hass: HomeAssistant) -> None:
    """Set up what the agents need."""
    assert await async_setup_component(hass, "conversation", {})


@pytest.fixture
def pi(machine: Machine) -> Machine:
    """Run on a Raspberry Pi 5 of 16 GB, with nothing wrong."""
    machine.plant(TREES["pi_5_16gb"])
    return machine


def issues(hass: HomeAssistant) -> set[str]:
    """Return the ids of the issues that stand."""
    found = ir.async_get(hass).issues.items()
    return {key for (domain, key), issue in found if domain == DOMAIN and issue.active}


def issue(hass: HomeAssistant, key: str) -> ir.IssueEntry:
    """Return an issue that must be there."""
    found = ir.async_get(hass).async_get_issue(DOMAIN, key)
    assert found is not None, f"{key} is not among {issues(hass)}"
    return found


async def settle(hass: HomeAssistant) -> None:
    """Wait for what goes on in the background."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def set_up(
    hass: HomeAssistant, entry: MockConfigEntry, data: dict[str, Any] | None = None
) -> None:
    """Add and set up an entry, with data of its own if any."""
    entry.add_to_hass(hass)
    if data is not None:
        hass.config_entries.async_update_entry(entry, data=data)
    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    assert entry.state is ConfigEntryState.LOADED


async def turn_ends(
    hass: HomeAssistant, entry: MockConfigEntry, turn: TurnMetrics = TURN
) -> None:
    """Let a turn of the agent end well."""
    entry.runtime_data.coordinator.async_report_success()
    entry.runtime_data.metrics[AGENT_ID].add(turn)
    await settle(hass)


async def poll(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the next look at the machine happen."""
    freezer.tick(INTERVAL.total_seconds() + 1)
    async_fire_time_changed(hass)
    await settle(hass)


@pytest.mark.parametrize(
    ("bits", "fault"), [(HOT, Fault.THROTTLED), (WEAK | HOT, Fault.UNDER_VOLTAGE)]
)
async def test_slow_while_it_works(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    bits: int,
    fault: Fault,
) -> None:
    """Heat and a weak supply are told of when they slow a turn down, until mended."""
    pi.slow_down(bits)
    await poll(hass, freezer)
    await poll(hass, freezer)
    assert issues(hass) == set()

    await turn_ends(hass, setup_entry)
    await turn_ends(hass, setup_entry)
    assert issues(hass) == {fault.value}
    assert issue(hass, fault).severity is ir.IssueSeverity.WARNING

    pi.slow_down(0)
    for _ in range(9):
        await turn_ends(hass, setup_entry)
        await poll(hass, freezer)
    assert issues(hass) == {fault.value}

    await turn_ends(hass, setup_entry)
    assert issues(hass) == set()


async def test_slow_during_a_turn(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A look in the middle of a long turn counts."""
    pi.slow_down(WEAK)
    async with setup_entry.runtime_data.line.place(Priority.VOICE):
        await poll(hass, freezer)

    assert issues(hass) == {"under_voltage"}


async def test_slow_in_a_real_turn(
    hass: HomeAssistant, pi: Machine, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """What is said to an agent makes the machine be looked at."""
    pi.slow_down(WEAK)
    engine.script(says("Hello."))
    await conversation.async_converse(
        hass, "Hello", None, Context(), agent_id="conversation.tiny"
    )
    await settle(hass)

    assert issues(hass) == {"under_voltage"}


async def test_a_turn_that_failed_at_once(
    hass: HomeAssistant, pi: Machine, setup_entry: MockConfigEntry
) -> None:
    """A turn without any work says nothing about the machine at work."""
    pi.slow_down(WEAK)
    await turn_ends(hass, setup_entry, TurnMetrics(passes=0))

    assert issues(hass) == set()


async def test_too_little_memory(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A model that leaves no memory is told of, and one that leaves some is not."""
    pi.has_memory(16_599_000, 100 * KIB_OF_MIB)
    await poll(hass, freezer)
    await poll(hass, freezer)
    assert issues(hass) == {"model_swaps"}

    pi.has_memory(16_599_000, 300 * KIB_OF_MIB)
    for _ in range(3):
        assert issues(hass) == {"model_swaps"}
        await turn_ends(hass, setup_entry)
    assert issues(hass) == set()


async def test_no_model_no_blame(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Without a model in memory something else has taken it."""
    engine.in_memory = ()
    await poll(hass, freezer)
    pi.has_memory(16_599_000, 100 * KIB_OF_MIB)
    await poll(hass, freezer)
    await poll(hass, freezer)

    assert issues(hass) == set()


async def test_swaps(
    hass: HomeAssistant, pi: Machine, setup_entry: MockConfigEntry
) -> None:
    """Swap that grows with each turn is told of."""
    for used in (100, 200):
        assert issues(hass) == set()
        pi.swap(used * KIB_OF_MIB)
        await turn_ends(hass, setup_entry)

    assert issues(hass) == {"model_swaps"}


async def start_managed(hass: HomeAssistant, model: str) -> None:
    """Set up an engine of our own that runs a model."""
    entry = MockConfigEntry(
        data={CONF_MODEL: model, "runtime": "llama_server"},
        domain=DOMAIN,
        entry_id="managed",
        title="llama.cpp",
    )
    engine = FakeEngine(kind=EngineKind.LLAMA_SERVER)
    with patch(
        "custom_components.hearth.async_start_engine", AsyncMock(return_value=engine)
    ):
        await set_up(hass, entry)


@pytest.mark.parametrize(
    ("model", "folder", "expected"),
    [
        # The folder of the file, which is there.
        ("/config/hearth/models/m.gguf", "/config/hearth/models", "models_on_sd_card"),
        # The folder that the next model would go to, which is not made yet.
        ("nano", "/", None),
    ],
)
async def test_models_on_a_card(
    hass: HomeAssistant,
    machine: Machine,
    platforms: None,
    model: str,
    folder: str,
    expected: str | None,
) -> None:
    """Models on a card are told of, but not the tiny one that comes with Hearth."""
    machine.plant(PI_5_8GB)
    await start_managed(hass, model)

    assert issues(hass) == {expected} - {None}
    assert machine.looked_at == [Path(folder)]


async def test_more_than_the_bundled_model(
    hass: HomeAssistant, pi: Machine, setup_entry: MockConfigEntry
) -> None:
    """Beside the tiny model, an Ollama may have large ones on the card."""
    await start_managed(hass, "nano")

    assert issues(hass) == {"models_on_sd_card"}


async def test_full_disk(
    hass: HomeAssistant,
    pi: Machine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A full disk is told of, until there is clearly more room again."""
    (pi.root / "usr/share/ollama/.ollama/models").mkdir(parents=True)
    await set_up(hass, mock_config_entry)
    assert issues(hass) == {"models_on_sd_card"}

    for free, told in ((GIB - 1, True), (GIB + 1, True), (2 * GIB, False)):
        pi.free = free
        await poll(hass, freezer)
        assert ("disk_nearly_full" in issues(hass)) is told


async def test_context_overflow(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A prompt that does not fit is told of, until three fit well."""
    overflow = ContextOverflow("5000 tokens")
    engine.script([overflow], [overflow])
    await conversation.async_converse(
        hass, "Hello", None, Context(), agent_id="conversation.tiny"
    )
    await settle(hass)

    assert issues(hass) == {CONTEXT}
    words = issue(hass, CONTEXT).translation_placeholders
    assert words is not None
    assert words["agent"] == "tiny"
    assert words["window"] == "4096"

    for _ in range(3):
        assert issues(hass) == {CONTEXT}
        await turn_ends(hass, setup_entry)
    assert issues(hass) == set()


async def test_another_failure_is_no_overflow(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """A server that is gone says nothing about the window."""
    runtime = setup_entry.runtime_data
    runtime.coordinator.async_report_error(Unreachable("gone"))
    runtime.metrics[AGENT_ID].add(TurnMetrics(passes=0))
    await settle(hass)

    assert issues(hass) == set()


@pytest.mark.parametrize(
    ("kind", "wanted", "loaded", "window"),
    [
        # Ollama gives the window that is asked for.
        (
            EngineKind.OLLAMA,
            2048,
            (LoadedModel(name="tiny", context_window=512),),
            2048,
        ),
        # llama.cpp has the one that it was started with.
        (EngineKind.LLAMA_SERVER, 8192, (), 8192),
        (EngineKind.LLAMA_SERVER, 8192, (LoadedModel(name="tiny"),), 8192),
        (
            EngineKind.LLAMA_SERVER,
            8192,
            (LoadedModel(name="other-name", context_window=2048),),
            2048,
        ),
        (
            EngineKind.LLAMA_SERVER,
            8192,
            (
                LoadedModel(name="tiny", context_window=4096),
                LoadedModel(name="other", context_window=512),
            ),
            4096,
        ),
        (
            EngineKind.LLAMA_SERVER,
            1024,
            (LoadedModel(name="tiny", context_window=4096),),
            1024,
        ),
    ],
)
async def test_crowded_window(
    hass: HomeAssistant,
    agent_data: dict[str, Any],
    engine: FakeEngine,
    mock_probe: AsyncMock,
    platforms: None,
    request: pytest.FixtureRequest,
    kind: EngineKind,
    wanted: int,
    loaded: tuple[LoadedModel, ...],
    window: int,
) -> None:
    """A home that leaves no room in the real window is told of."""
    agent_data[CONF_CONTEXT_WINDOW] = wanted
    engine.kind = kind
    engine.in_memory = loaded
    entry: MockConfigEntry = request.getfixturevalue("mock_config_entry")
    await set_up(hass, entry)

    # Each of the two passes has a prompt of this length.
    crowded = TurnMetrics(passes=2, prompt_tokens=2 * (window * 3 // 4 + 1))
    for _ in range(3):
        assert issues(hass) == set()
        await turn_ends(hass, entry, crowded)

    assert issues(hass) == {CONTEXT}
    words = issue(hass, CONTEXT).translation_placeholders
    assert words is not None
    assert words["window"] == str(window)


async def test_room_enough(hass: HomeAssistant, setup_entry: MockConfigEntry) -> None:
    """Neither a short prompt nor one without a number is told of."""
    for turn in (TURN, TurnMetrics(passes=1)):
        for _ in range(5):
            await turn_ends(hass, setup_entry, turn)

    assert issues(hass) == set()


@pytest.mark.parametrize(
    ("tree", "kind", "expected"),
    [
        ("pi_5_8gb", EngineKind.OLLAMA, {PROMPT_CACHE}),
        ("pi_5_16gb", EngineKind.OLLAMA, set()),
        ("pi_5_8gb", EngineKind.LLAMA_SERVER, set()),
        ("nothing", EngineKind.OLLAMA, set()),
    ],
)
async def test_prompt_cache(
    hass: HomeAssistant,
    machine: Machine,
    engine: FakeEngine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    tree: str,
    kind: EngineKind,
    expected: set[str],
) -> None:
    """An Ollama on a small machine may keep too many old prompts."""
    machine.plant(TREES[tree])
    engine.kind = kind
    await set_up(hass, mock_config_entry)

    assert issues(hass) == expected


async def test_unknown_changes_nothing(
    hass: HomeAssistant,
    machine: Machine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> None:
    """What was told stays as long as nothing is known that speaks against it."""
    machine.plant(PI_5_8GB)
    await set_up(hass, mock_config_entry)
    for text, expected in (("?", {PROMPT_CACHE}), ("MemTotal: 16599000 kB", set())):
        machine.write(meminfo=text)
        await hass.config_entries.async_reload(ENTRY_ID)
        await settle(hass)
        assert issues(hass) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({CONF_URL: NETWORK_URL}, {OPEN}),
        ({CONF_API_KEY: "key", CONF_URL: NETWORK_URL}, set()),
        ({CONF_URL: "http://ollama:11434"}, set()),
    ],
)
async def test_open_server(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    data: dict[str, Any],
    expected: set[str],
) -> None:
    """A server that answers everybody is told of, with its address."""
    await set_up(hass, mock_config_entry, data)

    assert issues(hass) == expected
    for key in expected:
        words = {"title": "127.0.0.1", "url": NETWORK_URL}
        assert issue(hass, key).translation_placeholders == words


async def test_open_server_gets_a_key(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> None:
    """With a key the warning goes."""
    await set_up(hass, mock_config_entry, {CONF_URL: NETWORK_URL})
    hass.config_entries.async_update_entry(
        mock_config_entry, data={CONF_API_KEY: "key", CONF_URL: NETWORK_URL}
    )
    await settle(hass)

    assert issues(hass) == set()


async def test_stays_ignored(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> None:
    """A person who does not want to see a warning is not asked again."""
    await set_up(hass, mock_config_entry, {CONF_URL: NETWORK_URL})
    ir.async_ignore_issue(hass, DOMAIN, OPEN, True)
    await hass.config_entries.async_reload(ENTRY_ID)
    await settle(hass)

    assert issue(hass, OPEN).dismissed_version is not None


@pytest.mark.parametrize("way", ["remove", "disable"])
async def test_leaves_nothing(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    way: str,
) -> None:
    """An entry that is gone takes its problems along, but not others' ones."""
    other = issue_id(Fault.OPEN_SERVER, "other")
    MockConfigEntry(
        data={CONF_URL: NETWORK_URL}, domain=DOMAIN, entry_id="other"
    ).add_to_hass(hass)
    for domain, key in (
        (DOMAIN, other),
        (DOMAIN, "engine_failed_x"),
        ("x", "throttled"),
    ):
        ir.async_create_issue(
            hass,
            domain,
            key,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="open_server",
        )
    pi.slow_down(WEAK)
    await turn_ends(hass, setup_entry)
    setup_entry.runtime_data.coordinator.async_report_error(ContextOverflow("5000"))
    setup_entry.runtime_data.metrics[AGENT_ID].add(TURN)
    await settle(hass)
    assert issues(hass) == {CONTEXT, "engine_failed_x", other, "under_voltage"}

    if way == "remove":
        await hass.config_entries.async_remove(ENTRY_ID)
    else:
        await hass.config_entries.async_set_disabled_by(
            ENTRY_ID, ConfigEntryDisabler.USER
        )
    await settle(hass)

    assert issues(hass) == {"engine_failed_x", other}
    assert ir.async_get(hass).async_get_issue("x", "throttled") is not None


async def test_agent_leaves_nothing(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
) -> None:
    """An agent that is removed takes its problems along."""
    setup_entry.runtime_data.coordinator.async_report_error(ContextOverflow("5000"))
    setup_entry.runtime_data.metrics[AGENT_ID].add(TURN)
    await settle(hass)
    assert issues(hass) == {CONTEXT}

    hass.config_entries.async_remove_subentry(setup_entry, AGENT_ID)
    await settle(hass)

    assert issues(hass) == set()


async def test_cloud_model(
    hass: HomeAssistant,
    engine: FakeEngine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> None:
    """A model that runs elsewhere is told of, until the engine says otherwise."""
    engine.known = (replace(MODEL, remote=True),)
    await set_up(hass, mock_config_entry)

    assert issues(hass) == {CLOUD}
    words = issue(hass, CLOUD).translation_placeholders
    assert words is not None
    assert words["model"] == words["agent"] == "tiny"
    assert words["title"] == "127.0.0.1"

    engine.known = (MODEL,)
    await hass.config_entries.async_reload(ENTRY_ID)
    await settle(hass)
    assert issues(hass) == set()


async def test_asks_for_the_model_again(
    hass: HomeAssistant,
    engine: FakeEngine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An engine that does not know the model yet is asked when it has changed."""
    engine.known = (replace(MODEL, remote=True),)
    answers = AsyncMock(side_effect=ModelMissing("tiny"))
    with patch.object(FakeEngine, "model", answers):
        await set_up(hass, mock_config_entry)
    assert issues(hass) == set()
    assert answers.await_count == 1

    engine.in_memory = ()
    freezer.tick(INTERVAL_UP.total_seconds() + 1)
    async_fire_time_changed(hass)
    await settle(hass)

    assert issues(hass) == {CLOUD}


async def test_asks_for_the_model_once_at_a_time(
    hass: HomeAssistant,
    engine: FakeEngine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> None:
    """A slow engine is not asked again while it thinks."""
    answer = asyncio.Event()
    asked = 0

    async def model(self: FakeEngine, name: str) -> Any:
        nonlocal asked
        asked += 1
        await answer.wait()
        return MODEL

    mock_config_entry.add_to_hass(hass)
    with patch.object(FakeEngine, "model", model):
        await hass.config_entries.async_setup(ENTRY_ID)
        await hass.async_block_till_done()
        mock_config_entry.runtime_data.coordinator.async_update_listeners()
        await hass.async_block_till_done()
        assert asked == 1
        answer.set()
        await settle(hass)
        mock_config_entry.runtime_data.coordinator.async_update_listeners()
        await settle(hass)

    assert asked == 1


async def test_only_ollama_has_a_cloud(
    hass: HomeAssistant,
    engine: FakeEngine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> None:
    """Other engines are not asked where their models run."""
    engine.kind = EngineKind.LLAMA_SERVER
    with patch.object(FakeEngine, "model", AsyncMock()) as model:
        await set_up(hass, mock_config_entry)

    model.assert_not_awaited()
