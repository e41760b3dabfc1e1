"""How many tokens of the context window are used for what, and how many are left."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..const import LOGGER
from ..engines.base import Engine
from ..engines.chat import ChatRequest, Message, Role, ToolSpec
from ..engines.faults import EngineError
from .history import CHARACTERS_PER_TOKEN, characters
from .options import AgentOptions
from .prompt import joined

# Tokens for what is said, and for what tools tell: some turns of talk.
LEAST_FOR_TALK = 1024

# Characters a token stands for at least and at most, in any language. Where it looks
# like more, the engine has not told the tokens that it had in its cache.
_FEWEST, _MOST = 0.5, 6.5
# Few characters for a token, with all that a template writes around tools.
_SHORT_TOKENS = 2.0
# What is told of a home follows the ratio, and is not to change from turn to turn.
_TOLERANCE = 0.1

_USER = Message(role=Role.USER, content="Hello.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a model is told before anybody speaks.

    Args:
        instructions: What the agent is to do, and how.
        home: What there is in the home, empty where that is not told.
        tools: What it may call.
        devices: How many devices are exposed.
        left_out: How many of them are not told, because there is no room.
    """

    instructions: str
    home: str = ""
    tools: tuple[ToolSpec, ...] = ()
    devices: int = 0
    left_out: int = 0

    @property
    def prefix(self) -> str:
        """Return the system message."""
        return joined(self.home, self.instructions)

    def whole(self, options: AgentOptions) -> ChatRequest:
        """Return the request with everything that is told."""
        return _request(options, self.prefix, self.tools)

    def requests(self, options: AgentOptions) -> list[ChatRequest]:
        """Return three requests, each of which has one part more."""
        return [
            _request(options, self.instructions),
            _request(options, self.prefix),
            self.whole(options),
        ]


def _request(
    options: AgentOptions, told: str, tools: tuple[ToolSpec, ...] = ()
) -> ChatRequest:
    """Return what has a model read something, and say nothing."""
    system = Message(role=Role.SYSTEM, content=told)
    return options.request((system, _USER), tools=tools, most=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Tokens of a context window by what uses them.

    ``instructions`` has what the chat template adds; ``estimated`` tells whether
    the numbers are those of the model's own tokenizer or not.
    """

    instructions: int
    home: int
    tools: int
    window: int
    estimated: bool
    devices: int = 0
    left_out: int = 0

    @property
    def prompt(self) -> int:
        """Return what is used before anybody speaks."""
        return self.instructions + self.home + self.tools

    @property
    def conversation(self) -> int:
        """Return what is left for talking."""
        return max(0, self.window - self.prompt)


def room_for_prompt(window: int) -> int:
    """Return the most tokens of a window that may be used before anybody speaks."""
    return window - min(max(LEAST_FOR_TALK, window // 4), window // 2)


class AgentBudget:
    """What the prompt of one agent takes, as far as that is known.

    Where the engine does not count, it is estimated from characters, of which real
    prompts tell how many make a token.
    """

    def __init__(self, engine: Engine) -> None:
        """Know nothing yet."""
        self._engine = engine
        self._listeners: list[Callable[[], None]] = []
        self._measured: object = None
        self._newest: float | None = None
        self._ratio: float | None = None
        self.last: Budget | None = None

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when ``last`` changes; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def learn(self, of: int, tokens: int | None) -> None:
        """Learn from a prompt that was read how many characters make a token."""
        if tokens and _FEWEST <= of / tokens <= _MOST:
            self._take(of / tokens)

    def _take(self, ratio: float) -> None:
        """Take on how many characters make a token.

        What decides how much of the home is told follows only what is clearly
        different, and while something is left out only in one direction: there is
        no back and forth.
        """
        self._newest = ratio
        cut = self.last is not None and self.last.left_out > 0
        if self._ratio is None or (
            abs(ratio - self._ratio) > _TOLERANCE * self._ratio
            and not (cut and ratio > self._ratio)
        ):
            self._ratio = ratio

    async def fits(self, options: AgentOptions, parts: Parts) -> bool:
        """Return whether enough of the window is left for talking.

        The engine is only asked where that is in doubt and nothing was learned yet.
        """
        if self._ratio is None and self._spare(options, parts, _SHORT_TOKENS) < 0:
            whole = parts.whole(options)
            try:
                if tokens := await self._engine.count(whole):
                    self._take(characters(whole) / tokens)
            except EngineError:
                LOGGER.debug("The prompt is not counted now")
        return self.spare(options, parts) >= 0

    def tokens(self, options: AgentOptions, parts: Parts) -> int | None:
        """Return what the parts take, None before anything was learned."""
        if self._newest is None:
            return None
        return round(characters(parts.whole(options)) / self._newest)

    def spare(self, options: AgentOptions, parts: Parts) -> int:
        """Return for how many more characters there is room, less than 0 for none."""
        return self._spare(options, parts, self._ratio or CHARACTERS_PER_TOKEN)

    def _spare(self, options: AgentOptions, parts: Parts, ratio: float) -> int:
        """Return for how many more characters there is room at such a ratio."""
        used = characters(parts.whole(options))
        return int(room_for_prompt(options.context_window) * ratio) - used

    async def measure(self, options: AgentOptions, parts: Parts) -> None:
        """Find out what the parts take, unless that is known."""
        ratio = self._newest or CHARACTERS_PER_TOKEN
        about = (parts, options.model, options.context_window)
        if self._measured in ((about, None), (about, ratio)):
            return
        requests = parts.requests(options)
        counted, shown, failed = list[int](), list[str](), False
        try:
            counted = await _each(self._engine.count, requests)
            shown = [] if counted else await _each(self._engine.render, requests)
        except EngineError:
            failed = True
        if counted:
            self._take(characters(requests[-1]) / counted[-1])
        lengths = counted or _estimated(requests, shown, ratio)
        self._measured = None if failed else (about, None if counted else ratio)
        self._set(
            Budget(
                instructions=lengths[0],
                home=max(0, lengths[1] - lengths[0]),
                tools=max(0, lengths[2] - lengths[1]),
                window=options.context_window,
                estimated=not counted,
                devices=parts.devices,
                left_out=parts.left_out,
            )
        )

    def _set(self, budget: Budget) -> None:
        """Take on new numbers, and tell where they are new."""
        if budget != self.last:
            self.last = budget
            for listener in tuple(self._listeners):
                listener()


def _estimated(
    requests: list[ChatRequest], shown: list[str], ratio: float
) -> list[int]:
    """Return the tokens of some requests, as their characters let expect.

    A prompt that the engine shows but does not count tells what share of it a part
    takes: templates write tools in many ways.
    """
    lengths = [float(characters(request)) for request in requests]
    if shown:
        share = lengths[-1] / len(shown[-1])
        lengths = [len(text) * share for text in shown]
    return [round(length / ratio) for length in lengths]


async def _each[T](
    ask: Callable[[ChatRequest], Awaitable[T | None]], requests: list[ChatRequest]
) -> list[T]:
    """Return what is told of each request, nothing where one is not told of."""
    told: list[T] = []
    for request in requests:
        if (answer := await ask(request)) is None:
            return []
        told.append(answer)
    return told
