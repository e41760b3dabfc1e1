"""How good a model probably is for a home, as a number to put models in order."""

from collections.abc import Sequence

from ..models.catalog import Accuracy, CatalogModel


def percent_right(accuracy: Accuracy) -> float:
    """Return the percent of a public benchmark's tasks that a model does right."""
    return (accuracy.assist + accuracy.assist_mini) / 2


def expected(catalog: Sequence[CatalogModel], parameters: float) -> float:
    """Return the percent to expect of a model that nobody has measured.

    It is a cautious guess for ranking only: no better than the worst measured model
    of its size or above, and less below the smallest of these.

    Args:
        catalog: Models, some of which were measured.
        parameters: Weights of the model; 0 where unknown.
    """
    measured = [
        (model.parameters, percent_right(model.accuracy))
        for model in catalog
        if model.accuracy
    ]
    if not measured or parameters <= 0:
        return 0.0
    smallest = min(size for size, _ in measured)
    above = [percent for size, percent in measured if size >= parameters]
    guess = min(above, default=max(percent for _, percent in measured))
    return guess * min(parameters / smallest, 1)


def quality(catalog: Sequence[CatalogModel], model: CatalogModel) -> float:
    """Return the percent of tasks that a model of the catalogue does, or should."""
    if model.accuracy:
        return percent_right(model.accuracy)
    return expected(catalog, model.parameters)
