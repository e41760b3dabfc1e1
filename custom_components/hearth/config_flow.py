"""The steps a person clicks through to add an engine, or to change it."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    ConfigSubentryFlow,
)
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from probatio import Secret
import voluptuous as vol
from yarl import URL

from .agent_flow import AgentSubentryFlow
from .agent_form import AGENT_KINDS, first_agents, model_selector, suggested_model
from .const import DOMAIN, SUBENTRY_CONVERSATION
from .engines.address import normalize_url
from .managed.settings import is_managed
from .trial import (
    Connection,
    TrialError,
    async_connect,
    async_try_agent,
)
from .welcome.flow import WelcomeSteps

# Not part of the translations, which may not hold addresses.
_EXAMPLE_URL = "http://192.168.1.20:11434"

_KEY = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)
_KEY_SCHEMA = vol.Schema({vol.Optional(Secret(CONF_API_KEY)): _KEY})
_SERVER_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL)
        ),
        vol.Optional(Secret(CONF_API_KEY)): _KEY,
    }
)


class HearthConfigFlow(WelcomeSteps, domain=DOMAIN):
    """Add, change or unlock an engine."""

    VERSION = 1
    MINOR_VERSION = 2

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._connection: Connection | None = None
        self._data: dict[str, Any] = {}
        self._model: str | None = None
        self._trial: asyncio.Task[str | None] | None = None
        self._errors: dict[str, str] = {}

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to an engine."""
        return dict.fromkeys(AGENT_KINDS, AgentSubentryFlow)

    @override
    async def async_step_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the server's address."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._async_check_server(user_input)
            if self._connection and not errors:
                if self._connection.models:
                    return await self.async_step_model()
                errors["base"] = "no_models"
        return self._show_server_form("server", user_input, errors)

    @override
    async def _async_use_server(self, url: str, model: str) -> ConfigFlowResult:
        """Try a model of a server that was found, or ask where that went."""
        found = {CONF_URL: url}
        errors = await self._async_check_server(found)
        if errors:
            return self._show_server_form("server", found, errors)
        if TYPE_CHECKING:
            assert self._connection is not None
        if model not in {one.name for one in self._connection.models}:
            return self._show_server_form("server", found, {"base": "model_missing"})
        self._model = model
        return await self.async_step_try_model()

    async def async_step_model(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the server's models is to answer."""
        if user_input is not None:
            self._model = user_input[CONF_MODEL]
            return await self.async_step_try_model()
        if TYPE_CHECKING:
            assert self._connection is not None
        models = self._connection.models
        return self.async_show_form(
            step_id="model",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema({vol.Required(CONF_MODEL): model_selector(models)}),
                {CONF_MODEL: self._model or suggested_model(models)},
            ),
            errors=self._errors,
        )

    async def async_step_try_model(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the model answer once, which may take minutes on a small machine."""
        if TYPE_CHECKING:
            assert self._connection is not None and self._model is not None
        if self._trial is None:
            model = next(
                model for model in self._connection.models if model.name == self._model
            )
            self._trial = self.hass.async_create_background_task(
                async_try_agent(
                    self._connection.engine,
                    model,
                    AGENT_KINDS[SUBENTRY_CONVERSATION].first(self._model),
                ),
                f"Trying {self._model}",
            )
        if not self._trial.done():
            return self.async_show_progress(
                step_id="try_model",
                progress_action="try_model",
                progress_task=self._trial,
                description_placeholders={"model": self._model},
            )
        error = self._trial.result()
        self._trial = None
        self._errors = {"base": error} if error else {}
        return self.async_show_progress_done(
            next_step_id="model_failed" if error else "finish"
        )

    async def async_step_model_failed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what went wrong, and ask for a model again."""
        return await self.async_step_model()

    async def async_step_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Keep the engine, with one agent to start with."""
        if TYPE_CHECKING:
            assert self._model is not None
        self._async_abort_entries_match({CONF_URL: self._data[CONF_URL]})
        return self.async_create_entry(
            title=_title(self._data[CONF_URL]),
            data=self._data,
            subentries=first_agents(self._model),
        )

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
            data_schema=_KEY_SCHEMA,
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
            errors = await self._async_check_server(user_input)
            if not errors:
                return self._keep(entry, title=_renamed(entry, self._data[CONF_URL]))
        return self._show_server_form("reconfigure", user_input or entry.data, errors)

    def _show_server_form(
        self, step_id: str, values: Mapping[str, Any] | None, errors: dict[str, str]
    ) -> ConfigFlowResult:
        """Show the form for an address and a key."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_SERVER_SCHEMA, values),
            errors=errors,
            description_placeholders={"example": _EXAMPLE_URL},
        )

    async def _async_check_server(self, user_input: dict[str, Any]) -> dict[str, str]:
        """Ask the server, and keep what is to be saved; returns the form's errors."""
        api_key = user_input.get(CONF_API_KEY, "").strip() or None
        try:
            url = normalize_url(user_input[CONF_URL])
        except ValueError:
            return {CONF_URL: "invalid_url"}
        self._async_abort_entries_match({CONF_URL: url})
        try:
            self._connection = await async_connect(self.hass, url, api_key)
        except TrialError as err:
            return {"base": err.key}
        self._data = {CONF_URL: url} | ({CONF_API_KEY: api_key} if api_key else {})
        return {}

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


def _title(url: str) -> str:
    """Return the name of an engine: its host."""
    return URL(url).host or url


def _renamed(entry: ConfigEntry, url: str) -> str:
    """Return the title for a new address, unless the user chose one."""
    if entry.title != _title(entry.data[CONF_URL]):
        return entry.title
    return _title(url)
