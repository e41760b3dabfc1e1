"""What was measured to be the fastest is used again, where it fits."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState, HomeAssistant
import pytest

from custom_components.hearth.managed.tunings import Tunings

from ..engines.managed_programs import make_plan


async def test_used_where_it_fits(hass: HomeAssistant, tmp_path: Path) -> None:
    """Another file, program, version or entry has not been measured."""
    model = tmp_path / "m.gguf"
    model.write_bytes(b"1")
    plan = make_plan(tmp_path, model=model, version="1", context_window=2048)
    best = replace(plan, threads=3, batch=256, ngram=True)
    tunings = Tunings(hass)
    await tunings.async_keep("x", best)

    longer = replace(plan, context_window=4096)
    assert await tunings.async_tuned("x", longer) == replace(best, context_window=4096)
    assert await tunings.async_tuned("y", plan) == plan
    for other in (
        replace(plan, version="2"),
        replace(plan, program=Path("/other")),
        replace(plan, model=tmp_path / "other.gguf"),
    ):
        assert await tunings.async_tuned("x", other) == other
    model.write_bytes(b"12")
    assert await tunings.async_tuned("x", plan) == plan


async def written(hass: HomeAssistant, hass_storage: dict[str, Any]) -> Any:
    """Return what is on the disk when Home Assistant has ended."""
    hass.set_state(CoreState.final_write)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    return hass_storage["hearth.tunings"]["data"]


async def test_kept(
    hass: HomeAssistant, hass_storage: dict[str, Any], tmp_path: Path
) -> None:
    """It outlasts a restart."""
    plan = make_plan(tmp_path, threads=3)
    tunings = Tunings(hass)
    await tunings.async_keep("x", plan)
    assert set(await written(hass, hass_storage)) == {"x"}
    again = Tunings(hass)
    await again.async_load()
    assert await again.async_tuned("x", replace(plan, threads=1)) == plan


async def test_forgotten(
    hass: HomeAssistant, hass_storage: dict[str, Any], tmp_path: Path
) -> None:
    """It does not outlast its entry."""
    tunings = Tunings(hass)
    await tunings.async_keep("x", make_plan(tmp_path, threads=3))
    tunings.forget("x")
    tunings.forget("x")
    plan = make_plan(tmp_path)
    assert await tunings.async_tuned("x", plan) == plan
    assert await written(hass, hass_storage) == {}


@pytest.mark.parametrize(
    "change",
    [{"threads": 0}, {"threads": True}, {"batch": "64"}, {"ngram": 1}, {"fits": None}],
)
async def test_what_cannot_be_understood(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    tmp_path: Path,
    change: dict[str, Any],
) -> None:
    """It is left out, and what else is there is read."""
    good = {"fits": [1], "threads": 2, "batch": 64, "ngram": False}
    hass_storage["hearth.tunings"] = {
        "version": 1,
        "key": "hearth.tunings",
        "data": {"a": 1, "b": good | change, "c": good},
    }
    tunings = Tunings(hass)
    await tunings.async_load()
    await tunings.async_keep("d", make_plan(tmp_path))
    kept = await written(hass, hass_storage)
    assert set(kept) == {"c", "d"}
    assert kept["c"] == good
