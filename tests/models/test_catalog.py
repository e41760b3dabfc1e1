"""The catalogue is whole, agrees with itself, and every fact has a source."""

from collections.abc import Callable
from dataclasses import fields
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.hearth.hardware.fit import ModelShape
from custom_components.hearth.models.catalog import (
    Attention,
    CatalogModel,
    CatalogShape,
    Thinking,
    catalog,
    read_catalog,
)
from custom_components.hearth.models.hub_choice import quantization_of

MODELS = catalog()
FILES = [(model, file) for model in MODELS for file in model.files]

# Bits for each weight in a file; a part is kept more exactly than the name says,
# and in small models that part is larger.
BITS = {
    "Q3_K_S": (2.6, 4.0),
    "Q3_K_M": (3.8, 4.8),
    "Q4_0": (4.6, 5.3),
    "Q4_K_M": (4.8, 5.6),
    "Q5_K_M": (5.6, 6.3),
    "Q8_0": (8.5, 8.6),
}


def by_key(key: str) -> CatalogModel:
    """Return a model of the catalogue."""
    return next(model for model in MODELS if model.key == key)


def test_read_once() -> None:
    """The catalogue is read once, and has models from small to large."""
    assert catalog() is MODELS
    assert 8 <= len(MODELS) <= 16
    sizes = [model.parameters for model in MODELS]
    assert sizes[0] == min(sizes)
    assert sizes[-1] == max(sizes)


def test_names_are_unique() -> None:
    """No two models and no two files have one name."""
    for names in (
        [model.key for model in MODELS],
        [model.name for model in MODELS],
        [model.ollama_tag for model in MODELS if model.ollama_tag],
        [f"{file.repository}/{file.name}" for _, file in FILES],
    ):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_model(model: CatalogModel) -> None:
    """What is said of a model is possible, and has sources that can be read."""
    assert 0 < model.active_parameters <= model.parameters < 40e9
    assert model.license in {"apache-2.0", "lfm1.0", "llama3.2"}
    assert all(len(language) == 2 for language in model.languages)
    assert len(model.languages) in {0, model.language_count}
    assert model.tools
    assert isinstance(model.thinking, Thinking)
    assert model.ollama_tag is None or model.ollama_tag.count(":") == 1
    assert len(model.sources) >= 3
    for source in model.sources:
        assert source.startswith("https://")
        assert " " not in source
    if (accuracy := model.accuracy) is not None:
        shares = (accuracy.assist, accuracy.assist_mini, accuracy.questions)
        assert all(0 < share <= 100 for share in shares if share is not None)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_shape(model: CatalogModel) -> None:
    """Layers agree with the kind of attention."""
    shape = model.shape
    if model.attention is Attention.FULL:
        assert isinstance(shape.kv_heads, int)
    else:
        assert isinstance(shape.kv_heads, tuple)
        assert len(shape.kv_heads) == shape.layers
        assert 0 in shape.kv_heads
    assert bool(shape.state_bytes) is (model.attention is Attention.HYBRID)
    assert bool(shape.sliding_window) is (model.attention is Attention.SLIDING)
    assert bool(shape.experts_used) is (model.key == "qwen3-30b-a3b-instruct")
    if shape.sliding_layers:
        assert len(shape.sliding_layers) == shape.layers
        # The last layer sees everything.
        assert not shape.sliding_layers[-1]
    assert shape.context_length >= 32768
    assert shape.vocabulary > 60000


@pytest.mark.parametrize(
    "model",
    [m for m in MODELS if m.attention is Attention.FULL and not m.shape.experts_used],
    ids=lambda model: model.key,
)
def test_parameters_follow_from_the_shape(model: CatalogModel) -> None:
    """A model with layers of one kind has as many weights as its numbers make."""
    shape = model.shape
    assert isinstance(shape.kv_heads, int)
    width, key = shape.embedding_length, shape.key_length
    attention = 2 * width * key * (shape.heads + shape.kv_heads)
    layer = attention + 3 * width * shape.feed_forward_length
    table = shape.vocabulary * width
    counts = [layer * shape.layers + table * tables for tables in (1, 2)]
    assert any(model.parameters == pytest.approx(count, rel=0.001) for count in counts)


@pytest.mark.parametrize(("model", "file"), FILES, ids=lambda value: str(value.name))
def test_file(model: CatalogModel, file: Any) -> None:
    """A file's name and size agree with its quantization and the model."""
    assert file.name.endswith(".gguf")
    assert "/" not in file.name
    assert file.repository.count("/") == 1
    assert quantization_of(file.name) == file.quantization
    least, most = BITS[file.quantization]
    assert least <= file.size * 8 / model.parameters <= most
    assert file.source in model.sources


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_files_of_a_model(model: CatalogModel) -> None:
    """Files are in order, and the usual quantization is among them."""
    sizes = [file.size for file in model.files]
    assert sizes == sorted(sizes)
    usual = model.file("q4_k_m")
    assert usual is not None
    assert usual.quantization == "Q4_K_M"
    assert model.file("Q9_K") is None


def test_shapes_are_those_of_the_fit() -> None:
    """The shape can be handed to the arithmetic of memory, with a file's bytes."""
    names = {field.name for field in fields(ModelShape)}
    assert names - {field.name for field in fields(CatalogShape)} == {"weights"}
    assert {field.name for field in fields(CatalogShape)} <= names


def test_languages() -> None:
    """A list that is whole says no, one that is not there says nothing."""
    ministral, qwen = by_key("ministral-3-3b"), by_key("qwen3-1.7b")
    assert ministral.speaks("de-CH") is True
    assert ministral.speaks("NL") is True
    assert ministral.speaks("fi") is False
    assert qwen.speaks("de") is None


def test_saved_prompts() -> None:
    """Only where every layer keeps everything, a saved prompt is worth something."""
    assert by_key("llama3.2-3b").keeps_saved_prompts
    assert not by_key("gemma4-e2b").keeps_saved_prompts
    assert not by_key("qwen3.5-4b").keeps_saved_prompts


def _without_size(entry: dict[str, Any]) -> None:
    del entry["size"]


def _with_more(entry: dict[str, Any]) -> None:
    entry["about"]["colour"] = "blue"


def _with_another_kind(entry: dict[str, Any]) -> None:
    entry["shape"]["attention"] = "some"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_without_size, KeyError),
        (_with_more, TypeError),
        (_with_another_kind, ValueError),
    ],
)
def test_wrong_catalogues(
    change: Callable[[dict[str, Any]], None], error: type[Exception], tmp_path: Path
) -> None:
    """What is missing, too much or wrong is not read over."""
    source = Path(__file__).parents[2] / "custom_components/hearth/models/catalog.json"
    content = json.loads(source.read_text())
    change(content["models"][0])
    changed = tmp_path / "catalog.json"
    changed.write_text(json.dumps(content))
    with pytest.raises(error):
        read_catalog(changed)
