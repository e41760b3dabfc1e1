"""What a model's calls go through before Home Assistant runs them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from homeassistant.components import conversation
from homeassistant.components.conversation import trace
from homeassistant.helpers import llm

from ..engines.chat import ToolCall, ToolSpec
from .calls import repair
from .doubt import Doubts, Question
from .home import ExposedEntity
from .repeated_calls import without_repeats
from .sparing import sparing


def may_doubt(doubts: Doubts | None, calls: Sequence[ToolCall]) -> bool:
    """Return whether calls wait until all of the pass are known."""
    told = any(call.confidence is not None for call in calls)
    return told and doubts is not None


def repaired(
    calls: Sequence[ToolCall],
    tools: Mapping[str, ToolSpec],
    names: Sequence[str],
    areas: Sequence[str],
) -> list[llm.ToolInput]:
    """Repair calls, and tell the conversation's trace what was mended."""
    inputs = []
    for call in calls:
        mended = repair(call, tools, names, areas)
        if mended.repairs:
            trace.async_conversation_trace_append(
                trace.ConversationTraceEventType.AGENT_DETAIL,
                {"tool": mended.name, "repaired": list(mended.repairs)},
            )
        inputs.append(llm.ToolInput(tool_name=mended.name, tool_args=mended.arguments))
    return inputs


def held_to_words(
    calls: Sequence[ToolCall],
    entities: tuple[ExposedEntity, ...],
    said: str,
    spared: Sequence[str] = (),
) -> tuple[ToolCall, ...]:
    """Return the calls of a very small model, none twice, without what is spared."""
    plain = [
        (call.name, call.arguments)
        for call in calls
        if not isinstance(call.arguments, str)
    ]
    if len(plain) < len(calls):
        return tuple(calls)
    known = {call.name: call for call in calls}
    made = sparing(without_repeats(plain, entities, said), entities, spared)
    return tuple(
        next(
            (call for call in calls if (call.name, call.arguments) == one),
            replace(known[one[0]], arguments=one[1]),
        )
        for one in made
    )


def asked_back(
    doubts: Doubts | None,
    calls: Sequence[ToolCall],
    inputs: Sequence[llm.ToolInput],
    chat_log: conversation.ChatLog,
) -> Question | None:
    """Return what to ask instead of acting, and tell the chat log's trace of it.

    ``inputs`` are the calls, repaired.
    """
    confidences = [call.confidence for call in calls]
    asked = None if doubts is None else doubts.question(inputs, confidences)
    if asked is not None:
        chat_log.async_trace(
            {
                "asked_back": [[one.tool_name, one.tool_args] for one in inputs],
                "confidence": confidences,
            }
        )
    return asked
