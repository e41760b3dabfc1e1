"""Engines that answer come before those that would have to be installed."""

from dataclasses import replace
from random import Random

import pytest

from custom_components.hearth.engines.base import EngineKind, ModelInfo
from custom_components.hearth.engines.discovery import Found
from custom_components.hearth.recommend import every_file, recommend
from custom_components.hearth.recommending.base import (
    NANO,
    Pick,
    PlaceKind,
    ReasonKey,
)

from .hardware.board_trees import TREES
from .recommend_situations import (
    CLOUD,
    ELSEWHERE,
    EMBEDDING,
    GIB,
    HERE,
    LARGE,
    LLAMA,
    QWEN,
    board,
    keys,
    ollama,
    situation,
    with_disk,
    with_memory,
)


def url_of(pick: Pick) -> str | None:
    """Return the address of a pick that was found."""
    assert (pick.place.kind is PlaceKind.FOUND) is bool(pick.place.url)
    return pick.place.url


def test_ollama_with_five_models() -> None:
    """Of an engine's models the best that suits is first; the cloud is last."""
    found = ollama(HERE, CLOUD, EMBEDDING, LARGE, QWEN, LLAMA)
    picks = recommend(situation("pi_5_8gb", found=(found,), app_offered=True))

    assert (picks[0].model, url_of(picks[0])) == ("llama3.2:3b", HERE)
    assert picks[0].suits
    assert picks[0].download == 0
    assert keys(picks[0]) >= {ReasonKey.ANSWERS_HERE, ReasonKey.ACCURACY}
    assert picks[0].reasons[0].placeholders == {
        "engine": "Ollama",
        "address": "127.0.0.1:11434",
    }
    assert picks[1].model == "qwen3:1.7b"
    names = [pick.model for pick in picks]
    assert EMBEDDING.name not in names
    assert names[-1] == CLOUD.name
    assert keys(picks[-1]) == {ReasonKey.CLOUD}
    # Eight billion weights fit, but would be too slow.
    large = next(pick for pick in picks if pick.model == LARGE.name)
    assert large.fits
    assert not large.suits
    assert ReasonKey.TOO_SLOW in keys(large)
    # Ollama can have better ones; no second one is offered beside it.
    assert not any(pick.place.kind is PlaceKind.OLLAMA_APP for pick in picks)
    assert names.count("llama3.2:3b") == 1


def test_ollama_with_one_model() -> None:
    """What is there comes before what is better and has to be downloaded."""
    found = ollama(HERE, QWEN)
    picks = recommend(situation("pi_5_8gb", found=(found,)))
    assert (picks[0].model, picks[0].place.here) == ("qwen3:1.7b", True)
    assert picks[0].catalog_key == "qwen3-1.7b"
    assert picks[0].name == "Qwen3 1.7B"
    assert picks[1].model == "qwen3:4b-instruct"
    assert picks[1].reasons[0].key is ReasonKey.EMPTY_HERE


@pytest.mark.parametrize("models", [(), (EMBEDDING,), (CLOUD,), None])
def test_ollama_without_a_model_that_suits(
    models: tuple[ModelInfo, ...] | None,
) -> None:
    """An Ollama that has nothing of use can download what is."""
    found = replace(ollama(HERE), models=models)
    best = recommend(situation("pi_5_8gb", found=(found,), app_offered=True))[0]
    assert (best.model, url_of(best)) == ("qwen3:4b-instruct", HERE)
    assert best.download > 2_000_000_000
    assert best.file is None
    assert best.reasons[0].key is ReasonKey.EMPTY_HERE


@pytest.mark.parametrize("name", TREES)
def test_cloud_is_never_first(name: str) -> None:
    """A model that runs in the cloud is last, whatever else there is or is not."""
    machine = with_disk(board(name), 0)
    found = (ollama(HERE, CLOUD), ollama(ELSEWHERE, replace(CLOUD, name="z:1b-cloud")))
    picks = recommend(situation(machine, found=(found[0],)))
    assert [pick.model for pick in picks] == [NANO, CLOUD.name]
    assert not picks[-1].suits
    # Another machine's disk is its own.
    picks = recommend(situation(machine, found=found))
    assert [ReasonKey.CLOUD in keys(pick) for pick in picks[-2:]] == [True, True]
    assert picks[0].model not in {NANO, CLOUD.name}
    assert not picks[0].place.here or picks[0].model == NANO


@pytest.mark.parametrize("name", ["pi_5_2gb", "pi_5_8gb", "pi_4", "nothing"])
def test_a_machine_in_the_network(name: str) -> None:
    """What answers on another machine comes before everything on a Pi."""
    found = (ollama(HERE, LLAMA), ollama(ELSEWHERE, LARGE))
    picks = recommend(situation(name, found=found, app_offered=True))
    best = picks[0]
    assert (best.model, url_of(best)) == ("qwen3:8b", ELSEWHERE)
    assert not best.place.here
    assert best.context_window == 8192
    assert best.memory_free is best.generating is best.load is None
    assert best.memory_needed is not None
    assert best.reasons[0].placeholders["address"] == "192.168.1.20:11434"
    assert ReasonKey.ANSWERS_ELSEWHERE in keys(best)
    assert ReasonKey.SPEED_UNKNOWN not in keys(best)


def test_an_empty_machine_in_the_network() -> None:
    """An Ollama elsewhere is asked to download before a Pi is, but not before a PC."""
    found = (ollama(ELSEWHERE),)
    best = recommend(situation("pi_5_2gb", found=found, app_offered=True))[0]
    assert (best.model, url_of(best)) == ("qwen3:4b-instruct", ELSEWHERE)
    assert best.reasons[0].key is ReasonKey.EMPTY_ELSEWHERE
    assert best.memory_free is None
    picks = recommend(situation("mini_pc", found=found))
    assert picks[0].place.kind is PlaceKind.MANAGED
    assert ELSEWHERE in {url_of(pick) for pick in picks}


def test_two_machines_that_are_no_pi() -> None:
    """Between equals the better model decides, and this machine where they are one."""
    better = (ollama(HERE, QWEN), ollama(ELSEWHERE, LLAMA))
    best = recommend(situation("mini_pc", found=better))[0]
    assert (best.model, best.place.here) == ("llama3.2:3b", False)
    same = (ollama(ELSEWHERE, LLAMA), ollama(HERE, LLAMA))
    assert recommend(situation("mini_pc", found=same))[0].place.here


def test_below_four_gigabytes() -> None:
    """On a Pi with 2 GB the managed engine comes even before what answers there."""
    small = replace(QWEN, name="qwen3:0.6b", size=500_000_000, parameters="600M")
    found = (ollama(HERE, small),)
    picks = recommend(situation("pi_5_2gb", found=found, app_offered=True))
    assert picks[0].place.kind is PlaceKind.MANAGED
    assert picks[0].reasons[0].key is ReasonKey.MANAGED_SMALL
    assert any(pick.model == "qwen3:0.6b" and pick.suits for pick in picks)


def test_a_model_that_does_not_fit() -> None:
    """An installed model that is too large is shown last, with its numbers."""
    huge = replace(LARGE, name="qwen3:30b-instruct", size=18_600_000_000)
    found = (ollama(HERE, huge),)
    picks = recommend(situation("pi_5_8gb", found=found))
    assert picks[0].model == "qwen3:4b-instruct"
    last = picks[-1]
    assert (last.model, last.fits, last.suits) == ("qwen3:30b-instruct", False, False)
    assert ReasonKey.TOO_LITTLE_MEMORY in keys(last)


def test_memory_that_an_engine_holds() -> None:
    """What an engine's own model takes now is there for that engine again."""
    machine = with_memory(board("pi_5_8gb"), 2_000_000_000)
    found = (ollama(HERE, LLAMA),)
    cramped = recommend(situation(machine, found=found))
    assert cramped[0].model != LLAMA.name
    roomy = recommend(situation(machine, found=found, loaded={HERE: 2_700_000_000}))
    assert roomy[0].model == LLAMA.name


def test_models_that_lack_something() -> None:
    """What cannot call tools or speak the language is left behind what can."""
    mute = replace(LLAMA, tools=False)
    picks = recommend(situation("pi_5_8gb", found=(ollama(HERE, mute, QWEN),)))
    assert picks[0].model == QWEN.name
    lame = next(pick for pick in picks if pick.model == mute.name)
    assert not lame.suits
    assert ReasonKey.NO_TOOLS in keys(lame)

    found = (ollama(HERE, LLAMA),)
    picks = recommend(situation("pi_5_8gb", found=found, language="fi"))
    assert picks[0].model != LLAMA.name
    foreign = next(pick for pick in picks if pick.model == LLAMA.name)
    reason = {reason.key: reason for reason in foreign.reasons}
    assert reason[ReasonKey.LANGUAGE_MISSING].placeholders == {"language": "fi"}


def test_locked_engines() -> None:
    """What wants a key first is not recommended, nor anything for it to download."""
    locked = Found(url=HERE, kind=None, locked=True)
    half = Found(url=ELSEWHERE, kind=EngineKind.OLLAMA, locked=True)
    picks = recommend(situation("pi_5_8gb", found=(locked, half)))
    assert {pick.place.kind for pick in picks} == {PlaceKind.MANAGED}


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:8080", True),
        ("http://[::1]:8080", True),
        ("http://127.0.0.9:8080", True),
        ("http://172.30.32.1:8080", True),
        ("http://core-ollama:11434", True),
        ("http://192.168.1.2:8080", False),
        ("http://ollama.lan:11434", False),
    ],
)
def test_which_machine(url: str, here: bool) -> None:
    """Addresses that lead to this machine are told, or always do."""
    found = Found(url=url, kind=EngineKind.LLAMA_SERVER, models=(LLAMA,))
    own = frozenset({"172.30.32.1", "core-ollama"})
    best = recommend(situation("pi_5_8gb", found=(found,), own_hosts=own))[0]
    assert (url_of(best), best.place.here) == (url, here)


def test_servers_with_a_model_in_memory() -> None:
    """What a server has in memory already needs no more of it."""
    machine = with_memory(board("pi_5_8gb"), GIB)
    server = Found(url=HERE, kind=EngineKind.LLAMA_SERVER, models=(LLAMA,))
    best = recommend(situation(machine, found=(server,)))[0]
    assert best.model == LLAMA.name
    assert best.fits
    nameless = ModelInfo(name="model")
    other = Found(url=HERE, kind=EngineKind.OPENAI, models=(nameless,))
    best = recommend(situation(machine, found=(other,)))[0]
    assert best.model == "model"
    assert best.memory_needed is best.cache_type is best.quantization is None
    assert {ReasonKey.NOT_TESTED, ReasonKey.SPEED_UNKNOWN} <= keys(best)


@pytest.mark.parametrize(("quantization", "sized"), [("Q5_K_M", True), ("F64", False)])
def test_servers_that_tell_no_size(quantization: str, sized: bool) -> None:
    """The catalogue tells the size and the tools of a model that it knows."""
    info = ModelInfo(name="Qwen3-1.7B-Q5_K_M.gguf", quantization=quantization)
    server = Found(url=HERE, kind=EngineKind.OPENAI, models=(info,))
    best = recommend(situation("pi_5_8gb", found=(server,)))[0]
    assert (best.model, best.catalog_key) == (info.name, "qwen3-1.7b")
    assert best.suits
    assert (best.memory_needed is not None) is sized
    assert (best.generating is not None) is sized


def test_hailo() -> None:
    """An accelerator's engine has memory and speed of its own."""
    machine = with_memory(board("pi_5_16gb"), GIB // 2)
    found = Found(url=HERE, kind=EngineKind.HAILO_OLLAMA, models=(LLAMA,))
    best = recommend(situation(machine, found=(found,)))[0]
    assert best.model == LLAMA.name
    assert best.memory_needed is best.generating is None


def test_unknown_models() -> None:
    """A model that the catalogue lacks is judged by its size."""
    small = ModelInfo(name="tiny:1b", size=700_000_000, parameters="1.1B")
    large = ModelInfo(name="big:3b", size=2_000_000_000, context_window=2048)
    found = ollama(HERE, small, large)
    picks = recommend(situation("pi_5_8gb", found=(found,)))
    assert [pick.model for pick in picks[:2]] == ["big:3b", "tiny:1b"]
    assert picks[0].catalog_key is None
    assert picks[0].context_window == 2048
    assert picks[0].memory_needed is not None
    assert picks[0].memory_needed > 2_000_000_000
    assert picks[0].generating is not None
    assert ReasonKey.CONTEXT_SHORT in keys(picks[0])
    bare = replace(situation("pi_5_8gb", found=(found,)), catalog=())
    assert {pick.model for pick in recommend(bare)} == {"tiny:1b", "big:3b", NANO}


def test_nobody_knows_a_model_without_a_catalogue() -> None:
    """Without a catalogue there is what answers, and the tiny model."""
    bare = replace(situation("nothing"), catalog=())
    assert [pick.model for pick in recommend(bare)] == [NANO]
    assert every_file(bare, recommend(bare)[0].place) == ()


@pytest.mark.parametrize("seed", range(60))
def test_any_situation(seed: int) -> None:
    """Whatever comes together, the first pick can be had, and the cloud is never it."""
    chance = Random(seed)
    models = (CLOUD, EMBEDDING, LARGE, LLAMA, QWEN, ModelInfo(name="?"))
    found = tuple(
        Found(
            url=url,
            kind=chance.choice(list(EngineKind)),
            locked=chance.random() < 0.2,
            models=tuple(chance.sample(models, chance.randrange(len(models)))),
        )
        for url in chance.sample((HERE, ELSEWHERE), chance.randrange(3))
    )
    machine = board(chance.choice(list(TREES)))
    machine = with_memory(machine, chance.randrange(200 * 2**20, 16 * GIB))
    at = situation(
        with_disk(machine, chance.randrange(20 * GIB)),
        found=found,
        app_offered=chance.random() < 0.5,
        language=chance.choice(("en", "fi", "xx")),
        wanted_speed=chance.choice((0.0, 3.5, 50.0)),
    )
    picks = recommend(at)
    assert ReasonKey.CLOUD not in keys(picks[0])
    assert any(pick.model == NANO for pick in picks)
    if picks[0].model != NANO:
        assert picks[0].fits
    for pick in picks:
        assert pick.fits or not pick.suits
        assert len(keys(pick)) == len(pick.reasons)
