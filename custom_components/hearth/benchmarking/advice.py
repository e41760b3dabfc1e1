"""Which of some measured models should be used."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..engines.base import ModelInfo
from ..models.catalog import CatalogModel
from ..recommending.base import SPOKEN
from ..recommending.known import known_model, parameters_of
from ..recommending.quality import expected, quality
from .result import BenchmarkResult


class Why(StrEnum):
    """Why a model is the one to use; each is the name of a text."""

    BEST_FAST_ENOUGH = "best_fast_enough"
    FASTEST = "fastest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The model to use, and why."""

    model: str
    why: Why


def advise(
    measured: Sequence[tuple[ModelInfo, BenchmarkResult]],
    catalog: tuple[CatalogModel, ...],
) -> Advice | None:
    """Return the best model that speaks fast enough; else the fastest.

    Only among models of which the speed is known; None for fewer than two.
    """
    speeds = {
        result.model: result.generated_per_second
        for _, result in measured
        if result.generated_per_second
    }
    if len(speeds) < 2:
        return None
    enough = [model for model, _ in measured if speeds.get(model.name, 0) >= SPOKEN]
    if not enough:
        return Advice(model=max(speeds, key=lambda name: speeds[name]), why=Why.FASTEST)
    best = max(enough, key=lambda model: (_quality(model, catalog), speeds[model.name]))
    return Advice(model=best.name, why=Why.BEST_FAST_ENOUGH)


def _quality(model: ModelInfo, catalog: tuple[CatalogModel, ...]) -> float:
    """Return the percent of tasks that a model does right, or should."""
    known = known_model(catalog, model)
    if known is not None:
        return quality(catalog, known)
    return expected(catalog, parameters_of(model))
