"""The first step: what was seen, and what would suit."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_URL
from homeassistant.core import callback

from ..const import LOGGER
from ..engines.discovery import Found
from ..managed.choices import async_list_choices
from ..managed.form import DOWNLOAD
from ..managed.settings import ManagedSettings, is_managed
from ..recommending.base import NANO, Pick, PlaceKind
from ..server.flow import ServerSteps
from ..steps.agents import settings_for
from ..steps.texts import async_texts
from .facts import best_text, engines_text, machine_text
from .form import CONF_CHOICE, MYSELF, picked, server_of, welcome_schema
from .look import Sight, async_look
from .offers import offers, servers

_LOOK = "look"


class WelcomeSteps(ServerSteps):
    """Look around, say what was seen, and set up what a person takes."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self._looking: asyncio.Task[Sight] | None = None
        self._sight: Sight | None = None
        self._offered: tuple[Pick, ...] = ()
        self._servers: tuple[Found, ...] = ()
        self._taken: str | None = None

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
            return self._show_ways()
        self._situation = self._sight.situation
        return await self.async_step_welcome()

    def _show_ways(self) -> ConfigFlowResult:
        """Ask where the model is to run, where nothing is known."""
        return self.async_show_menu(step_id="user", menu_options=["managed", "server"])

    @override
    async def async_step_first(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go back to the beginning, without another look around."""
        if self._sight is None:
            return self._show_ways()
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
        urls = {data[CONF_URL] for data in there if not is_managed(data)}
        found = sight.situation.found
        self._offered = offers(sight.picks, urls=urls, managed=managed)
        self._servers = servers(found, urls=urls)
        self._choose = self.async_step_welcome
        return self._show_form(
            "welcome",
            welcome_schema(
                self._offered,
                self._servers,
                texts,
                myself=not managed,
                taken=self._taken,
            ),
            {
                "best": best_text(next(iter(self._offered), None), texts),
                "engines": engines_text(found, texts),
                "machine": machine_text(sight.situation.board, sight.health, texts),
            },
        )

    async def _async_take(self, choice: str) -> ConfigFlowResult:
        """Go on with what was taken."""
        self._taken = choice
        if (pick := picked(self._offered, choice)) is not None:
            if pick.place.kind is PlaceKind.MANAGED:
                return await self._async_run(pick)
            return await self._async_use_server(pick)
        if (found := server_of(self._servers, choice)) is not None:
            return await self._async_open_server(found)
        if choice == MYSELF:
            return await self.async_step_managed()
        return await self.async_step_server()

    async def _async_open_server(self, found: Found) -> ConfigFlowResult:
        """Ask for a model of a server that was found, or for its key first."""
        values = {CONF_URL: found.url}
        if found.locked:
            return self._show_server_form("server", values, {})
        return await self.async_step_server(values)

    async def _async_run(self, pick: Pick) -> ConfigFlowResult:
        """Go on with an engine of Hearth's own, as if its forms had been filled in."""
        if TYPE_CHECKING:
            assert self._sight is not None
        choices = self._sight.choices or await async_list_choices(self.hass)
        file = pick.file
        return await self._async_set_up(
            ManagedSettings(runtime=choices.best, model=_file_of(pick, choices.files)),
            f"{file.repository}/{file.name}" if file else "",
            settings_for(pick),
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
