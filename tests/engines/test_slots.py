"""Prompts in slots of their own; with the real llama-server where it matters."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import aiohttp
from aiohttp import web
import pytest

from custom_components.hearth.engines.chat import Delta, Pace
from custom_components.hearth.engines.http import HttpClient
from custom_components.hearth.engines.kept_prompts import shared
from custom_components.hearth.engines.llama_pieces import read_in_pieces
from custom_components.hearth.engines.slots import Slots

from .kept_parts import HOME, MOST_NEW, files, read, request
from .managed_programs import make_plan, managed

GARDEN = HOME.replace("house", "garden")
CELLAR = HOME.replace("house", "cellar")


def test_each_prompt_has_its_own() -> None:
    """The slot that was left alone longest is given away, with what was in it."""
    slots = Slots(2)
    assert not slots.used
    assert slots.take("a") == (0, None)
    assert slots.take("b") == (1, None)
    assert slots.take("a") == (0, "a")
    assert slots.take("c") == (1, "b")
    assert [slots.has(prompt) for prompt in ("a", "b", "c", None)] == [
        *(True, False, True, False)
    ]
    assert slots.take(None) == (0, "a")
    assert slots.used


@pytest.mark.parametrize(
    ("told", "other", "same"),
    [("a\nbc\nd", "a\nbc\ne", 5), ("a", "b", 0), ("a\nb", "a", 2), ("", "", 1)],
)
def test_shared_lines(told: str, other: str, same: int) -> None:
    """Only whole lines at the beginning count."""
    assert shared(told, other) == same


async def test_both_stay_read(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """No prompt is read twice, though nothing is kept anywhere else."""
    plan = make_plan(tmp_path, slots=2)
    async with managed(session, plan) as engine:
        await engine.start()
        for home in (HOME, GARDEN):
            assert await read(engine, request(home=home)) > 400
        for file in files(plan):
            file.unlink()
        for home in (HOME, GARDEN, HOME):
            assert await read(engine, request("Hm?", most=1, home=home)) <= MOST_NEW
        [loaded] = await engine.loaded()
        assert loaded.context_window == plan.context_window


async def test_more_prompts_than_slots(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """The one that lost its slot comes back from its file."""
    async with managed(session, make_plan(tmp_path, slots=2)) as engine:
        await engine.start()
        for home in (HOME, GARDEN, CELLAR):
            assert await read(engine, request(home=home)) > 400
        assert await read(engine, request("Hm?", most=1)) <= MOST_NEW


async def test_agents_of_one_home(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A second agent does not have the home read that the first one shares with it."""
    async with managed(session, make_plan(tmp_path, slots=2)) as engine:
        await engine.start()
        first, second = f"{HOME}\nBe brief.", f"{HOME}\nBe a pirate."
        assert await read(engine, request(home=first)) > 400
        assert await read(engine, request(home=second)) < 100
        for home in (first, second):
            assert await read(engine, request("Hm?", most=1, home=home)) <= MOST_NEW


@pytest.mark.parametrize(("pace", "most"), [(Pace.SMALL, 64), (Pace.LARGE, 192)])
async def test_in_pieces(
    pace: Pace, most: int, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """What is read in pieces is the very prompt; it can be left at any time."""
    async with managed(session, make_plan(tmp_path, slots=2)) as engine:
        await engine.start()
        async with aclosing(engine.chat(replace(request(), pace=pace))) as deltas:
            for _ in range(3):
                assert await anext(deltas) == Delta()
        left = await read(engine, request())
        assert 200 < left < 1000
        pieces = 0
        async for delta in engine.chat(replace(request(home=GARDEN), pace=pace)):
            pieces += delta.stats is None
        assert pieces >= left // most
        assert await read(engine, request("Hm?", most=1, home=GARDEN)) <= MOST_NEW


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"/apply-template": {"prompt": "x"}},
        {"/apply-template": {"prompt": "x"}, "/tokenize": {"tokens": "many"}},
        {"/apply-template": {"prompt": "x"}, "/tokenize": {"tokens": [1, "2"]}},
        {"/apply-template": {"prompt": 1}},
        # The pieces themselves are what it does not take.
        {"/apply-template": {"prompt": "x"}, "/tokenize": {"tokens": [1, 2]}},
    ],
)
async def test_a_server_that_shows_nothing(
    answers: dict[str, object], session: aiohttp.ClientSession
) -> None:
    """Nothing is read in pieces then, and nothing fails."""

    async def answer(asked: web.Request) -> web.Response:
        if asked.path not in answers:
            raise web.HTTPNotFound
        return web.json_response(answers[asked.path])

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        [(host, port, *_)] = runner.addresses
        http = HttpClient(session, f"http://{host}:{port}")
        async with asyncio.timeout(10):
            assert [delta async for delta in read_in_pieces(http, request())] == []
    finally:
        await runner.cleanup()
