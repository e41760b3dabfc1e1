"""Steps that take a while: shown while they work, and what went wrong after it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
import time
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.core import callback
import voluptuous as vol

from ..const import LOGGER
from ..managed.problem import ManagedError

# Seconds. A page begins to listen when it shows the first work of a window. If that
# is over before, the page waits for ever.
LEAST = 1.0
# Seconds between two looks at the work.
LOOK_AGAIN = 2.0
# Not part of the translations, which may not hold addresses.
_EXAMPLES = {
    "endpoint": "https://huggingface.co",
    "example": "Qwen/Qwen3-0.6B-GGUF",
}
_PERCENT = 100


@asynccontextmanager
async def no_sooner() -> AsyncIterator[None]:
    """Take as long as a page needs to listen, whether it goes well or not."""
    end = time.monotonic() + LEAST
    try:
        yield
    except Exception:
        await _until(end)
        raise
    await _until(end)


async def _until(end: float) -> None:
    """Wait for a moment, if it is still to come."""
    if (left := end - time.monotonic()) > 0:
        await asyncio.sleep(left)


class WorkSteps(ConfigFlow):
    """A flow that does one thing at a time, and can say how it went."""

    def __init__(self) -> None:
        """Start with nothing to do."""
        self._work: asyncio.Task[None] | None = None
        self._share: float | None = None
        self._problem: ManagedError | None = None

    def _show_work(
        self,
        step_id: str,
        work: Callable[[], Coroutine[Any, Any, None]],
        texts: Mapping[str, str],
        *,
        after: str,
        failed: str,
        action: str | None = None,
    ) -> ConfigFlowResult:
        """Show that something is being done; go on when it is done, or failed.

        The step is shown again every now and then, with the texts of that time.

        Args:
            step_id: The step that calls this.
            work: What is to be done.
            texts: What the text about it names.
            after: The step after the work.
            failed: The step after work in vain.
            action: The name of the text, where it is not the step's.
        """
        if self._work is None:
            self._share = None
            self._work = self.hass.async_create_background_task(
                self._async_work(work), step_id
            )
        if not self._work.done():
            return self.async_show_progress(
                step_id=step_id,
                progress_action=action or step_id,
                progress_task=self.hass.async_create_background_task(
                    self._async_look_at(self._work), f"Looking at {step_id}"
                ),
                description_placeholders=dict(texts),
            )
        done, self._work = self._work, None
        try:
            done.result()
        except ManagedError as err:
            self._problem = err
        except Exception:
            LOGGER.exception("The step %s failed in an unexpected way", step_id)
            self._problem = ManagedError("unknown")
        return self.async_show_progress_done(
            next_step_id=failed if self._problem else after
        )

    async def _async_work(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Work; who adds an engine has seen that Hearth looked around before."""
        if self.source != SOURCE_RECONFIGURE:
            await work()
            return
        async with no_sooner():
            await work()

    async def _async_look_at(self, work: asyncio.Task[None]) -> None:
        """Return when the work is done, or after a while."""
        # A page forgets how far it is when it is shown the step again, which is
        # after this has been called.
        await asyncio.sleep(0)
        if self._share is not None:
            self.async_update_progress(self._share)
        await asyncio.wait({work}, timeout=LOOK_AGAIN)

    @callback
    def _tell_share(self, share: float) -> None:
        """Tell the page which share of the work is done, when that is another percent."""
        before, self._share = self._share, share
        if before is None or int(before * _PERCENT) != int(share * _PERCENT):
            self.async_update_progress(share)

    def _show_form(
        self,
        step_id: str,
        schema: vol.Schema,
        texts: Mapping[str, str] | None = None,
    ) -> ConfigFlowResult:
        """Show a form, with what went wrong before it."""
        problem, self._problem = self._problem, None
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,
            errors={"base": problem.key} if problem else {},
            description_placeholders={
                **_EXAMPLES,
                **(texts or {}),
                **(problem.placeholders if problem else {}),
            },
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Stop working when the window is closed."""
        if self._work is not None:
            self._work.cancel()
