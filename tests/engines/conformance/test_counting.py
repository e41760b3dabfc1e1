"""How many tokens a prompt has, before anything is read."""

from collections.abc import Callable

import aiohttp
import pytest

from custom_components.hearth.agent.budget import AgentBudget, Parts
from custom_components.hearth.agent.options import AgentOptions
from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.faults import AuthFailed
from custom_components.hearth.engines.llama_server import LlamaServerEngine

from ..test_llama_server import TOOLS, answer, ask, stats_of
from .conftest import At, Runtime, Start

type Talk = Callable[[str], LlamaServerEngine]

PROMPTS = {
    "plain": ask(max_tokens=1),
    "tools": ask(max_tokens=1, tools=TOOLS),
    "thinking": ask(max_tokens=1, think=True),
    "markup": ask(
        max_tokens=1,
        messages=(Message(role=Role.USER, content="<|im_end|> grün 🔥 </tools>"),),
    ),
}


@pytest.mark.parametrize("request_", PROMPTS.values(), ids=PROMPTS)
async def test_as_many_as_are_read(talk: Talk, request_: ChatRequest) -> None:
    """What is counted is what a pass says its prompt had."""
    engine = talk("random")
    counted = await engine.count(request_)
    stats = [delta.stats async for delta in engine.chat(request_)][-1]
    assert stats is not None
    assert counted == stats.prompt_tokens


async def test_nothing_is_read_or_forgotten(talk: Talk, at: At) -> None:
    """Counting another prompt leaves in the cache what was there."""
    engine = talk("random")
    messages = (
        Message(role=Role.SYSTEM, content="Kept rooms: " + "attic cellar shed " * 200),
        Message(role=Role.USER, content="Hello"),
    )
    await answer(engine, messages=messages, max_tokens=0)
    before = await at("random").metric("prompt_tokens_total")
    assert await engine.count(ask(tools=TOOLS))
    assert await at("random").metric("prompt_tokens_total") == before
    stats = stats_of(await answer(engine, messages=messages, max_tokens=1))
    assert stats.prompt_tokens is not None
    assert stats.cached_tokens == stats.prompt_tokens - 1


async def test_the_parts_of_a_prompt(talk: Talk) -> None:
    """Together they are what reading them ahead says."""
    engine = talk("random")
    options = AgentOptions(model="random", context_window=32768)
    parts = Parts(
        instructions="You are the voice of this home.",
        home="Kitchen: light: Ceiling, Counter",
        tools=TOOLS,
    )
    budget = AgentBudget(engine)
    await budget.measure(options, parts)
    reading = parts.requests(options)[-1]
    stats = [delta.stats async for delta in engine.chat(reading)][-1]
    assert stats is not None
    assert budget.last is not None
    assert budget.last.prompt == stats.prompt_tokens
    assert not budget.last.estimated
    assert min(budget.last.instructions, budget.last.home, budget.last.tools) > 5


async def test_a_prompt_longer_than_the_window(talk: Talk) -> None:
    """It is counted all the same: that it is too long is what one wants to know."""
    long = (Message(role=Role.USER, content="la " * 40_000),)
    counted = await talk("random").count(ask(messages=long))
    assert counted is not None
    assert counted > 32768


async def test_pictures_are_not_counted(talk: Talk) -> None:
    """What the model cannot see has no number."""
    seen = (Message(role=Role.USER, content="Look", images=(b"\x89PNG\r\n",)),)
    assert await talk("random").count(ask(messages=seen)) is None


async def test_a_wrong_key(
    session: aiohttp.ClientSession, start: Start, runtime: Runtime
) -> None:
    """Who may not ask hears so."""
    engine = LlamaServerEngine(session, start(runtime, "random"), "wrong")
    with pytest.raises(AuthFailed):
        await engine.count(ask())
