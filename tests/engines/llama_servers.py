"""Real llama-servers with small models, as many as tests want."""

from collections.abc import Iterator
from contextlib import contextmanager
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
_LISTENING = re.compile(r"listening on (http://\S+)")
_READY_SECONDS = 60

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
def _started(log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a llama-server, and its children where it has some."""
    usual = ("--host", "127.0.0.1", "--no-ui", "-t", "1")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCHER, _program(), *usual, *arguments],
            start_new_session=True,
            stderr=output,
            stdin=subprocess.DEVNULL,
            stdout=output,
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def llama_server(log: Path, *arguments: str) -> Iterator[str]:
    """Run a llama-server that is ready; yield its address."""
    with _started(log, "--port", "0", *arguments) as process:
        until = time.monotonic() + _READY_SECONDS
        while not (found := _LISTENING.search(log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.02)
        yield found[1]


@contextmanager
def loading_llama_server(log: Path, pipe: Path, *arguments: str) -> Iterator[str]:
    """Run a llama-server that loads for good; yield its address.

    Its model is a pipe that nobody writes to. Until the model is there it tells
    nobody its port, so it is given one.
    """
    os.mkfifo(pipe)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _started(log, "--port", str(port), "-m", str(pipe), *arguments) as process:
        until = time.monotonic() + _READY_SECONDS
        while "loading model" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
