"""What a trial measured and what was set, in sentences."""

from typing import Any

import pytest

from custom_components.hearth.engines.chat import TurnStats
from custom_components.hearth.steps.result import result_text, settings_text
from custom_components.hearth.trial import Tried

from ..test_metadata import TRANSLATIONS

TEXTS = TRANSLATIONS["selector"]["result"]["options"]
READ = {"prompt_tokens": 120, "cached_tokens": 20, "prompt_seconds": 0.5}
SPOKE = {"generated_tokens": 28, "generation_seconds": 0.4}
LOADED = {"load_seconds": 2.04, "first_token_seconds": 3.1}


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (
            READ | SPOKE | {"first_token_seconds": 0.44},
            (
                "It read with 200 tokens/s and spoke with 70 tokens/s. "
                f"{TEXTS['faster']} The first word came after 0.4 s."
            ),
        ),
        (
            {"generated_tokens": 9, "generation_seconds": 3.0},
            f"It spoke with 3.0 tokens/s. {TEXTS['slower']}",
        ),
        (
            {"first_token_seconds": 7.25},
            "The first word came after 7.2 s.",
        ),
        (
            LOADED,
            ("The first word came after 3.1 s, of which loading the model took 2.0 s."),
        ),
        ({"first_token_seconds": 0.049}, "The first word came at once."),
        ({"load_seconds": 0.04, "first_token_seconds": 1.0}, None),
        ({"load_seconds": 5.0, "first_token_seconds": 1.0}, None),
        ({}, ""),
    ],
)
def test_result(facts: dict[str, Any], text: str | None) -> None:
    """What the engine told is said, and nothing else."""
    expected = "The first word came after 1.0 s." if text is None else text
    assert result_text(TurnStats(**facts), TEXTS) == expected


@pytest.mark.parametrize(
    ("loading", "reads"), [(1.5, True), (0.05, False), (None, False)]
)
def test_what_ollama_has_read(loading: float | None, *, reads: bool) -> None:
    """Only where the model was loaded for it, all of a prompt was read."""
    facts: dict[str, Any] = READ | SPOKE | {"cached_tokens": None}
    said = result_text(TurnStats(**facts, load_seconds=loading), TEXTS)
    assert said.startswith("It read with 240 tokens/s and spoke") is reads
    assert said.startswith("It spoke with 70 tokens/s") is not reads


@pytest.mark.parametrize("stays", [True, False])
def test_settings(*, stays: bool) -> None:
    """What was set is a list of sentences for people."""
    tried = Tried(
        title="t",
        data={},
        model="m",
        stats=TurnStats(),
        stays_loaded=stays,
        window=4096,
    )
    said = settings_text(tried, TEXTS).split("\n")
    assert all(line.startswith("- ") for line in said)
    assert said[-1].startswith("- It keeps 4096 tokens in view")
    assert (f"- {TEXTS['stays_loaded']}" in said) is stays
    assert f"- {TEXTS['one_at_a_time']}" in said
