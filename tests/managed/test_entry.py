"""An entry whose engine Hearth runs itself."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import AsyncMock, patch

from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines.faults import StartFailed
from custom_components.hearth.engines.launch import LaunchPlan, Runtime
from custom_components.hearth.engines.managed import ManagedState
from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.managed.settings import ManagedSettings
from custom_components.hearth.managed.tunings import async_tunings

from ..fake_engine import FakeEngine

ENTRY = "custom_components.hearth.managed.entry"
ISSUE = "engine_failed_managed"
PLAN = LaunchPlan(
    runtime=Runtime.LLAMA_SERVER,
    program=Path("/usr/bin/llama-server"),
    model=Path("/models/m.gguf"),
    alias="hearth-nano",
    context_window=2048,
    threads=2,
    folder=Path("/config"),
)


class FakeManaged(FakeEngine):
    """An engine of our own without a process."""

    def __init__(self, session: Any, plan: LaunchPlan, *, on_change: Any) -> None:
        """Take what the real one takes."""
        super().__init__()
        self.plan = plan
        self.state = ManagedState.STOPPED
        self.failure: str | None = None
        self.start_error: Exception | None = None
        self.stopped = 0
        self._on_change = on_change
        FakeManaged.made.append(self)

    async def start(self) -> None:
        """Start, or fail."""
        if FakeManaged.refuses:
            raise StartFailed("no such file")
        self.become(ManagedState.STARTING)

    async def stop(self) -> None:
        """Stop."""
        self.stopped += 1

    def become(self, state: ManagedState, failure: str | None = None) -> None:
        """Change, and tell."""
        self.state, self.failure = state, failure
        self._on_change(self)

    refuses = False
    made: ClassVar[list[FakeManaged]] = []


@pytest.fixture
def engines() -> Generator[list[FakeManaged]]:
    """Run no process; return the engines that were made."""
    FakeManaged.made.clear()
    with (
        patch(f"{ENTRY}.ManagedEngine", FakeManaged),
        patch(f"{ENTRY}.async_plan", AsyncMock(return_value=PLAN)),
    ):
        yield FakeManaged.made


@pytest.fixture
async def entry(hass: HomeAssistant, engines: list[FakeManaged]) -> MockConfigEntry:
    """Return the entry, set up."""
    entry = MockConfigEntry(
        data={"model": "nano", "runtime": "llama_server"},
        domain=DOMAIN,
        entry_id="managed",
        title="llama.cpp",
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def test_starts_and_stops(
    hass: HomeAssistant, entry: MockConfigEntry, engines: list[FakeManaged]
) -> None:
    """The engine runs as long as its entry is loaded."""
    (engine,) = engines
    assert entry.state is ConfigEntryState.LOADED
    assert engine.state is ManagedState.STARTING
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert device.configuration_url is None

    await hass.config_entries.async_unload(entry.entry_id)
    assert engine.stopped >= 1


async def test_stops_with_home_assistant(
    hass: HomeAssistant, entry: MockConfigEntry, engines: list[FakeManaged]
) -> None:
    """When Home Assistant stops, so does the engine."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()

    assert engines[0].stopped == 1


async def test_cannot_unload(
    hass: HomeAssistant, entry: MockConfigEntry, engines: list[FakeManaged]
) -> None:
    """An entry that stays keeps its engine."""
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        await hass.config_entries.async_unload(entry.entry_id)

    assert engines[0].stopped == 0


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ManagedError("model_file_missing", {"file": "/x"}), "setup_error"),
        (ManagedError("llama_server_missing"), "setup_error"),
        (
            ManagedError("too_little_memory", {"available": "1", "needed": "2"}),
            "setup_retry",
        ),
    ],
)
async def test_cannot_be_planned(
    hass: HomeAssistant,
    engines: list[FakeManaged],
    error: ManagedError,
    state: str,
) -> None:
    """What only a person can mend is an error, memory may be free later."""
    entry = MockConfigEntry(
        data={"model": "nano", "runtime": "llama_server"}, domain=DOMAIN
    )
    entry.add_to_hass(hass)
    with patch(f"{ENTRY}.async_plan", AsyncMock(side_effect=error)):
        await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state.value == state
    assert entry.error_reason_translation_key == error.key
    assert not engines


async def test_cannot_be_started(
    hass: HomeAssistant, engines: list[FakeManaged]
) -> None:
    """A program that cannot be executed is tried again later."""
    entry = MockConfigEntry(
        data={"model": "nano", "runtime": "llama_server"}, domain=DOMAIN
    )
    entry.add_to_hass(hass)
    with patch.object(FakeManaged, "refuses", True):
        await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "start_failed"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_given_up_on(
    hass: HomeAssistant, entry: MockConfigEntry, engines: list[FakeManaged]
) -> None:
    """An engine that keeps ending is an issue, with a button to start it again."""
    await async_setup_component(hass, "repairs", {})
    issues = ir.async_get(hass)
    engines[0].become(ManagedState.FAILED, "The machine has too little memory")

    issue = issues.async_get_issue(DOMAIN, ISSUE)
    assert issue is not None
    assert issue.translation_key == "engine_failed"
    assert issue.translation_placeholders == {
        "error": "The machine has too little memory",
        "title": "llama.cpp",
    }

    flows = repairs_flow_manager(hass)
    assert flows is not None
    result = await flows.async_init(DOMAIN, data={"issue_id": ISSUE})
    assert result["step_id"] == "confirm"
    result = await flows.async_configure(result["flow_id"], {})
    assert result["type"] == "create_entry"
    await hass.async_block_till_done()
    assert len(engines) == 2
    assert issues.async_get_issue(DOMAIN, ISSUE) is None


async def test_mended_by_itself(
    hass: HomeAssistant, entry: MockConfigEntry, engines: list[FakeManaged]
) -> None:
    """An engine that is ready again is no issue any more."""
    engines[0].become(ManagedState.FAILED, "It ended")
    engines[0].become(ManagedState.READY)

    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_package_that_went_away_comes_back(
    hass: HomeAssistant, engines: list[FakeManaged]
) -> None:
    """After an update of the container, the package is installed again, once."""
    entry = MockConfigEntry(
        data={"model": "nano", "runtime": "llama_cpp_python", "wheel": "/w.whl"},
        domain=DOMAIN,
    )
    entry.add_to_hass(hass)
    may_end = asyncio.Event()
    tries = []

    async def install(_: HomeAssistant, settings: ManagedSettings, *__: Any) -> None:
        tries.append(settings.wheel)
        await may_end.wait()

    missing = ManagedError("package_missing")
    with (
        patch(f"{ENTRY}.async_plan", AsyncMock(side_effect=[missing, missing, PLAN])),
        patch(f"{ENTRY}.async_install_package", install),
    ):
        await hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_RETRY
        await hass.config_entries.async_reload(entry.entry_id)
        assert tries == ["/w.whl"]
        may_end.set()
        await hass.async_block_till_done(wait_background_tasks=True)

    assert entry.state is ConfigEntryState.LOADED


async def test_package_that_cannot_come_back(
    hass: HomeAssistant,
    engines: list[FakeManaged],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A failed installation is logged, and the next set-up tries again."""
    entry = MockConfigEntry(
        data={"model": "nano", "runtime": "llama_cpp_python"}, domain=DOMAIN
    )
    entry.add_to_hass(hass)
    install = AsyncMock(side_effect=ManagedError("no_compiler"))
    missing = AsyncMock(side_effect=ManagedError("package_missing"))
    with (
        patch(f"{ENTRY}.async_plan", missing),
        patch(f"{ENTRY}.async_install_package", install),
    ):
        for _ in range(2):
            await hass.config_entries.async_reload(entry.entry_id)
            await hass.async_block_till_done(wait_background_tasks=True)

    assert install.await_count == 2
    assert "no_compiler" in caplog.text
    await hass.config_entries.async_unload(entry.entry_id)


async def test_removing_takes_the_issue_along(
    hass: HomeAssistant, entry: MockConfigEntry, engines: list[FakeManaged]
) -> None:
    """Nobody can start an engine again that is gone."""
    engines[0].become(ManagedState.FAILED, "It ended")
    await hass.config_entries.async_remove(entry.entry_id)

    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None


async def test_removing_leaves_only_models(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Key, prompts, tuning and the package go; a model is not downloaded twice."""
    key, packages, model = (
        Path(hass.config.cache_path("hearth", *names))
        for names in (("engine", "key"), ("packages", "p"), ("models", "m.gguf"))
    )
    for file in (key, packages, model):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    tunings = await async_tunings(hass)
    fast = replace(PLAN, threads=1)
    await tunings.async_keep(entry.entry_id, fast)
    assert await tunings.async_tuned(entry.entry_id, PLAN) == fast

    await hass.config_entries.async_remove(entry.entry_id)

    assert await tunings.async_tuned(entry.entry_id, PLAN) == PLAN
    assert not key.exists()
    assert not packages.exists()
    assert model.exists()
    model.unlink()
