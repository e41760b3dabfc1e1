"""Answers of a given structure: how it is said, and whether an answer fits."""

from collections.abc import Iterator, Mapping
import json
from typing import Any

from homeassistant.helpers import llm
from homeassistant.helpers.json import json_bytes
from homeassistant.util.json import json_loads
import probatio

# Characters. No answer of a small model is as long.
_LONGEST_ANSWER = 1 << 20
_FENCE = "```"
_ANSWER_WITH = "Answer as JSON with:"
# Of the options of a field, so many are told.
_MOST_OPTIONS = 30


class DoesNotFit(Exception):
    """An answer has not the structure that was asked for.

    Args:
        field: The field that is wrong, empty for the whole answer.
        reason: What is wrong with it.
    """

    def __init__(self, field: str, reason: str) -> None:
        """Keep what to tell."""
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


def json_schema(structure: probatio.Schema) -> dict[str, Any]:
    """Return the JSON schema of a task's structure."""
    schema: dict[str, Any] = probatio.to_openapi(
        structure,
        custom_serializer=llm.selector_serializer,
        openapi_version="3.1.0",
    )
    return schema


def in_words(schema: Mapping[str, Any]) -> str:
    """Return what an answer must have, for the model to know before it begins.

    An engine that is held to a schema does not show it to the model.
    """
    return "\n".join((_ANSWER_WITH, *_fields(schema, "")))


def _fields(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    """Yield a line for each field of an object, and of the objects in it."""
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        words = _kind(field) if name in required else f"{_kind(field)}, optional"
        if meaning := field.get("description"):
            words = f"{words}: {meaning}"
        yield f"{indent}- {name}: {words}"
        yield from _fields(field.get("items", field), f"{indent}  ")


def _kind(schema: Mapping[str, Any]) -> str:
    """Return what kind of value a schema wants."""
    if options := schema.get("enum"):
        return " or ".join(json.dumps(option) for option in options[:_MOST_OPTIONS])
    match schema.get("type"):
        case "array":
            return f"list of {_kind(schema.get('items') or {})}"
        case "boolean":
            return "true or false"
        case "integer" | "number":
            low, high = schema.get("minimum"), schema.get("maximum")
            return "number" + _range(low, high)
        case "object":
            return "object"
        case _:
            return str(schema.get("format", "text"))


def _range(low: float | None, high: float | None) -> str:
    """Return within what a number must be."""
    return (f" from {low:g}" if low is not None else "") + (
        f" up to {high:g}" if high is not None else ""
    )


def read_answer(text: str, structure: probatio.Schema) -> Any:
    """Return the data of an answer; raises :class:`DoesNotFit`."""
    if len(text) > _LONGEST_ANSWER:
        raise DoesNotFit("", "it is too long")
    try:
        data = json_loads(_unfenced(text))
    except ValueError as err:
        raise DoesNotFit("", f"it is no whole JSON ({err})") from err
    try:
        json_bytes(data)
    except TypeError as err:
        raise DoesNotFit("", "it is nested too deeply") from err
    try:
        structure(data)
    except probatio.Invalid as err:
        raise _misfit(err) from err
    return data


def _misfit(err: probatio.Invalid) -> DoesNotFit:
    """Return the first thing that is wrong, with the field it is wrong with."""
    if isinstance(err, probatio.MultipleInvalid):
        err = err.errors[0]
    return DoesNotFit(".".join(str(part) for part in err.path), err.error_message)


def _unfenced(text: str) -> str:
    """Return a text without the fence that some models put around JSON."""
    text = text.strip()
    if text.startswith(_FENCE) and text.endswith(_FENCE):
        _, _, text = text.removesuffix(_FENCE).partition("\n")
    return text
