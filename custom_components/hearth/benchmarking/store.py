"""What was measured before, and what it says about this machine."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..hardware.speed import NOT_CALIBRATED, Calibration
from .result import BenchmarkResult

_VERSION = 1
_KEY = f"{DOMAIN}.benchmarks"
# Of each model; the oldest is forgotten.
_KEPT = 5
_MOST_MODELS = 50
# Seconds until it is written, for several may come in a row.
_DELAY = 5.0

_BENCHMARKS: HassKey[Benchmarks] = HassKey(f"{DOMAIN}_benchmarks")


async def async_benchmarks(hass: HomeAssistant) -> Benchmarks:
    """Return the results of all engines."""
    if _BENCHMARKS not in hass.data:
        benchmarks = Benchmarks(hass)
        await benchmarks.async_load()
        hass.data.setdefault(_BENCHMARKS, benchmarks)
    return hass.data[_BENCHMARKS]


class Benchmarks:
    """Results by engine and model, the newest last."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Know nothing yet."""
        self._store: Store[dict[str, Any]] = Store(hass, _VERSION, _KEY)
        self._results: dict[str, dict[str, list[BenchmarkResult]]] = {}
        self.calibration = NOT_CALIBRATED

    async def async_load(self) -> None:
        """Read what was kept; what cannot be understood is left out."""
        data = await self._store.async_load() or {}
        for entry_id, models in _mapping(data.get("results")).items():
            for model, kept in _mapping(models).items():
                found = [BenchmarkResult.of(one) for one in kept if _mapping(one)]
                results = [one for one in found if one is not None]
                if results:
                    self._results.setdefault(entry_id, {})[model] = results
        self.calibration = _calibration(_mapping(data.get("calibration")))

    def of(self, entry_id: str, model: str) -> tuple[BenchmarkResult, ...]:
        """Return the results of a model, the newest last."""
        return tuple(self._results.get(entry_id, {}).get(model, ()))

    def last(self, entry_id: str) -> BenchmarkResult | None:
        """Return the newest result of an engine."""
        found = [kept[-1] for kept in self._results.get(entry_id, {}).values()]
        return max(found, key=lambda one: one.measured_at, default=None)

    def add(
        self, entry_id: str, result: BenchmarkResult, calibration: Calibration
    ) -> None:
        """Keep a new result, and what it says about the machine."""
        models = self._results.setdefault(entry_id, {})
        # The newest model stands last, and the oldest is forgotten first.
        kept = [*models.pop(result.model, ()), result][-_KEPT:]
        models[result.model] = kept
        while len(models) > _MOST_MODELS:
            models.pop(next(iter(models)))
        self.calibration = calibration
        self._store.async_delay_save(self._data, _DELAY)

    def forget(self, entry_id: str) -> None:
        """Forget an engine that was removed."""
        if self._results.pop(entry_id, None):
            self._store.async_delay_save(self._data, _DELAY)

    def _data(self) -> dict[str, Any]:
        """Return what is to be kept."""
        return {
            "calibration": asdict(self.calibration),
            "results": {
                entry_id: {
                    model: [one.as_dict() for one in kept]
                    for model, kept in models.items()
                }
                for entry_id, models in self._results.items()
            },
        }


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping, empty for everything else."""
    return value if isinstance(value, dict) else {}


def _calibration(data: Mapping[str, Any]) -> Calibration:
    """Return a calibration as it was kept; numbers only."""
    known = asdict(NOT_CALIBRATED)
    return Calibration(
        **{
            name: float(value)
            for name, value in data.items()
            if name in known and isinstance(value, int | float) and value > 0
        }
    )
