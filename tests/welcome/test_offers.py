"""Which recommendations are offered."""

from dataclasses import replace

from custom_components.hearth.engines.base import EngineKind, ModelInfo
from custom_components.hearth.engines.discovery import Found
from custom_components.hearth.recommend import recommend
from custom_components.hearth.recommending.base import NANO, Pick, PlaceKind
from custom_components.hearth.welcome.offers import offers, servers

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
    """Neither clouds nor apps."""
    found = (ollama(ELSEWHERE, CLOUD),)
    all_picks = recommend(situation("pi_5_8gb", found=found, app_offered=True))
    kinds = {pick.place.kind for pick in all_picks}
    assert kinds == set(PlaceKind)

    offered = offers(all_picks, urls=(), managed=False)
    assert CLOUD.name not in {pick.model for pick in offered}
    assert PlaceKind.OLLAMA_APP not in {pick.place.kind for pick in offered}


def test_what_a_server_would_download() -> None:
    """An Ollama without models can get some; others are left among the choices."""
    offered = offers(picks(), urls=(), managed=False)

    kinds = [pick.place.kind for pick in offered]
    assert kinds == [PlaceKind.FOUND] * 2 + [PlaceKind.MANAGED] * 3
    assert all(pick.download for pick in offered[:4])


HAILO = Found(url=HERE, kind=EngineKind.HAILO_OLLAMA, models=(LLAMA,))


def test_what_hearth_cannot_use_is_left_out() -> None:
    """An engine that cannot be used is neither offered nor a server to choose."""
    all_picks = recommend(situation("pi_5_8gb", found=(HAILO,)))
    assert any(pick.place.engine is EngineKind.HAILO_OLLAMA for pick in all_picks)

    offered = offers(all_picks, urls=(), managed=False)
    assert all(pick.place.kind is PlaceKind.MANAGED for pick in offered)
    there = ollama(ELSEWHERE, LLAMA)
    assert servers((HAILO, there), urls=()) == (there,)
    assert servers((there,), urls={ELSEWHERE}) == ()


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
