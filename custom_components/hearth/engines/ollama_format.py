"""Ollama's JSON: what it is asked, and what its answers mean."""

from base64 import b64encode
from datetime import datetime
import re
from typing import Any

from .base import LoadedModel, ModelInfo, PullProgress
from .chat import (
    ChatRequest,
    Delta,
    FinishReason,
    Message,
    ToolCall,
    TurnStats,
)
from .errors import OK, error_from
from .faults import PullFailed
from .stopwatch import Stopwatch
from .tool_calls import describe_tool, object_arguments, read_arguments
from .values import (
    NANOSECONDS,
    JsonObject,
    count,
    mapping,
    objects,
    seconds,
    shown,
    text,
    texts,
)

_FOREVER = -1
_FINISH = {"length": FinishReason.LENGTH, "stop": FinishReason.STOP}
# Years between which a time is one.
_FIRST_YEAR, _NEVER = 2000, 2200
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})")
# The first one that certainly does, in September 2025.
_SHOWS_PROMPTS = (0, 12)
_REMOTE_TAGS = (":cloud", "-cloud")


def runner_body(
    name: str, context_window: int | None, keep_alive: float | None
) -> JsonObject:
    """Return what every request to one model says alike.

    A request whose runner options differ (the window, ``shift``) makes Ollama
    load the model again. ``truncate`` and ``shift`` would shorten a prompt that
    is too long without a word. ``keep_alive`` is a number of seconds and sticks
    until another request says something else.
    """
    body: JsonObject = {"model": name, "shift": False, "truncate": False}
    if context_window is not None:
        body["options"] = {"num_ctx": context_window}
    if keep_alive is not None:
        # A fraction of a second would be cut to 0, which means unload.
        lasting = _FOREVER if keep_alive < 0 else max(1, round(keep_alive))
        body["keep_alive"] = lasting if keep_alive else 0
    return body


def chat_body(request: ChatRequest) -> JsonObject:
    """Return the body of ``/api/chat``."""
    body = runner_body(request.model, request.context_window, request.keep_alive)
    options = body.setdefault("options", {})
    if request.max_tokens is not None:
        # To older versions 0 is no limit at all.
        options["num_predict"] = max(1, request.max_tokens)
    if request.temperature is not None:
        options["temperature"] = request.temperature
    # A model that can think does so unless told not to.
    body |= {"stream": True, "think": request.think}
    body["messages"] = [_message(message) for message in request.messages]
    if request.tools:
        body["tools"] = [describe_tool(tool) for tool in request.tools]
    if request.response_schema is not None:
        body["format"] = request.response_schema
    return body


def render_body(request: ChatRequest) -> JsonObject:
    """Return the body that asks for a prompt as the model would read it."""
    return chat_body(request) | {"_debug_render_only": True, "stream": False}


def shows_prompts(version: str | None) -> bool:
    """Return whether a version shows prompts; an older one would just answer them."""
    found = _VERSION.match(version or "")
    return found is not None and tuple(map(int, found.groups())) >= _SHOWS_PROMPTS


def runs(loaded: tuple[LoadedModel, ...], request: ChatRequest) -> bool:
    """Return whether a request finds its model in memory as it wants it."""
    name = request.model if ":" in request.model else f"{request.model}:latest"
    window = request.context_window
    return any(
        model.name == name and (window is None or model.context_window == window)
        for model in loaded
    )


def _message(message: Message) -> JsonObject:
    """Return one message of a chat."""
    body: JsonObject = {"role": message.role, "content": message.content}
    if message.thinking:
        body["thinking"] = message.thinking
    if message.tool_calls:
        body["tool_calls"] = [
            {
                "id": call.id,
                "function": {"name": call.name, "arguments": object_arguments(call)},
            }
            for call in message.tool_calls
        ]
    if message.tool_name:
        body["tool_name"] = message.tool_name
    if message.tool_call_id:
        body["tool_call_id"] = message.tool_call_id
    if message.images:
        body["images"] = [b64encode(image).decode() for image in message.images]
    return body


def raise_if_refused(answer: JsonObject) -> None:
    """Raise the error that an answer may be although its status was good."""
    if (error := answer.get("error")) is not None:
        raise error_from(OK, error)


def read_delta(line: JsonObject, calls_before: int) -> Delta:
    """Return what a line of a chat says."""
    message = mapping(line, "message")
    return Delta(
        content=text(message, "content"),
        thinking=text(message, "thinking"),
        tool_calls=tuple(
            _tool_call(item, place)
            for place, item in enumerate(objects(message, "tool_calls"), calls_before)
        ),
    )


def _tool_call(item: JsonObject, place: int) -> ToolCall:
    """Return a call; older versions give it no id."""
    function = mapping(item, "function")
    return ToolCall(
        id=text(item, "id") or f"call_{place}",
        name=text(function, "name"),
        arguments=read_arguments(function.get("arguments")),
    )


def read_stats(last: JsonObject, watch: Stopwatch) -> TurnStats:
    """Return the numbers of a chat's last line."""
    return TurnStats(
        prompt_tokens=count(last, "prompt_eval_count"),
        generated_tokens=count(last, "eval_count"),
        prompt_seconds=seconds(last, "prompt_eval_duration", NANOSECONDS),
        generation_seconds=seconds(last, "eval_duration", NANOSECONDS),
        load_seconds=seconds(last, "load_duration", NANOSECONDS),
        first_token_seconds=watch.first,
        total_seconds=watch.total,
        finish_reason=_FINISH.get(text(last, "done_reason"), FinishReason.UNKNOWN),
    )


def listed_model(item: JsonObject) -> ModelInfo:
    """Return a model as ``/api/tags`` lists it.

    Its capabilities are true where they are named, but a model whose template
    is a Jinja one has more than the list says.
    """
    details = mapping(item, "details")
    capabilities = texts(item, "capabilities")
    name = text(item, "name")
    return ModelInfo(
        name=name,
        size=count(item, "size"),
        digest=text(item, "digest") or None,
        parameters=text(details, "parameter_size") or None,
        quantization=text(details, "quantization_level") or None,
        context_window=count(details, "context_length"),
        tools="tools" in capabilities or None,
        thinking="thinking" in capabilities or None,
        vision="vision" in capabilities or None,
        remote=_is_remote(name, item),
    )


def described_model(name: str, answer: JsonObject) -> ModelInfo:
    """Return a model as ``/api/show`` describes it, which is the truth."""
    details = mapping(answer, "details")
    facts = mapping(answer, "model_info")
    architecture = text(facts, "general.architecture")
    told = "capabilities" in answer
    capabilities = texts(answer, "capabilities")
    return ModelInfo(
        name=name,
        parameters=text(details, "parameter_size") or None,
        quantization=text(details, "quantization_level") or None,
        context_window=count(facts, f"{architecture}.context_length"),
        tools="tools" in capabilities if told else None,
        thinking="thinking" in capabilities if told else None,
        vision="vision" in capabilities if told else None,
        remote=_is_remote(name, answer),
    )


def _is_remote(name: str, item: JsonObject) -> bool:
    """Return whether what is said to a model leaves the house."""
    told = text(item, "remote_host") or text(item, "remote_model")
    return bool(told) or name.endswith(_REMOTE_TAGS)


def loaded_model(item: JsonObject) -> LoadedModel:
    """Return a model as ``/api/ps`` lists it."""
    return LoadedModel(
        name=text(item, "name"),
        memory=count(item, "size"),
        context_window=count(item, "context_length"),
        until=_until(text(item, "expires_at")),
    )


def _until(told: str) -> datetime | None:
    """Return when a model will be unloaded.

    A model that stays has a time centuries away, one that is going now may have
    the first day of all.
    """
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return None
    if found.tzinfo is None or not _FIRST_YEAR <= found.year < _NEVER:
        return None
    return found


class PullSum:
    """Adds up the parts of a download, which are reported one by one."""

    def __init__(self) -> None:
        """Start with no parts known."""
        self._parts: dict[str, tuple[int, int]] = {}

    def add(self, line: JsonObject) -> PullProgress:
        """Return the sum after another report; raises PullFailed."""
        error: Any = line.get("error")
        if error is not None:
            raise PullFailed(shown(error if isinstance(error, str) else "", 300))
        if digest := text(line, "digest"):
            # A part is reported again when a download is resumed, with less.
            completed, total = self._parts.get(digest, (0, 0))
            total = max(total, count(line, "total") or 0)
            completed = max(completed, count(line, "completed") or 0)
            self._parts[digest] = (min(completed, total), total)
        else:
            # The last report of a part may come before its end; what follows all
            # parts (checking, writing the manifest) says that they are here.
            self._parts = {key: (of, of) for key, (_, of) in self._parts.items()}
        return PullProgress(
            status=text(line, "status"),
            completed=sum(completed for completed, _ in self._parts.values()),
            total=sum(total for _, total in self._parts.values()),
        )
