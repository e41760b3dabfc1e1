"""Every machine gets a model that fits, from the place that suits it."""

from dataclasses import replace
from pathlib import Path
import re

import pytest

from custom_components.hearth.hardware.board import Board, read_board
from custom_components.hearth.hardware.memory import Memory
from custom_components.hearth.hardware.speed import Basis, Calibration
from custom_components.hearth.hardware.storage import Storage
from custom_components.hearth.recommend import every_file, recommend
from custom_components.hearth.recommending.base import (
    NANO,
    Pick,
    PlaceKind,
    ReasonKey,
)
from custom_components.hearth.recommending.candidate import app_place, managed_place

from .hardware.board_parts import CARD, MODELS, plant_tree, space
from .hardware.board_trees import TREES, pi5
from .recommend_situations import (
    GIB,
    board,
    keys,
    situation,
    with_disk,
    with_memory,
)
from .test_metadata import TRANSLATIONS

MANAGED, APP = PlaceKind.MANAGED, PlaceKind.OLLAMA_APP


def nano_of(picks: tuple[Pick, ...]) -> Pick:
    """Return the model that comes with Hearth."""
    return next(pick for pick in picks if pick.model == NANO)


@pytest.mark.parametrize(
    ("name", "language", "app", "place", "model", "quantization", "context"),
    [
        ("pi_5_2gb", "en", False, MANAGED, "lfm2.5-1.2b", "Q5_K_M", 4096),
        ("pi_5_2gb", "fi", False, MANAGED, "qwen3-0.6b", "Q5_K_M", 4096),
        # Below 4 GB it is always the managed one.
        ("pi_5_2gb", "en", True, MANAGED, "lfm2.5-1.2b", "Q5_K_M", 4096),
        ("pi_5_4gb", "en", False, MANAGED, "ministral-3-3b", "Q4_K_M", 4096),
        ("pi_5_4gb", "fi", False, MANAGED, "qwen3-4b-instruct", "Q4_K_M", 2560),
        ("pi_5_4gb", "en", True, APP, "llama3.2-3b", "Q4_K_M", 4096),
        ("pi_5_8gb", "en", False, MANAGED, "qwen3-4b-instruct", "Q4_K_M", 4096),
        ("pi_5_8gb", "de", True, APP, "qwen3-4b-instruct", "Q4_K_M", 4096),
        ("pi_5_16gb", "en", False, MANAGED, "qwen3-4b-instruct", "Q4_K_M", 4096),
        ("pi_5_16gb", "en", True, APP, "qwen3-4b-instruct", "Q4_K_M", 4096),
        ("pi_500", "en", False, MANAGED, "qwen3-4b-instruct", "Q4_K_M", 4096),
        ("cm5_nvme", "en", False, MANAGED, "qwen3-4b-instruct", "Q4_K_M", 4096),
        ("pi_4", "en", False, MANAGED, "lfm2.5-1.2b", "Q4_K_M", 4096),
        (
            "pi_5_in_container",
            "en",
            False,
            MANAGED,
            "qwen3-4b-instruct",
            "Q4_K_M",
            4096,
        ),
        ("home_assistant_os", "en", True, APP, "qwen3-4b-instruct", "Q4_K_M", 4096),
        ("mini_pc", "en", False, MANAGED, "qwen3-4b-instruct", "Q4_K_M", 8192),
        ("nothing", "en", False, MANAGED, "qwen3-0.6b", "Q4_K_M", 3584),
    ],
)
def test_machines(
    name: str,
    language: str,
    app: bool,
    place: PlaceKind,
    model: str,
    quantization: str,
    context: int,
) -> None:
    """The best pick of each machine fits with its context window, and leaves room."""
    best = recommend(situation(name, language=language, app_offered=app))[0]

    assert best.place.kind is place
    assert best.catalog_key == model
    assert best.quantization == quantization
    assert best.context_window == context
    assert best.fits
    assert best.suits
    assert best.memory_needed is not None
    available = board(name).memory.available
    if available is None:
        assert best.memory_free is None
    else:
        assert best.memory_free is not None
        assert best.memory_needed <= best.memory_free <= available - GIB // 4
    assert best.download > 300_000_000


@pytest.mark.parametrize(
    ("revision", "total", "available"),
    [
        ("a04171", 1_010_000, 560_000),
        ("b04171", 2_062_000, 1_400_000),
        ("c04170", 4_146_000, 3_300_000),
        ("d04170", 8_256_000, 7_100_000),
        ("e04171", 16_599_000, 15_000_000),
    ],
)
def test_every_size_of_a_pi_5(
    tmp_path: Path, revision: str, total: int, available: int
) -> None:
    """There is a model that fits with its window, and one sentence that says why."""
    plant_tree(tmp_path, pi5(revision, total, available) | CARD)
    machine = read_board(tmp_path, models=MODELS, space=space)
    assert (
        machine.installed_memory
        == {"a": 1, "b": 2, "c": 4, "d": 8, "e": 16}[revision[0]] * GIB
    )

    best = recommend(situation(machine))[0]

    assert best.fits
    assert best.quantization
    assert 1024 <= best.context_window <= 4096
    assert best.memory_needed is not None
    assert best.memory_free is not None
    assert best.memory_needed <= best.memory_free
    text = TRANSLATIONS["selector"]["reason"]["options"][best.reasons[0].key]
    assert len(re.findall(r"[.!?](?= [A-Z]|$)", text)) == 1


@pytest.mark.parametrize("name", TREES)
def test_order(name: str) -> None:
    """What suits comes first, the tiny model after it; each has a model once."""
    picks = recommend(situation(name, app_offered=True))
    suits = [pick.suits for pick in picks]
    assert suits == sorted(suits, reverse=True)
    assert picks[-1].model == NANO
    names = [(pick.place, pick.name) for pick in picks]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("available", "language", "model", "quantization"),
    [
        # A Pi reads 3 bits so slowly that a smaller model is better.
        (2_600_000_000, "en", "qwen3-1.7b", "Q5_K_M"),
        (2_000_000_000, "en", "qwen3-1.7b", "Q4_K_M"),
        (1_750_000_000, "fi", "qwen3-1.7b", "Q3_K_M"),
        (1_650_000_000, "en", "lfm2.5-1.2b", "Q5_K_M"),
        (1_120_000_000, "en", "qwen3-0.6b", "Q4_0"),
        (1_090_000_000, "en", "qwen3-0.6b", "Q3_K_M"),
        (500_000_000, "en", None, "Q8_0"),
        (0, "en", None, "Q8_0"),
    ],
)
def test_busy_pi(
    available: int, language: str, model: str | None, quantization: str
) -> None:
    """What other programs have taken on a Pi with 4 GB is not there for a model."""
    machine = with_memory(board("pi_5_4gb"), available)
    picks = recommend(situation(machine, language=language))
    assert (picks[0].catalog_key, picks[0].quantization) == (model, quantization)
    if model is None:
        assert picks[0].model == NANO
        assert keys(picks[0]) == {ReasonKey.NANO_MEMORY}


def test_numbers_of_a_pi() -> None:
    """Each number is there, estimated, and follows from the model's size."""
    best = recommend(situation("pi_5_8gb"))[0]
    assert best.file is not None
    assert best.model == best.file.name
    assert best.download == best.file.size
    assert best.generating is not None
    assert 3.5 < best.generating.value < 4.5
    assert best.reading is not None
    assert best.reading.value == pytest.approx(17.4, rel=0.2)
    assert best.first_word is not None
    seconds = 800 / best.reading.value + 1 / best.generating.value
    assert best.first_word.value == pytest.approx(seconds)
    assert best.load is not None
    for figure in (best.generating, best.reading, best.first_word, best.load):
        assert figure.basis is Basis.ESTIMATED
    assert [reason.key for reason in best.reasons] == [
        ReasonKey.MANAGED,
        ReasonKey.ACCURACY,
        ReasonKey.QUANTIZATION_USUAL,
        ReasonKey.MEMORY,
        ReasonKey.SPEED_ESTIMATED,
        ReasonKey.KEEPS_PROMPTS,
        ReasonKey.DOWNLOAD,
    ]
    placeholders = {reason.key: reason.placeholders for reason in best.reasons}
    assert placeholders[ReasonKey.ACCURACY] == {"percent": "79"}
    assert placeholders[ReasonKey.QUANTIZATION_USUAL] == {"quantization": "Q4_K_M"}
    assert placeholders[ReasonKey.MEMORY] == {"needed": "3.3 GB", "free": "6.4 GB"}
    assert placeholders[ReasonKey.SPEED_ESTIMATED]["seconds"] == "46"
    assert placeholders[ReasonKey.DOWNLOAD] == {"size": "2.5 GB"}


def test_measured() -> None:
    """What was measured is said so, and changes what is recommended."""
    twice = Calibration(generating=2.0, reading=2.0, loading=2.0)
    slow = recommend(situation("pi_5_16gb"))[0]
    fast = recommend(situation("pi_5_16gb", calibration=twice))[0]

    assert slow.catalog_key == "qwen3-4b-instruct"
    assert fast.catalog_key == "qwen3-30b-a3b-instruct"
    assert ReasonKey.SPEED_MEASURED in keys(fast)
    figures = (fast.generating, fast.reading, fast.first_word, fast.load)
    assert all(figure and figure.basis is Basis.MEASURED for figure in figures)

    half = recommend(situation("pi_5_8gb", calibration=Calibration(generating=0.5)))
    assert half[0].generating is not None
    assert half[0].generating.basis is Basis.MEASURED
    assert half[0].generating.value >= 3.5
    assert half[0].first_word is not None
    # Reading is only estimated, and so is what it is a part of.
    assert half[0].first_word.basis is Basis.ESTIMATED
    assert half[0].catalog_key in {"qwen3-1.7b", "lfm2.5-1.2b"}


def test_unknown_speed() -> None:
    """Of a machine that was never measured, no speed is pretended."""
    best = recommend(situation("mini_pc"))[0]
    assert best.generating is best.reading is best.first_word is None
    assert ReasonKey.SPEED_UNKNOWN in keys(best)

    calibration = Calibration(generating=3.0, reading=3.0)
    best = recommend(situation("mini_pc", calibration=calibration))[0]
    assert best.generating is not None
    assert best.generating.basis is Basis.MEASURED
    assert best.catalog_key == "qwen3-8b"


def test_wanted_speed() -> None:
    """A person who wants it faster gets a smaller model, or a smaller file."""
    for wanted in (1.0, 3.5, 6.0, 12.0):
        best = recommend(situation("pi_5_8gb", wanted_speed=wanted))[0]
        assert best.generating is not None
        assert best.generating.value >= wanted
    fast = recommend(situation("pi_5_8gb", wanted_speed=100.0))
    # Nothing is: then the fastest is best, and it is said that it is slow.
    assert not fast[0].suits
    assert fast[0].catalog_key == "qwen3-0.6b"
    assert ReasonKey.TOO_SLOW in keys(fast[0])
    assert nano_of(fast) is fast[-1]


def test_too_slow_a_machine() -> None:
    """Where even the smallest file is slow, the fastest of what fits comes first."""
    crawl = Calibration(generating=0.01, reading=0.01)
    picks = recommend(situation("pi_5_8gb", calibration=crawl))
    assert not any(pick.suits for pick in picks)
    speeds = [pick.generating.value for pick in picks if pick.generating]
    assert speeds[0] == max(speeds)
    assert all(ReasonKey.TOO_SLOW in keys(pick) for pick in picks if pick.generating)


@pytest.mark.parametrize("free", [0, GIB // 2, GIB + 300_000_000])
def test_full_disk(free: int) -> None:
    """Without room on the disk it is the model that is there already."""
    picks = recommend(situation(with_disk(board("pi_5_8gb"), free), app_offered=True))
    assert [pick.model for pick in picks] == [NANO]
    assert keys(picks[0]) == {ReasonKey.NANO_DISK}
    assert picks[0].download == 0


def test_disk_with_little_room() -> None:
    """What is downloaded leaves the reserve free."""
    machine = with_disk(board("pi_5_8gb"), GIB + 1_200_000_000)
    best = recommend(situation(machine))[0]
    assert 0 < best.download <= 1_200_000_000
    assert best.catalog_key == "qwen3-1.7b"
    refused = every_file(situation(machine), managed_place())[-1]
    assert not refused.fits
    assert ReasonKey.DISK_FULL in keys(refused)


def test_disks_that_cannot_be_written_or_say_nothing() -> None:
    """Nothing is downloaded to a disk that is read only; an unknown one is trusted."""
    machine = board("pi_5_8gb")
    locked = replace(machine, storage=replace(machine.storage, read_only=True))
    assert [pick.model for pick in recommend(situation(locked))] == [NANO]
    unknown = replace(machine, storage=Storage())
    best = recommend(situation(unknown))[0]
    assert best.catalog_key == "qwen3-4b-instruct"
    assert best.load is None


def test_files_that_are_there() -> None:
    """What was downloaded before needs no room, and no other file of the model."""
    file = "Qwen3-1.7B-Q8_0.gguf"
    machine = with_disk(board("pi_5_8gb"), 0)
    best = recommend(situation(machine, files=frozenset({file, "other.gguf"})))[0]
    assert (best.model, best.download) == (file, 0)
    assert ReasonKey.ALREADY_DOWNLOADED in keys(best)
    assert ReasonKey.DOWNLOAD not in keys(best)


def test_runtimes() -> None:
    """A llama-server needs less beside the model than a Python with llama.cpp."""
    package = recommend(situation("pi_5_8gb"))[0]
    server = recommend(situation("pi_5_8gb", llama_server=True))[0]
    assert package.memory_needed is not None
    assert server.memory_needed is not None
    assert package.memory_needed - server.memory_needed == 48 * 2**20


def _installed(machine: Board) -> Board:
    """Return a Pi whose memory nobody tells but its revision."""
    return replace(machine, memory=Memory(total=None, available=None))


@pytest.mark.parametrize(
    ("name", "model"), [("pi_5_2gb", "qwen3-0.6b"), ("pi_5_8gb", "qwen3-4b-instruct")]
)
def test_memory_by_revision(name: str, model: str) -> None:
    """Where the system tells no memory, half of what the board has is supposed free."""
    best = recommend(situation(_installed(board(name))))[0]
    assert best.catalog_key == model
    assert best.memory_free is None
    assert ReasonKey.MEMORY_UNKNOWN in keys(best)


def test_nano_is_always_there() -> None:
    """The tiny model is offered beside the others, without figures nobody has."""
    nano = nano_of(recommend(situation("pi_5_8gb")))
    assert nano.fits
    assert not nano.suits
    assert nano.generating is None
    assert nano.load is not None
    assert keys(nano) == {ReasonKey.NANO}


def test_every_file() -> None:
    """A person may choose any file, and sees what it costs."""
    at = situation("pi_5_4gb")
    picks = every_file(at, managed_place())
    assert len(picks) == sum(len(model.files) for model in at.catalog)
    assert picks[0].suits
    fits = [pick.fits for pick in picks]
    assert fits == sorted(fits, reverse=True)
    huge = next(pick for pick in picks if pick.catalog_key == "qwen3-30b-a3b-instruct")
    assert not huge.fits
    reason = next(
        reason for reason in huge.reasons if reason.key is ReasonKey.TOO_LITTLE_MEMORY
    )
    assert reason.placeholders["needed"].endswith("GB")
    assert reason.placeholders["free"] == "3.0 GB"

    pulled = every_file(at, app_place())
    assert {pick.quantization for pick in pulled} == {"Q4_K_M"}
    assert all(pick.file is None for pick in pulled)
    assert not any(pick.model.startswith("gemma4") for pick in pulled)
