"""llama-server's JSON: what it adds to the common dialect, and lists of models."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .base import LoadedModel, ModelInfo
from .chat import ChatRequest, ToolSpec
from .openai_format import completion_body
from .openai_whole import whole_body
from .tool_calls import describe_tool
from .values import JsonObject, count, mapping, text, texts

# What llama-server says before a quantization that the file does not name itself.
_GUESSED = "(guessed) "

# A field that no template has heard of.
_PROBE_FIELD = "hearth_probe_field"
_PROBE = ToolSpec(
    "hearth_probe",
    "Try it",
    {"type": "object", "properties": {_PROBE_FIELD: {"type": "string"}}},
)


def probe_body(model: str) -> JsonObject:
    """Return what ``/apply-template`` is asked to see how a template shows tools."""
    return {
        "model": model,
        "messages": [{"role": "user", "content": "Hello"}],
        "tools": [describe_tool(_PROBE)],
    }


def knows_by_heart(told: Mapping[str, Any]) -> bool:
    """Return whether a template names the tools and does not show their schemas.

    Such a model was trained for its tools.
    """
    prompt = text(told, "prompt")
    return _PROBE.name in prompt and _PROBE_FIELD not in prompt


def wants_knowledge(request: ChatRequest) -> bool:
    """Return whether it matters for a request if the model knows its tools by heart."""
    if request.max_tokens == 0:
        return False
    strict = any(tool.strict is not None for tool in request.tools)
    return strict or (request.confidence and bool(request.tools))


def chat_body(
    request: ChatRequest, *, by_heart: bool = False, whole: bool = False
) -> JsonObject:
    """Return the body of ``/v1/chat/completions``.

    Args:
        request: What is wanted.
        by_heart: Whether the model knows its tools by heart: then schemas only make
            the grammar of calls, and may be as long as they need to be.
        whole: Whether the answer is to come as a whole.
    """
    if by_heart:
        first, later = request.messages[:1], request.messages[1 + request.aside :]
        held = tuple(map(_held, request.tools))
        request = replace(request, tools=held, messages=(*first, *later))
    body = completion_body(request) | {
        "cache_prompt": True,
        # While it tells how far it has read, it notices at once that nobody listens
        # any more; else it looks once a second.
        "return_progress": True,
        # Only a JSON boolean counts; templates that know no thinking ignore it.
        "chat_template_kwargs": {"enable_thinking": request.think},
    }
    if request.ignore_end:
        body["ignore_eos"] = True
    if request.slot is not None:
        body["id_slot"] = request.slot
    if by_heart and request.confidence and request.tools:
        # It refuses OpenAI's "logprobs" in a stream with tools, but not its own name
        # for it; what it tells is the model's, before grammar and temperature.
        body["n_probs"] = 1
    return whole_body(body) if whole else body


def _held(tool: ToolSpec) -> ToolSpec:
    """Return a tool whose schema is the strict one, where it has such."""
    return tool if tool.strict is None else replace(tool, parameters=tool.strict)


def listed_model(item: JsonObject) -> ModelInfo:
    """Return a model as ``/v1/models`` lists it."""
    meta = mapping(item, "meta")
    context = count(meta, "n_ctx_train")
    if context is None:
        # A router knows this much of a model that is not loaded.
        context = count(item, "context_length")
    parameters = count(meta, "n_params")
    modalities = texts(mapping(item, "architecture"), "input_modalities")
    return ModelInfo(
        name=text(item, "id"),
        size=count(meta, "size"),
        parameters=None if parameters is None else _in_words(parameters),
        quantization=text(meta, "ftype").removeprefix(_GUESSED) or None,
        context_window=context,
        vision="image" in modalities if modalities else None,
    )


def _in_words(parameters: int) -> str:
    """Return a number of parameters as models are named for it: 3.2B."""
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if parameters >= size:
            return f"{parameters / size:.3g}{letter}"
    return str(parameters)


def loaded_model(item: JsonObject) -> LoadedModel:
    """Return a model in memory; its memory is that of the weights alone."""
    meta = mapping(item, "meta")
    return LoadedModel(
        name=text(item, "id"),
        memory=count(meta, "size"),
        context_window=count(meta, "n_ctx"),
    )


def model_state(item: JsonObject) -> str:
    """Return the state a router has a model in; elsewhere all are loaded."""
    return text(mapping(item, "status"), "value") or "loaded"


def can_think(props: JsonObject) -> bool | None:
    """Return whether a template lets thinking be switched."""
    template = text(props, "chat_template")
    return "enable_thinking" in template if template else None


def can_use_tools(props: JsonObject) -> bool | None:
    """Return whether a template shows tools to the model."""
    told = mapping(props, "chat_template_caps").get("supports_tools")
    return told if isinstance(told, bool) else None
