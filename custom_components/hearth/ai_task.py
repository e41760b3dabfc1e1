"""AI tasks: texts and data for automations, from a local model."""

import asyncio
from collections.abc import Coroutine
from dataclasses import asdict
from typing import Any, override

from homeassistant.components import ai_task, conversation
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agent.images import ImageError, async_read_images
from .agent.line import LineError, Priority
from .agent.options import AgentOptions
from .agent.structure import DoesNotFit
from .agent.task import NoAnswer, Task
from .const import (
    DEFAULT_TASK_MAX_TOKENS,
    DOMAIN,
    EVENT_TURN_FINISHED,
    SUBENTRY_AI_TASK,
)
from .coordinator import HearthConfigEntry
from .engines.faults import EngineError
from .entity import HearthAgentEntity
from .errors import error_key, translated

PARALLEL_UPDATES = 0

# Seconds in line. An automation has more patience than a person who spoke.
LONGEST_WAIT = 600.0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each subentry of this kind."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_AI_TASK):
        async_add_entities(
            [HearthAITaskEntity(entry, subentry)],
            config_subentry_id=subentry.subentry_id,
        )


class HearthAITaskEntity(HearthAgentEntity, ai_task.AITaskEntity):
    """Works on one task after the other, behind people who speak."""

    _attr_supported_features = (
        ai_task.AITaskEntityFeature.GENERATE_DATA
        | ai_task.AITaskEntityFeature.SUPPORT_ATTACHMENTS
    )

    def __init__(self, entry: HearthConfigEntry, subentry: ConfigSubentry) -> None:
        """Read the agent's options."""
        super().__init__(entry, subentry)
        self._entry = entry
        self._options = AgentOptions.of(
            subentry.data, max_tokens=DEFAULT_TASK_MAX_TOKENS
        )

    @override
    async def _async_generate_data(
        self, task: ai_task.GenDataTask, chat_log: conversation.ChatLog
    ) -> ai_task.GenDataTaskResult:
        """Work on a task; whatever breaks is said in the user's language."""
        run = Task(
            engine=self.runtime.engine,
            options=self._options.within(self.runtime.window(self._options)),
            chat_log=chat_log,
            agent_id=self.entity_id,
            structure=task.structure,
            images=await self._async_images(task.attachments or []),
            think=await self.async_thinks(self._options),
        )
        try:
            data = await self._async_while_loaded(
                self._async_in_line(run, chat_log.conversation_id)
            )
        except LineError as err:
            raise _failure("line_too_long") from err
        except DoesNotFit as err:
            if err.field:
                raise _failure(
                    "task_field_wrong", error=err.reason, field=err.field
                ) from err
            raise _failure("task_answer_wrong", error=err.reason) from err
        except NoAnswer as err:
            raise _failure("task_no_answer") from err
        return ai_task.GenDataTaskResult(
            conversation_id=chat_log.conversation_id, data=data
        )

    async def _async_while_loaded[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Return what work comes to; it ends when the engine is unloaded."""
        task = self._entry.async_create_background_task(
            self.hass, work, f"Working on a task of {self.entity_id}"
        )
        try:
            return await task
        except asyncio.CancelledError as err:
            caller = asyncio.current_task()
            if caller is None or caller.cancelling():
                raise
            raise _failure("task_interrupted") from err

    async def _async_in_line(self, run: Task, conversation_id: str) -> Any:
        """Run a task when it is its turn."""
        async with self.runtime.line.place(Priority.TASK, within=LONGEST_WAIT):
            return await self._async_run(run, conversation_id)

    async def _async_run(self, run: Task, conversation_id: str) -> Any:
        """Run a task, and tell everybody how it went."""
        coordinator = self.runtime.coordinator
        try:
            data = await run.run()
        except EngineError as err:
            coordinator.async_report_error(err)
            url = self.runtime.engine.url
            raise translated(HomeAssistantError, error_key(err), url, err) from err
        finally:
            metrics = run.metrics
            self.metrics.add(metrics)
        coordinator.async_report_success()
        self.hass.bus.async_fire(
            EVENT_TURN_FINISHED,
            {
                "entity_id": self.entity_id,
                "conversation_id": conversation_id,
                **asdict(metrics),
            },
        )
        return data

    async def _async_images(
        self, attachments: list[conversation.Attachment]
    ) -> tuple[bytes, ...]:
        """Return the pictures of a task, where the model can see any."""
        if not attachments:
            return ()
        facts = await self.runtime.async_model_facts(self._options.model)
        if facts is not None and facts.vision is False:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="model_is_blind",
                translation_placeholders={"model": self._options.model},
            )
        try:
            return await async_read_images(self.hass, attachments)
        except ImageError as err:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=err.key,
                translation_placeholders={"file": err.file},
            ) from err


def _failure(key: str, **placeholders: str) -> HomeAssistantError:
    """Return an error that says it in the user's language."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
