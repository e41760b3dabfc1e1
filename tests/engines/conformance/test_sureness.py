"""How sure a model was of its calls, and calls that are held to strict schemas."""

from collections.abc import Callable
from dataclasses import replace

import aiohttp
import pytest

from custom_components.hearth.engines.chat import Delta, ToolCall
from custom_components.hearth.engines.faults import AuthFailed
from custom_components.hearth.engines.llama_server import LlamaServerEngine

from ..test_llama_server import TOOLS, answer, ask, stats_of
from .conftest import Runtime, Start

type Talk = Callable[[str], LlamaServerEngine]

NAMES = ["attic light", 'Büro "x"', "cellar light"]
STRICT = (
    replace(
        TOOLS[0], strict={"type": "object", "properties": {"name": {"enum": NAMES}}}
    ),
    TOOLS[1],
)


def calls_of(deltas: list[Delta]) -> list[ToolCall]:
    """Return all calls of an answer."""
    return [call for delta in deltas for call in delta.tool_calls]


async def test_a_call_that_the_model_was_sure_of(talk: Talk) -> None:
    """Who asks is told a probability, and the call is the same."""
    engine = talk("by_heart")
    [call] = calls_of(await answer(engine, tools=TOOLS, confidence=True))
    assert (call.name, call.arguments) == ("HassTurnOn", {"name": "kitchen light"})
    assert call.confidence is not None
    assert call.confidence == pytest.approx(1.0, abs=0.01)
    assert call.confidence <= 1.0
    [call] = calls_of(await answer(engine, tools=TOOLS))
    assert call.confidence is None


async def test_each_call_has_its_own(talk: Talk) -> None:
    """What was said before a call does not count, and no call for another."""
    calls = calls_of(await answer(talk("two_by_heart"), tools=TOOLS, confidence=True))
    assert [call.name for call in calls] == ["HassTurnOn", "GetLiveContext"]
    assert [call.confidence for call in calls] == pytest.approx([1.0, 1.0], abs=0.01)


async def test_a_strict_schema(talk: Talk) -> None:
    """A name that is not allowed cannot be written; that it was forced shows."""
    engine = talk("by_heart")
    # Forced off its table this model never ends.
    call, *_ = calls_of(
        await answer(engine, tools=STRICT, confidence=True, max_tokens=40)
    )
    assert isinstance(call.arguments, dict)
    assert call.arguments["name"] in NAMES
    assert call.confidence is not None
    assert call.confidence < 0.01


async def test_models_that_are_shown_schemas(talk: Talk) -> None:
    """They read the schema as it is, and nobody asks how sure they are."""
    engine = talk("caller")
    [call] = calls_of(await answer(engine, tools=STRICT, confidence=True))
    assert call.arguments == {"name": "kitchen light"}
    assert call.confidence is None


async def test_the_prompt_stays_the_same(talk: Talk) -> None:
    """Whatever calls are held to, the model reads the same tokens."""
    engine = talk("by_heart")
    tokens = set()
    for tools, confidence in ((TOOLS, False), (STRICT, False), (STRICT, True)):
        deltas = await answer(engine, tools=tools, confidence=confidence, max_tokens=40)
        tokens.add(stats_of(deltas).prompt_tokens)
        request = ask(tools=tools, confidence=confidence)
        tokens.add(await engine.count(request))
    assert len(tokens) == 1


async def test_what_was_read_ahead_is_read(talk: Talk) -> None:
    """A prompt that was read with the tools as they are is that of a strict turn."""
    engine = talk("by_heart")
    await answer(engine, tools=TOOLS, max_tokens=0)
    stats = stats_of(await answer(engine, tools=STRICT, confidence=True, max_tokens=40))
    assert stats.prompt_tokens is not None
    assert stats.cached_tokens is not None
    assert stats.cached_tokens >= stats.prompt_tokens - 1


async def test_a_template_that_cannot_be_asked_for(
    session: aiohttp.ClientSession, start: Start, runtime: Runtime
) -> None:
    """What is wrong is what the request itself fails with."""
    engine = LlamaServerEngine(session, start(runtime, "by_heart"), "wrong")
    with pytest.raises(AuthFailed):
        await answer(engine, tools=TOOLS, confidence=True)
