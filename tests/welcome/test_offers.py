"""Which recommendations are offered."""

from dataclasses import replace

from custom_components.hearth.engines.base import ModelInfo
from custom_components.hearth.recommend import recommend
from custom_components.hearth.recommending.base import NANO, Pick, PlaceKind
from custom_components.hearth.welcome.offers import offers

from ..recommend_situations import (
    ELSEWHERE,
    HERE,
    LARGE,
    LLAMA,
    QWEN,
    ollama,
    situation,
)

CLOUD = ModelInfo(name="gpt-oss:120b-cloud", remote=True, tools=True)
MANY = [replace(QWEN, name=f"qwen3:1.7b-{n}") for n in range(9)]


def picks(*models: ModelInfo) -> tuple[Pick, ...]:
    """Return what is recommended on a Pi beside which an Ollama has models."""
    return recommend(situation("pi_5_8gb", found=(ollama(ELSEWHERE, *models),)))


def test_the_best_first() -> None:
    """What is offered has the order of what is recommended, and the tiny model."""
    all_picks = picks(LLAMA, QWEN)
    offered = offers(all_picks, urls=(), managed=False)

    assert 2 < len(offered) <= 5
    assert offered[0] == all_picks[0]
    assert [pick for pick in all_picks if pick in offered] == list(offered)
    assert offered[-1].model == NANO


def test_the_tiny_model_is_always_there() -> None:
    """However many others suit, there are five at most, and it is the last."""
    offered = offers(picks(*MANY), urls=(), managed=False)

    assert len(offered) == 5
    assert [pick.model == NANO for pick in offered] == [False] * 4 + [True]


def test_what_cannot_be_is_left_out() -> None:
    """Neither clouds nor apps, nor what a server would have to get first."""
    found = (ollama(ELSEWHERE, CLOUD),)
    all_picks = recommend(situation("pi_5_8gb", found=found, app_offered=True))
    kinds = {pick.place.kind for pick in all_picks}
    assert kinds == set(PlaceKind)

    offered = offers(all_picks, urls=(), managed=False)
    assert offered
    assert {pick.place.kind for pick in offered} == {PlaceKind.MANAGED}


def test_what_does_not_fit_is_left_out() -> None:
    """A model that is too large is not offered, though a server has it."""
    all_picks = recommend(situation("pi_5_2gb", found=(ollama(HERE, LARGE),)))
    assert any(pick.model == LARGE.name for pick in all_picks)

    offered = offers(all_picks, urls=(), managed=False)
    assert offered
    assert all(pick.fits for pick in offered)


def test_what_is_there_is_left_out() -> None:
    """A server, and our own engine, are set up once."""
    offered = offers(picks(LLAMA), urls={ELSEWHERE}, managed=False)
    assert {pick.place.kind for pick in offered} == {PlaceKind.MANAGED}

    offered = offers(picks(LLAMA), urls=(), managed=True)
    assert {pick.place.kind for pick in offered} == {PlaceKind.FOUND}

    assert offers(picks(LLAMA), urls={ELSEWHERE}, managed=True) == ()
