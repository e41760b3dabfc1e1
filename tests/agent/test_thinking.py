"""Whether a model thinks, and what is heard of it."""

from dataclasses import replace
from typing import Any

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.thinking import (
    ThinkMode,
    ThoughtCounter,
    TooMuchThought,
    thinks,
)
from custom_components.hearth.engines.chat import Delta, ToolCall, TurnStats
from custom_components.hearth.engines.faults import Unsupported

from ..fake_engine import MODEL, STATS, FakeEngine, Step, calls, says
from .conftest import AGENT, Say


@pytest.mark.parametrize(
    ("mode", "can", "speed", "expected"),
    [
        (ThinkMode.OFF, True, 1000.0, False),
        (ThinkMode.ON, True, None, True),
        (ThinkMode.ON, None, None, True),
        (ThinkMode.ON, False, 1000.0, False),
        (ThinkMode.AUTOMATIC, True, 100.0, True),
        (ThinkMode.AUTOMATIC, True, 10.0, False),
        (ThinkMode.AUTOMATIC, True, None, False),
        (ThinkMode.AUTOMATIC, None, 100.0, False),
        (ThinkMode.AUTOMATIC, False, 100.0, False),
    ],
)
def test_thinks(
    mode: ThinkMode, can: bool | None, speed: float | None, expected: bool
) -> None:
    """Automatic means: where it is known to be possible and to be soon over."""
    assert thinks(mode, budget=512, can=can, speed=speed) is expected


def test_counting() -> None:
    """Thoughts are counted as they come, token by token or in one large piece."""
    counter = ThoughtCounter(3)
    for _ in range(3):
        counter.add("a")
    counter.add("")
    with pytest.raises(TooMuchThought):
        counter.add("b")
    with pytest.raises(TooMuchThought):
        ThoughtCounter(3).add("a thought in one piece")


@pytest.fixture
def agent_data() -> dict[str, Any]:
    """Return the settings of an agent that thinks."""
    return {"llm_hass_api": ["hearth"], "model": "tiny", "prompt": "", "think": "on"}


@pytest.fixture
def thinker(engine: FakeEngine) -> FakeEngine:
    """Return an engine whose model can think."""
    engine.known = (replace(MODEL, thinking=True),)
    return engine


async def hear(
    hass: HomeAssistant, text: str, monkeypatch: pytest.MonkeyPatch
) -> list[dict[str, Any]]:
    """Say something; return the deltas in the order they came."""
    heard: list[dict[str, Any]] = []
    real = conversation.ChatLog.async_add_delta_content_stream

    def listen(log: conversation.ChatLog, *args: Any) -> Any:
        log.delta_listener = lambda _, delta: heard.append(dict(delta))
        return real(log, *args)

    monkeypatch.setattr(conversation.ChatLog, "async_add_delta_content_stream", listen)
    await conversation.async_converse(
        hass, text, None, Context(), language="en", agent_id=AGENT
    )
    return heard


@pytest.mark.parametrize(
    "thought",
    [
        [Delta(thinking="The lamp"), Delta(thinking=" is off.")],
        [Delta(content="<think>The lamp"), Delta(content=" is off.</think>\n")],
    ],
)
async def test_the_first_word_comes_with_the_end_of_thinking(
    hass: HomeAssistant,
    say: Say,
    thinker: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    thought: list[Delta],
) -> None:
    """Thoughts are in the log, come before the words, and are not among them."""
    thinker.script([*thought, *says("It", " is", " off.")])
    heard = await hear(hass, "how is the lamp", monkeypatch)
    thoughts = "".join(one.get("thinking_content", "") for one in heard)
    words = [one["content"] for one in heard if one.get("content")]
    assert thoughts.strip() == "The lamp is off."
    assert words == ["It", " is", " off."]
    kinds = [key for one in heard for key in one if key != "role"]
    assert kinds.index("content") > kinds.index("thinking_content")


@pytest.mark.parametrize("leaks", [False, True])
async def test_too_many_thoughts(
    hass: HomeAssistant, say: Say, thinker: FakeEngine, leaks: bool
) -> None:
    """A model that thinks without end is asked for the answer."""
    endless: list[Step] = [Delta(thinking=f"{n} ") for n in range(600)]
    if leaks:
        endless = [Delta(content=f"{n} ") for n in range(600)]
        endless.insert(0, Delta(content="<think>"))
    thinker.script(endless, says("It is off."))
    result = await say("how is the lamp")
    assert result.response.speech["plain"]["speech"] == "It is off."
    assert [request.think for request in thinker.requests] == [True, False]
    assert len(thinker.closed_early) == 1


async def test_no_thoughts_after_a_call(
    hass: HomeAssistant, say: Say, thinker: FakeEngine
) -> None:
    """What was done only has to be confirmed."""
    call = ToolCall("1", "state", {"name": "Desk lamp"})
    thinker.script(calls(call), says("It is off."))
    await say("how is the desk lamp")
    assert [request.think for request in thinker.requests] == [True, False]


async def test_a_model_that_cannot_after_all(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """An engine that refuses thoughts is asked without; another refusal is one."""
    engine.known = (replace(MODEL, thinking=None),)
    engine.script([Unsupported("does not support thinking")], says("Hello."))
    result = await say("hello")
    assert result.response.speech["plain"]["speech"] == "Hello."
    assert [request.think for request in engine.requests] == [True, False]

    engine.script([Unsupported("a")], [Unsupported("b")])
    result = await say("hello")
    assert result.response.error_code


@pytest.mark.parametrize(
    "agent_data",
    [{"llm_hass_api": [], "model": "tiny", "prompt": "", "think": "automatic"}],
)
@pytest.mark.parametrize(("tokens", "expected"), [(20, False), (200, True)])
async def test_automatic(
    hass: HomeAssistant,
    agent: MockConfigEntry,
    say: Say,
    thinker: FakeEngine,
    tokens: int,
    expected: bool,
) -> None:
    """After the first turn the machine's speed decides."""
    stats: TurnStats = replace(STATS, generated_tokens=tokens)
    thinker.script(says("One.", stats=stats), says("Two.", stats=stats))
    await say("one")
    await say("two")
    assert [request.think for request in thinker.requests] == [False, expected]
