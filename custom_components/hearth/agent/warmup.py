"""Having an agent's prompts read before anybody speaks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
import json

from ..const import LOGGER
from ..engines.base import Engine
from ..engines.chat import Message, Pace, Role
from ..engines.faults import EngineError
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
    """Knows whether an agent's prompts have been read, and has them read.

    Args:
        engine: Who reads.
        line: Where others go first.
        options: Returns the agent's options as they are for its next turn.
        brief: Gathers what the agent may be told next, the likeliest first.
        is_alone: Returns whether no other agent has the engine read for it.
        opening: Returns how the newest message of a turn begins, if it begins now.
    """

    def __init__(
        self,
        engine: Engine,
        line: Line,
        options: Callable[[], AgentOptions],
        brief: Callable[[], Awaitable[Sequence[Briefing]]],
        is_alone: Callable[[], bool] = lambda: True,
        opening: Callable[[], str] = lambda: _USER.content,
    ) -> None:
        """Have nothing read yet."""
        self._engine = engine
        self._line = line
        self._options = options
        self._brief = brief
        self._is_alone = is_alone
        self._opening = opening
        self._listeners: list[Callable[[], None]] = []
        self._wanted: tuple[str, ...] = ()
        self._read: frozenset[str] = frozenset()
        # Those among them that were read with nothing that a person said.
        self._ahead: frozenset[str] = frozenset()

    @property
    def is_ready(self) -> bool:
        """Return whether the likeliest next turn finds its prompt read."""
        return bool(self._wanted) and self._wanted[0] in self._read

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when that changes; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def forget(self) -> None:
        """Know that the engine has lost what it had read."""
        self._set(self._wanted, frozenset())

    def note(self, briefing: Briefing) -> None:
        """Know that a turn has had its prompt read; the next one will be like it."""
        key = self._key(briefing, self._options())
        others = self._wanted if self._engine.capabilities.prompt_cache else ()
        wanted = (key, *(other for other in others if other != key))
        self._set(wanted, self._read | {key})

    @property
    def is_done(self) -> bool:
        """Return whether there is nothing to be read."""
        return self._done.issuperset(self._wanted)

    @property
    def _done(self) -> frozenset[str]:
        """Return what need not be read.

        What only a turn has read is read ahead once more by an engine that keeps
        that for its next start; there is not much in it that it has to read.
        """
        files = self._engine.capabilities.prompt_files
        return self._ahead if files else self._read

    def _is_enough(self, for_speech: bool) -> bool:
        """Return whether nothing has to be read now."""
        return self.is_ready if for_speech else self.is_done

    async def run(self, *, for_speech: bool = False) -> None:
        """Have the prompts read, unless they are; people who speak go first.

        Args:
            for_speech: Whether somebody is speaking to the agent just now.

        Raises:
            NotRead: the engine failed, or people kept it busy.
            HomeAssistantError: the agent's instructions or tools do not work.
        """
        for _ in range(_MOST_TRIES):
            options = self._options()
            prompts = {self._key(one, options): one for one in await self._brief()}
            self._set(tuple(prompts), self._read)
            if self._is_enough(for_speech):
                return
            try:
                priority = Priority.SPEECH if for_speech else Priority.WARM_UP
                async with self._line.place(priority):
                    await self._have_all_read(prompts, options, for_speech)
            except Interrupted:
                # What was read stays read.
                continue
            except (EngineError, LineError) as err:
                raise NotRead(str(err)) from err
            LOGGER.debug("The prompt of %s was read ahead", options.model)
            return
        raise NotRead("others were always first")

    async def _have_all_read(
        self, prompts: Mapping[str, Briefing], options: AgentOptions, for_speech: bool
    ) -> None:
        """Have those read that are not; the likeliest last, so that it is at hand.

        What the next turn probably does not need is read so that it need not wait.
        Where it comes in a moment, the beginning of its message is read, too.
        """
        # A turn that went before may have had the same prompt read.
        if self._is_enough(for_speech):
            return
        likeliest, *others = prompts
        soon = Pace.WHOLE if self._is_alone() else Pace.SMALL
        said = _USER
        if for_speech:
            soon, others = Pace.LARGE, []
            said = replace(_USER, content=self._opening())
        missing = [key for key in others if key not in self._done]
        for key in (*missing, likeliest):
            pace = soon if key == likeliest else Pace.SMALL
            await self._have_read(prompts[key], options, said, pace)
            self._ahead |= {key}
            self._set(self._wanted, self._read | {key})

    async def _have_read(
        self,
        briefing: Briefing,
        options: AgentOptions,
        said: Message,
        pace: Pace,
    ) -> None:
        """Send the prompt, with nothing to be generated."""
        system = Message(role=Role.SYSTEM, content=briefing.prefix)
        request = options.request(
            (system, said), tools=tuple(briefing.tools.values()), most=0
        )
        async for _ in self._engine.chat(replace(request, pace=pace)):
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

    def _set(self, wanted: tuple[str, ...], read: frozenset[str]) -> None:
        """Take on what is wanted and read, and tell where that makes a difference."""
        before = self.is_ready
        self._wanted, self._read = wanted, read.intersection(wanted)
        self._ahead &= self._read
        if self.is_ready is not before:
            for listener in tuple(self._listeners):
                listener()
