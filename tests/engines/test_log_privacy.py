"""What is kept of a program's log for strangers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import aiohttp
import pytest

from custom_components.hearth.engines.log_privacy import (
    LEFT_OUT,
    shareable,
    without_folders,
)
from custom_components.hearth.engines.log_tail import LINES, LONGEST_LINE, LogTail

from .conformance.site import Site
from .llama_servers import llama_server, worker
from .managed_programs import NANO

MARKER = "Zebedee"
SERVES = "0.00.026.014 I srv  llama_server: listening on http://127.0.0.1:34049"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("loading model '/home/Jo Doe/m.gguf'", "loading model '[folder]/m.gguf'"),
        (
            "failed to open /home/jo/m.gguf: No such",
            "failed to open [folder]/m.gguf: No such",
        ),
        ("cannot open ~/models/m.gguf", "cannot open [folder]/m.gguf"),
        (r"cannot open C:\Users\jo\m.gguf", "cannot open [folder]/m.gguf"),
        ("at server/src/a.cpp:12", "at server/src/a.cpp:12"),
        ("16 ms /    20 tokens", "16 ms /    20 tokens"),
        ("opening /mnt/Jo's files/m.gguf now", "opening [folder]/m.gguf now"),
        ("it is in /mnt/Jo's files", "it is in [left out]"),
        (
            "x" * (LONGEST_LINE - 9) + " /home/Jo",
            "x" * (LONGEST_LINE - 9) + " [folder]/",
        ),
    ],
)
def test_folders(line: str, kept: str) -> None:
    """Of a path only the file is left."""
    assert without_folders(line, ["/mnt/Jo's files", "/"]) == kept


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (
            "0.00.1 I slot print_timing: id  0 | eval time = 4.14 ms /     8 tokens",
            "0.00.1 I slot print_timing: id  0 | eval time = 4.14 ms /     8 tokens",
        ),
        (
            '0.00.1 W srv    operator(): got exception: {"error":"Zebedee"}',
            "0.00.1 W srv    operator(): got exception: [left out]",
        ),
        (
            "0.00.1 E srv    send_error: task id = 45, error: no tool Zebedee",
            "0.00.1 E srv    send_error: task id = 45, error: [left out]",
        ),
        ("0.00.1 I srv  word 'Zebedee' stops it", "0.00.1 I srv  word [left out]"),
        ("E ggml_backend_alloc: out of memory", "E ggml_backend_alloc: out of memory"),
        ("GGML_ASSERT(a == b) failed", "GGML_ASSERT(a == b) failed"),
        ("E llama_grammar_init: bad name Zebedee", LEFT_OUT),
        ("E parse: error parsing grammar: Zebedee", LEFT_OUT),
        ("Zebedee ::= root", LEFT_OUT),
        ("KeyError: Zebedee", LEFT_OUT),
    ],
)
def test_while_it_serves(line: str, kept: str) -> None:
    """Once requests come, only lines about the work are kept, without quotes."""
    assert shareable([SERVES, line]) == [SERVES, kept]


def test_while_it_loads() -> None:
    """Before any request came there is nobody to be protected."""
    lines = ["I listening on http://127.0.0.1:1", "E unknown model 'x'", "Traceback"]

    assert shareable(lines) == lines


def test_beginning_is_lost() -> None:
    """A log that is full may have been about requests from its first line on."""
    lines = [MARKER] * LINES

    assert shareable(lines) == [LEFT_OUT]


def test_ready_worker() -> None:
    """The worker's own word for it is heard, too."""
    assert shareable(["I loaded", "I ready", MARKER, MARKER]) == [
        "I loaded",
        "I ready",
        LEFT_OUT,
    ]


def _requests() -> Iterator[dict[str, object]]:
    """Return requests with something personal in every place, good and bad ones."""
    words = [
        {"role": "system", "content": MARKER},
        {"role": "user", "content": f"turn on {MARKER}"},
    ]

    def tool(**schema: object) -> dict[str, object]:
        return {
            "type": "function",
            "function": {
                "name": MARKER,
                "description": MARKER,
                "parameters": {"type": "object", **schema},
            },
        }

    usual = {"messages": words, "max_tokens": 8}
    yield usual
    yield usual | {"tools": [tool(properties={MARKER: {"type": "string"}})]}
    yield usual | {"tools": [tool(properties={"a": {"pattern": f"^(({MARKER}"}})]}
    yield usual | {"tools": [tool(**{"$ref": f"#/{MARKER}"})]}
    yield usual | {"tool_choice": MARKER}
    yield usual | {"grammar": f"root ::= {MARKER} ::= {MARKER}"}
    yield usual | {"json_schema": {"type": MARKER}}
    yield {"messages": [{"role": MARKER, "content": MARKER}]}
    yield {"messages": [{"role": "user", "content": {MARKER: MARKER}}]}
    yield {"messages": [{"role": "user", "content": MARKER * 5000}]}
    yield {MARKER: MARKER}


@pytest.mark.parametrize("run", [llama_server, worker])
async def test_of_real_programs(
    run: Callable[..., AbstractContextManager[str]],
    tmp_path: Path,
    session: aiohttp.ClientSession,
) -> None:
    """Whatever a program is asked, nothing of it is kept."""
    folder = tmp_path / MARKER
    folder.mkdir()
    model = folder / "nano.gguf"
    model.symlink_to(NANO)
    log = tmp_path / "log"
    with run(
        log,
        "--model",
        str(model),
        "--ctx-size",
        "2048",
        "--slot-save-path",
        f"{folder}/",
    ) as url:
        site = Site(session, url)
        for request in _requests():
            await site.ask("POST", "/v1/chat/completions", request)
        await site.ask("POST", "/v1/chat/completions", raw=f'{{"{MARKER}'.encode())
        await site.ask("POST", f"/{MARKER}", {})
        for action in ("save", "restore"):
            name = {"filename": f"{MARKER}-{action}.bin"}
            await site.ask("POST", f"/slots/0?action={action}", name)
    tail = LogTail()
    tail.feed(log.read_bytes())
    tail.finish()

    kept = shareable(tail.lines(), [str(folder)])

    assert not any(MARKER.lower() in line.lower() for line in kept), kept
    assert any("listening on" in line for line in kept)
    if run is llama_server:
        assert MARKER in "".join(tail.lines()), "There was nothing to leave out"
        assert sum("slot" in line for line in kept) > 10
