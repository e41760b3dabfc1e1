"""The first step: what was seen, and what would suit."""

from abc import abstractmethod
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_MODEL, CONF_URL
from homeassistant.core import callback

from ..const import LOGGER
from ..managed.choices import async_list_choices
from ..managed.flow import ManagedSteps
from ..managed.form import CONF_REFERENCE, DOWNLOAD, SECTION_ADVANCED
from ..managed.settings import CONF_RUNTIME, is_managed
from ..recommending.base import NANO, Pick, PlaceKind
from .facts import best_text, engines_text, machine_text
from .form import CONF_CHOICE, MYSELF, picked, welcome_schema
from .look import Sight, async_look
from .offers import offers
from .texts import async_texts

_LOOK = "look"


class WelcomeSteps(ManagedSteps):
    """Look around, say what was seen, and set up what a person takes."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self._looking: asyncio.Task[Sight] | None = None
        self._sight: Sight | None = None
        self._offered: tuple[Pick, ...] = ()

    @abstractmethod
    async def async_step_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the server's address."""

    @abstractmethod
    async def _async_use_server(self, url: str, model: str) -> ConfigFlowResult:
        """Go on with a model of a server that was found."""

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin to look around."""
        self._looking = self.hass.async_create_background_task(
            async_look(self.hass), "Looking around"
        )
        # A flow cannot begin with the end of a progress.
        if self._looking.done():
            return await self.async_step_looked()
        return self._show_looking(self._looking)

    async def async_step_look(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that Hearth is looking, until it is done."""
        if TYPE_CHECKING:
            assert self._looking is not None
        if not self._looking.done():
            return self._show_looking(self._looking)
        return self.async_show_progress_done(next_step_id="looked")

    def _show_looking(self, looking: asyncio.Task[Sight]) -> ConfigFlowResult:
        """Show that Hearth is looking."""
        return self.async_show_progress(
            step_id=_LOOK, progress_action=_LOOK, progress_task=looking
        )

    async def async_step_looked(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with what was seen, or without it."""
        if TYPE_CHECKING:
            assert self._looking is not None
        try:
            self._sight = await self._looking
        except Exception:
            # It only saves clicks: without it, there is the long way.
            LOGGER.exception("Looking around failed")
            return self.async_show_menu(
                step_id="user", menu_options=["managed", "server"]
            )
        return await self.async_step_welcome()

    async def async_step_welcome(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what was seen, and ask what to take."""
        if TYPE_CHECKING:
            assert self._sight is not None
        if user_input is not None:
            return await self._async_take(user_input[CONF_CHOICE])
        sight, texts = self._sight, await async_texts(self.hass)
        there = [entry.data for entry in self._async_current_entries()]
        managed = any(is_managed(data) for data in there)
        self._offered = offers(
            sight.picks,
            urls={data[CONF_URL] for data in there if not is_managed(data)},
            managed=managed,
        )
        return self.async_show_form(
            step_id="welcome",
            data_schema=welcome_schema(self._offered, texts, myself=not managed),
            description_placeholders={
                "best": best_text(next(iter(self._offered), None), texts),
                "engines": engines_text(sight.found, texts),
                "machine": machine_text(sight.board, sight.health, texts),
            },
        )

    async def _async_take(self, choice: str) -> ConfigFlowResult:
        """Go on with what was taken."""
        pick = picked(self._offered, choice)
        if pick is None:
            if choice == MYSELF:
                return await self.async_step_managed()
            return await self.async_step_server()
        if pick.place.kind is PlaceKind.MANAGED:
            return await self._async_run(pick)
        if TYPE_CHECKING:
            assert pick.place.url is not None
        return await self._async_use_server(pick.place.url, pick.model)

    async def _async_run(self, pick: Pick) -> ConfigFlowResult:
        """Go on with an engine of Hearth's own, as if its forms had been filled in."""
        if TYPE_CHECKING:
            assert self._sight is not None
        choices = self._sight.choices or await async_list_choices(self.hass)
        file = _file_of(pick, choices.files)
        result = await self.async_step_managed(
            {
                CONF_MODEL: file,
                CONF_RUNTIME: choices.best.value,
                SECTION_ADVANCED: {},
            }
        )
        if pick.file is None or result.get("step_id") != "model_download":
            return result
        return await self.async_step_model_download(
            {
                CONF_REFERENCE: f"{pick.file.repository}/{pick.file.name}",
                SECTION_ADVANCED: {},
            }
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Stop looking when the window is closed."""
        super().async_remove()
        if self._looking is not None:
            self._looking.cancel()


def _file_of(pick: Pick, files: tuple[Path, ...]) -> str:
    """Return the model as the form for an engine of Hearth's own has it."""
    if pick.model == NANO:
        return NANO
    there = (str(path) for path in files if path.name == pick.model)
    return next(there, DOWNLOAD)
