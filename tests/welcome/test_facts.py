"""What people read about what was seen."""

from dataclasses import replace
import string
from typing import Any

import pytest

from custom_components.hearth.engines.base import EngineKind
from custom_components.hearth.engines.discovery import Found
from custom_components.hearth.hardware.board_health import Health
from custom_components.hearth.hardware.speed import Basis, Figure
from custom_components.hearth.hardware.throttling import Throttling
from custom_components.hearth.recommend import recommend
from custom_components.hearth.recommending.base import (
    NANO,
    Pick,
    Place,
    PlaceKind,
    Reason,
    ReasonKey,
)
from custom_components.hearth.steps.texts import filled
from custom_components.hearth.welcome.facts import (
    best_text,
    engines_text,
    machine_text,
    pick_label,
)

from ..recommend_situations import (
    ELSEWHERE,
    GIB,
    HERE,
    LLAMA,
    QWEN,
    board,
    ollama,
    situation,
)
from ..test_metadata import TRANSLATIONS

WORDS = TRANSLATIONS["selector"]
TEXTS = {**WORDS["reason"]["options"], **WORDS["sight"]["options"]}
COOL = Health(temperature=52.4)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pi_5_8gb", "Raspberry Pi 5 Model B · 8 GB · SD · cool (52 °C)"),
        ("cm5_nvme", "Raspberry Pi Compute Module 5 · 8 GB · NVMe · cool (52 °C)"),
        ("nothing", "cool (52 °C)"),
    ],
)
def test_machine(name: str, text: str) -> None:
    """The machine is named with what decides about models."""
    assert machine_text(board(name), COOL, TEXTS) == text


@pytest.mark.parametrize(
    ("degrees", "text"),
    [(-5.0, "cool (-5 °C)"), (65.0, "warm (65 °C)"), (80.4, "hot (80 °C)")],
)
def test_heat(degrees: float, text: str) -> None:
    """Whether it is warm is said for who does not know the number."""
    assert machine_text(board("nothing"), Health(temperature=degrees), TEXTS) == text


def test_memory_of_a_pc() -> None:
    """What nobody has written down is told as it is seen."""
    machine = replace(board("pi_5_8gb"), revision=None, model="NUC *7*")
    assert machine_text(machine, Health(), TEXTS) == r"NUC \*7\* · 8.5 GB · SD"


def test_nothing_known() -> None:
    """A machine that tells nothing is a dash."""
    assert machine_text(board("nothing"), Health(), TEXTS) == "-"


@pytest.mark.parametrize(
    ("now", "texts"),
    [
        (Throttling(under_voltage=True), ["under_voltage"]),
        (Throttling(throttled=True), ["throttled"]),
        (Throttling(soft_temperature_limit=True), ["throttled"]),
        (
            Throttling(under_voltage=True, throttled=True),
            ["under_voltage", "throttled"],
        ),
    ],
)
def test_troubles(now: Throttling, texts: list[str]) -> None:
    """What slows the machine down is said."""
    said = machine_text(board("nothing"), Health(now=now), TEXTS)
    assert said == " · ".join(f"⚠ {TEXTS[name]}" for name in texts)


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (Throttling(under_voltage=False, throttled=False), "not throttled"),
        (
            Throttling(under_voltage=True, throttled=False),
            f"⚠ {TEXTS['under_voltage']}",
        ),
        (Throttling(), "-"),
    ],
)
def test_no_trouble(now: Throttling, text: str) -> None:
    """That nothing slows it down is said where that is known, and nothing else is."""
    assert machine_text(board("nothing"), Health(now=now), TEXTS) == text


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            ollama(HERE),
            "Ollama 0.33.0 answers at 127.0.0.1:11434, without any model yet.",
        ),
        (
            ollama(HERE, LLAMA),
            "Ollama 0.33.0 answers at 127.0.0.1:11434, with one model.",
        ),
        (
            ollama(HERE, LLAMA, QWEN),
            "Ollama 0.33.0 answers at 127.0.0.1:11434, with 2 models.",
        ),
        (
            Found(url="http://a:8080", kind=EngineKind.LLAMA_SERVER, locked=True),
            "llama.cpp answers at a:8080 and wants an API key.",
        ),
        (Found(url="http://a:8000", kind=None), "A server answers at a:8000."),
    ],
)
def test_engine(found: Found, text: str) -> None:
    """An engine that answers is a sentence; what it did not tell is left out."""
    assert engines_text((found,), TEXTS) == text


def test_engines() -> None:
    """Several engines are a list, and none is said, too."""
    found = (ollama(HERE, LLAMA), Found(url="http://127.0.0.1:8000", kind=None))
    assert engines_text(found, TEXTS).split("\n") == [
        "",
        "- Ollama 0.33.0 answers at 127.0.0.1:11434, with one model.",
        "- A server answers at 127.0.0.1:8000.",
    ]
    assert engines_text((), TEXTS) == TEXTS["nothing_answers"]


@pytest.mark.parametrize(
    "version", ["![x](//evil.example/x.png)", "<b>", "1\n- 2", "x" * 60, ""]
)
def test_hostile_version(version: str) -> None:
    """A server cannot draw into the form."""
    found = Found(url=HERE, kind=EngineKind.OLLAMA, version=version)
    assert engines_text((found,), TEXTS) == "Ollama answers at 127.0.0.1:11434."


def pick(**facts: Any) -> Pick:
    """Return a recommendation that takes memory on an Ollama elsewhere."""
    values: dict[str, Any] = {
        "place": Place(
            kind=PlaceKind.FOUND, here=False, engine=EngineKind.OLLAMA, url=ELSEWHERE
        ),
        "model": "m:1b",
        "name": "M 1B",
        "catalog_key": None,
        "file": None,
        "quantization": "Q4_K_M",
        "context_window": 4096,
        "cache_type": None,
        "memory_needed": round(2.34 * GIB),
        "memory_free": round(5.9 * GIB),
        "generating": Figure(value=5.23, basis=Basis.ESTIMATED),
        "reading": None,
        "first_word": None,
        "load": None,
        "download": 0,
        "fits": True,
        "suits": True,
        "reasons": (Reason(key=ReasonKey.NANO),),
    }
    return Pick(**values | facts)


OURS = Place(kind=PlaceKind.MANAGED)


@pytest.mark.parametrize(
    ("facts", "label"),
    [
        (
            {},
            (
                "M 1B · Ollama 192.168.1.20:11434 · needs 2.5 GB of your 6.3 GB free"
                " · about 5.2 tokens/s · already there"
            ),
        ),
        (
            {"memory_free": None, "place": OURS, "download": GIB},
            (
                "M 1B · run by Hearth · needs 2.5 GB · about 5.2 tokens/s"
                " · 1.1 GB to download"
            ),
        ),
        (
            {
                "generating": Figure(value=23.4, basis=Basis.MEASURED),
                "memory_needed": None,
                "place": Place(kind=PlaceKind.OLLAMA_APP, engine=EngineKind.OLLAMA),
                "quantization": "Q5_K_M",
            },
            "M 1B (Q5_K_M) · Ollama · 23 tokens/s · already there",
        ),
        (
            {
                "generating": None,
                "memory_needed": None,
                "name": "M\n1B",
                "place": Place(kind=PlaceKind.FOUND, url="http://a:1"),
                "quantization": None,
            },
            "M 1B · A server a:1 · already there",
        ),
        (
            {"generating": None, "model": NANO, "place": OURS, "quantization": "Q8_0"},
            "M 1B · run by Hearth · comes with Hearth, for simple commands",
        ),
    ],
)
def test_labels(facts: dict[str, Any], label: str) -> None:
    """A recommendation is told in words, of which no line ends within a piece."""
    said = pick_label(pick(**facts), TEXTS)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == label
    assert " " not in said.partition(" · ")[2].replace(" · ", "")


def test_best() -> None:
    """The reason is said, and what speaks against it."""
    best = pick(
        name="[M](//evil)",
        reasons=(
            Reason(key=ReasonKey.MANAGED),
            Reason(key=ReasonKey.TOO_SLOW),
            Reason(key=ReasonKey.DOWNLOAD, placeholders={"size": "1 GiB"}),
            Reason(key=ReasonKey.CONTEXT_SHORT, placeholders={"tokens": "2048"}),
        ),
    )
    assert best_text(best, TEXTS) == (
        rf"\[M\]\(//evil\). {TEXTS['managed']} {TEXTS['too_slow']} "
        + TEXTS["context_short"].replace("{tokens}", "2048")
    )
    assert best_text(None, TEXTS) == "-"


def test_every_reason_has_its_text() -> None:
    """There are as many texts as reasons."""
    assert set(WORDS["reason"]["options"]) == set(ReasonKey)


@pytest.mark.parametrize("name", ["pi_5_2gb", "pi_5_8gb", "nothing"])
def test_nothing_is_left_to_fill_in(name: str) -> None:
    """All that the texts of reasons name is told, and nothing else."""
    found = (ollama(HERE, LLAMA), ollama(ELSEWHERE, QWEN))
    for one in recommend(situation(name, found=found, language="xx")):
        for reason in one.reasons:
            text = TEXTS[reason.key]
            names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert names <= set(reason.placeholders)
            assert "{" not in filled(text, reason.placeholders)
