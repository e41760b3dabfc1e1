"""What a model is told of a finished tool call: names, or why it failed."""

from typing import Any

from homeassistant.helpers import intent, llm

# Enough to say what happened; a whole floor's lights need no list.
MOST_NAMES = 12


def failure(reason: str) -> llm.ToolResult:
    """Return a result that says why nothing happened."""
    return llm.ToolResult(data={"error": reason}, error=True)


def merge(
    results: list[tuple[llm.ToolResult, list[str]]], problems: list[str]
) -> llm.ToolResult:
    """Make one result of the Assist calls that one compact call became.

    Args:
        results: Each result with the names of the entities the call was for;
            some of Assist's intents do not tell what they changed.
        problems: Why calls failed.
    """
    original: intent.IntentResponse | None = None
    done: dict[str, None] = {}
    failed: dict[str, None] = {}
    for result, names in results:
        response = getattr(result.data, "original", None)
        if not isinstance(response, intent.IntentResponse):
            continue
        if original is None:
            original = response
        else:
            original.success_results += response.success_results
            original.failed_results += response.failed_results
        wrong = _names(response.failed_results)
        right = _names(response.success_results) or ([] if wrong else names)
        done |= dict.fromkeys(right)
        failed |= dict.fromkeys(wrong)
    if not results:
        return failure("; ".join(dict.fromkeys(problems)) or "nothing matched")
    data: dict[str, Any] = {"done": list(done)[:MOST_NAMES]}
    if len(done) > MOST_NAMES:
        data["more"] = len(done) - MOST_NAMES
    if failed or problems:
        data["failed"] = [*failed, *dict.fromkeys(problems)][:MOST_NAMES]
    if original is None:
        return llm.ToolResult(data=data)
    # Short data for the model, the whole response for Home Assistant.
    short = llm.IntentResponseDict(data)
    short.original = original
    return llm.ToolResult(data=short)


def _names(targets: list[intent.IntentResponseTarget]) -> list[str]:
    """Return the entities' names; areas where there are no entities."""
    entities = [
        target.name
        for target in targets
        if target.type is intent.IntentResponseTargetType.ENTITY
    ]
    return entities or [target.name for target in targets]
