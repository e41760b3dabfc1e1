"""llama-server's JSON: what it adds to the common dialect, and lists of models."""

from .base import ChatRequest, LoadedModel, ModelInfo
from .openai_format import completion_body
from .values import JsonObject, count, mapping, text, texts

# What llama-server says before a quantization that the file does not name itself.
_GUESSED = "(guessed) "


def chat_body(request: ChatRequest) -> JsonObject:
    """Return the body of ``/v1/chat/completions``."""
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
    return body


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
