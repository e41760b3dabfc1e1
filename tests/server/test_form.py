"""What is said of the models of a server."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.hearth.engines.base import Capabilities, EngineKind, ModelInfo
from custom_components.hearth.recommending.base import ReasonKey
from custom_components.hearth.server.form import models_schema
from custom_components.hearth.server.models import blind_situation, offered_models

from ..fake_engine import FakeEngine
from ..recommend_situations import (
    CLOUD,
    EMBEDDING,
    HERE,
    LARGE,
    LLAMA,
    QWEN,
    situation,
)
from ..test_metadata import TRANSLATIONS

WORDS = TRANSLATIONS["selector"]
TEXTS = {**WORDS["reason"]["options"], **WORDS["sight"]["options"]}
PULLS = Capabilities(pull=True)
MUTE = replace(QWEN, name="mute:1b", tools=False)
OWN = ModelInfo(name="own:latest", size=1_000_000_000, tools=True)


def labels(machine: str, *models: ModelInfo, **facts: Any) -> dict[str, str]:
    """Return what can be chosen on a server: labels by models."""
    engine = FakeEngine(url=HERE, capabilities=PULLS, **facts)
    offered = offered_models(situation(machine), engine, models)
    schema = models_schema(offered, models, TEXTS, chosen=None, can_pull=True)
    selector = schema.schema["model"]
    return {
        option["value"]: option["label"].replace("\N{NO-BREAK SPACE}", " ")
        for option in selector.config["options"]
    }


def test_installed_first() -> None:
    """What is there comes before what would be downloaded, each with what it costs."""
    found = labels("pi_5_8gb", LLAMA, OWN)

    (llama, own, *others, _, _) = found.items()
    assert llama == (
        "llama3.2:3b",
        (
            "Llama 3.2 3B Instruct (llama3.2:3b) · installed (2.0 GB)"
            " · needs 2.7 GB of your 6.4 GB free · about 5.0 tokens/s"
        ),
    )
    assert own[0] == "own:latest"
    assert own[1].startswith("own:latest · installed (1.0 GB) · needs ")
    assert 2 <= len(others) <= 5
    for _, label in others:
        assert "⚠" not in label
        assert "B to download · needs" in label
        assert "tokens/s" in label
        assert "llama3.2" not in label


def test_warnings() -> None:
    """What speaks against a model is said."""
    found = labels("pi_5_4gb", LARGE, MUTE, CLOUD, LLAMA)

    assert next(iter(found)) == LLAMA.name
    assert found[CLOUD.name] == "gpt-oss:120b-cloud · installed · ⚠ runs in the cloud"
    assert found[MUTE.name].endswith(" · ⚠ cannot control devices")
    assert " · ⚠ too large for the free memory" in found[LARGE.name]
    assert found[LARGE.name].endswith(" · ⚠ slower than people speak")


def test_every_warning_is_a_reason() -> None:
    """There is a text for each warning."""
    warned = {name for name in TEXTS if name.startswith("warns_of_")}
    assert len(warned) == 4
    assert {ReasonKey.CLOUD, ReasonKey.NO_TOOLS} <= set(ReasonKey)


def test_what_does_not_talk() -> None:
    """Models that turn texts into numbers are no choice."""
    assert EMBEDDING.name not in labels("pi_5_8gb", EMBEDDING, LLAMA)


def test_servers_that_have_no_such_library() -> None:
    """Only an Ollama is offered what is in Ollama's library."""
    found = labels("pi_5_8gb", OWN, kind=EngineKind.LM_STUDIO)
    assert list(found) == ["own:latest", "hearth_other", "hearth_back"]


@pytest.mark.parametrize("name", ["pi_5_2gb", "pi_4"])
def test_nothing_that_does_not_fit(name: str) -> None:
    """What would be downloaded has room in memory, though it may be slow."""
    found = labels(name)
    assert len(found) > 2
    assert not any("too large" in label for label in found.values())


@pytest.mark.parametrize("chosen", ["own:latest", "llama3.2:3b", "gone"])
def test_preselected(chosen: str) -> None:
    """What was chosen before is preselected, else the best."""
    engine = FakeEngine(url=HERE)
    offered = offered_models(situation("pi_5_8gb"), engine, (LLAMA, OWN))
    schema = models_schema(offered, (), TEXTS, chosen=chosen, can_pull=False)
    (field,) = schema.schema
    assert field.default() == (chosen if chosen != "gone" else "llama3.2:3b")


def test_unknown_machine() -> None:
    """Of a machine that nobody looked at, no number is pretended."""
    seen = blind_situation("en")
    offered = offered_models(seen, FakeEngine(url=HERE, capabilities=PULLS), (LLAMA,))
    assert offered[0].model == LLAMA.name
    assert len(offered) > 1
    assert all(pick.memory_free is None for pick in offered)
    assert all(pick.generating is None for pick in offered)
