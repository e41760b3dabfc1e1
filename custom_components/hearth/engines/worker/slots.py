"""The one slot: what is in it, and what can be saved and restored of it."""

from pathlib import Path
import re
from time import perf_counter

from aiohttp import web

from .errors import bad_request, not_supported
from .fields import JsonObject, parse_body, text
from .saved import NotSaved
from .state import STATE, State

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_MILLISECONDS = 1000.0


async def slots(request: web.Request) -> web.Response:
    """Show the slot."""
    engine = request.app[STATE].engine
    return web.json_response(
        [
            {
                "id": 0,
                "is_processing": engine.busy,
                "n_ctx": engine.machine.context.size,
                "n_prompt_tokens": engine.read,
                "speculative": False,
            }
        ]
    )


async def act(request: web.Request) -> web.Response:
    """Save, restore or erase the slot."""
    state = request.app[STATE]
    if request.match_info["slot"] != "0":
        raise bad_request("Invalid slot ID")
    action = request.query.get("action")
    if action == "erase":
        erased = await state.engine.do(lambda reading: reading.erase())
        return web.json_response({"id_slot": 0, "n_erased": erased})
    if action not in {"restore", "save"}:
        raise bad_request("Invalid action")
    name = text(parse_body(await request.read()), "filename")
    path = _path(state, name)
    start = perf_counter()
    done = await (_save(state, path) if action == "save" else _restore(state, path))
    spent = (perf_counter() - start) * _MILLISECONDS
    return web.json_response(
        {"id_slot": 0, "filename": name, **done, "timings": {f"{action}_ms": spent}}
    )


def _path(state: State, name: str) -> Path:
    """Return the path of a saved slot; a name that leads elsewhere is refused."""
    if state.options.slots is None:
        raise not_supported("This server does not support slots action.")
    if not _NAME.fullmatch(name):
        raise bad_request("Invalid filename")
    return state.options.slots / name


async def _save(state: State, path: Path) -> JsonObject:
    """Write the slot to a file."""
    try:
        count, size = await state.engine.do(
            lambda reading: (len(reading.tokens), reading.save(path))
        )
    except NotSaved as err:
        raise bad_request(f"Unable to save slot: {err}") from err
    return {"n_saved": count, "n_written": size}


async def _restore(state: State, path: Path) -> JsonObject:
    """Read the slot from a file."""
    try:
        size, count = await state.engine.do(
            lambda reading: (reading.load(path), len(reading.tokens))
        )
    except NotSaved as err:
        raise bad_request(f"Unable to restore slot: {err}") from err
    return {"n_restored": count, "n_read": size}
