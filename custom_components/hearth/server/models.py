"""The models of a server: those that it has, then those that it could download."""

from dataclasses import replace
from pathlib import Path

from ..engines.base import Engine, EngineKind, ModelInfo
from ..engines.discovery import Found
from ..hardware.board import read_board
from ..models.catalog import catalog
from ..recommend import every_file, recommend
from ..recommending.base import Pick, Situation
from ..recommending.candidate import place_of

# Whoever wants another one can say its name.
_MOST_DOWNLOADS = 5
# Where no machine can be read of.
_NOWHERE = Path("/proc/nowhere")


def blind_situation(language: str) -> Situation:
    """Return a situation on a machine of which nothing is known; reads the catalogue."""
    board = read_board(_NOWHERE, models=_NOWHERE)
    return Situation(board=board, catalog=catalog(), language=language)


def offered_models(
    situation: Situation, engine: Engine, models: tuple[ModelInfo, ...]
) -> tuple[Pick, ...]:
    """Return what can be chosen on a server; arithmetic alone.

    Those that it has come first, the best of them before the others; then those that
    it would download and that suit, or at least fit.
    """
    found = Found(url=engine.url, kind=engine.kind, models=models)
    situation = replace(situation, found=(found,))
    place = place_of(situation, found)
    has = [
        pick
        for pick in recommend(situation)
        if pick.place == place and not pick.download
    ]
    if engine.kind is not EngineKind.OLLAMA or not engine.capabilities.pull:
        return tuple(has)
    known = {pick.catalog_key for pick in has}
    others = [
        pick
        for pick in every_file(situation, place)
        if pick.fits and pick.catalog_key not in known
    ]
    suiting = [pick for pick in others if pick.suits]
    return (*has, *(suiting or others)[:_MOST_DOWNLOADS])
