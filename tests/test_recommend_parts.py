"""The parts of a recommendation, each alone."""

from dataclasses import replace
import json
import re

import pytest

from custom_components.hearth.engines.base import ModelInfo
from custom_components.hearth.engines.launch import Runtime
from custom_components.hearth.managed import settings
from custom_components.hearth.managed.plan import shape_of as header_shape
from custom_components.hearth.models.catalog import catalog
from custom_components.hearth.models.gguf_split import read_model
from custom_components.hearth.recommending.base import NANO, Place, PlaceKind, ReasonKey
from custom_components.hearth.recommending.candidate import managed_place, nano
from custom_components.hearth.recommending.cost import cost_of
from custom_components.hearth.recommending.known import (
    known_model,
    parameters_of,
    shape_of,
    similar_shape,
    talks,
)
from custom_components.hearth.recommending.machine import (
    engine_cost,
    is_pi,
    is_small,
    memory_free,
    times_pi5,
)
from custom_components.hearth.recommending.quality import expected, quality

from .hardware.board_trees import TREES
from .recommend_situations import GIB, board, situation, with_memory

MODELS = catalog()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("qwen3:1.7b", "qwen3-1.7b"),
        ("Qwen3:1.7b-q8_0", "qwen3-1.7b"),
        ("qwen3:4b-instruct-2507-q4_K_M", "qwen3-4b-instruct"),
        ("qwen3:4b", None),
        ("qwen3:4b-thinking", None),
        ("qwen3.5:4b", "qwen3.5-4b"),
        ("hf.co/unsloth/Qwen3-0.6B-GGUF:Q8_0", "qwen3-0.6b"),
        ("Llama-3.2-3B-Instruct-Q4_K_M", "llama3.2-3b"),
        ("/models/Llama-3.2-3B-Instruct-Q4_K_M.gguf", "llama3.2-3b"),
        ("llama3.2:latest", None),
        ("x" * 100_000, None),
        ("", None),
    ],
)
def test_known_model(name: str, key: str | None) -> None:
    """A model is recognized by tag, repository or file, and by nothing vaguer."""
    known = known_model(MODELS, ModelInfo(name=name))
    assert (known.key if known else None) == key


@pytest.mark.parametrize(
    ("parameters", "size", "count"),
    [
        ("3.2B", None, 3.2e9),
        ("596.05M", 1, 596.05e6),
        (" 7 b ", None, 7e9),
        ("1T", None, 1e12),
        ("8x7B", 6_000_000, 1e7),
        ("9" * 5000 + "B", None, 0),
        ("-3B", None, 0),
        ("infB", None, 0),
        ("", None, 0),
        (None, 600_000_000, 1e9),
    ],
)
def test_parameters(parameters: str | None, size: int | None, count: float) -> None:
    """What is no number of weights is not taken for one; then the size tells."""
    info = ModelInfo(name="m", parameters=parameters, size=size)
    assert parameters_of(info) == pytest.approx(count)


@pytest.mark.parametrize(
    ("name", "expected_answer"),
    [
        ("llama3.2:3b", True),
        ("clippy:3b", True),
        ("nomic-embed-text:latest", False),
        ("mxbai-embed-large", False),
        ("BAAI/bge-m3", False),
        ("all-minilm:22m", False),
        ("whisper-1", False),
        ("Qwen3-Reranker-0.6B", False),
    ],
)
def test_talks(name: str, expected_answer: bool) -> None:
    """Models that only serve others are recognized by their names."""
    assert talks(ModelInfo(name=name)) is expected_answer


def test_expected_quality() -> None:
    """The guess grows with size, and is never better than what was measured."""
    sizes = [0.1e9, 0.6e9, 1.7e9, 3e9, 8e9, 100e9]
    guesses = [expected(MODELS, size) for size in sizes]
    assert guesses == sorted(guesses)
    assert 0 < guesses[0] < 5
    best = max(quality(MODELS, model) for model in MODELS if model.accuracy)
    assert guesses[-1] == best
    assert expected(MODELS, 0) == 0
    assert expected((), 1e9) == 0
    for model in MODELS:
        if model.accuracy is None:
            assert quality(MODELS, model) == expected(MODELS, model.parameters)


def test_shapes() -> None:
    """A model that nobody knows is reckoned like the known one nearest in size."""
    near = similar_shape(MODELS, 3.3e9, 7)
    llama = next(model for model in MODELS if model.key == "llama3.2-3b")
    assert near == shape_of(llama, 7)
    assert near is not None
    assert near.weights == 7
    assert similar_shape((), 3e9, 7) is None


def test_nano_is_what_its_file_says() -> None:
    """The numbers of the bundled model are those in its header."""
    file = settings.ManagedSettings(runtime=Runtime.LLAMA_SERVER).model_file
    told = header_shape(read_model(file))
    shape = nano().shape
    assert shape is not None
    # The header tells of each layer, and of windows that there are none.
    assert told.kv_heads == (shape.kv_heads,) * shape.layers
    assert shape == replace(
        told,
        kv_heads=shape.kv_heads,
        sliding_key_length=0,
        sliding_value_length=0,
    )
    assert settings.NANO == NANO
    assert read_model(file).quantization == nano().quantization


def test_nano_fits_where_nothing_else_does() -> None:
    """The tiny model needs little more than the program that runs it."""
    machine = with_memory(board("pi_5_2gb"), 400 * 2**20)
    cost = cost_of(situation(machine), nano())
    assert cost.fits
    assert cost.window is not None
    assert cost.window.need.total < 128 * 2**20


@pytest.mark.parametrize("name", TREES)
def test_machines(name: str) -> None:
    """Raspberry Pis and machines with little memory are told from others."""
    machine = board(name)
    assert is_pi(machine) is (name not in {"mini_pc", "nothing"})
    assert is_small(machine) is (name == "pi_5_2gb")
    assert times_pi5(machine) == (0.3 if name == "pi_4" else 1.0)


def test_small_in_a_container() -> None:
    """A container's limit makes a large machine a small one."""
    machine = board("pi_5_8gb")
    limited = replace(machine, memory=replace(machine.memory, total=2 * GIB))
    assert is_small(limited)


def test_memory_left_to_home_assistant() -> None:
    """A tenth of all memory stays free, and never less than 256 MiB."""
    for name in ("pi_5_2gb", "pi_5_16gb"):
        memory = board(name).memory
        assert memory.total is not None
        assert memory.available is not None
        kept = max(256 * 2**20, memory.total // 10)
        assert memory_free(situation(name), managed_place()) == memory.available - kept
    empty = situation(with_memory(board("pi_5_8gb"), 10))
    assert memory_free(empty, managed_place()) == 0
    away = Place(kind=PlaceKind.FOUND, here=False, url="http://192.168.1.20:11434")
    assert memory_free(situation("pi_5_8gb"), away) is None
    unknown = Place(kind=PlaceKind.FOUND, url="http://127.0.0.1:1")
    assert engine_cost(situation("pi_5_8gb"), unknown).start == 0


def test_reason_keys_can_be_names_of_texts() -> None:
    """Home Assistant allows only such names of texts, each once."""
    names = [key.value for key in ReasonKey]
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)
    assert len(json.dumps(sorted(set(names)))) == len(json.dumps(names))
