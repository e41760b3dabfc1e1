"""Settings of the first agents that follow from what was recommended."""

from typing import Any

from ..const import CONF_CONTEXT_WINDOW, DEFAULT_CONTEXT_WINDOW
from ..engines.base import EngineKind
from ..recommending.base import Pick, PlaceKind


def settings_for(pick: Pick | None) -> dict[str, Any]:
    """Return the settings that are not the usual ones.

    Its memory was reckoned with its context window, so that is what it gets, where the
    engine takes what it is told: others keep the window they were started with.
    """
    if pick is None or pick.context_window == DEFAULT_CONTEXT_WINDOW:
        return {}
    place = pick.place
    if place.kind is not PlaceKind.MANAGED and place.engine is not EngineKind.OLLAMA:
        return {}
    return {CONF_CONTEXT_WINDOW: pick.context_window}
