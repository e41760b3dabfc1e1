"""The small models that are worth running for a home, with where each fact is from.

Sizes of files are for ranking only: the registry or the hub says them exactly before
anything is fetched. Those of some files are known to a million bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
import json
from pathlib import Path
from typing import Any

_CATALOG = Path(__file__).with_name("catalog.json")


class Attention(StrEnum):
    """How layers remember what was said, and so what a saved prompt is worth."""

    # Every layer keeps everything: a prompt can be saved, and cut back anywhere.
    FULL = "full"
    # Some layers have a state instead: a prompt that was saved is read again.
    HYBRID = "hybrid"
    # Some layers keep a window of the last tokens: likewise.
    SLIDING = "sliding"


class Thinking(StrEnum):
    """Whether a model thinks before it answers."""

    NONE = "none"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogShape:
    """The numbers that decide a model's memory, as ``hardware/fit.py`` names them.

    What bytes its tensors have, depends on the file.
    """

    layers: int
    kv_heads: int | tuple[int, ...]
    key_length: int
    value_length: int
    embedding_length: int
    feed_forward_length: int
    vocabulary: int
    heads: int
    context_length: int
    experts_used: int = 0
    sliding_window: int = 0
    sliding_layers: tuple[bool, ...] = ()
    sliding_key_length: int = 0
    sliding_value_length: int = 0
    state_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFile:
    """A model file that can be downloaded.

    Args:
        repository: Where it is on Hugging Face.
        name: Its name there.
        quantization: Such as ``Q4_K_M``.
        size: Bytes, for ranking only.
        source: Where name and size are from.
    """

    repository: str
    name: str
    quantization: str
    size: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How many of a public benchmark's tasks in a home a model does right.

    Args:
        assist: Percent of the tasks in a home of middle size.
        assist_mini: Percent of the tasks in a home with few devices.
        questions: Percent of the questions; None where they were not asked.
        home_assistant: The version that it was measured with; None where that is
            too long ago to say.
        source: Where the reports are.
    """

    assist: float
    assist_mini: float
    questions: float | None
    home_assistant: str | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogModel:
    """A model worth running.

    Args:
        key: A name that stays.
        name: What people call it.
        parameters: Weights in its file: those for pictures are in another one.
        active_parameters: Weights that one token uses.
        license: The name that its card gives.
        languages: Those that its maker lists, as ISO codes; empty for no list.
        language_count: How many its maker says there are.
        tools: Whether it calls tools.
        thinking: Whether it thinks.
        vision: Whether it understands pictures.
        attention: How its layers remember.
        shape: What decides its memory.
        files: What can be downloaded, from the smallest to the largest.
        ollama_tag: Its name in Ollama's library; None where it has none for sure.
        accuracy: What a benchmark says; None where nobody has measured it.
        sources: Where all that is from.
    """

    key: str
    name: str
    parameters: int
    active_parameters: int
    license: str
    languages: tuple[str, ...]
    language_count: int
    tools: bool
    thinking: Thinking
    vision: bool
    attention: Attention
    shape: CatalogShape
    files: tuple[CatalogFile, ...]
    ollama_tag: str | None
    accuracy: Accuracy | None
    sources: tuple[str, ...]

    @property
    def keeps_saved_prompts(self) -> bool:
        """Return whether a prompt that was saved need not be read again."""
        return self.attention is Attention.FULL

    def speaks(self, language: str) -> bool | None:
        """Return whether it speaks a language such as ``de-CH``, None if unknown."""
        if language.partition("-")[0].lower() in self.languages:
            return True
        return False if len(self.languages) >= self.language_count else None

    def file(self, quantization: str) -> CatalogFile | None:
        """Return the file of a quantization, None where there is none."""
        wanted = quantization.upper()
        found = (file for file in self.files if file.quantization == wanted)
        return next(found, None)


@cache
def catalog() -> tuple[CatalogModel, ...]:
    """Return the models, from the smallest to the largest; blocks at the first call."""
    return read_catalog(_CATALOG)


def read_catalog(path: Path) -> tuple[CatalogModel, ...]:
    """Read a catalogue; blocks.

    Raises OSError, and KeyError, TypeError or ValueError where something in it is
    missing, too much or wrong.
    """
    return tuple(_model(entry) for entry in json.loads(path.read_bytes())["models"])


def _model(entry: Mapping[str, Any]) -> CatalogModel:
    """Return a model of the catalogue."""
    about, speech, size, shape = (
        entry[group] for group in ("about", "speech", "size", "shape")
    )
    ollama, accuracy = entry["ollama"], entry["accuracy"]
    groups = [about, speech, size, shape, *entry["hub"], ollama, accuracy]
    sources = dict.fromkeys(group["source"] for group in groups if group)
    facts = about | speech | size
    facts |= {
        "languages": tuple(facts["languages"]),
        "thinking": Thinking(facts["thinking"]),
    }
    del facts["source"]
    return CatalogModel(
        key=entry["key"],
        name=entry["name"],
        attention=Attention(shape["attention"]),
        shape=_shape(shape),
        files=tuple(sorted(_files(entry["hub"]), key=lambda file: file.size)),
        ollama_tag=ollama["tag"] if ollama else None,
        accuracy=Accuracy(**accuracy) if accuracy else None,
        sources=tuple(sources),
        **facts,
    )


def _shape(entry: Mapping[str, Any]) -> CatalogShape:
    """Return a model's shape; lists become tuples."""
    numbers: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in entry.items()
        if key not in {"attention", "source"}
    }
    return CatalogShape(**numbers)


def _files(repositories: list[Mapping[str, Any]]) -> list[CatalogFile]:
    """Return the files of a model's repositories."""
    return [
        CatalogFile(
            repository=repository["repository"], source=repository["source"], **file
        )
        for repository in repositories
        for file in repository["files"]
    ]
