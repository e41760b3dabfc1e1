"""Telling how far the work is."""

import asyncio
from typing import Any, override
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.core import HomeAssistant, callback
import pytest

from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.steps.work import WorkSteps

WORK = "custom_components.hearth.steps.work"


class Flow(WorkSteps):
    """A flow that notes what it tells."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with nothing told."""
        super().__init__()
        self.hass = hass
        self.flow_id = "f"
        self.handler = "hearth"
        self.context = {"source": SOURCE_USER}
        self.told: list[float] = []

    @callback
    @override
    def async_update_progress(self, progress: float) -> None:
        """Note it."""
        self.told.append(progress)

    def tell(self, share: float) -> None:
        """Tell how far it is."""
        self._tell_share(share)

    def show(self, work: Any) -> Any:
        """Show that it works."""
        return self._show_work("pull", work, {}, after="ready", failed="model_failed")


@pytest.mark.parametrize("error", [None, ManagedError("too_little_memory")])
async def test_the_first_work_of_a_window(
    hass: HomeAssistant, error: ManagedError | None
) -> None:
    """A page that is shown it first has time to listen; others are listening."""
    flow, slept = Flow(hass), AsyncMock()

    async def work() -> None:
        if error:
            raise error

    with patch(f"{WORK}.LEAST", 7.0), patch(f"{WORK}.asyncio.sleep", slept):
        flow.show(work)
        slept.assert_not_awaited()
        flow.context["source"] = SOURCE_RECONFIGURE
        result = flow.show(work)
    assert 6 < slept.await_args_list[0].args[0] <= 7
    assert result["step_id"] == ("model_failed" if error else "ready")


async def test_each_percent_once(hass: HomeAssistant) -> None:
    """What nobody sees is not told."""
    flow = Flow(hass)
    for share in (0.0, 0.001, 0.011, 0.0119, 0.02, 1.0, 1.0):
        flow.tell(share)
    assert flow.told == [0.0, 0.011, 0.02, 1.0]


async def test_the_percentage_survives_another_text(hass: HomeAssistant) -> None:
    """A page that is shown the step again is told at once how far it is."""
    flow, done = Flow(hass), asyncio.Event()

    async def work() -> None:
        flow.tell(0.42)
        await done.wait()

    with patch(f"{WORK}.LOOK_AGAIN", 0):
        flow.show(work)
        assert flow.told == [0.42]
        await asyncio.sleep(0.01)
        assert flow.told == [0.42, 0.42]
        flow.show(work)
        # Not before the page knows that it has to show the step again.
        assert flow.told == [0.42, 0.42]
        await asyncio.sleep(0.01)
        assert flow.told == [0.42] * 3
        done.set()
        await hass.async_block_till_done(wait_background_tasks=True)
        assert flow.show(work)["step_id"] == "ready"


async def test_work_of_which_nobody_knows_how_far_it_is(hass: HomeAssistant) -> None:
    """Nothing is told, and the next work begins at nothing."""
    flow = Flow(hass)
    flow.tell(0.9)
    done = asyncio.Event()

    async def work() -> None:
        await done.wait()

    with patch(f"{WORK}.LOOK_AGAIN", 0):
        flow.show(work)
        await asyncio.sleep(0.01)
    assert flow.told == [0.9]
    done.set()
    await hass.async_block_till_done(wait_background_tasks=True)
