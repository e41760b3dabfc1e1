"""Finding out how an engine of our own runs its model the fastest."""

import asyncio
import logging

from homeassistant.exceptions import ServiceValidationError

from ..agent.line import Priority
from ..const import DOMAIN
from ..coordinator import HearthConfigEntry
from ..engines.faults import EngineError
from ..engines.kinds import NAMES
from ..engines.launch import LaunchPlan
from ..engines.managed import ManagedEngine, ManagedState
from ..hardware.cpu import physical_cores, usable_processors
from ..managed.tunings import async_tunings
from .run import measuring
from .tune_probe import probe_speeds
from .tune_steps import Descent, Tried, first_plan, table

LOGGER = logging.getLogger(__package__)


def tunable(entry: HearthConfigEntry) -> ManagedEngine:
    """Return the engine of an entry; raises ServiceValidationError if not our own."""
    engine = entry.runtime_data.engine
    if not isinstance(engine, ManagedEngine):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="tune_not_managed",
            translation_placeholders={"engine": NAMES[engine.kind]},
        )
    return engine


async def async_tune(entry: HearthConfigEntry) -> list[dict[str, object]]:
    """Run the model the fastest way from now on; return what was tried.

    Raises HomeAssistantError, and then all is as it was.
    """
    engine = tunable(entry)
    with measuring(entry, engine.plan.alias):
        found = await Tuning(entry, engine).run()
    hass = entry.runtime_data.coordinator.hass
    tunings = await async_tunings(hass)
    await tunings.async_keep(entry.entry_id, found.best.plan)
    return table(found.tried, found.best)


class Tuning:
    """Tries plans, one after the other.

    Each takes its own place in line, so that somebody who speaks waits for one at
    most; whenever the line is free, the engine runs.
    """

    def __init__(self, entry: HearthConfigEntry, engine: ManagedEngine) -> None:
        """Remember how the engine runs now."""
        self._entry = entry
        self._engine = engine
        self._former = engine.plan
        self._rested = engine.state is ManagedState.RESTING

    async def run(self) -> Descent:
        """Leave the engine with the best plan; raises EngineError or LineError."""
        try:
            found = await self._search()
            if self._engine.plan != found.best.plan:
                async with self._entry.runtime_data.line.place(Priority.BENCHMARK):
                    await self._engine.change(found.best.plan)
        except BaseException:
            await self._go_back()
            raise
        if self._rested:
            await self._rest()
        return found

    async def _search(self) -> Descent:
        """Try what there is; raises EngineError if nothing works that is not tuned."""
        hass = self._entry.runtime_data.coordinator.hass
        cores = await hass.async_add_executor_job(physical_cores)
        processors = await hass.async_add_executor_job(usable_processors)
        async with self._entry.runtime_data.line.place(Priority.BENCHMARK):
            first = await self._measure(first_plan(self._former, cores))
        found = Descent(first, cores, processors)
        for plan in found.plans():
            found.tell(await self._try(plan, found.best.plan))
        return found

    async def _try(self, plan: LaunchPlan, best: LaunchPlan) -> Tried:
        """Try a plan; where it does not work, the best so far runs again."""
        async with self._entry.runtime_data.line.place(Priority.BENCHMARK):
            try:
                return await self._measure(plan)
            except EngineError as err:
                LOGGER.info("A way of running the model does not work: %s", err)
                await self._engine.change(best)
                return Tried(plan=plan, speeds=None)

    async def _measure(self, plan: LaunchPlan) -> Tried:
        """Run the model with a plan, and look how fast it is; raises EngineError."""
        await self._engine.change(plan)
        return Tried(plan=plan, speeds=await probe_speeds(self._engine, plan.alias))

    async def _go_back(self) -> None:
        """Run the engine as before, also when nobody waits for that any more.

        What was stopped meanwhile stays so.
        """
        hass = self._entry.runtime_data.coordinator.hass
        going = self._entry.async_create_background_task(
            hass, self._restore(), "Running the engine as before"
        )
        await asyncio.shield(going)

    async def _restore(self) -> None:
        """Run the engine as before; what hinders that is in the engine's own log."""
        async with self._entry.runtime_data.line.place(Priority.TASK):
            try:
                await self._engine.change(self._former)
            except EngineError as err:
                LOGGER.warning("The engine does not run as before: %s", err)
        if self._rested:
            await self._rest()

    async def _rest(self) -> None:
        """Let an engine rest that rested before, unless somebody uses it now."""
        try:
            await self._engine.unload(self._former.alias)
        except EngineError as err:
            LOGGER.debug("The engine does not rest: %s", err)
