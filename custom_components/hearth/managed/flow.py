"""The steps a person clicks through to let Hearth run llama.cpp itself."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_MODEL
from homeassistant.core import callback

from ..agent.options import AgentOptions
from ..agent_form import AGENT_KINDS
from ..engines.launch import Runtime
from ..trial import Tried
from .choices import Choices, async_check_settings, async_list_choices
from .form import (
    BACK,
    DOWNLOAD,
    FILE,
    settings_from,
    settings_schema,
    settings_values,
)
from .installing import async_install_package
from .model_flow import ModelSteps
from .plan import async_plan
from .problem import ManagedError
from .settings import MANAGED_ID, ManagedSettings
from .trial import async_try_plan

_TITLE = "llama.cpp"


class ManagedSteps(ModelSteps):
    """Add or change the engine that Hearth runs itself."""

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._choices: Choices | None = None
        self._agent: Mapping[str, Any] = {}
        self._silenced: str | None = None

    @override
    async def async_step_managed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which model is to run, and by which program."""
        await self._async_check_only_one()
        if user_input is not None:
            if user_input[CONF_MODEL] == BACK:
                return await self.async_step_first()
            if await self._async_check(settings_from(user_input)):
                return await self._async_find_model()
        if self._settings is None and self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            self._settings = ManagedSettings.of(entry.data)
        if self._choices is None:
            self._choices = await async_list_choices(self.hass, self._settings)
        if self._settings is None:
            self._settings = ManagedSettings(runtime=self._choices.best)
        self._choose = self.async_step_managed
        self._agent = {}
        return self._show_form(
            "managed",
            self.add_suggested_values_to_schema(
                settings_schema(
                    self._choices.labels,
                    self._choices.files,
                    has_back=self.source == SOURCE_USER,
                ),
                settings_values(self._settings),
            ),
        )

    async def _async_find_model(self) -> ConfigFlowResult:
        """Go on to the model, or to the work where it is chosen already."""
        if TYPE_CHECKING:
            assert self._settings is not None
        if self._settings.model == DOWNLOAD:
            return await self.async_step_model_download()
        if self._settings.model == FILE:
            return await self.async_step_model_file()
        return await self.async_step_prepare()

    async def _async_check_only_one(self) -> None:
        """Abort where there is an engine of our own already."""
        if self.source == SOURCE_USER:
            await self.async_set_unique_id(MANAGED_ID)
            self._abort_if_unique_id_configured(error="already_managed")

    async def _async_check(self, settings: ManagedSettings) -> bool:
        """Take settings, unless they cannot be: then that is the problem."""
        self._settings = settings
        self._remote, self._fetched, self._result = None, False, None
        try:
            self._choices = await async_check_settings(self.hass, settings)
        except ManagedError as err:
            self._problem = err
            return False
        return True

    async def _async_set_up(
        self,
        settings: ManagedSettings,
        reference: str,
        agent: Mapping[str, Any],
    ) -> ConfigFlowResult:
        """Go on as if the forms had been filled in.

        Args:
            settings: What the first form would say.
            reference: What is downloaded, where the model is ``DOWNLOAD``.
            agent: Settings of the agents, where they are not the usual ones.
        """
        await self._async_check_only_one()
        self._agent = agent
        if not await self._async_check(settings):
            # Programs and folders are chosen there.
            return await self.async_step_managed()
        if settings.model != DOWNLOAD:
            return await self.async_step_prepare()
        result = await self._async_ask_for(reference)
        return result or await self.async_step_choose_again()

    @override
    async def async_step_prepare(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with what is still to be done: install, download, or start."""
        if TYPE_CHECKING:
            assert self._settings is not None and self._choices is not None
        if (
            self._settings.runtime is Runtime.LLAMA_CPP_PYTHON
            and not self._choices.package
        ):
            return await self.async_step_install()
        if self._remote is not None and not self._fetched:
            return await self.async_step_download()
        if self._result is None:
            return await self.async_step_try_engine()
        return await self.async_step_managed_finish()

    async def async_step_install(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Install llama-cpp-python, which may be compiled for a long time."""
        return self._show_work(
            "install",
            self._async_install,
            {},
            after="prepare",
            failed="install_failed",
        )

    async def _async_install(self) -> None:
        """Install, and know then that it is there."""
        if TYPE_CHECKING:
            assert self._settings is not None and self._choices is not None
        package = await async_install_package(
            self.hass, self._settings, self._tell_share
        )
        self._choices = replace(self._choices, package=package)

    async def async_step_install_failed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what went wrong where packages and programs are chosen."""
        self._choices = None
        return await self.async_step_managed()

    async def async_step_try_engine(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Start the engine and let the model answer once."""
        if TYPE_CHECKING:
            assert self._settings is not None
        return self._show_work(
            "try_engine",
            self._async_try_engine,
            {"model": self._settings.alias},
            after="prepare",
            failed="managed_failed",
        )

    async def _async_try_engine(self) -> None:
        """Try the engine; the one that runs now makes room for it."""
        if TYPE_CHECKING:
            assert self._settings is not None
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            if entry.state is ConfigEntryState.LOADED:
                self._silenced = entry.entry_id
                await self.hass.config_entries.async_unload(entry.entry_id)
        plan = await async_plan(self.hass, self._settings)
        stats = await async_try_plan(self.hass, plan, self._agent)
        options = AgentOptions.of({CONF_MODEL: plan.alias, **self._agent})
        self._result = Tried(
            title=_TITLE,
            data=self._settings.as_data(),
            model=self._settings.alias,
            settings=self._agent,
            stats=stats,
            stays_loaded=True,
            window=options.within(plan.context_window).context_window,
        )

    async def async_step_managed_failed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what went wrong, and ask again; the engine of before goes on."""
        self._choices = None
        self._wake()
        return await self.async_step_choose_again()

    async def async_step_managed_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the engine that is there; a new one is shown first."""
        if TYPE_CHECKING:
            assert self._settings is not None
        if self.source != SOURCE_RECONFIGURE:
            return await self.async_step_ready()
        settings, entry = self._settings, self._get_reconfigure_entry()
        self._rename_model(entry, settings)
        self._is_kept = True
        result = self.async_update_and_abort(entry, data=settings.as_data())
        self._silenced = entry.entry_id
        self._wake()
        return result

    def _rename_model(self, entry: ConfigEntry, settings: ManagedSettings) -> None:
        """Let the agents that used the engine's old model use its new one."""
        before = ManagedSettings.of(entry.data).alias
        for subentry in list(entry.subentries.values()):
            if subentry.data.get(CONF_MODEL) != before:
                continue
            kind = AGENT_KINDS[subentry.subentry_type]
            titled = subentry.title == kind.title(before)
            self.hass.config_entries.async_update_subentry(
                entry,
                subentry,
                data={**subentry.data, CONF_MODEL: settings.alias},
                title=kind.title(settings.alias) if titled else subentry.title,
            )

    def _wake(self) -> None:
        """Start the entry again that was stopped to make room."""
        if self._silenced is not None:
            self.hass.config_entries.async_schedule_reload(self._silenced)
            self._silenced = None

    @callback
    @override
    def async_remove(self) -> None:
        """Give up what is not done when the window is closed."""
        super().async_remove()
        self._wake()
