"""Measuring models, by action and by button."""

import asyncio
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.hearth.agent.line import Priority
from custom_components.hearth.benchmarking.store import Benchmarks
from custom_components.hearth.engines.base import Capabilities, LoadedModel, ModelInfo
from custom_components.hearth.engines.chat import TurnStats
from custom_components.hearth.engines.faults import Unreachable
from custom_components.hearth.hardware.speed import NOT_CALIBRATED

from ..conftest import ENTRY_ID, state_of
from ..fake_engine import MODEL, FakeEngine, says

READ = TurnStats(
    prompt_tokens=510, cached_tokens=10, prompt_seconds=5.0, first_token_seconds=5.5
)
SPOKEN = TurnStats(generated_tokens=100, generation_seconds=20.0)
FAST = TurnStats(generated_tokens=100, generation_seconds=10.0)
SLOW = TurnStats(generated_tokens=100, generation_seconds=50.0)
SPEED = "sensor.127_0_0_1_benchmark_generation_speed"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up what a benchmark is shown by, and the button for it."""
    return ["button", "sensor"]


async def measure(hass: HomeAssistant, **data: Any) -> Any:
    """Run the action and return its answer."""
    return await hass.services.async_call(
        "hearth", "benchmark", data, blocking=True, return_response=True
    )


async def test_the_agents_model(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The columns are those of the community's table, and everybody hears of them."""
    events = async_capture_events(hass, "hearth_benchmark_finished")
    assert state_of(hass, SPEED) == "unknown"
    engine.script(says("ka", stats=READ), says("one two", stats=SPOKEN))

    answer = await measure(hass)

    (result,) = answer["results"]
    assert result.pop("measured_at")
    assert result.pop("load_seconds") >= 0
    assert result == {
        "before": [],
        "engine": "Ollama",
        "engine_version": "0.32.0",
        "first_token_seconds": 5.5,
        "generated_per_second": 5.0,
        "generated_tokens": 100,
        "memory": None,
        "model": "tiny",
        "prompt_tokens": 510,
        "quantization": "Q8_0",
        "read_per_second": 100.0,
    }
    assert answer["recommended"] is None
    assert events[0].data["model"] == "tiny"
    assert events[0].data["config_entry_id"] == ENTRY_ID
    assert state_of(hass, SPEED) == "5.0"
    reading, generating = engine.requests
    assert (reading.max_tokens, generating.max_tokens) == (1, 100)
    assert generating.ignore_end
    assert len(reading.messages[0].content.split()) > 200
    # Loaded as the agents have it, and left as it was.
    assert engine.loads == [("tiny", 4096, -1)]
    assert [model.name for model in engine.in_memory] == ["tiny"]


async def test_never_the_same_prompt(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """What was read before would be read too fast; the results before are told."""
    for _ in range(2):
        engine.script(says("a", stats=READ), says("b", stats=SPOKEN))
        answer = await measure(hass, models=["tiny"])
    texts = {request.messages[0].content for request in engine.requests[::2]}
    assert len(texts) == 2
    assert len(answer["results"][0]["before"]) == 1


@pytest.mark.parametrize(
    ("small", "large", "model", "reason"),
    [
        (FAST, SPOKEN, "large", "best of these"),
        (SPOKEN, SLOW, "small", "best of these"),
        (SLOW, SLOW, "small", "fastest"),
    ],
)
async def test_which_one_to_use(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    small: TurnStats,
    large: TurnStats,
    model: str,
    reason: str,
) -> None:
    """The best that speaks fast enough, or else the fastest, and why."""
    engine.known = (
        ModelInfo(name="large", parameters="4B", size=2_400_000_000),
        ModelInfo(name="small", parameters="1B", size=700_000_000),
    )
    engine.script(
        says("a", stats=READ),
        says("b", stats=small),
        says("a", stats=READ),
        says("b", stats=large),
    )

    answer = await measure(hass, models=["small", "large", "small"])

    assert [one["model"] for one in answer["results"]] == ["small", "large"]
    assert answer["recommended"]["model"] == model
    assert reason in answer["recommended"]["reason"]
    # Neither was in memory before.
    assert "small" not in {one.name for one in engine.in_memory}


async def test_an_engine_that_loads_by_itself(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: object,
    engine: FakeEngine,
) -> None:
    """What cannot be measured is left out."""
    engine.capabilities = Capabilities()
    engine.in_memory = (LoadedModel(name="tiny", memory=50_000_000),)
    mock_config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(ENTRY_ID)
    engine.script(says("a", stats=READ), says("b", stats=TurnStats()))
    (result,) = (await measure(hass))["results"]
    assert result["load_seconds"] is None
    assert result["generated_per_second"] is None
    assert result["memory"] == 50_000_000


async def test_people_go_between(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Who speaks waits for one step only."""
    gate = asyncio.Event()
    engine.script([gate, *says("a", stats=READ)], says("b", stats=SPOKEN))
    task = asyncio.create_task(measure(hass))
    while not engine.requests:
        await asyncio.sleep(0)
    line = setup_entry.runtime_data.line

    async def speak() -> int:
        async with line.place(Priority.VOICE):
            return len(engine.requests)

    spoken = asyncio.create_task(speak())
    await asyncio.sleep(0)
    gate.set()
    assert await spoken == 1
    await task
    assert len(engine.requests) == 2


async def test_once_at_a_time(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The same model is not measured twice at once; after that it may be."""
    gate = asyncio.Event()
    engine.script([gate, *says("a", stats=READ)], says("b", stats=SPOKEN))
    task = asyncio.create_task(measure(hass))
    while not engine.requests:
        await asyncio.sleep(0)
    with pytest.raises(ServiceValidationError) as caught:
        await measure(hass)
    assert caught.value.translation_key == "already_benchmarked"
    gate.set()
    await task
    assert setup_entry.runtime_data.benchmarked == set()


async def test_the_engine_dies(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """An error is said in words, nothing is kept, and the next try works."""
    engine.script(says("a", stats=READ), [Unreachable("reset")])
    with pytest.raises(HomeAssistantError) as caught:
        await measure(hass)
    assert caught.value.translation_key == "cannot_connect"
    assert state_of(hass, SPEED) in {"unknown", "unavailable"}
    assert not setup_entry.runtime_data.line.locked()

    engine.script(says("a", stats=READ), says("b", stats=SPOKEN))
    assert (await measure(hass))["results"]


async def test_a_line_that_is_full(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Too many before it is an error, too."""
    line = setup_entry.runtime_data.line
    monkeypatch.setattr(line, "_longest", 0)
    with pytest.raises(HomeAssistantError) as caught:
        await measure(hass)
    assert caught.value.translation_key == "line_too_long"


async def test_the_button(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A press measures the agents' models."""
    engine.script(says("a", stats=READ), says("b", stats=SPOKEN))
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": "button.127_0_0_1_run_benchmark"},
        blocking=True,
    )
    assert state_of(hass, SPEED) == "5.0"


async def test_results_are_kept(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
) -> None:
    """They and what they say of the machine are there after a restart."""
    assert setup_entry.runtime_data.benchmarks.calibration == NOT_CALIBRATED
    for _ in range(7):
        engine.script(says("a", stats=READ), says("b", stats=SPOKEN))
        await measure(hass)
    kept = setup_entry.runtime_data.benchmarks
    hass.set_state(CoreState.final_write)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()

    again = Benchmarks(hass)
    await again.async_load()

    assert len(again.of(ENTRY_ID, "tiny")) == 5
    assert again.of(ENTRY_ID, "tiny")[-1].generated_per_second == 5.0
    assert again.calibration == kept.calibration
    assert again.calibration.generating
    assert again.calibration.reading
    again.forget(ENTRY_ID)
    again.forget(ENTRY_ID)
    assert again.last(ENTRY_ID) is None


@pytest.mark.parametrize(
    "data",
    [
        {"results": [], "calibration": []},
        {"results": {"x": {"m": [1, {"new": 2}]}}, "calibration": {"reading": "fast"}},
        {"results": {"x": 1}, "calibration": {"reading": -1, "other": 5}},
    ],
)
async def test_what_cannot_be_understood(
    hass: HomeAssistant, hass_storage: dict[str, Any], data: dict[str, Any]
) -> None:
    """A file of another version does no harm."""
    hass_storage["hearth.benchmarks"] = {
        "version": 1,
        "minor_version": 1,
        "key": "hearth.benchmarks",
        "data": data,
    }
    benchmarks = Benchmarks(hass)
    await benchmarks.async_load()
    assert benchmarks.last("x") is None
    assert benchmarks.calibration == NOT_CALIBRATED


async def test_removed_with_the_engine(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """An engine that is gone leaves no results."""
    engine.script(says("a", stats=READ), says("b", stats=SPOKEN))
    await measure(hass)
    benchmarks = setup_entry.runtime_data.benchmarks
    await hass.config_entries.async_remove(ENTRY_ID)
    assert benchmarks.last(ENTRY_ID) is None


async def test_a_size_that_only_the_list_tells(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Ollama describes a model without its size; without any nothing follows."""
    sizes = [None, 15_000_000]

    async def describe(name: str) -> ModelInfo:
        return ModelInfo(name=name)

    for size in sizes:
        engine.known = (ModelInfo(name="tiny", size=size),)
        engine.script(says("a", stats=READ), says("b", stats=SPOKEN))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FakeEngine, "model", lambda _, name: describe(name))
            await measure(hass)
        found = setup_entry.runtime_data.benchmarks.calibration.generating
        assert (found is not None) is (size is not None)
    assert MODEL.size
