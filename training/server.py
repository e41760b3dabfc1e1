"""A llama-server of our own, for checks and measurements."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import json
import os
from pathlib import Path
import shutil
import socket
import subprocess
import time
from typing import Any
import urllib.error
import urllib.request

_BUNDLED = Path(__file__).parent.parent / ".cache" / "bin" / "llama-server"
_PATIENCE = 60.0


class Server:
    """The HTTP side of a running llama-server."""

    def __init__(self, port: int) -> None:
        """Remember where it listens."""
        self.url = f"http://127.0.0.1:{port}"

    def get(self, path: str) -> Any:
        """Fetch a JSON document."""
        with urllib.request.urlopen(self.url + path, timeout=_PATIENCE) as response:
            return json.load(response)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Send JSON and return the JSON of the answer."""
        with self._open(path, body) as response:
            return json.load(response)

    def stream(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Run a streamed chat and return its deltas."""
        deltas = []
        with self._open("/v1/chat/completions", body | {"stream": True}) as response:
            for line in response:
                data = line.decode().strip().removeprefix("data: ")
                if data and data != "[DONE]":
                    deltas += [
                        choice["delta"] for choice in json.loads(data)["choices"]
                    ]
        return deltas

    def _open(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        return urllib.request.urlopen(request, timeout=_PATIENCE)


def program() -> str:
    """Return the llama-server to run: the project's, or the one on the PATH."""
    found = str(_BUNDLED) if _BUNDLED.exists() else shutil.which("llama-server")
    if found is None:
        raise FileNotFoundError("no llama-server; run scripts/setup")
    return found


@contextmanager
def serve(model: Path, *, threads: int = 2, context: int = 4096) -> Iterator[Server]:
    """Run a llama-server with a model until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: Sequence[str] = [
        program(),
        "--model",
        str(model),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--ctx-size",
        str(context),
        "--threads",
        str(threads),
        "--parallel",
        "1",
        "--cache-ram",
        "0",
        "--no-webui",
        "--jinja",
    ]
    log = model.with_suffix(".server.log")
    with log.open("w") as out:
        child = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            env=os.environ | {"OMP_WAIT_POLICY": "passive"},
        )
        try:
            _await(Server(port), child, log)
            yield Server(port)
        finally:
            child.terminate()
            child.wait()
    # Another one of the same model may have written there, too.
    log.unlink(missing_ok=True)


def _await(server: Server, child: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server is ready."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if child.poll() is not None:
            raise RuntimeError(f"llama-server ended:\n{log.read_text()[-2000:]}")
        try:
            if server.get("/health")["status"] == "ok":
                return
        except urllib.error.URLError:
            pass
        time.sleep(0.1)
    raise TimeoutError("llama-server was not ready in time")
