"""The steps a person clicks through to add an engine, or to change it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    ConfigSubentryFlow,
)
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import callback

from .agent_flow import AgentSubentryFlow
from .agent_form import AGENT_KINDS
from .const import DOMAIN
from .engines.address import normalize_url
from .managed.settings import is_managed
from .server.flow import title_of
from .server.form import KEY_SCHEMA
from .trial import Tried
from .welcome.flow import WelcomeSteps


class HearthConfigFlow(WelcomeSteps, domain=DOMAIN):
    """Add, change or unlock an engine."""

    VERSION = 1
    MINOR_VERSION = 2

    def __init__(self) -> None:
        """Start with nothing entered."""
        super().__init__()
        self._shows_old_key = True

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to an engine."""
        return dict.fromkeys(AGENT_KINDS, AgentSubentryFlow)

    @override
    async def _async_check_new(self, tried: Tried) -> None:
        """Abort where somebody has set the same engine up meanwhile."""
        if is_managed(tried.data):
            self._abort_if_unique_id_configured(error="already_managed")
            return
        # It may be that of an engine of our own, which was given up.
        await self.async_set_unique_id(None)
        self._async_abort_entries_match({CONF_URL: tried.data[CONF_URL]})

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin to ask for another key."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a key that the server takes."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._async_check_server(
                {CONF_URL: entry.data[CONF_URL], **user_input}
            )
            if not errors:
                return self._keep(entry)
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=KEY_SCHEMA,
            errors=errors,
            description_placeholders={"url": entry.data[CONF_URL]},
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address and key that the server has now."""
        entry = self._get_reconfigure_entry()
        if is_managed(entry.data):
            return await self.async_step_managed()
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._without_old_key(entry, user_input)
            errors = await self._async_check_server(user_input)
            if not errors:
                return self._keep(entry, title=_renamed(entry, self._data[CONF_URL]))
        return self._show_server_form("reconfigure", user_input or entry.data, errors)

    def _without_old_key(
        self, entry: ConfigEntry, typed: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what was entered, without a key that was there for another address.

        The form shows it at first; after that, whatever is in it was typed.
        """
        shown, self._shows_old_key = self._shows_old_key, False
        is_old = shown and typed.get(CONF_API_KEY) == entry.data.get(CONF_API_KEY)
        with suppress(ValueError):
            if is_old and normalize_url(typed[CONF_URL]) != entry.data[CONF_URL]:
                return {CONF_URL: typed[CONF_URL]}
        return typed

    def _keep(self, entry: ConfigEntry, title: str | None = None) -> ConfigFlowResult:
        """Save the server's data, and start the entry again with it.

        A loaded entry starts again by itself when its data change.
        """
        starts_itself = (
            entry.state is ConfigEntryState.LOADED and entry.data != self._data
        )
        result = self.async_update_and_abort(
            entry, data=self._data, title=title or entry.title
        )
        if not starts_itself:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return result


def _renamed(entry: ConfigEntry, url: str) -> str:
    """Return the title for a new address, unless the user chose one."""
    if entry.title != title_of(entry.data[CONF_URL]):
        return entry.title
    return title_of(url)
