"""Trying out what a person entered, before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .agent.options import AgentOptions
from .agent.thinking import ThinkMode
from .const import LOGGER
from .engines.base import Engine, ModelInfo
from .engines.chat import ChatRequest, Message, Role, ToolSpec, TurnStats
from .engines.faults import EngineError
from .engines.probe import probe
from .errors import error_key, probe_error_key

# Enough for a call of the tool, and soon over where the model says nonsense.
_TRIAL_TOKENS = 64
_TRIAL_TOOL = ToolSpec(
    name="get_time",
    description="Tell the time",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}},
)


class TrialError(Exception):
    """What was entered does not work; ``key`` is the error to show in the form."""

    def __init__(self, key: str) -> None:
        """Keep the error to show."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Connection:
    """A server that answered, and the models it has."""

    engine: Engine
    models: tuple[ModelInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An engine whose model has answered, and what is to be kept of it.

    Args:
        title: Of its entry.
        data: Of its entry.
        model: What the engine calls the model.
        settings: Of the agents, where they are not the usual ones.
        stats: What the answer cost.
        stays_loaded: Whether the model stays in memory between two answers.
        window: Tokens of context that the agents will have.
    """

    title: str
    data: Mapping[str, Any]
    model: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    stats: TurnStats
    stays_loaded: bool
    window: int


async def async_connect(
    hass: HomeAssistant, url: str, api_key: str | None
) -> Connection:
    """Ask what answers at an address and which models it has."""
    try:
        engine = await probe(async_get_clientsession(hass), url, api_key)
        return Connection(engine, await engine.models())
    except EngineError as err:
        LOGGER.debug("Connecting to %s failed: %s", url, err)
        raise TrialError(probe_error_key(err)) from err
    except Exception as err:
        LOGGER.exception("Connecting failed in an unexpected way")
        raise TrialError("unknown") from err


async def async_try_agent(
    engine: Engine, model: ModelInfo, settings: Mapping[str, Any]
) -> TurnStats:
    """Let a model answer once, with a tool if it is to use any; return what it cost.

    Raises :class:`TrialError`. The settings are those of the agent, so that the
    engine loads the model just as the agent will need it.
    """
    options, stats = AgentOptions.of(settings), TurnStats()
    if options.apis and model.tools is False:
        raise TrialError("no_tools")
    try:
        async for delta in engine.chat(_request(options)):
            stats = delta.stats or stats
    except EngineError as err:
        LOGGER.debug("Trying %s failed: %s", model.name, err)
        raise TrialError(error_key(err)) from err
    except Exception as err:
        LOGGER.exception("Trying a model failed in an unexpected way")
        raise TrialError("unknown") from err
    return stats


def _request(options: AgentOptions) -> ChatRequest:
    """Return a short turn with the settings of an agent."""
    return ChatRequest(
        model=options.model,
        messages=(Message(role=Role.USER, content="What time is it?"),),
        tools=(_TRIAL_TOOL,) if options.apis else (),
        think=options.think is ThinkMode.ON,
        context_window=options.context_window,
        max_tokens=_TRIAL_TOKENS,
        temperature=options.temperature,
        keep_alive=options.keep_alive,
        deadlines=options.deadlines,
    )
