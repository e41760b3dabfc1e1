"""The steps a person clicks through to add an agent, or to change it."""

import asyncio
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_MODEL
from homeassistant.core import callback

from .agent.line import LineError, Priority
from .agent_form import (
    AGENT_KINDS,
    AgentKind,
    agent_schema,
    from_form,
    suggested_model,
    to_form,
)
from .budget_text import async_budget_text
from .coordinator import HearthConfigEntry
from .engines.base import ModelInfo
from .engines.chat import TurnStats
from .engines.faults import EngineError
from .steps.work import no_sooner
from .trial import TrialError, async_try_agent


class AgentSubentryFlow(ConfigSubentryFlow):
    """Add or change an agent, for people or for tasks."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._models: tuple[ModelInfo, ...] = ()
        self._options: dict[str, Any] = {}
        self._trial: asyncio.Task[TurnStats] | None = None
        self._errors: dict[str, str] = {}

    @callback
    @override
    def _get_entry(self) -> HearthConfigEntry:
        """Return the engine that the agent belongs to."""
        return super()._get_entry()

    @property
    def _kind(self) -> AgentKind:
        """Return what kind of agent it is about."""
        return AGENT_KINDS[self._subentry_type]

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Begin a new agent."""
        if abort := await self._async_prepare():
            return abort
        self._options = self._kind.first(suggested_model(self._models))
        return await self.async_step_agent()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Begin to change an agent."""
        if abort := await self._async_prepare():
            return abort
        self._options = dict(self._get_reconfigure_subentry().data)
        return await self.async_step_agent()

    async def _async_prepare(self) -> SubentryFlowResult | None:
        """List the engine's models; returns how the flow ends where that fails."""
        entry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        try:
            self._models = await entry.runtime_data.engine.models()
        except EngineError:
            return self.async_abort(reason="cannot_connect")
        if not self._models:
            return self.async_abort(reason="no_models")
        return None

    async def async_step_agent(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for an agent's settings."""
        if user_input is not None:
            self._options = from_form(user_input, self._kind)
            return await self.async_step_try_model()
        return self.async_show_form(
            step_id="agent",
            description_placeholders={"budget": await self._async_budget()},
            data_schema=self.add_suggested_values_to_schema(
                agent_schema(self.hass, self._models, self._kind),
                to_form(self.hass, self._options, self._models, self._kind),
            ),
            errors=self._errors,
        )

    async def _async_budget(self) -> str:
        """Return what the window of an agent that is there already is used for."""
        if self.source == SOURCE_USER:
            return ""
        agent = self._get_reconfigure_subentry().subentry_id
        budgets = self._get_entry().runtime_data.budgets
        return await async_budget_text(self.hass, budgets[agent].last)

    async def async_step_try_model(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Let the agent answer once, which may take minutes on a small machine."""
        name = self._options[CONF_MODEL]
        if self._trial is None:
            self._trial = self.hass.async_create_background_task(
                self._async_try(), f"Trying {name}"
            )
        if not self._trial.done():
            return self.async_show_progress(
                step_id="try_model",
                progress_action="try_model",
                progress_task=self._trial,
                description_placeholders={"model": name},
            )
        done, self._trial, self._errors = self._trial, None, {}
        try:
            done.result()
        except TrialError as err:
            self._errors = {"base": err.key}
        return self.async_show_progress_done(
            next_step_id="agent_failed" if self._errors else "finish"
        )

    async def _async_try(self) -> TurnStats:
        """Try the agent when nobody else is being answered; raises TrialError."""
        runtime = self._get_entry().runtime_data
        model = next(
            model for model in self._models if model.name == self._options[CONF_MODEL]
        )
        try:
            async with no_sooner(), runtime.line.place(Priority.TASK):
                return await async_try_agent(runtime.engine, model, self._options)
        except LineError as err:
            raise TrialError("busy") from err

    async def async_step_agent_failed(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what went wrong, and ask again."""
        return await self.async_step_agent()

    async def async_step_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Keep the agent."""
        title = self._kind.title(self._options[CONF_MODEL])
        if self.source == SOURCE_USER:
            return self.async_create_entry(title=title, data=self._options)
        subentry = self._get_reconfigure_subentry()
        if subentry.title != self._kind.title(subentry.data[CONF_MODEL]):
            title = subentry.title
        return self.async_update_and_abort(
            self._get_entry(), subentry, data=self._options, title=title
        )
