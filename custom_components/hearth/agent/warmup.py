"""Having an agent's prompt read before anybody speaks."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
import json

from ..const import LOGGER
from ..engines.base import Engine, EngineError, Message, Role
from .briefing import Briefing
from .line import Interrupted, Line, LineError, Priority
from .options import AgentOptions

# A warm-up that people keep interrupting is not worth its while.
_MOST_TRIES = 10
# After it the engine keeps a mark where the words of a user begin, from which models
# with sliding windows or states can go on.
_USER = Message(role=Role.USER, content="Hello.")


class NotRead(Exception):
    """The prompt could not be read ahead now."""


class WarmUp:
    """Knows whether an agent's prompt has been read, and has it read.

    Args:
        engine: Who reads.
        line: Where others go first.
        options: Returns the agent's options as they are for its next turn.
        brief: Gathers what the agent will be told.
    """

    def __init__(
        self,
        engine: Engine,
        line: Line,
        options: Callable[[], AgentOptions],
        brief: Callable[[], Awaitable[Briefing]],
    ) -> None:
        """Have nothing read yet."""
        self._engine = engine
        self._line = line
        self._options = options
        self._brief = brief
        self._listeners: list[Callable[[], None]] = []
        self._wanted: str | None = None
        self._read: str | None = None

    @property
    def is_ready(self) -> bool:
        """Return whether the next turn finds its prompt read."""
        return self._read is not None and self._read == self._wanted

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when that changes; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def forget(self) -> None:
        """Know that the engine has lost what it had read."""
        self._set(self._wanted, None)

    def note(self, briefing: Briefing) -> None:
        """Know that a turn has had its prompt read."""
        key = self._key(briefing, self._options())
        self._set(key, key)

    async def run(self) -> None:
        """Have the prompt read, unless it is; people who speak go first.

        Raises:
            NotRead: the engine failed, or people kept it busy.
            HomeAssistantError: the agent's instructions or tools do not work.
        """
        for _ in range(_MOST_TRIES):
            briefing, options = await self._brief(), self._options()
            key = self._key(briefing, options)
            self._set(key, self._read)
            if self.is_ready:
                return
            try:
                async with self._line.place(Priority.WARM_UP):
                    # A turn that went before may have had the same prompt read.
                    if not self.is_ready:
                        await self._have_read(briefing, options)
            except Interrupted:
                # What was read stays read.
                continue
            except (EngineError, LineError) as err:
                raise NotRead(str(err)) from err
            self._set(self._wanted, key)
            LOGGER.debug("The prompt of %s was read ahead", options.model)
            return
        raise NotRead("others were always first")

    async def _have_read(self, briefing: Briefing, options: AgentOptions) -> None:
        """Send the prompt, with nothing to be generated."""
        system = Message(role=Role.SYSTEM, content=briefing.prefix)
        request = options.request(
            (system, _USER), tools=tuple(briefing.tools.values()), most=0
        )
        async for _ in self._engine.chat(request):
            pass

    def _key(self, briefing: Briefing, options: AgentOptions) -> str:
        """Return what is the same for as long as the prompt is."""
        tools = [
            [tool.name, tool.description, tool.parameters]
            for tool in briefing.tools.values()
        ]
        told = json.dumps(
            [briefing.prefix, tools, options.model, options.context_window],
            default=dict,
        )
        return sha256(told.encode()).hexdigest()

    def _set(self, wanted: str | None, read: str | None) -> None:
        """Take on what is wanted and read, and tell where that makes a difference."""
        before = self.is_ready
        self._wanted, self._read = wanted, read
        if self.is_ready is not before:
            for listener in tuple(self._listeners):
                listener()
