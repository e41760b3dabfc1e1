"""What a model is told of a finished tool call: names, or why it failed."""

from collections.abc import Mapping
from typing import Any

from homeassistant.helpers import intent, llm

from .deeds import Deed, deed_of
from .seen import Seen
from .targets import Target
from .translate import AssistCall

# Enough to say what happened; a whole floor's lights need no list.
MOST_NAMES = 12


def failure(reason: str) -> llm.ToolResult:
    """Return a result that says why nothing happened."""
    return llm.ToolResult(data={"error": reason}, error=True)


class Done(llm.IntentResponseDict):
    """Short data for the model, the whole response for Home Assistant.

    Without deeds nothing can be said of what was done but by a model.
    """

    deeds: tuple[Deed, ...] = ()


class Looked(dict[str, Any]):
    """States as text for the model, and as they are for who answers without it."""

    seen: tuple[Seen, ...] = ()


def looked_up(result: llm.ToolResult) -> tuple[Seen, ...] | None:
    """Return what was looked up, None where it was not only that."""
    if result.error or not isinstance(result.data, Looked):
        return None
    return result.data.seen


def original_of(result: llm.ToolResult) -> intent.IntentResponse | None:
    """Return what an intent's handler returned, where a result is of one."""
    response = getattr(result.data, "original", None)
    return response if isinstance(response, intent.IntentResponse) else None


def shortened(
    result: llm.ToolResult, done: str, slots: Mapping[str, Any]
) -> llm.ToolResult:
    """Return the result of one of Assist's tools with less to read for a model.

    Args:
        result: What the tool returned.
        done: What was done, in a word.
        slots: What it was called with.
    """
    if (response := original_of(result)) is None:
        return result
    short = Done({"done": [done]})
    short.original = response
    if (deed := deed_of(response, slots)) is not None:
        short.deeds = (deed,)
    return llm.ToolResult(data=short)


def merge(
    results: list[tuple[llm.ToolResult, AssistCall, Target]], problems: list[str]
) -> llm.ToolResult:
    """Make one result of the Assist calls that one compact call became.

    Args:
        results: Each result with its call and what that was for; some of Assist's
            intents do not tell what they changed.
        problems: Why calls failed.
    """
    original: intent.IntentResponse | None = None
    done: dict[str, None] = {}
    failed: dict[str, None] = {}
    deeds: list[Deed | None] = []
    for result, call, target in results:
        if (response := original_of(result)) is None:
            continue
        names = {entity.entity_id: entity.name for entity in target.entities}
        deeds.append(deed_of(response, call.slots | target.slots, names))
        wrong = _names(response.failed_results)
        right = _names(response.success_results)
        done |= dict.fromkeys(right or ([] if wrong else names.values()))
        failed |= dict.fromkeys(wrong)
        if original is None:
            original = response
        else:
            original.success_results += response.success_results
            original.failed_results += response.failed_results
    if not results:
        return failure("; ".join(dict.fromkeys(problems)) or "nothing matched")
    data: dict[str, Any] = {"done": list(done)[:MOST_NAMES]}
    if len(done) > MOST_NAMES:
        data["more"] = len(done) - MOST_NAMES
    if failed or problems:
        data["failed"] = [*failed, *dict.fromkeys(problems)][:MOST_NAMES]
    if original is None:
        return llm.ToolResult(data=data)
    short = Done(data)
    short.original = original
    whole = tuple(deed for deed in deeds if deed is not None)
    if not problems and len(whole) == len(deeds):
        short.deeds = whole
    return llm.ToolResult(data=short)


def _names(targets: list[intent.IntentResponseTarget]) -> list[str]:
    """Return the entities' names; areas where there are no entities."""
    entities = [
        target.name
        for target in targets
        if target.type is intent.IntentResponseTargetType.ENTITY
    ]
    return entities or [target.name for target in targets]
