"""The way of running a model that was measured to be the fastest here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..engines.launch import LaunchPlan
from ..hardware.cpu import usable_processors

_VERSION = 1
_KEY = f"{DOMAIN}.tunings"
# Seconds until it is written.
_DELAY = 1.0
_MOST_THREADS = 1024
_MOST_BATCH = 4096

_TUNINGS: HassKey[Tunings] = HassKey(f"{DOMAIN}_tunings")


async def async_tunings(hass: HomeAssistant) -> Tunings:
    """Return what was measured for the engines of our own."""
    if _TUNINGS not in hass.data:
        tunings = Tunings(hass)
        await tunings.async_load()
        hass.data.setdefault(_TUNINGS, tunings)
    return hass.data[_TUNINGS]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Which plan was the fastest, and ``fits``: what it was measured with."""

    fits: list[Any]
    threads: int
    batch: int
    ngram: bool


class Tunings:
    """The fastest plan of each entry that was tuned."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Know nothing yet."""
        self._hass = hass
        self._store: Store[dict[str, Any]] = Store(hass, _VERSION, _KEY)
        self._kept: dict[str, _Kept] = {}

    async def async_load(self) -> None:
        """Read what was kept; what cannot be understood is left out."""
        for entry_id, data in (await self._store.async_load() or {}).items():
            if (kept := _kept(data)) is not None:
                self._kept[entry_id] = kept

    async def async_tuned(self, entry_id: str, plan: LaunchPlan) -> LaunchPlan:
        """Return a plan as it is fastest, unchanged where that is not known for it."""
        kept = self._kept.get(entry_id)
        if kept is None or kept.fits != await self._async_fits(plan):
            return plan
        return replace(plan, threads=kept.threads, batch=kept.batch, ngram=kept.ngram)

    async def async_keep(self, entry_id: str, plan: LaunchPlan) -> None:
        """Use a plan's way of running the model from now on."""
        self._kept[entry_id] = _Kept(
            fits=await self._async_fits(plan),
            threads=plan.threads,
            batch=plan.batch,
            ngram=plan.ngram,
        )
        self._store.async_delay_save(self._data, _DELAY)

    def forget(self, entry_id: str) -> None:
        """Forget an engine that was removed."""
        if self._kept.pop(entry_id, None):
            self._store.async_delay_save(self._data, _DELAY)

    async def _async_fits(self, plan: LaunchPlan) -> list[Any]:
        """Return what must be the same for a measurement to hold."""
        return await self._hass.async_add_executor_job(_fits, plan)

    def _data(self) -> dict[str, Any]:
        """Return what is to be kept."""
        return {
            entry_id: {
                "fits": kept.fits,
                "threads": kept.threads,
                "batch": kept.batch,
                "ngram": kept.ngram,
            }
            for entry_id, kept in self._kept.items()
        }


def _fits(plan: LaunchPlan) -> list[Any]:
    """Return the model's file, the program with its version, and the processors."""
    try:
        about = plan.model.stat()
        file = [about.st_size, about.st_mtime_ns]
    except OSError:
        file = []
    return [
        *(str(plan.model), *file, plan.runtime.value),
        *(str(plan.program), plan.version, usable_processors()),
    ]


def _kept(data: Any) -> _Kept | None:
    """Read what was kept of one entry; None where that is not to be understood."""
    if not isinstance(data, Mapping):
        return None
    fits, ngram = data.get("fits"), data.get("ngram")
    threads = _whole(data.get("threads"), _MOST_THREADS)
    batch = _whole(data.get("batch"), _MOST_BATCH)
    if not isinstance(fits, list) or not isinstance(ngram, bool):
        return None
    if threads is None or batch is None:
        return None
    return _Kept(fits=fits, threads=threads, batch=batch, ngram=ngram)


def _whole(value: Any, most: int) -> int | None:
    """Return a number of something that is no more than so many."""
    return value if type(value) is int and 1 <= value <= most else None
