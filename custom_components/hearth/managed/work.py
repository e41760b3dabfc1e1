"""Steps that take a while: shown while they work, and what went wrong after it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
import voluptuous as vol

from ..const import LOGGER
from .problem import ManagedError

# Seconds between two looks at the work.
LOOK_AGAIN = 2.0
# Not part of the translations, which may not hold addresses.
_EXAMPLES = {
    "endpoint": "https://huggingface.co",
    "example": "Qwen/Qwen3-0.6B-GGUF",
}


class WorkSteps(ConfigFlow):
    """A flow that does one thing at a time, and can say how it went.

    What is done next is decided by the step ``prepare``; a failure is shown by the
    step ``managed_failed``.
    """

    def __init__(self) -> None:
        """Start with nothing to do."""
        self._work: asyncio.Task[None] | None = None
        self._problem: ManagedError | None = None

    def _show_work(
        self,
        step_id: str,
        work: Callable[[], Coroutine[Any, Any, None]],
        texts: Mapping[str, str],
    ) -> ConfigFlowResult:
        """Show that something is being done; go on when it is done, or failed.

        The step is shown again every now and then, with the texts of that time.
        """
        if self._work is None:
            self._work = self.hass.async_create_background_task(work(), step_id)
        if not self._work.done():
            return self.async_show_progress(
                step_id=step_id,
                progress_action=step_id,
                progress_task=self.hass.async_create_background_task(
                    _async_look_at(self._work), f"Looking at {step_id}"
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
            next_step_id="managed_failed" if self._problem else "prepare"
        )

    def _show_form(self, step_id: str, schema: vol.Schema) -> ConfigFlowResult:
        """Show a form, with what went wrong before it."""
        problem, self._problem = self._problem, None
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,
            errors={"base": problem.key} if problem else {},
            description_placeholders=_EXAMPLES
            | (problem.placeholders if problem else {}),
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Stop working when the window is closed."""
        if self._work is not None:
            self._work.cancel()


async def _async_look_at(work: asyncio.Task[None]) -> None:
    """Return when the work is done, or after a while."""
    await asyncio.wait({work}, timeout=LOOK_AGAIN)
