"""Real llama-servers and workers with small models, as many as tests want."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
import os
from pathlib import Path
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

BIN = Path(__file__).parents[2] / ".cache" / "bin"
WORKER = Path(__file__).parents[2] / "custom_components/hearth/engines/worker"
_LISTENING = re.compile(r"listening on (http://\S+)")
# The worker listens before it has loaded its model.
_WORKER_READY = re.compile(r"listening on (http://\S+)[\s\S]*^I ready$", re.MULTILINE)
_LOADING = re.compile("loading model")
_READY_SECONDS = 60
_STOP_SECONDS = 5

# Asks the kernel to kill this process when the tests are, and becomes the server.
_LAUNCHER = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
os.execv(sys.argv[1], sys.argv[1:])
"""


def _program() -> str:
    """Return the llama-server that the set-up made or found."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    program = shutil.which("llama-server", path=path)
    assert program is not None, "scripts/setup makes a llama-server"
    return program


@contextmanager
def _started(log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server, and its children where it has some."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCHER, *command],
            start_new_session=True,
            stderr=output,
            stdin=subprocess.DEVNULL,
            stdout=output,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            # What counts the lines of a worker that ran needs its time to write.
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _until_said(
    log: Path, process: subprocess.Popen[bytes], pattern: re.Pattern[str]
) -> re.Match[str]:
    """Wait until a server's log has what is looked for."""
    until = time.monotonic() + _READY_SECONDS
    while not (found := pattern.search(log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.02)
    return found


def _server_command(*arguments: str) -> tuple[str, ...]:
    """Return the command of a llama-server."""
    usual = ("--host", "127.0.0.1", "--no-ui", "-t", "1")
    return _program(), *usual, *arguments


def _worker_command(*arguments: str) -> tuple[str, ...]:
    """Return the command of a worker."""
    return sys.executable, str(WORKER), *arguments


@contextmanager
def llama_server(log: Path, *arguments: str) -> Iterator[str]:
    """Run a llama-server that is ready; yield its address."""
    command = _server_command("--port", "0", *arguments)
    with _started(log, *command) as process:
        yield _until_said(log, process, _LISTENING)[1]


@contextmanager
def worker(log: Path, *arguments: str) -> Iterator[str]:
    """Run a worker that is ready; yield its address."""
    command = _worker_command("--port", "0", *arguments)
    with _started(log, *command) as process:
        yield _until_said(log, process, _WORKER_READY)[1]


@contextmanager
def loading_worker(log: Path, pipe: Path, *arguments: str) -> Iterator[str]:
    """Run a worker whose model is a pipe that nobody writes to; yield its address."""
    os.mkfifo(pipe)
    command = _worker_command("--port", "0", "--model", str(pipe), *arguments)
    with _started(log, *command) as process:
        yield _until_said(log, process, _LISTENING)[1]


@contextmanager
def loading_llama_server(log: Path, pipe: Path, *arguments: str) -> Iterator[str]:
    """Run a llama-server that loads for good; yield its address.

    Its model is a pipe that nobody writes to. Until the model is there it tells
    nobody its port, so it is given one.
    """
    os.mkfifo(pipe)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = _server_command("--port", str(port), "-m", str(pipe), *arguments)
    with _started(log, *command) as process:
        _until_said(log, process, _LOADING)
        yield f"http://127.0.0.1:{port}"
