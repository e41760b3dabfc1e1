"""What the server tells about itself and its model."""

from functools import partial
import time

from aiohttp import web

from .chat_request import read_chat
from .fields import JsonObject, flag, parse_body, text
from .library import version
from .state import STATE, State


async def health(request: web.Request) -> web.Response:
    """Say that the server is there."""
    return web.json_response({"status": "ok"})


async def models(request: web.Request) -> web.Response:
    """List the one model."""
    state = request.app[STATE]
    facts = state.engine.machine.model.facts
    model = {
        "id": state.options.alias,
        "aliases": [state.options.alias],
        "object": "model",
        "created": int(time.time()),
        "owned_by": "llamacpp",
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "meta": {
            "vocab_type": facts.vocabulary_type,
            "n_vocab": facts.vocabulary,
            "n_ctx": state.engine.machine.context.size,
            "n_ctx_train": facts.trained_context,
            "n_embd": facts.width,
            "n_params": facts.parameters,
            "size": facts.size,
            "ftype": facts.quantization,
        },
    }
    return web.json_response({"object": "list", "data": [model]})


async def props(request: web.Request) -> web.Response:
    """Return the server's properties."""
    state = request.app[STATE]
    facts = state.engine.machine.model.facts
    template = state.loaded.template
    return web.json_response(
        {
            "bos_token": facts.bos,
            "build_info": version(),
            "chat_template": template.source,
            "chat_template_caps": {
                "supports_tool_calls": bool(template.example_call),
                "supports_tools": template.supports_tools,
            },
            "default_generation_settings": {"n_ctx": state.engine.machine.context.size},
            "endpoint_metrics": True,
            "endpoint_slots": True,
            "eos_token": facts.eos,
            "is_sleeping": False,
            "modalities": {"audio": False, "video": False, "vision": False},
            "model_alias": state.options.alias,
            "model_ftype": facts.quantization,
            "model_path": str(state.options.model),
            "total_slots": 1,
        }
    )


async def input_tokens(request: web.Request) -> web.Response:
    """Count the tokens of a chat's prompt."""
    chat = read_chat(parse_body(await request.read()))
    state = request.app[STATE]
    count = await state.at_the_desk(lambda: state.loaded.count(chat))
    return web.json_response({"input_tokens": count, "object": "response.input_tokens"})


async def apply_template(request: web.Request) -> web.Response:
    """Return a chat's prompt."""
    chat = read_chat(parse_body(await request.read()))
    state = request.app[STATE]
    prompt = await state.at_the_desk(lambda: state.loaded.text(chat))
    return web.json_response({"prompt": prompt})


async def tokenize(request: web.Request) -> web.Response:
    """Split a text into tokens."""
    body = parse_body(await request.read())
    state = request.app[STATE]
    model = state.engine.machine.model
    split = partial(
        model.tokens,
        text(body, "content"),
        add_special=flag(body, "add_special", False),
        parse_special=flag(body, "parse_special", True),
    )
    tokens = await state.at_the_desk(split)
    if not flag(body, "with_pieces", False):
        return web.json_response({"tokens": tokens})
    return web.json_response(
        {
            "tokens": [
                {"id": token, "piece": _piece(model.special_piece(token))}
                for token in tokens
            ]
        }
    )


def _piece(raw: bytes) -> str | list[int]:
    """Return a token's text, or its bytes where they are no text."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return list(raw)


async def metrics(request: web.Request) -> web.Response:
    """Return what was done since the start, for Prometheus."""
    lines: list[str] = []
    for name, value in _totals(request.app[STATE]).items():
        kind = "counter" if name.endswith("_total") else "gauge"
        lines += [f"# TYPE llamacpp:{name} {kind}", f"llamacpp:{name} {value}"]
    return web.Response(text="\n".join(lines) + "\n")


def _totals(state: State) -> JsonObject:
    """Return the counters by their names at llama-server."""
    totals = state.engine.totals
    return {
        "prompt_tokens_total": totals.read,
        "prompt_tokens_cached_total": totals.cached,
        "prompt_seconds_total": round(totals.read_seconds, 6),
        "tokens_predicted_total": totals.generated,
        "tokens_predicted_seconds_total": round(totals.generation_seconds, 6),
        "requests_processing": int(state.engine.busy),
        "requests_deferred": state.engine.waiting,
    }
