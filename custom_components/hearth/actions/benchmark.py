"""The action that measures how fast models are here."""

from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..benchmarking.advice import Advice, advise
from ..benchmarking.run import Measured, async_benchmark, models_of_agents
from ..benchmarking.tune import async_tune
from ..const import DOMAIN
from ..models.catalog import catalog
from ..steps.texts import async_texts
from .common import ATTR_CONFIG_ENTRY, ATTR_MODELS, Action, entry_of

ATTR_TUNE = "tune"

# More would take a day on a small machine.
_MOST_MODELS = 20

_SCHEMA = vol.Schema(
    {
        vol.Optional(ATTR_CONFIG_ENTRY): cv.string,
        vol.Optional(ATTR_MODELS): vol.All(
            cv.ensure_list, [cv.string], vol.Length(min=1, max=_MOST_MODELS)
        ),
        vol.Optional(ATTR_TUNE, default=False): cv.boolean,
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        Action.BENCHMARK,
        _async_benchmark,
        _SCHEMA,
        SupportsResponse.OPTIONAL,
    )


async def _async_benchmark(call: ServiceCall) -> ServiceResponse:
    """Tune if asked to, measure models one after the other, say which to use."""
    hass, entry = call.hass, entry_of(call)
    names = call.data.get(ATTR_MODELS) or models_of_agents(entry)
    tuned = await async_tune(entry) if call.data[ATTR_TUNE] else None
    benchmarks = entry.runtime_data.benchmarks
    before = {name: benchmarks.of(entry.entry_id, name) for name in names}
    measured: list[Measured] = [
        await async_benchmark(entry, name) for name in dict.fromkeys(names)
    ]
    known = await hass.async_add_executor_job(catalog)
    answer: dict[str, Any] = {
        "results": [
            {
                **result.as_dict(),
                "before": [one.as_dict() for one in before[result.model]],
            }
            for _, result in measured
        ],
        "recommended": await _async_told(hass, advise(measured, known), measured),
    }
    if tuned is not None:
        answer["tuned"] = tuned
    return answer


async def _async_told(
    hass: HomeAssistant, advice: Advice | None, measured: list[Measured]
) -> dict[str, Any] | None:
    """Return which model to use and why, in the home's language."""
    if advice is None:
        return None
    speeds = {result.model: result.generated_per_second for _, result in measured}
    texts = await async_texts(hass)
    reason = texts[advice.why].format(
        model=advice.model, speed=f"{speeds[advice.model] or 0:.1f}"
    )
    return {"model": advice.model, "reason": reason}
