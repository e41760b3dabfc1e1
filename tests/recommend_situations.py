"""Situations for recommendations: pretended machines, and engines that answer."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from custom_components.hearth.engines.base import EngineKind, ModelInfo
from custom_components.hearth.engines.discovery import Found
from custom_components.hearth.hardware.board import Board, read_board
from custom_components.hearth.hardware.memory import Memory
from custom_components.hearth.hardware.storage import Space
from custom_components.hearth.models.catalog import catalog
from custom_components.hearth.recommending.base import Pick, ReasonKey, Situation

from .hardware.board_parts import MODELS, plant_tree, space
from .hardware.board_trees import TREES

GIB = 2**30
HERE = "http://127.0.0.1:11434"
ELSEWHERE = "http://192.168.1.20:11434"


@cache
def board(name: str) -> Board:
    """Return a pretended machine, read from its files."""
    with TemporaryDirectory() as folder:
        plant_tree(Path(folder), TREES[name])
        return read_board(Path(folder), models=MODELS, space=space)


def with_memory(machine: Board, available: int | None) -> Board:
    """Return a machine with so many bytes free."""
    memory = Memory(total=machine.memory.total, available=available)
    return replace(machine, memory=memory)


def with_disk(machine: Board, free: int) -> Board:
    """Return a machine with so many bytes free on its disk."""
    room = Space(total=32 * GIB, free=free)
    return replace(machine, storage=replace(machine.storage, space=room))


def situation(machine: Board | str, **facts: Any) -> Situation:
    """Return a situation on a machine with the whole catalogue."""
    if isinstance(machine, str):
        machine = board(machine)
    return Situation(board=machine, catalog=catalog(), **facts)


def ollama(url: str, *models: ModelInfo) -> Found:
    """Return an Ollama that answers and lists its models."""
    return Found(url=url, kind=EngineKind.OLLAMA, version="0.33.0", models=models)


LLAMA = ModelInfo(
    name="llama3.2:3b",
    size=2_019_393_189,
    parameters="3.2B",
    quantization="Q4_K_M",
    tools=True,
)
QWEN = ModelInfo(
    name="qwen3:1.7b",
    size=1_359_293_444,
    parameters="2.0B",
    quantization="Q4_K_M",
    tools=True,
)
LARGE = ModelInfo(
    name="qwen3:8b",
    size=5_225_388_164,
    parameters="8.2B",
    quantization="Q4_K_M",
    tools=True,
)
EMBEDDING = ModelInfo(
    name="nomic-embed-text:latest",
    size=274_302_450,
    parameters="137M",
    quantization="F16",
)
CLOUD = ModelInfo(name="gpt-oss:120b-cloud", tools=True, remote=True)


def keys(pick: Pick) -> set[ReasonKey]:
    """Return what is said of a pick, without the numbers."""
    return {reason.key for reason in pick.reasons}
