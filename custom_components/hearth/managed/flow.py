"""The steps a person clicks through to let Hearth run llama.cpp itself."""

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

from ..agent_form import AGENT_KINDS, first_agents
from ..engines.launch import Runtime
from ..models.download import Download
from ..models.hub import RemoteModel
from .choices import (
    Choices,
    async_check_file,
    async_check_settings,
    async_list_choices,
)
from .fetching import (
    Repository,
    async_finish_download,
    async_look_up,
    async_start_download,
    progress_texts,
)
from .form import (
    CONF_ENDPOINT,
    CONF_FILE,
    CONF_REFERENCE,
    CONF_TOKEN,
    DOWNLOAD,
    FILE,
    FILE_SCHEMA,
    REFERENCE_SCHEMA,
    SECTION_ADVANCED,
    models_schema,
    settings_from,
    settings_schema,
    settings_values,
)
from .installing import async_install_package
from .plan import async_plan
from .problem import ManagedError
from .settings import MANAGED_ID, ManagedSettings
from .trial import async_try_plan
from .work import WorkSteps

_TITLE = "llama.cpp"


class ManagedSteps(WorkSteps):
    """Add or change the engine that Hearth runs itself."""

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._choices: Choices | None = None
        self._settings: ManagedSettings | None = None
        self._repository: Repository | None = None
        self._remote: RemoteModel | None = None
        self._download: Download | None = None
        self._fetched = False
        self._tried = False
        self._silenced: str | None = None

    async def async_step_managed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which model is to run, and by which program."""
        if self.source == SOURCE_USER:
            await self.async_set_unique_id(MANAGED_ID)
            self._abort_if_unique_id_configured(error="already_managed")
        if user_input is not None:
            self._settings = settings_from(user_input)
            try:
                self._choices = await async_check_settings(self.hass, self._settings)
            except ManagedError as err:
                self._problem = err
            else:
                return await self._async_after_settings()
        if self._settings is None and self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            self._settings = ManagedSettings.of(entry.data)
        if self._choices is None:
            self._choices = await async_list_choices(self.hass, self._settings)
        if self._settings is None:
            self._settings = ManagedSettings(runtime=self._choices.best)
        return self._show_form(
            "managed",
            self.add_suggested_values_to_schema(
                settings_schema(self._choices.labels, self._choices.files),
                settings_values(self._settings),
            ),
        )

    async def _async_after_settings(self) -> ConfigFlowResult:
        """Go on to the model, or to the work where it is chosen already."""
        if TYPE_CHECKING:
            assert self._settings is not None
        self._remote, self._fetched, self._tried = None, False, False
        if self._settings.model == DOWNLOAD:
            return await self.async_step_model_download()
        if self._settings.model == FILE:
            return await self.async_step_model_file()
        return await self.async_step_prepare()

    async def async_step_model_file(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a model file on this machine."""
        if TYPE_CHECKING:
            assert self._settings is not None
        if user_input is not None:
            try:
                self._settings = await async_check_file(
                    self.hass, self._settings, user_input[CONF_FILE]
                )
            except ManagedError as err:
                self._problem = err
            else:
                return await self.async_step_prepare()
        return self._show_form(
            "model_file", self.add_suggested_values_to_schema(FILE_SCHEMA, user_input)
        )

    async def async_step_model_download(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a model on Hugging Face."""
        if user_input is not None:
            advanced = user_input[SECTION_ADVANCED]
            try:
                self._repository = await async_look_up(
                    self.hass,
                    user_input[CONF_REFERENCE],
                    advanced.get(CONF_ENDPOINT),
                    advanced.get(CONF_TOKEN),
                )
            except ManagedError as err:
                self._problem = err
            else:
                if len(self._repository.models) > 1:
                    return await self.async_step_model_choice()
                self._remote = self._repository.suggested
                return await self.async_step_prepare()
        return self._show_form(
            "model_download",
            self.add_suggested_values_to_schema(REFERENCE_SCHEMA, user_input),
        )

    async def async_step_model_choice(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of a repository's models it is to be."""
        if TYPE_CHECKING:
            assert self._repository is not None
        repository = self._repository
        if user_input is not None:
            self._remote = next(
                model
                for model in repository.models
                if model.files[0].name == user_input[CONF_FILE]
            )
            return await self.async_step_prepare()
        return self._show_form(
            "model_choice", models_schema(repository.models, repository.suggested)
        )

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
        if not self._tried:
            return await self.async_step_try_engine()
        return await self.async_step_managed_finish()

    async def async_step_install(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Install llama-cpp-python, which may be compiled for a long time."""
        return self._show_work("install", self._async_install, {})

    async def _async_install(self) -> None:
        """Install, and know then that it is there."""
        if TYPE_CHECKING:
            assert self._settings is not None and self._choices is not None
        package = await async_install_package(
            self.hass, self._settings, self.async_update_progress
        )
        self._choices = replace(self._choices, package=package)

    async def async_step_download(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Download the model, and say every now and then how far it is."""
        if TYPE_CHECKING:
            assert self._remote is not None
        texts = progress_texts(self._remote, self._download)
        return self._show_work("download", self._async_download, texts)

    async def _async_download(self) -> None:
        """Download, and take the file as the model then."""
        if TYPE_CHECKING:
            assert self._settings is not None
            assert self._remote is not None and self._repository is not None
        self._download = await async_start_download(
            self.hass, self._settings, self._repository, self._remote
        )
        try:
            path = await async_finish_download(
                self._download, self.async_update_progress
            )
        finally:
            self._download = None
        self._settings = replace(self._settings, model=str(path))
        self._fetched = True

    async def async_step_try_engine(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Start the engine and let the model answer once."""
        if TYPE_CHECKING:
            assert self._settings is not None
        texts = {"model": self._settings.alias}
        return self._show_work("try_engine", self._async_try_engine, texts)

    async def _async_try_engine(self) -> None:
        """Try the engine; the one that runs now makes room for it."""
        if TYPE_CHECKING:
            assert self._settings is not None
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            if entry.state is ConfigEntryState.LOADED:
                self._silenced = entry.entry_id
                await self.hass.config_entries.async_unload(entry.entry_id)
        await async_try_plan(self.hass, await async_plan(self.hass, self._settings))
        self._tried = True

    async def async_step_managed_failed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what went wrong, and ask again; the engine of before goes on."""
        self._choices = None
        self._wake()
        return await self.async_step_managed()

    async def async_step_managed_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Keep the engine; a new one has an agent to start with."""
        if TYPE_CHECKING:
            assert self._settings is not None
        settings = self._settings
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            self._rename_model(entry, settings)
            result = self.async_update_and_abort(entry, data=settings.as_data())
            self._silenced = entry.entry_id
            self._wake()
            return result
        return self.async_create_entry(
            title=_TITLE,
            data=settings.as_data(),
            subentries=first_agents(settings.alias),
        )

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
        if self._download is not None:
            self.hass.async_create_background_task(
                self._download.cancel(), "Giving up a download"
            )
        self._wake()
