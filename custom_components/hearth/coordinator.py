"""Watching one engine: is it there, and which models has it in memory."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .agent.budget import AgentBudget
from .agent.line import Line
from .agent.metrics import AgentMetrics
from .agent.options import AgentOptions
from .benchmarking.store import Benchmarks
from .const import LOGGER
from .engines.base import (
    Engine,
    EngineKind,
    EngineState,
    Health,
    LoadedModel,
    ModelInfo,
)
from .engines.faults import AuthFailed, Busy, EngineError, TimedOut, Unreachable
from .errors import error_key, translated
from .library.base import Library
from .library.pulls import Pulls
from .library.shelf import Shelf

INTERVAL_UP = timedelta(seconds=30)
INTERVAL_DOWN = timedelta(seconds=60)
# The list of models is asked for with every so many looks at the engine.
_LOOKS_PER_LIST = 10

if TYPE_CHECKING:
    from .read_ahead import ReadAhead

type HearthConfigEntry = ConfigEntry[HearthRuntimeData]


@dataclass(slots=True)
class HearthRuntimeData:
    """What lives as long as an entry is loaded.

    ``metrics`` holds the newest turn of each agent, by the id of its subentry, and
    ``budgets`` what its prompt takes.
    ``line`` is where whoever wants to use the engine waits, ``benchmarked`` the models
    that are being measured. ``library`` are the models that can be pulled and deleted,
    ``pulls`` those on their way, ``shelf`` those that are there.
    """

    engine: Engine
    coordinator: HearthCoordinator
    metrics: dict[str, AgentMetrics]
    budgets: dict[str, AgentBudget]
    library: Library
    line: Line
    benchmarks: Benchmarks
    pulls: Pulls
    shelf: Shelf
    read_ahead: dict[str, ReadAhead] = field(default_factory=dict)
    benchmarked: set[str] = field(default_factory=set)
    _facts: dict[str, ModelInfo] = field(default_factory=dict)

    def window(self, options: AgentOptions) -> int | None:
        """Return the context window that the engine was started with, if it was.

        Ollama takes the window that a request asks for.
        """
        if self.engine.kind is EngineKind.OLLAMA:
            return None
        loaded = self.coordinator.data.loaded
        windows = [
            model.context_window
            for model in loaded
            if model.name == options.model or len(loaded) == 1
        ]
        return min((window for window in windows if window), default=None)

    async def async_model_facts(self, name: str) -> ModelInfo | None:
        """Return what a model can do; None where the engine does not tell now.

        The engine is asked once: what a version of a model can do does not change.
        """
        if name not in self._facts:
            try:
                self._facts[name] = await self.engine.model(name)
            except EngineError:
                return None
        return self._facts[name]

    @callback
    def async_forget_facts(self) -> None:
        """Ask again what models can do: there is another version of one."""
        self._facts.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStatus:
    """What an engine said about itself when it was last asked."""

    health: Health
    loaded: tuple[LoadedModel, ...]
    models: tuple[ModelInfo, ...] = ()

    @property
    def memory(self) -> int | None:
        """Return the bytes that the loaded models take, where the engine says it."""
        sizes = [model.memory for model in self.loaded]
        known = [size for size in sizes if size is not None]
        return sum(known) if len(known) == len(sizes) else None


class HearthCoordinator(DataUpdateCoordinator[EngineStatus]):
    """Ask the engine now and then, and listen to what the chats learn about it."""

    config_entry: HearthConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HearthConfigEntry,
        engine: Engine,
        line: Line,
    ) -> None:
        """Watch one engine."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=INTERVAL_UP,
            always_update=False,
        )
        self.engine = engine
        # What the newest chat failed with, if it did.
        self.chat_error: EngineError | None = None
        self._line = line
        self._models: tuple[ModelInfo, ...] = ()
        self._until_list = 0

    @override
    async def _async_update_data(self) -> EngineStatus:
        """Ask for the engine's health and the models in memory."""
        try:
            status = await self._async_ask()
        except EngineError as err:
            if self._is_only_at_work(err):
                return self.data
            self.update_interval = INTERVAL_DOWN
            kind = (
                ConfigEntryAuthFailed if isinstance(err, AuthFailed) else UpdateFailed
            )
            raise translated(kind, error_key(err), self.engine.url, err) from err
        self.update_interval = INTERVAL_UP
        return status

    async def _async_ask(self) -> EngineStatus:
        """Ask the engine; one that is loading has nothing in memory yet."""
        health = await self.engine.health()
        loaded: tuple[LoadedModel, ...] = ()
        if health.state is EngineState.READY:
            loaded = await self.engine.loaded()
            if self._until_list == 0:
                self._models = await self.engine.models()
                self._until_list = _LOOKS_PER_LIST
            self._until_list -= 1
        return EngineStatus(health=health, loaded=loaded, models=self._models)

    async def async_refresh_models(self) -> None:
        """Ask for the models, too: some have come or gone."""
        self._until_list = 0
        await self.async_refresh()

    def _is_only_at_work(self, err: EngineError) -> bool:
        """Return whether the engine is well and only has no time to say so.

        A small machine that reads a long prompt may not answer anything else.
        """
        return (
            isinstance(err, Busy | TimedOut)
            and self._line.locked()
            and self.last_update_success
        )

    @callback
    def async_report_success(self) -> None:
        """Hear from a chat that the engine answered."""
        self.chat_error = None
        self.update_interval = INTERVAL_UP
        if not self.last_update_success:
            LOGGER.info("%s answers again", self.name)
            self.async_set_updated_data(self.data)

    @callback
    def async_report_error(self, err: EngineError) -> None:
        """Hear from a chat what went wrong with the engine.

        Only what says something about the connection counts: a full context or
        a missing model is no outage.
        """
        self.chat_error = err
        if isinstance(err, AuthFailed):
            self.config_entry.async_start_reauth(self.hass)
        elif not isinstance(err, TimedOut | Unreachable):
            return
        self.update_interval = INTERVAL_DOWN
        self.async_set_update_error(
            translated(UpdateFailed, error_key(err), self.engine.url, err)
        )
        self._schedule_refresh()
