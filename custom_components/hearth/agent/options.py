"""An agent's options, read from its subentry."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from homeassistant.const import CONF_LLM_HASS_API, CONF_MODEL, CONF_PROMPT

from ..const import (
    CONF_ASK_BACK,
    CONF_CONTEXT_WINDOW,
    CONF_FIRST_BYTE_TIMEOUT,
    CONF_KEEP_ALIVE,
    CONF_MAX_TOKENS,
    CONF_QUICK_CONFIRMATIONS,
    CONF_SILENCE_TIMEOUT,
    CONF_TEMPERATURE,
    CONF_THINK,
    CONF_THINKING_BUDGET,
    DEFAULT_CONTEXT_WINDOW,
    DEFAULT_FIRST_BYTE_TIMEOUT,
    DEFAULT_KEEP_ALIVE,
    DEFAULT_MAX_TOKENS,
    DEFAULT_SILENCE_TIMEOUT,
    DEFAULT_TEMPERATURE,
    DEFAULT_THINKING_BUDGET,
)
from ..engines.chat import ChatRequest, Deadlines, Message, ToolSpec
from .thinking import ThinkMode


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOptions:
    """What a user chose for an agent.

    ``context_window``, ``max_tokens`` and ``thinking_budget`` are in tokens,
    ``keep_alive`` in seconds (negative: for good).
    """

    model: str
    apis: tuple[str, ...] = ()
    prompt: str = ""
    quick_confirmations: bool = True
    ask_back: bool = True
    context_window: int = DEFAULT_CONTEXT_WINDOW
    max_tokens: int = DEFAULT_MAX_TOKENS
    temperature: float = DEFAULT_TEMPERATURE
    think: ThinkMode = ThinkMode.OFF
    thinking_budget: int = DEFAULT_THINKING_BUDGET
    keep_alive: float = DEFAULT_KEEP_ALIVE
    deadlines: Deadlines = field(default_factory=Deadlines)

    @classmethod
    def of(
        cls, data: Mapping[str, Any], *, max_tokens: int = DEFAULT_MAX_TOKENS
    ) -> Self:
        """Read a subentry's data; what is missing has its default."""
        apis = data.get(CONF_LLM_HASS_API) or ()
        return cls(
            model=data[CONF_MODEL],
            apis=(apis,) if isinstance(apis, str) else tuple(apis),
            prompt=data.get(CONF_PROMPT) or "",
            quick_confirmations=bool(data.get(CONF_QUICK_CONFIRMATIONS, True)),
            ask_back=bool(data.get(CONF_ASK_BACK, True)),
            context_window=int(data.get(CONF_CONTEXT_WINDOW, DEFAULT_CONTEXT_WINDOW)),
            max_tokens=int(data.get(CONF_MAX_TOKENS, max_tokens)),
            temperature=float(data.get(CONF_TEMPERATURE, DEFAULT_TEMPERATURE)),
            think=ThinkMode(data.get(CONF_THINK, ThinkMode.OFF)),
            thinking_budget=int(
                data.get(CONF_THINKING_BUDGET, DEFAULT_THINKING_BUDGET)
            ),
            keep_alive=float(data.get(CONF_KEEP_ALIVE, DEFAULT_KEEP_ALIVE)),
            deadlines=Deadlines(
                first_byte=float(
                    data.get(CONF_FIRST_BYTE_TIMEOUT, DEFAULT_FIRST_BYTE_TIMEOUT)
                ),
                between=float(data.get(CONF_SILENCE_TIMEOUT, DEFAULT_SILENCE_TIMEOUT)),
            ),
        )

    def request(
        self,
        messages: tuple[Message, ...],
        *,
        tools: tuple[ToolSpec, ...] = (),
        think: bool = False,
        confidence: bool = False,
        most: int | None = None,
    ) -> ChatRequest:
        """Return a request as every request of this agent is made.

        Thoughts have room beside the longest answer, which may be given as ``most``.
        """
        most = self.max_tokens if most is None else most
        return ChatRequest(
            model=self.model,
            messages=messages,
            tools=tools,
            think=think,
            confidence=confidence,
            context_window=self.context_window,
            max_tokens=most + (self.thinking_budget if think else 0),
            temperature=self.temperature,
            keep_alive=self.keep_alive,
            deadlines=self.deadlines,
        )

    def within(self, window: int | None) -> Self:
        """Return the options with no more context than an engine's window has."""
        if window is None or window >= self.context_window:
            return self
        return replace(self, context_window=window)
