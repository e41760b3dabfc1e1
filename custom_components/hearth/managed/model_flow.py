"""The steps in which a person says which model it is to be, and has it downloaded."""

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback

from ..models.download import Download
from ..models.hub import RemoteModel
from ..steps.ready import ReadySteps
from ..steps.transfer import transfer_action
from .choices import async_check_file
from .fetching import (
    Repository,
    async_finish_download,
    async_look_up,
    async_start_download,
    progress_texts,
)
from .form import (
    BACK,
    CONF_ENDPOINT,
    CONF_FILE,
    CONF_REFERENCE,
    CONF_TOKEN,
    FILE_SCHEMA,
    REFERENCE_SCHEMA,
    SECTION_ADVANCED,
    models_schema,
)
from .problem import ManagedError
from .settings import ManagedSettings, is_managed


class ModelSteps(ReadySteps):
    """Find a model for an engine of our own: a file, or one to be downloaded."""

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._settings: ManagedSettings | None = None
        self._repository: Repository | None = None
        self._remote: RemoteModel | None = None
        self._download: Download | None = None
        self._downloaded: list[Download] = []
        self._fetched = False
        self._asked_for: dict[str, Any] = {}

    @abstractmethod
    async def async_step_managed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which model is to run, and by which program."""

    @abstractmethod
    async def async_step_prepare(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with what is still to be done."""

    async def async_step_model_file(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a model file on this machine."""
        if TYPE_CHECKING:
            assert self._settings is not None
        if user_input is not None:
            if not (file := user_input.get(CONF_FILE, "").strip()):
                return await self.async_step_managed()
            try:
                self._settings = await async_check_file(self.hass, self._settings, file)
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
            if not (reference := user_input.get(CONF_REFERENCE, "").strip()):
                return await self.async_step_managed()
            # Who comes back for another try finds the name, but not the token.
            self._asked_for = {CONF_REFERENCE: reference}
            advanced = user_input[SECTION_ADVANCED]
            endpoint, token = advanced.get(CONF_ENDPOINT), advanced.get(CONF_TOKEN)
            if result := await self._async_ask_for(reference, endpoint, token):
                return result
        return self._show_form(
            "model_download",
            self.add_suggested_values_to_schema(
                REFERENCE_SCHEMA, user_input or self._asked_for
            ),
        )

    async def _async_ask_for(
        self, reference: str, endpoint: str | None = None, token: str | None = None
    ) -> ConfigFlowResult | None:
        """Go on with what a hub has.

        Returns None where it has nothing to give; that is the problem then.
        """
        try:
            repository = await async_look_up(self.hass, reference, endpoint, token)
        except ManagedError as err:
            self._problem = err
            return None
        self._repository, self._remote = repository, repository.suggested
        if len(repository.models) > 1:
            return await self.async_step_model_choice()
        return await self.async_step_prepare()

    async def async_step_model_choice(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of a repository's models it is to be."""
        if TYPE_CHECKING:
            assert self._repository is not None
        repository = self._repository
        if user_input is not None:
            if user_input[CONF_FILE] == BACK:
                return await self.async_step_model_download()
            self._remote = next(
                model
                for model in repository.models
                if model.files[0].name == user_input[CONF_FILE]
            )
            return await self.async_step_prepare()
        return self._show_form(
            "model_choice", models_schema(repository.models, repository.suggested)
        )

    async def async_step_download(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Download the model, and say every now and then how far it is."""
        if TYPE_CHECKING:
            assert self._remote is not None
        texts = progress_texts(self._remote, self._download)
        return self._show_work(
            "download",
            self._async_download,
            texts,
            after="prepare",
            failed="managed_failed",
            action=transfer_action("download", texts),
        )

    async def _async_download(self) -> None:
        """Download, and take the file as the model then."""
        if TYPE_CHECKING:
            assert self._settings is not None
            assert self._remote is not None and self._repository is not None
        self._download = await async_start_download(
            self.hass, self._settings, self._repository, self._remote
        )
        try:
            path = await async_finish_download(self._download, self._tell_share)
            self._downloaded.append(self._download)
        finally:
            self._download = None
        self._settings = replace(self._settings, model=str(path))
        self._fetched = True

    @callback
    @override
    def _tidy(self) -> None:
        """Remove what was downloaded for nothing."""
        super()._tidy()
        if self._kept and is_managed(self._kept.data):
            return
        for download in self._downloaded:
            self.hass.async_create_background_task(
                download.undo(), "Removing a download that nobody wants"
            )

    @callback
    @override
    def async_remove(self) -> None:
        """Give up what is not done when the window is closed."""
        super().async_remove()
        if self._download is not None:
            self.hass.async_create_background_task(
                self._download.cancel(), "Giving up a download"
            )
