"""What a measurement on this machine says about other models here."""

from dataclasses import replace

from ..engines.base import ModelInfo
from ..hardware.board import Board
from ..hardware.speed import Calibration, Speed, Work, calibrated, pace_of
from ..hardware.speed_loading import load_factor
from ..models.catalog import CatalogModel
from ..recommending.known import known_model, parameters_of
from .result import BenchmarkResult


def calibrated_by(
    calibration: Calibration,
    result: BenchmarkResult,
    model: ModelInfo,
    board: Board,
    catalog: tuple[CatalogModel, ...],
) -> Calibration:
    """Return a calibration that a result has gone into.

    Args:
        calibration: What was known before.
        result: What was measured.
        model: The model that it was measured with.
        board: The machine that it was measured on.
        catalog: Tells how many of a model's weights a token uses.
    """
    if not model.size:
        return calibration
    parameters = parameters_of(model)
    known = known_model(catalog, model)
    share = known.active_parameters / known.parameters if known else 1.0
    work = Work(
        weights=model.size,
        parameters=round(parameters),
        active_parameters=round(parameters * share),
        quantization=model.quantization,
    )
    speed = Speed(
        generating=result.generated_per_second, reading=result.read_per_second
    )
    found = calibrated(
        calibration, work, speed, pace_of(is_pi5=board.is_pi5), board.cpu.cores
    )
    if result.load_seconds is None:
        return found
    loading = load_factor(
        calibration.loading, model.size, result.load_seconds, board.storage.kind
    )
    return replace(found, loading=loading)
