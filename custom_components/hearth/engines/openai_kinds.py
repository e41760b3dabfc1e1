"""In what the servers of OpenAI's dialect differ: thinking, and lists of models."""

from dataclasses import replace

from .base import EngineKind, LoadedModel, ModelInfo
from .values import JsonObject, count, mapping, objects, text, texts

# Fields in which servers tell how many tokens a model takes.
_WINDOWS = ("max_model_len", "context_length", "context_window", "context_size")

# What they list is in memory, with the window that it has there.
_LIST_WHAT_IS_LOADED = frozenset(
    {
        EngineKind.CANDLE_VLLM,
        EngineKind.SGLANG,
        EngineKind.TEXT_GENERATION_WEBUI,
        EngineKind.VLLM,
    }
)
# mistral.rs lists this name for whatever model is the first.
_ALIAS = "default"
_CHATS = frozenset({"chat", "completion"})


def thinking_switch(kind: EngineKind, think: bool) -> JsonObject:
    """Return the fields by which a server lets a model think or not.

    Sources: vLLM's "Reasoning Outputs" (Granite and DeepSeek read ``thinking``);
    mlx-lm's ``server.py``; mistral.rs's "HTTP server"; text-generation-webui's
    ``modules/api/typing.py``; candle-vllm's ``openai_server.rs``; LocalAI's
    ``core/backend/options.go``, whose metadata are texts.
    """
    match kind:
        case EngineKind.LOCALAI:
            return {"metadata": {"enable_thinking": "true" if think else "false"}}
        case EngineKind.MISTRAL_RS | EngineKind.TEXT_GENERATION_WEBUI:
            return {"enable_thinking": think}
        case EngineKind.CANDLE_VLLM:
            return {"thinking": think}
        case _:
            kwargs = {"enable_thinking": think, "thinking": think}
            return {"chat_template_kwargs": kwargs}


def constrained(kind: EngineKind, body: JsonObject) -> JsonObject:
    """Return what a server is asked, with a schema told as it wants that.

    Source: llama-cpp-python's ``ChatCompletionRequestResponseFormat``; it refuses
    the usual form.
    """
    schema = mapping(mapping(body, "response_format"), "json_schema").get("schema")
    if kind is not EngineKind.LLAMA_CPP_PYTHON or schema is None:
        return body
    return body | {"response_format": {"type": "json_object", "schema": schema}}


def listed_models(kind: EngineKind, listed: JsonObject) -> list[ModelInfo]:
    """Return the models that a server lists and that can chat."""
    items = objects(listed, "data")
    if kind is EngineKind.LOCALAI:
        return [_localai_model(item) for item in items if _chats(item)]
    if kind is EngineKind.MISTRAL_RS and len(items) > 1:
        items = [item for item in items if text(item, "id") != _ALIAS]
    return [_listed_model(item) for item in items]


def loaded_models(kind: EngineKind, listed: JsonObject) -> list[LoadedModel]:
    """Return the models of a list that are in memory, as far as it tells."""
    if kind is EngineKind.MISTRAL_RS:
        items = [i for i in objects(listed, "data") if i.get("status") == "loaded"]
        return [LoadedModel(name=text(item, "id")) for item in items]
    if kind not in _LIST_WHAT_IS_LOADED:
        return []
    return [
        LoadedModel(name=model.name, context_window=model.context_window)
        for model in listed_models(kind, listed)
    ]


def _listed_model(item: JsonObject) -> ModelInfo:
    """Return a model as ``/v1/models`` lists it."""
    windows = (count(item, key) for key in _WINDOWS)
    return ModelInfo(
        name=text(item, "id"),
        context_window=next((window for window in windows if window), None),
    )


def _chats(item: JsonObject) -> bool:
    """Return whether a model can chat; LocalAI has others that hear or paint."""
    can = texts(item, "capabilities")
    return not can or not can.isdisjoint(_CHATS)


def _localai_model(item: JsonObject) -> ModelInfo:
    """Return a model as LocalAI's ``/v1/models/capabilities`` lists it."""
    model, can = _listed_model(item), texts(item, "capabilities")
    if not can:
        return model
    return replace(
        model,
        tools="tools" in can,
        thinking="thinking" in can,
        vision="vision" in can,
    )


def studio_models(told: JsonObject) -> list[ModelInfo]:
    """Return LM Studio's models, from its ``/api/v1/models`` or ``/api/v0/models``."""
    return [_studio_model(item) for item in _studio_items(told)]


def studio_loaded(told: JsonObject) -> list[LoadedModel]:
    """Return the models that LM Studio has in memory."""
    found = []
    for item in _studio_items(told):
        if text(item, "state") == "loaded":
            window = count(item, "loaded_context_length")
            found.append(LoadedModel(name=text(item, "id"), context_window=window))
        for instance in objects(item, "loaded_instances"):
            window = count(mapping(instance, "config"), "context_length")
            found.append(LoadedModel(name=text(instance, "id"), context_window=window))
    return found


def _studio_items(told: JsonObject) -> list[JsonObject]:
    """Return the items of either list that are no embedding models."""
    items = objects(told, "models") or objects(told, "data")
    return [item for item in items if not text(item, "type").startswith("embedding")]


def _studio_model(item: JsonObject) -> ModelInfo:
    """Return one of LM Studio's models; v0 knows less, and spells it otherwise."""
    if "key" not in item:
        kind = text(item, "type")
        return ModelInfo(
            name=text(item, "id"),
            quantization=text(item, "quantization") or None,
            context_window=count(item, "max_context_length"),
            tools="tool_use" in texts(item, "capabilities") or None,
            vision=kind == "vlm" if kind else None,
        )
    can = mapping(item, "capabilities")
    return ModelInfo(
        name=text(item, "key"),
        size=count(item, "size_bytes"),
        parameters=text(item, "params_string") or None,
        quantization=text(mapping(item, "quantization"), "name") or None,
        context_window=count(item, "max_context_length"),
        tools=_told(can, "trained_for_tool_use"),
        thinking=True if can.get("reasoning") else None,
        vision=_told(can, "vision"),
    )


def _told(values: JsonObject, key: str) -> bool | None:
    """Return a yes or a no, None where there is neither."""
    found = values.get(key)
    return found if isinstance(found, bool) else None
