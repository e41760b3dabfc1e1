"""A benchmark of an engine of our own; with the real thing."""

import asyncio
from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.benchmarking.tune import async_tune
from custom_components.hearth.engines.faults import StartFailed
from custom_components.hearth.engines.managed import ManagedEngine, ManagedState
from custom_components.hearth.managed.tunings import async_tunings

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


async def test_tune(
    hass: HomeAssistant, entry: MockConfigEntry, engine: ManagedEngine
) -> None:
    """What is tried really runs, one wins, and the next start has it."""
    await engine.ready()
    response = await hass.services.async_call(
        "hearth", "benchmark", {"tune": True}, blocking=True, return_response=True
    )
    assert response is not None
    tuned: Any = response["tuned"]
    assert [row for row in tuned if row["ngram"]]
    assert all(row["turn_seconds"] > 0 for row in tuned)
    (chosen,) = [row for row in tuned if row["chosen"]]
    plan = engine.plan
    assert (plan.threads, plan.batch, plan.ngram) == (
        *(chosen["threads"], chosen["batch"]),
        chosen["ngram"],
    )
    assert engine.state is ManagedState.READY
    tunings = await async_tunings(hass)
    await tunings.async_keep(entry.entry_id, replace(plan, threads=3))
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.runtime_data.engine.plan.threads == 3


async def test_change_given_up(
    hass: HomeAssistant, entry: MockConfigEntry, engine: ManagedEngine
) -> None:
    """Who gives up tuning finds the former plan, and an engine that works."""
    await engine.ready()
    former = engine.plan
    task = asyncio.create_task(async_tune(entry))
    async with asyncio.timeout(60):
        while engine.plan.batch != 256:
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert engine.plan == former
    assert engine.state is ManagedState.READY
    await engine.stop()
    with pytest.raises(StartFailed):
        await engine.change(former)
    assert engine.state is ManagedState.STOPPED
