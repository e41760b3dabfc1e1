"""Running a benchmark from beginning to end, for actions and buttons."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..agent.line import LineError
from ..agent.options import AgentOptions
from ..board_coordinator import runs_here
from ..const import DOMAIN, EVENT_BENCHMARK_FINISHED
from ..coordinator import HearthConfigEntry
from ..engines.base import ModelInfo
from ..helpers import engine_errors
from ..machine import async_read_machine
from ..models.catalog import catalog
from ..welcome.look import machine_places
from .calibrate import calibrated_by
from .measure import Measuring
from .result import BenchmarkResult

type Measured = tuple[ModelInfo, BenchmarkResult]


def models_of_agents(entry: HearthConfigEntry) -> list[str]:
    """Return the models that an engine's agents use, each once."""
    agents = (AgentOptions.of(one.data) for one in entry.subentries.values())
    return list(dict.fromkeys(options.model for options in agents))


@contextmanager
def measuring(entry: HearthConfigEntry, name: str) -> Iterator[None]:
    """Measure a model once at a time, with errors said in words.

    Raises HomeAssistantError.
    """
    benchmarked = entry.runtime_data.benchmarked
    if name in benchmarked:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="already_benchmarked",
            translation_placeholders={"model": name},
        )
    benchmarked.add(name)
    try:
        with engine_errors(entry):
            yield
    except LineError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="line_too_long"
        ) from err
    finally:
        benchmarked.discard(name)


async def async_benchmark(entry: HearthConfigEntry, name: str) -> Measured:
    """Measure a model, keep the result, and tell it; raises HomeAssistantError."""
    runtime = entry.runtime_data
    hass = runtime.coordinator.hass
    with measuring(entry, name):
        model = await _async_model(entry, name)
        result = await Measuring(entry, model).run()
    await _async_keep(hass, entry, model, result)
    hass.bus.async_fire(
        EVENT_BENCHMARK_FINISHED,
        {"config_entry_id": entry.entry_id, **result.as_dict()},
    )
    runtime.coordinator.async_update_listeners()
    return model, result


async def async_benchmark_agents(entry: HearthConfigEntry) -> None:
    """Measure the models of an engine's agents; raises HomeAssistantError."""
    for name in models_of_agents(entry):
        await async_benchmark(entry, name)


async def _async_model(entry: HearthConfigEntry, name: str) -> ModelInfo:
    """Return what a model is, with its size; raises ModelMissing."""
    engine = entry.runtime_data.engine
    described = await engine.model(name)
    if described.size:
        return described
    # Ollama says the size only in its list.
    listed = await engine.models()
    return next((one for one in listed if one.name == name and one.size), described)


async def _async_keep(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    model: ModelInfo,
    result: BenchmarkResult,
) -> None:
    """Keep a result; one from this machine says something about it."""
    benchmarks = entry.runtime_data.benchmarks
    calibration = benchmarks.calibration
    if runs_here(entry):
        board, _ = await async_read_machine(hass, places=machine_places(hass))
        known = await hass.async_add_executor_job(catalog)
        calibration = calibrated_by(calibration, result, model, board, known)
    benchmarks.add(entry.entry_id, result, calibration)
