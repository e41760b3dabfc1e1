"""What the pictures pretend: a Raspberry Pi 5, and an Ollama that says what one said.

Its answers were recorded. Only the name and the size of its model are those of the
one that Hearth recommends there, and it has that model when it was asked to get it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
from typing import Any

from tests.engines.replay import (
    OLLAMA,
    Request,
    Transcript,
    replay,
    retold,
    transcript,
)
from tests.hardware.board_parts import plant_tree
from tests.hardware.board_trees import TREES

from .errors import DemoError
from .processes import is_free

# Where Ollama listens, so that Hearth finds it.
PORT = 11434
MODEL = "qwen3:4b-instruct"
_RECORDED = "gotools:latest"
# Bytes of the recorded download and of the model's file.
_RECORDED_SIZE, _SIZE = 84_023_104, 2_497_281_120
_FACTS = {"parameter_size": "4.0B", "quantization_level": "Q4_K_M"}
# Seconds that a recorded one takes. The download took five; a picture takes longer.
_PULL_SPEED = 6.0


def plant_pi(folder: Path) -> Path:
    """Write the files of a Raspberry Pi 5 with 8 GB and an NVMe disk; return where."""
    return plant_tree(folder, TREES["home_assistant_os"])


class _Pretended:
    """An Ollama that has a model when it was told to download it."""

    def __init__(self) -> None:
        """Begin without a model."""
        self._has_model = False

    def answer(self, request: Request) -> Transcript:
        """Return what it says to a request."""
        match request.path:
            case "/api/tags":
                return retold(transcript("tags"), self._tags)
            case "/api/ps":
                return transcript("ps-empty")
            case "/api/pull":
                self._has_model = True
                return retold(transcript("pull-ok-download"), _larger)
            case "/api/chat":
                return retold(transcript(OLLAMA["/api/chat"]), _renamed)
            case "/api/generate":
                return transcript("generate-load")
            case path:
                return transcript(OLLAMA.get(path, "path-404"))

    def _tags(self, body: bytes) -> bytes:
        """Return a list of one model, or of none."""
        recorded = json.loads(body)["models"]
        models: list[dict[str, Any]] = []
        if self._has_model:
            one = next(one for one in recorded if one["name"] == _RECORDED)
            details = one["details"] | _FACTS
            models = [
                one | {"name": MODEL, "model": MODEL, "size": _SIZE, "details": details}
            ]
        return json.dumps({"models": models}).encode()


def _larger(line: bytes) -> bytes:
    """Return a report of the recorded download, as of one of the model's size."""
    report = json.loads(line)
    for key in ("total", "completed"):
        if key in report:
            report[key] = round(report[key] * _SIZE / _RECORDED_SIZE)
    return json.dumps(report).encode() + b"\n"


def _renamed(line: bytes) -> bytes:
    """Return a piece of the recorded answer, as from the model."""
    return json.dumps(json.loads(line) | {"model": MODEL}).encode() + b"\n"


@asynccontextmanager
async def pretended_ollama(
    port: int = PORT, speed: float = _PULL_SPEED
) -> AsyncIterator[str]:
    """Answer as an Ollama without models does; yield the address."""
    if not is_free(port):
        raise DemoError(f"Something listens on port {port}, where Ollama would be")
    async with replay(_Pretended().answer, port=port, speed=speed) as server:
        yield server.url
