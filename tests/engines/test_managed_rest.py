"""An engine of our own that is not always needed; with real processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import aiohttp
import pytest

from custom_components.hearth.engines.base import EngineState
from custom_components.hearth.engines.faults import Busy, ModelMissing, StartFailed
from custom_components.hearth.engines.idle import IdleTimer
from custom_components.hearth.engines.managed import ManagedEngine, ManagedState

from .managed_programs import (
    answer,
    make_plan,
    managed,
    processes_about,
    question,
    until,
    zombies,
)


@pytest.fixture
async def engine(
    tmp_path: Path, session: aiohttp.ClientSession
) -> AsyncIterator[ManagedEngine]:
    """Return an engine that is ready."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        await engine.ready()
        yield engine


async def rests(engine: ManagedEngine) -> None:
    """Wait until an engine rests, and its process is gone."""
    await until(lambda: engine.state is ManagedState.RESTING and engine.pid is None)


async def test_unloaded(engine: ManagedEngine, tmp_path: Path) -> None:
    """Its process is gone, which is no failure, and it still tells about itself."""
    health = await engine.health()
    await engine.unload("nano")

    assert engine.state is ManagedState.RESTING
    assert (engine.pid, engine.failure, engine.restarts) == (None, None, 0)
    assert not processes_about(tmp_path)
    assert await engine.health() == health
    assert await engine.loaded() == ()
    assert [model.name for model in await engine.models()] == ["nano"]
    assert (await engine.model("nano")).name == "nano"
    with pytest.raises(StartFailed):
        await engine.ready()


async def test_what_it_knows(engine: ManagedEngine) -> None:
    """Whether its model knows its tools is remembered, and wakes nobody."""
    assert await engine.knows_tools("nano")
    await engine.unload("nano")
    assert await engine.knows_tools("nano")
    assert engine.state is ManagedState.RESTING
    await engine.stop()
    assert await engine.knows_tools("nano")


async def test_it_does_not_know_yet(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Before it was ever there, nobody knows what its model does."""
    async with managed(session, make_plan(tmp_path)) as engine:
        assert not await engine.knows_tools("nano")


async def test_it_knows_as_soon_as_it_is_there(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Who speaks while a small model loads is understood as afterwards."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        assert engine.state is ManagedState.STARTING
        assert await engine.knows_tools("nano")


async def test_it_knows_before_anybody_spoke(engine: ManagedEngine) -> None:
    """Where it rests before it was ever asked, it knows, too."""
    await engine.health()
    await engine.unload("nano")
    assert await engine.knows_tools("nano")


async def test_loaded_again(engine: ManagedEngine) -> None:
    """Loading waits until it can be used; to load what is loaded does nothing."""
    await engine.unload("nano")
    await engine.load("nano")
    pid = engine.pid
    assert engine.state is ManagedState.READY
    assert await answer(engine)
    await engine.load("nano")
    assert engine.pid == pid


async def test_a_question_wakes_it(engine: ManagedEngine) -> None:
    """Who asks is answered, after a while."""
    await engine.unload("nano")
    assert await answer(engine)
    assert engine.state is ManagedState.READY


async def test_counting_does_not_wake_it(engine: ManagedEngine) -> None:
    """How long a prompt is can wait until somebody wants an answer."""
    await engine.unload("nano")
    assert await engine.count(question()) is None
    assert await engine.render(question()) is None
    assert engine.state is ManagedState.RESTING
    await engine.stop()
    assert await engine.count(question()) is None


async def test_an_interrupted_question(engine: ManagedEngine) -> None:
    """Who is stopped while waking it leaves it as it was; the next one is answered."""
    await engine.unload("nano")
    waking = asyncio.create_task(engine.load("nano"))
    await until(lambda: engine.state is ManagedState.STARTING)
    assert engine.pid is None
    waking.cancel()
    await asyncio.wait({waking})
    await rests(engine)
    assert await answer(engine)


async def test_an_interrupted_end(engine: ManagedEngine) -> None:
    """Who asks while it still ends, and nobody waits for that, is answered."""
    going = asyncio.create_task(engine.unload("nano"))
    await until(lambda: engine.state is ManagedState.RESTING)
    going.cancel()
    await asyncio.wait({going})
    assert await answer(engine)
    assert engine.state is ManagedState.READY


async def test_two_questions_wake_it_once(engine: ManagedEngine) -> None:
    """One process serves both."""
    await engine.unload("nano")
    assert all(await asyncio.gather(answer(engine), answer(engine)))
    assert engine.restarts == 0


async def test_other_models(engine: ManagedEngine) -> None:
    """It has but one."""
    for state in (ManagedState.READY, ManagedState.RESTING):
        assert engine.state is state
        with pytest.raises(ModelMissing):
            await engine.load("other")
        with pytest.raises(ModelMissing):
            await engine.unload("other")
        await engine.unload("nano")


async def test_it_goes_by_itself(engine: ManagedEngine, tmp_path: Path) -> None:
    """After its last use it stays as long as was said, and comes back when asked."""
    await answer(engine, keep_alive=0.3)
    assert engine.state is ManagedState.READY
    await answer(engine)
    await rests(engine)
    assert not processes_about(tmp_path)
    await answer(engine, keep_alive=0)
    await rests(engine)
    await engine.load("nano", keep_alive=0.1)
    await rests(engine)


async def test_it_stays_for_good(engine: ManagedEngine) -> None:
    """Less than zero is for ever, also when it was told otherwise before."""
    await answer(engine, keep_alive=0.2)
    await answer(engine, keep_alive=-1)
    await asyncio.sleep(0.4)
    assert engine.state is ManagedState.READY


async def test_not_in_mid_answer(engine: ManagedEngine) -> None:
    """What is being said is said to its end."""
    async with aclosing(engine.chat(question(keep_alive=0))) as deltas:
        await anext(deltas)
        with pytest.raises(Busy):
            await engine.unload("nano")
        assert engine.state is ManagedState.READY
    await rests(engine)


async def test_unloaded_while_it_loads(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A model that is not needed after all need not be loaded to its end."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        assert (await engine.health()).state is EngineState.LOADING
        await engine.unload("nano")
        assert engine.state is ManagedState.RESTING
        await engine.unload("nano")
    assert engine.state is ManagedState.STOPPED
    assert not processes_about(tmp_path)


async def test_stopped_while_it_rests(engine: ManagedEngine, tmp_path: Path) -> None:
    """What has stopped does not come back for a question."""
    await engine.unload("nano")
    await engine.stop()
    assert engine.state is ManagedState.STOPPED
    assert not processes_about(tmp_path)


async def test_again_and_again(engine: ManagedEngine, tmp_path: Path) -> None:
    """Nothing is left behind of all the times."""
    for _ in range(4):
        await engine.unload("nano")
        await engine.load("nano")
    assert engine.restarts == 0
    await engine.stop()
    assert not processes_about(tmp_path)
    assert not zombies()


async def test_a_use_in_the_last_moment() -> None:
    """Who comes when the time is up, but before the end, is served."""
    ended: list[bool] = []

    async def end() -> None:
        ended.append(True)

    timer = IdleTimer(end)
    with timer.use(0):
        pass
    # The time is up on the next turn of the loop, the end comes one later.
    await asyncio.sleep(0)
    with timer.use(None):
        await asyncio.sleep(0.01)
        assert not ended
    await asyncio.sleep(0.01)
    assert ended == [True]
