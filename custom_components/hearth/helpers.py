"""Using an engine for somebody who wants to know how it went."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from homeassistant.exceptions import HomeAssistantError

from .agent.line import LineError, Priority
from .const import DOMAIN
from .coordinator import HearthConfigEntry
from .engines.faults import EngineError
from .errors import error_key, translated

# Seconds in line. Who pressed a button or runs an automation can wait for an answer
# that is being spoken, and for some that wait too.
PATIENCE = 600.0


@contextmanager
def engine_errors(entry: HearthConfigEntry) -> Iterator[None]:
    """Say an engine's errors in the user's language, and let the entities know."""
    try:
        yield
    except EngineError as err:
        runtime = entry.runtime_data
        runtime.coordinator.async_report_error(err)
        raise translated(
            HomeAssistantError, error_key(err), runtime.engine.url, err
        ) from err


@asynccontextmanager
async def engine_for(
    entry: HearthConfigEntry, priority: Priority = Priority.TASK
) -> AsyncIterator[None]:
    """Have the engine for oneself in the context, and errors said in words.

    What the context changed is seen by the entities soon after.

    Raises:
        HomeAssistantError: others were busy for too long, or the engine failed.
    """
    runtime = entry.runtime_data
    try:
        async with runtime.line.place(priority, within=PATIENCE):
            with engine_errors(entry):
                yield
    except LineError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="line_too_long"
        ) from err
    finally:
        await runtime.coordinator.async_refresh()
