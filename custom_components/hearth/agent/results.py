"""What a model is told of a finished tool call: names, or why it failed."""

from typing import Any

from homeassistant.helpers import intent, llm

# Enough to say what happened; a whole floor's lights need no list.
MOST_NAMES = 12


class CompactResult(llm.IntentResponseDict):
    """A short result that still carries Home Assistant's whole response."""

    def __init__(
        self, data: dict[str, Any], original: intent.IntentResponse | None
    ) -> None:
        """Keep the short data for the model, the response for Home Assistant."""
        super().__init__(data)
        if original is not None:
            self.original = original


def failure(reason: str) -> llm.ToolResult:
    """Return a result that says why nothing happened."""
    return llm.ToolResult(data={"error": reason}, error=True)


def merge(results: list[llm.ToolResult], problems: list[str]) -> llm.ToolResult:
    """Make one result of the Assist calls that one compact call became."""
    original: intent.IntentResponse | None = None
    done: dict[str, None] = {}
    failed: dict[str, None] = {}
    for result in results:
        response = getattr(result.data, "original", None)
        if not isinstance(response, intent.IntentResponse):
            continue
        if original is None:
            original = response
        else:
            original.success_results += response.success_results
            original.failed_results += response.failed_results
        done |= dict.fromkeys(_names(response.success_results))
        failed |= dict.fromkeys(_names(response.failed_results))
    if not results:
        return failure("; ".join(dict.fromkeys(problems)) or "nothing matched")
    data: dict[str, Any] = {"done": list(done)[:MOST_NAMES]}
    if len(done) > MOST_NAMES:
        data["more"] = len(done) - MOST_NAMES
    if failed or problems:
        data["failed"] = [*failed, *dict.fromkeys(problems)][:MOST_NAMES]
    if original is None:
        return llm.ToolResult(data=data)
    return llm.ToolResult(data=CompactResult(data, original))


def _names(targets: list[intent.IntentResponseTarget]) -> list[str]:
    """Return the entities' names; areas where there are no entities."""
    entities = [
        target.name
        for target in targets
        if target.type is intent.IntentResponseTargetType.ENTITY
    ]
    return entities or [target.name for target in targets]
