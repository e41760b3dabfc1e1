"""What a request for a chat says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .errors import bad_request, failed
from .fields import (
    JsonObject,
    flag,
    integer,
    mapping,
    number,
    objects,
    text,
    texts,
)
from .sampler import Sampling

_MOST_STOPS = 64
_ROLES = frozenset({"assistant", "developer", "system", "tool", "user"})


class ToolChoice(StrEnum):
    """Whether tools are called."""

    AUTO = "auto"
    NONE = "none"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """A request for a chat.

    Args:
        messages: The messages as OpenAI writes them.
        tools: The tools that may be called, none where calls are not wanted.
        choice: Whether tools are called.
        constrain: Whether calls are made valid by a grammar.
        parallel: Whether there may be several calls.
        schema: What the answer must look like.
        any_object: Whether the answer must be some JSON object.
        template_values: Further variables of the template.
        stream: Whether the answer comes piece by piece.
        usage: Whether a stream ends with the numbers.
        reuse: Whether what was read before may be used again.
        ignore_end: Whether to go on where the model would end.
        most_tokens: Most tokens to generate.
        stops: Texts that end the answer.
        sampling: How tokens are chosen.
        weigh: Whether the probability of each token is told.
    """

    messages: list[JsonObject]
    tools: list[JsonObject]
    choice: ToolChoice
    constrain: bool
    parallel: bool
    schema: JsonObject | None
    any_object: bool
    template_values: JsonObject
    stream: bool
    usage: bool
    reuse: bool
    ignore_end: bool
    most_tokens: int | None
    stops: tuple[str, ...]
    sampling: Sampling
    weigh: bool


def read_chat(body: JsonObject) -> ChatRequest:
    """Read a request's body; a field of the wrong kind is refused."""
    if "messages" not in body:
        raise bad_request("'messages' is required")
    messages = objects(body, "messages")
    for message in messages:
        _check_message(message)
    tools, choice = _tools(body)
    schema, any_object = _schema(body)
    slot = integer(body, "id_slot")
    if slot not in {None, -1, 0}:
        raise bad_request(f"There is no slot {slot}")
    return ChatRequest(
        messages=messages,
        tools=tools,
        choice=choice,
        # As llama-server does it: a call that has begun can only become a valid one.
        constrain=flag(body, "hearth_constrain_tools", True),
        parallel=flag(body, "parallel_tool_calls", True),
        schema=schema,
        any_object=any_object,
        template_values=_template_values(body),
        stream=flag(body, "stream", False),
        usage=flag(mapping(body, "stream_options"), "include_usage", False),
        reuse=flag(body, "cache_prompt", True),
        ignore_end=flag(body, "ignore_eos", False),
        most_tokens=_most_tokens(body),
        stops=_stops(body),
        sampling=_sampling(body),
        weigh=(integer(body, "n_probs") or 0) > 0,
    )


def _check_message(message: JsonObject) -> None:
    """Refuse a message that is none, or has what this server cannot read."""
    if text(message, "role") not in _ROLES:
        raise bad_request(
            "A message's role must be one of " + ", ".join(sorted(_ROLES))
        )
    content = message.get("content")
    if isinstance(content, list):
        for part in objects(message, "content"):
            kind = part.get("type")
            if kind == "image_url":
                raise failed("image input is not supported")
            if kind != "text":
                raise bad_request("unsupported content[].type")
            text(part, "text")
    elif content is not None and not isinstance(content, str):
        raise bad_request("A message's content must be a string or an array")
    for call in objects(message, "tool_calls"):
        text(mapping(call, "function"), "name")


def _tools(body: JsonObject) -> tuple[list[JsonObject], ToolChoice]:
    """Return the tools that may be called, and whether they are."""
    tools = objects(body, "tools")
    for tool in tools:
        function = mapping(tool, "function")
        if not text(function, "name"):
            raise bad_request("A tool must have a name")
        text(function, "description")
        mapping(function, "parameters")
    asked = body.get("tool_choice")
    if isinstance(asked, dict):
        name = text(mapping(asked, "function"), "name")
        tools = [tool for tool in tools if tool["function"]["name"] == name]
        if not tools:
            raise bad_request("'tool_choice' names a tool that was not given")
        return tools, ToolChoice.REQUIRED
    try:
        choice = ToolChoice(text(body, "tool_choice") or ToolChoice.AUTO)
    except ValueError as err:
        raise bad_request("'tool_choice' must be auto, none or required") from err
    return tools, choice


def _schema(body: JsonObject) -> tuple[JsonObject | None, bool]:
    """Return the schema of the answer, and whether it must be some object."""
    wanted = mapping(body, "response_format")
    kind = text(wanted, "type") or "text"
    if kind == "json_schema":
        named = mapping(wanted, "json_schema")
        schema = mapping(named if "schema" in named else wanted, "schema")
        return schema, not schema
    if kind == "json_object":
        schema = mapping(wanted, "schema")
        return schema or None, not schema
    if kind != "text":
        raise bad_request(
            'response_format type must be one of "text", "json_object" or "json_schema"'
        )
    return None, False


def _template_values(body: JsonObject) -> JsonObject:
    """Return further variables of the template."""
    values: dict[str, Any] = {**mapping(body, "chat_template_kwargs")}
    if not isinstance(values.get("enable_thinking", True), bool):
        raise bad_request('invalid type for "enable_thinking" (expected boolean)')
    if values.get("enable_thinking") is None and (
        text(body, "reasoning_effort") == "none"
    ):
        values["enable_thinking"] = False
    return values


def _most_tokens(body: JsonObject) -> int | None:
    """Return the most tokens to generate."""
    for key in ("max_tokens", "max_completion_tokens", "n_predict"):
        if (most := integer(body, key)) is not None:
            return most if most >= 0 else None
    return None


def _stops(body: JsonObject) -> tuple[str, ...]:
    """Return the texts that end the answer."""
    stops = texts(body, "stop")
    if len(stops) > _MOST_STOPS:
        raise bad_request("Field 'stop': there are too many")
    return stops


def _sampling(body: JsonObject) -> Sampling:
    """Return how tokens are chosen."""
    usual = Sampling()
    seed = integer(body, "seed")
    return Sampling(
        temperature=number(body, "temperature", usual.temperature),
        top_k=int(number(body, "top_k", usual.top_k)),
        top_p=number(body, "top_p", usual.top_p),
        min_p=number(body, "min_p", usual.min_p),
        seed=None if seed is None or seed < 0 else seed,
        repeat_penalty=max(number(body, "repeat_penalty", usual.repeat_penalty), 0.01),
        repeat_last=max(int(number(body, "repeat_last_n", usual.repeat_last)), 0),
        frequency_penalty=number(body, "frequency_penalty", usual.frequency_penalty),
        presence_penalty=number(body, "presence_penalty", usual.presence_penalty),
    )
