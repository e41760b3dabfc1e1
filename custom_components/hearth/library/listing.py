"""A model as its engine lists it."""

from ..engines.base import ModelInfo
from .base import InstalledModel


def listed(model: ModelInfo, *, has_versions: bool = False) -> InstalledModel:
    """Return what an engine says of one of its models."""
    return InstalledModel(
        name=model.name,
        alias=model.name,
        size=model.size,
        quantization=model.quantization,
        parameters=model.parameters,
        context_window=model.context_window,
        digest=model.digest,
        has_versions=has_versions,
        is_remote=model.remote,
    )
