"""Answers that nobody wants any more, and those that wait for others."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from time import monotonic

import pytest

from custom_components.hearth.engines.chat import Deadlines, Message, Role
from custom_components.hearth.engines.faults import TimedOut
from custom_components.hearth.engines.llama_server import LlamaServerEngine

from ..test_llama_server import answer, ask
from .conftest import At, Runtime

type Talk = Callable[[str], LlamaServerEngine]


async def test_closing_a_stream_stops_the_engine(talk: Talk, at: At) -> None:
    """An endless answer ends when nobody listens any more, and the next begins."""
    engine, site = talk("loop"), at("loop")
    before = await site.metric("tokens_predicted_total")
    heard = ""
    async with aclosing(engine.chat(ask())) as deltas:
        async for delta in deltas:
            heard += delta.content
            if len(heard) > 30:
                break
    assert heard.startswith("la la la ")
    async with asyncio.timeout(20):
        assert len(await answer(engine, max_tokens=3)) > 1
    await site.until_idle()
    after = await site.metric("tokens_predicted_total")
    assert after - before < 20_000, "it would have filled its context of 32,768"


async def test_cancelling_while_the_prompt_is_read(
    talk: Talk, at: At, runtime: Runtime
) -> None:
    """A turn that is cancelled before its first word costs no more either."""
    engine, site = talk("slow"), at("slow")
    long = (Message(role=Role.USER, content="a tale of " * 2_000),)
    task = asyncio.create_task(answer(engine, messages=long))
    async with asyncio.timeout(30):
        while not (await site.slot())["is_processing"]:
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    start = monotonic()
    assert len(await answer(engine, max_tokens=3)) > 1
    if runtime is Runtime.WORKER:
        # It stops in the middle of a batch; the other one after a second or so.
        assert monotonic() - start < 1
    slot = await site.until_idle()
    assert slot["n_prompt_tokens"] < 7_500, "it would have read all 8,000"


async def test_a_first_word_that_takes_too_long(talk: Talk, at: At) -> None:
    """Reading a long prompt has a deadline of its own."""
    long = (Message(role=Role.USER, content="the end of " * 2_000),)
    with pytest.raises(TimedOut):
        await answer(talk("slow"), messages=long, deadlines=Deadlines(first_byte=0.05))
    slot = await at("slow").until_idle()
    assert slot["n_prompt_tokens"] < 7_500, "it would have read all 8,000"


async def test_two_at_once(talk: Talk) -> None:
    """The second waits for its turn, and both are answered."""
    engine = talk("loop")
    answers = await asyncio.gather(
        answer(engine, max_tokens=60), answer(engine, max_tokens=40)
    )
    said = ["".join(delta.content for delta in deltas) for deltas in answers]
    assert [len(text.split()) for text in said] == [60, 40]


async def test_one_that_waits_is_cancelled(talk: Talk, at: At) -> None:
    """Who hangs up while waiting keeps nobody else from their turn."""
    engine = talk("loop")
    async with aclosing(engine.chat(ask())) as deltas:
        await anext(deltas)
        waiting = asyncio.create_task(answer(engine, max_tokens=20_000))
        async with asyncio.timeout(10):
            while not await at("loop").metric("requests_deferred"):
                await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(20):
        assert await answer(engine, max_tokens=3)
    await at("loop").until_idle()


async def test_health_at_all_times(talk: Talk, at: At) -> None:
    """A server that computes says that it is there."""
    async with aclosing(talk("loop").chat(ask())) as deltas:
        await anext(deltas)
        for _ in range(5):
            async with asyncio.timeout(5):
                reply = await at("loop").ask("GET", "/health", key=None)
            assert (reply.status, reply.body) == (200, {"status": "ok"})
            slot = await at("loop").slot()
            assert slot["is_processing"]
