"""The steps a person clicks through to use a server, and a model on it."""

from collections.abc import Mapping
from dataclasses import replace
import re
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.core import callback
from yarl import URL

from ..agent.options import AgentOptions
from ..agent_form import AGENT_KINDS
from ..const import SUBENTRY_CONVERSATION
from ..engines.address import normalize_url
from ..engines.base import EngineKind, ModelInfo
from ..engines.faults import EngineError
from ..errors import error_key
from ..managed.flow import ManagedSteps
from ..managed.problem import ManagedError
from ..recommending.base import Pick, Situation
from ..steps.agents import settings_for
from ..steps.texts import async_texts
from ..steps.transfer import transfer_action, transfer_texts
from ..trial import Connection, TrialError, Tried, async_connect, async_try_agent
from .form import (
    BACK,
    CONF_NAME,
    NAME_SCHEMA,
    OTHER,
    models_schema,
    server_schema,
)
from .models import blind_situation, offered_models
from .pulling import Pull
from .traces import Traces

# Not part of the translations, which may not hold addresses.
_EXAMPLE_URL = "http://192.168.1.20:11434"
_EXAMPLE_NAME = "qwen3:4b-instruct"
# They keep a model in memory between two answers; of others nobody knows.
_KEEPS = frozenset({EngineKind.LLAMA_SERVER, EngineKind.OLLAMA})
# What a library of models calls them, with the library's own address before it.
_NAME = re.compile(r"[A-Za-z0-9][\w.:/@-]{0,199}", re.ASCII)


class ServerSteps(ManagedSteps):
    """Connect to a server, choose a model there, and have it downloaded if need be."""

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._situation: Situation | None = None
        self._connection: Connection | None = None
        self._data: dict[str, Any] = {}
        self._offered_there: tuple[Pick, ...] = ()
        self._model: str | None = None
        self._pull: Pull | None = None
        # By the addresses of the servers.
        self._traces: dict[str, Traces] = {}

    async def async_step_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the server's address."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if not user_input.get(CONF_URL, "").strip():
                return await self.async_step_first()
            errors = await self._async_check_server(user_input)
            if not errors and self._can_have_models():
                return await self.async_step_model()
            errors = errors or {"base": "no_models"}
        return self._show_server_form("server", user_input, errors)

    def _can_have_models(self) -> bool:
        """Return whether the server has models, or can get some."""
        if TYPE_CHECKING:
            assert self._connection is not None
        connection = self._connection
        return bool(connection.models) or connection.engine.capabilities.pull

    def _show_server_form(
        self, step_id: str, values: Mapping[str, Any] | None, errors: dict[str, str]
    ) -> ConfigFlowResult:
        """Show the form for an address and a key."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                server_schema(has_back=step_id == "server"), values
            ),
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
            connection = await async_connect(self.hass, url, api_key)
        except TrialError as err:
            return {"base": err.key}
        self._connection, self._model = connection, None
        self._traces.setdefault(url, Traces(connection.engine))
        self._data = {CONF_URL: url} | ({CONF_API_KEY: api_key} if api_key else {})
        return {}

    async def _async_use_server(self, pick: Pick) -> ConfigFlowResult:
        """Go on with a model of a server that was found."""
        url = pick.place.url
        errors = await self._async_check_server({CONF_URL: url})
        if errors.get("base") == "invalid_auth":
            return self._show_server_form("server", {CONF_URL: url}, errors)
        if not errors:
            self._offered_there = (pick,)
            if pick.download or pick.model in self._names():
                return await self._async_take_model(pick.model)
            errors = {"base": "model_missing"}
        self._problem = ManagedError(next(iter(errors.values())))
        return await self.async_step_choose_again()

    async def async_step_model(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the server's models is to answer."""
        if user_input is not None:
            chosen = user_input[CONF_MODEL]
            if chosen == BACK:
                return await self.async_step_first()
            if chosen == OTHER:
                return await self.async_step_model_name()
            return await self._async_take_model(chosen)
        if TYPE_CHECKING:
            assert self._connection is not None
        engine, models = self._connection.engine, self._connection.models
        self._offered_there = offered_models(await self._async_known(), engine, models)
        self._choose = self.async_step_model
        schema = models_schema(
            self._offered_there,
            models,
            await async_texts(self.hass),
            chosen=self._model,
            can_pull=engine.capabilities.pull,
        )
        return self._show_form("model", schema)

    async def _async_known(self) -> Situation:
        """Return what is known of the machine and the home."""
        if self._situation is None:
            self._situation = await self.hass.async_add_executor_job(
                blind_situation, self.hass.config.language
            )
        return self._situation

    async def async_step_model_name(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the name of a model that the server is to download."""
        if user_input is not None:
            if not (name := user_input.get(CONF_NAME, "").strip()):
                return await self.async_step_model()
            if _NAME.fullmatch(name):
                return await self._async_take_model(name)
            self._problem = ManagedError("invalid_reference")
        return self._show_form(
            "model_name",
            self.add_suggested_values_to_schema(NAME_SCHEMA, user_input),
            {"example": _EXAMPLE_NAME},
        )

    async def _async_take_model(self, name: str) -> ConfigFlowResult:
        """Go on with a model: try it, or have it downloaded first."""
        self._model = self._listed(name)
        if self._model in self._names():
            return await self.async_step_try_model()
        return await self.async_step_pull()

    def _names(self) -> set[str]:
        """Return what the server calls its models."""
        if TYPE_CHECKING:
            assert self._connection is not None
        return {model.name for model in self._connection.models}

    def _listed(self, name: str) -> str:
        """Return what the server calls a model: without a tag, it is the newest."""
        newest = f"{name}:latest"
        return newest if newest in self._names() else name

    def _offer(self) -> Pick | None:
        """Return what was said of the model when it was chosen."""
        return next(
            (one for one in self._offered_there if one.model == self._model), None
        )

    async def async_step_pull(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the server download the model, and say every now and then how far it is."""
        if TYPE_CHECKING:
            assert self._model is not None
        offer, pull = self._offer(), self._pull
        texts = transfer_texts(
            self._model, offer.download if offer else 0, pull.progress if pull else None
        )
        action = transfer_action("pull", texts)
        return self._show_work(
            "pull",
            self._async_pull,
            texts,
            after="try_model",
            failed="model_failed",
            action="pull_checks" if pull and pull.is_checked else action,
        )

    async def _async_pull(self) -> None:
        """Download, and know the model then."""
        if TYPE_CHECKING:
            assert self._connection is not None and self._model is not None
        engine, name = self._connection.engine, self._model
        self._pull = Pull(name)
        try:
            await self._pull.async_run(engine, self._tell_share)
        finally:
            self._pull = None
        self._traces[self._data[CONF_URL]].downloaded.append(name)
        try:
            models = await engine.models()
        except EngineError as err:
            raise ManagedError(error_key(err)) from err
        self._connection = replace(self._connection, models=models)
        self._model = self._listed(name)

    async def async_step_try_model(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the model answer once, which may take minutes on a small machine."""
        if TYPE_CHECKING:
            assert self._model is not None
        return self._show_work(
            "try_model",
            self._async_try_model,
            {"model": self._model},
            after="ready",
            failed="model_failed",
        )

    async def _async_try_model(self) -> None:
        """Try the model with the settings that its agents will have."""
        if TYPE_CHECKING:
            assert self._connection is not None and self._model is not None
        engine, name = self._connection.engine, self._model
        known = {one.name: one for one in self._connection.models}
        settings = settings_for(self._offer())
        first = AGENT_KINDS[SUBENTRY_CONVERSATION].first(name) | settings
        # What was tried before makes room.
        here = self._data[CONF_URL]
        for url, traces in self._traces.items():
            await traces.async_unload(but=name if url == here else None)
        await self._traces[here].async_before_trial(name)
        try:
            stats = await async_try_agent(
                engine, known.get(name, ModelInfo(name=name)), first
            )
        except TrialError as err:
            raise ManagedError(err.key) from err
        self._result = Tried(
            title=title_of(here),
            data=self._data,
            model=name,
            settings=settings,
            stats=stats,
            stays_loaded=engine.kind in _KEEPS,
            window=AgentOptions.of(first).context_window,
        )

    async def async_step_model_failed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what went wrong where the model was chosen."""
        return await self.async_step_choose_again()

    @callback
    @override
    def _tidy(self) -> None:
        """Take out of the server what is not kept."""
        super()._tidy()
        kept = self._kept
        for url, traces in self._traces.items():
            if kept is not None and kept.data.get(CONF_URL) == url:
                tidying = traces.async_unload(but=kept.model)
            else:
                tidying = traces.async_remove()
            self.hass.async_create_background_task(tidying, "Tidying a server")


def title_of(url: str) -> str:
    """Return the name of an engine: its host."""
    return URL(url).host or url
