"""The HTTP server, from its start to its end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
import hmac
import logging
import os
import signal
import sys

from aiohttp import web

from .chat import chat
from .engine import Engine
from .errors import ApiError, bad_request, failed, not_found, still_loading, wrong_key
from .library import LOGGER, LibraryError
from .options import Options, read_options
from .routes import (
    apply_template,
    health,
    input_tokens,
    metrics,
    models,
    props,
    tokenize,
)
from .slots import act, slots
from .state import STATE, State

# Bytes of a request: a prompt for the largest context, and then some.
_LONGEST_BODY = 16 << 20
# Seconds until the end, whatever goes on.
_PATIENCE = 0.4
# Seconds that clients get to hear the end; aiohttp takes 0 for as long as they want.
_FAREWELL = 0.1
# Python's threads take turns in computing; the engine's wants its turn soon.
_TURN_SECONDS = 0.0005

_PUBLIC = frozenset({"/health", "/v1/health"})

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(state: State) -> web.Application:
    """Return the server's application."""
    app = web.Application(
        middlewares=[_refusals, _guard], client_max_size=_LONGEST_BODY
    )
    app[STATE] = state
    app.on_response_prepare.append(_name_server)
    get: dict[str, Handler] = {
        "/health": health,
        "/v1/health": health,
        "/models": models,
        "/v1/models": models,
        "/props": props,
        "/slots": slots,
        "/metrics": metrics,
    }
    post: dict[str, Handler] = {
        "/chat/completions": chat,
        "/v1/chat/completions": chat,
        "/v1/chat/completions/input_tokens": input_tokens,
        "/apply-template": apply_template,
        "/tokenize": tokenize,
        "/slots/{slot}": act,
    }
    app.add_routes(web.get(path, handler) for path, handler in get.items())
    app.add_routes(web.post(path, handler) for path, handler in post.items())
    return app


async def _name_server(request: web.Request, response: web.StreamResponse) -> None:
    """Name the dialect, by which clients know it."""
    response.headers["Server"] = "llama.cpp"


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what is refused in llama-server's JSON."""
    try:
        return await handler(request)
    except ApiError as err:
        refusal = err
    except web.HTTPRequestEntityTooLarge:
        refusal = bad_request("The request is too long")
    except web.HTTPNotFound, web.HTTPMethodNotAllowed:
        refusal = not_found()
    except Exception:  # noqa: BLE001 - the client gets JSON whatever it is
        LOGGER.exception("A request failed")
        refusal = failed("The server failed")
    return web.json_response(refusal.body, status=refusal.status)


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in who has a key, and nobody before the model is loaded."""
    state = request.app[STATE]
    if request.path not in _PUBLIC and not _has_key(request, state.options.keys):
        raise wrong_key()
    if state.prompts is None:
        raise still_loading()
    return await handler(request)


def _has_key(request: web.Request, keys: Sequence[str]) -> bool:
    """Return whether a request has one of the keys."""
    headers = request.headers
    given = headers.get("Authorization") or headers.get("X-Api-Key") or ""
    raw = given.removeprefix("Bearer ").encode("utf-8", "surrogateescape")
    # All are compared, so that time tells nothing.
    found = [hmac.compare_digest(raw, key.encode()) for key in keys]
    return not keys or any(found)


async def serve(options: Options) -> int:
    """Serve until a signal says stop; return the status to exit with."""
    state = State(
        options=options, engine=Engine(options), desk=ThreadPoolExecutor(1, "desk")
    )
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        make_app(state),
        access_log=None,
        handle_signals=False,
        handler_cancellation=True,
        shutdown_timeout=_FAREWELL,
    )
    await runner.setup()
    site = web.TCPSite(runner, options.host, options.port)
    try:
        await site.start()
    except OSError as err:
        LOGGER.error("cannot listen at %s:%s: %s", options.host, options.port, err)
        return 1
    port = runner.addresses[0][1]
    LOGGER.info("listening on http://%s:%s", options.host, port)
    status = await _until_stopped(state, stop)
    ended = state.engine.close(_PATIENCE)
    await runner.cleanup()
    if not ended:
        # A thread that hangs in a library cannot be ended in any other way.
        logging.shutdown()
        os._exit(status)
    return status


async def _until_stopped(state: State, stop: asyncio.Event) -> int:
    """Load, and wait for the end; return the status to exit with."""
    loading = asyncio.ensure_future(state.load())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({loading, stopping}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if stop.is_set():
            return 0
        await loading
    except LibraryError as err:
        LOGGER.error("%s", err)
        return 1
    else:
        LOGGER.info("ready")
        await stopping
        return 0
    finally:
        loading.cancel()
        stopping.cancel()


def main(arguments: Sequence[str]) -> None:
    """Run the server; ends the process."""
    logging.basicConfig(
        format="%(levelname).1s %(message)s", level=logging.INFO, stream=sys.stderr
    )
    sys.setswitchinterval(_TURN_SECONDS)
    sys.exit(asyncio.run(serve(read_options(arguments))))
