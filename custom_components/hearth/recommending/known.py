"""Recognizing the models that engines have, whatever they call them."""

from collections.abc import Sequence
from dataclasses import fields
import re

from ..engines.base import ModelInfo
from ..hardware.fit import ModelShape
from ..models.catalog import CatalogModel, CatalogShape

# Ollama's way to write it, and Hearth's own: 3.2B, 596.05M.
_PARAMETERS = re.compile(r"(\d{1,5}(?:\.\d{1,6})?) ?([KMBT])", re.ASCII | re.IGNORECASE)
_TIMES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
# Bytes for each weight, at the quantization that is the rule.
_BYTES_PER_WEIGHT = 0.6
# Names of models that turn texts into numbers, or sounds into texts: engines list
# them beside those that talk.
_NO_TALK = re.compile(
    r"embed|rerank|minilm|whisper|(?:^|[/_:-])(?:bge|e5|gte|clip)[-_:.]", re.IGNORECASE
)
_SHAPE_FIELDS = tuple(field.name for field in fields(CatalogShape))


def talks(info: ModelInfo) -> bool:
    """Return whether a model talks, as far as its name tells."""
    return not _NO_TALK.search(info.name)


def known_model(
    catalog: Sequence[CatalogModel], info: ModelInfo
) -> CatalogModel | None:
    """Return the model of the catalogue that an engine's model is, if it is one.

    Ollama's names are a tag, perhaps with a quantization behind it; others call a
    model by its repository or its file.
    """
    name = info.name.lower()
    for model in catalog:
        tag = model.ollama_tag
        if tag and (name == tag or name.startswith(f"{tag}-")):
            return model
        if any(
            file.repository.lower() in name
            or file.name.lower().removesuffix(".gguf") in name
            for file in model.files
        ):
            return model
    return None


def parameters_of(info: ModelInfo) -> float:
    """Return how many weights a model has, 0 where neither name nor size tells."""
    if match := _PARAMETERS.fullmatch((info.parameters or "").strip()):
        return float(match[1]) * _TIMES[match[2].upper()]
    return (info.size or 0) / _BYTES_PER_WEIGHT


def shape_of(model: CatalogModel, weights: int) -> ModelShape:
    """Return what decides a model's memory, with so many bytes of weights."""
    shape = model.shape
    return ModelShape(
        weights=weights, **{name: getattr(shape, name) for name in _SHAPE_FIELDS}
    )


def similar_shape(
    catalog: Sequence[CatalogModel], parameters: float, weights: int
) -> ModelShape | None:
    """Return the shape of the known model that is nearest in size."""
    if not catalog:
        return None
    nearest = min(catalog, key=lambda model: abs(model.parameters - parameters))
    return shape_of(nearest, weights)
