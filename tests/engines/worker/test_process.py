"""The worker as a process: how it starts, and how it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
import json
import os
from pathlib import Path
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

from ..llama_servers import WORKER

MODEL = Path(__file__).parents[3] / "custom_components/hearth/models/nano.gguf"
SECONDS = 60.0


@contextmanager
def started(
    log: Path, *arguments: str, before: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker; ``before`` is Python that runs first in the same process."""
    command = [sys.executable, str(WORKER), *arguments]
    if before:
        run = (
            f"{before}\nimport runpy; runpy.run_path({str(WORKER)!r}, None, '__main__')"
        )
        command = [sys.executable, "-c", run, *arguments]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def until(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> re.Match[str]:
    """Wait until the log says something."""
    end = time.monotonic() + SECONDS
    while not (found := re.search(pattern, log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.01)
    return found


def usual(tmp_path: Path) -> tuple[str, ...]:
    """Return usual flags."""
    (tmp_path / "key").write_text("open-sesame")
    return "--port", "0", "--api-key-file", str(tmp_path / "key"), "--ctx-size", "512"


def stop_in_time(process: subprocess.Popen[bytes]) -> None:
    """Send the polite signal; it ends well within a second, even on a busy machine."""
    process.send_signal(signal.SIGTERM)
    start = time.monotonic()
    assert process.wait(SECONDS) == 0
    assert time.monotonic() - start < 3


def test_it_needs_nothing_of_home_assistant(tmp_path: Path) -> None:
    """Neither Home Assistant nor Hearth around it is imported."""
    log = tmp_path / "log"
    forbid = "import sys; sys.modules['homeassistant'] = None"
    forbid += "; sys.modules['custom_components'] = None"
    arguments = ("--model", str(MODEL), *usual(tmp_path))
    with started(log, *arguments, before=forbid) as process:
        until(log, "I ready", process)
        url = until(log, r"listening on (\S+)", process)[1]
        with urlopen(f"{url}/health") as answer:
            assert json.loads(answer.read()) == {"status": "ok"}
        stop_in_time(process)
    assert "sesame" not in log.read_text()
    assert len(log.read_text().splitlines()) < 10


def test_stopped_while_it_loads(tmp_path: Path) -> None:
    """A load that hangs does not keep it."""
    log, pipe = tmp_path / "log", tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    with started(log, "--model", str(pipe), *usual(tmp_path)) as process:
        until(log, "listening", process)
        stop_in_time(process)


def test_stopped_while_it_speaks(models_dir: Path, tmp_path: Path) -> None:
    """An answer that never ends does not keep it."""
    log = tmp_path / "log"
    model = str(models_dir / "loop.gguf")
    with started(log, "-m", model, "--port", "0", "-c", "32768") as process:
        until(log, "I ready", process)
        port = int(until(log, r"listening on http://\S+:(\d+)", process)[1])
        body = json.dumps(
            {"messages": [{"role": "user", "content": "Sing"}], "stream": True}
        ).encode()
        with socket.create_connection(("127.0.0.1", port)) as client:
            head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            heard = b""
            while heard.count(b"data: ") < 5:
                heard += client.recv(4096)
            stop_in_time(process)


@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_a_model_that_is_cut_short(tmp_path: Path, size: int) -> None:
    """The log says why, and the process ends."""
    log, model = tmp_path / "log", tmp_path / "cut.gguf"
    model.write_bytes(MODEL.read_bytes()[:size])
    with started(log, "--model", str(model), *usual(tmp_path)) as process:
        assert process.wait(SECONDS) == 1
    said = log.read_text()
    assert f"The model cannot be loaded: {model}" in said
    assert "E llama_model_load" in said or "E gguf_init" in said
    assert "Traceback" not in said


def test_a_context_that_does_not_fit(models_dir: Path, tmp_path: Path) -> None:
    """A head smaller than a block of the cache's type is told as such."""
    log = tmp_path / "log"
    model = ("--model", str(models_dir / "random.gguf"))
    cache = ("--cache-type-k", "q8_0", "--cache-type-v", "q8_0", "--flash-attn", "on")
    with started(log, *model, *usual(tmp_path), *cache) as process:
        assert process.wait(SECONDS) == 1
    assert "There is no room for the context" in log.read_text()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """It ends at once, and says why."""
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with started(log, "--model", str(MODEL), "--port", port) as process:
            assert process.wait(SECONDS) == 1
    assert f"cannot listen at 127.0.0.1:{port}" in log.read_text()


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    """Without llama-cpp-python it says so."""
    log = tmp_path / "log"
    hide = "import sys; sys.modules['llama_cpp'] = None"
    with started(log, "--model", str(MODEL), *usual(tmp_path), before=hide) as process:
        assert process.wait(SECONDS) == 1
    assert "llama-cpp-python cannot be loaded" in log.read_text()
