"""Asking the model through Hearth's own client, held to the home's names, as in use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import json
from typing import Any

from custom_components.hearth.engines.chat import ChatRequest, Message, Role, ToolCall
from custom_components.hearth.engines.faults import EngineError
from custom_components.hearth.engines.llama_server import LlamaServerEngine

from . import render
from .contract import Deed, held_to_words, least_sure
from .effects import Effect, WrongCall, effects
from .homes import Home
from .talkback import held, plain_in, request, without_exception
from .turns import Turn

# What must never move unasked.
GUARDED = ("lock.", "cover.", "valve.")


@dataclass(frozen=True, slots=True)
class Done:
    """A call, what it does in the home, and how sure the model was of it."""

    call: render.Call
    effects: tuple[Effect, ...]
    confidence: float

    @property
    def guarded(self) -> bool:
        """Return whether a lock, a cover or a valve moves."""
        return any(effect.service.startswith(GUARDED) for effect in self.effects)


def least(
    home: Home, said: str, made: Iterable[Done], here: str | None = None
) -> list[float]:
    """Return how sure Hearth wants the calls of an answer to be, after these words."""
    deeds = [_deed(home, one) for one in made]
    return [least_sure(deed, deeds, home.entities, said, "en", here) for deed in deeds]


def _deed(home: Home, done: Done) -> Deed:
    tool, arguments = done.call
    changed = frozenset[str]().union(*(effect.entities for effect in done.effects))
    reached = tuple(one for one in home.entities if one.entity_id in changed)
    return Deed(str(arguments.get("action", tool)), arguments, reached)


async def asked(
    engine: LlamaServerEngine,
    home: Home,
    user: str,
    here: str | None,
    before: Iterable[Turn] = (),
) -> list[Done]:
    """Ask; return the calls of the answer. One that is refused has no effects."""
    if plain := plain_in(home, user, here):
        return [_effects_of(home, call, here, 1.0) for call in plain]
    user, spared = without_exception(home, user)
    body = ChatRequest(
        model="nano",
        messages=tuple(map(_message, request(home, user, before)["messages"])),
        tools=held(home, user),
        temperature=0,
        max_tokens=200,
        confidence=True,
    )
    try:
        made = [call async for delta in engine.chat(body) for call in delta.tool_calls]
    except EngineError:
        return []
    said = user.rpartition("\n")[2]
    kept = held_to_words(made, home.entities, said, spared)
    return [_done(home, call, here) for call in kept]


def _done(home: Home, made: ToolCall, here: str | None) -> Done:
    arguments = {} if isinstance(made.arguments, str) else dict(made.arguments)
    return _effects_of(home, (made.name, arguments), here, made.confidence or 0.0)


def _effects_of(
    home: Home, call: render.Call, here: str | None, confidence: float
) -> Done:
    try:
        found: Sequence[Effect] = effects(home, (call,), here)
    except WrongCall:
        found = ()
    return Done(call, tuple(found), confidence)


def _message(told: dict[str, Any]) -> Message:
    """Return a message of a chat request as Hearth's client takes it."""
    return Message(
        role=Role(told["role"]),
        content=told["content"],
        tool_call_id=told.get("tool_call_id", ""),
        tool_calls=tuple(
            ToolCall(
                call["id"],
                call["function"]["name"],
                json.loads(call["function"]["arguments"]),
            )
            for call in told.get("tool_calls", ())
        ),
    )
