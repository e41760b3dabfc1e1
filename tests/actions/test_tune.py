"""Finding the fastest way to run a model, with an engine that has no process."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.benchmarking import tune
from custom_components.hearth.engines.chat import ChatRequest, Delta, TurnStats
from custom_components.hearth.engines.faults import StartFailed
from custom_components.hearth.engines.launch import LaunchPlan
from custom_components.hearth.engines.managed import ManagedEngine, ManagedState
from custom_components.hearth.managed.tunings import async_tunings

from ..conftest import ENTRY_ID
from ..engines.managed_programs import make_plan
from ..fake_engine import FakeEngine


class Tunable(ManagedEngine):
    """An engine of our own whose speed is made up."""

    rates: Callable[[LaunchPlan], float | None]
    now: LaunchPlan
    doing = ManagedState.READY
    gate: asyncio.Event | None = None
    unloaded = 0

    @property
    @override
    def plan(self) -> LaunchPlan:
        return self.now

    @property
    @override
    def state(self) -> ManagedState:
        return self.doing

    @override
    async def change(self, plan: LaunchPlan) -> None:
        if self.doing is ManagedState.STOPPED:
            raise StartFailed("stopped")
        self.now = plan
        if self.rates(plan) is None:
            raise StartFailed("no such thread")

    @override
    async def unload(self, name: str) -> None:
        self.unloaded += 1

    @override
    async def chat(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        if self.gate is not None and self.now.ngram:
            await self.gate.wait()
        rate = self.rates(self.now)
        assert rate
        stats = TurnStats(
            prompt_tokens=500,
            prompt_seconds=50 / rate,
            generated_tokens=48,
            generation_seconds=48 / rate,
        )
        yield Delta(content="ka")
        yield Delta(stats=stats)


@pytest.fixture
def tunable(
    hass: HomeAssistant, setup_entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> Tunable:
    """Return the engine, on a machine of four cores with two threads each."""
    monkeypatch.setattr(tune, "physical_cores", lambda: 4)
    monkeypatch.setattr(tune, "usable_processors", lambda: 8)
    plan = make_plan(Path(hass.config.path()), threads=2)
    found = Tunable(async_get_clientsession(hass), plan)
    found.now = plan
    found.rates = lambda plan: 10.0 + (5 if plan.batch == 256 else 0)
    setup_entry.runtime_data.engine = found
    return found


async def run(entry: MockConfigEntry) -> Any:
    """Tune."""
    return await tune.async_tune(entry)


async def test_the_fastest_wins(
    hass: HomeAssistant, setup_entry: MockConfigEntry, tunable: Tunable
) -> None:
    """It runs from now on, and is kept for the next start."""
    former = tunable.now
    rows = await run(setup_entry)
    assert [row["chosen"] for row in rows] == [False, False, False, True, False]
    assert (tunable.now.threads, tunable.now.batch, tunable.now.ngram) == (
        4,
        256,
        False,
    )
    tunings = await async_tunings(hass)
    assert await tunings.async_tuned(ENTRY_ID, former) == tunable.now
    assert not setup_entry.runtime_data.line.locked()
    assert not tunable.unloaded


async def test_what_does_not_start(
    setup_entry: MockConfigEntry, tunable: Tunable
) -> None:
    """It is passed over, and an engine that rested rests again."""
    tunable.doing = ManagedState.RESTING
    tunable.rates = lambda plan: None if plan.batch == 256 else 10.0
    rows = await run(setup_entry)
    assert rows[3]["turn_seconds"] is None
    assert rows[0]["chosen"]
    assert (tunable.now.threads, tunable.now.batch, tunable.now.ngram) == (4, 64, False)
    assert tunable.unloaded == 1


async def test_nothing_starts(
    hass: HomeAssistant, setup_entry: MockConfigEntry, tunable: Tunable
) -> None:
    """The engine runs as before, nothing is kept, and the error is said."""
    former = tunable.now
    tunable.rates = lambda plan: None if plan.threads == 4 else 10.0
    with pytest.raises(HomeAssistantError) as caught:
        await run(setup_entry)
    assert caught.value.translation_key == "start_failed"
    assert tunable.now == former
    tunings = await async_tunings(hass)
    assert await tunings.async_tuned(ENTRY_ID, former) == former


async def test_given_up(setup_entry: MockConfigEntry, tunable: Tunable) -> None:
    """Who gives up finds the engine as it was; meanwhile nobody else tunes."""
    former = tunable.now
    tunable.gate = asyncio.Event()
    task = asyncio.create_task(run(setup_entry))
    async with asyncio.timeout(10):
        while not tunable.now.ngram:
            await asyncio.sleep(0)
    with pytest.raises(ServiceValidationError) as caught:
        await run(setup_entry)
    assert caught.value.translation_key == "already_benchmarked"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert tunable.now == former
    assert not setup_entry.runtime_data.line.locked()
    assert not setup_entry.runtime_data.benchmarked


async def test_stopped_meanwhile(
    setup_entry: MockConfigEntry, tunable: Tunable
) -> None:
    """An engine that was stopped is not started again."""
    tunable.doing = ManagedState.STOPPED
    former = tunable.now
    with pytest.raises(HomeAssistantError):
        await run(setup_entry)
    assert tunable.now is former


async def test_an_engine_of_others(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """It is said what to do instead, and nothing is measured."""
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            "hearth", "benchmark", {"tune": True}, blocking=True, return_response=True
        )
    assert caught.value.translation_key == "tune_not_managed"
    assert caught.value.translation_placeholders == {"engine": "Ollama"}
    assert not engine.requests
