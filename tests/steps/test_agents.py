"""What of a recommendation ends in the options of the first agents."""

from dataclasses import replace

import pytest

from custom_components.hearth.engines.base import EngineKind
from custom_components.hearth.recommend import recommend
from custom_components.hearth.recommending.base import Pick, PlaceKind
from custom_components.hearth.steps.agents import settings_for

from ..hardware.board_trees import TREES
from ..recommend_situations import ELSEWHERE, LLAMA, QWEN, ollama, situation


def at(pick: Pick, kind: EngineKind) -> Pick:
    """Return a pick on a server of some kind, with a short window."""
    place = replace(pick.place, kind=PlaceKind.FOUND, engine=kind)
    return replace(pick, place=place, context_window=2048)


@pytest.mark.parametrize("name", TREES)
def test_every_recommendation(name: str) -> None:
    """The window that the memory was reckoned with is the agents', the usual one too."""
    found = (ollama(ELSEWHERE, LLAMA, QWEN),)
    for pick in recommend(situation(name, found=found)):
        kept = settings_for(pick).get("context_window", 4096)
        assert kept == pick.context_window


def test_servers_that_were_started_with_a_window() -> None:
    """Only what takes a window with each request is told one."""
    pick = recommend(situation("pi_5_8gb"))[0]
    assert settings_for(at(pick, EngineKind.OLLAMA)) == {"context_window": 2048}
    assert settings_for(at(pick, EngineKind.LLAMA_SERVER)) == {}
    assert settings_for(at(pick, EngineKind.VLLM)) == {}


def test_nothing_known() -> None:
    """A model of which nothing was said has the usual settings."""
    assert settings_for(None) == {}
