"""Waiting for the engine."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from custom_components.hearth.agent.line import (
    Interrupted,
    Line,
    LineFull,
    Priority,
    WaitedTooLong,
)

VOICE, TASK, BENCHMARK, SPEECH, WARM_UP = Priority


class Visitor:
    """Somebody who waits for the engine, uses it until told to end, and says so."""

    def __init__(
        self, line: Line, diary: list[str], name: str, priority: Priority
    ) -> None:
        """Begin to wait."""
        self.done = asyncio.Event()
        self._diary = diary
        self._name = name
        self.task = asyncio.create_task(self._visit(line, priority))

    async def _visit(self, line: Line, priority: Priority) -> None:
        async with line.place(priority):
            self._diary.append(self._name)
            await self.done.wait()


async def settle() -> None:
    """Let everybody do what can be done without waiting."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_people_first_then_in_order() -> None:
    """People go before tasks, and those before benchmarks; else who came first."""
    line, diary = Line(), list[str]()
    visitors = []
    order = [
        ("first", TASK),
        ("benchmark", BENCHMARK),
        ("task", TASK),
        ("voice 1", VOICE),
        ("voice 2", VOICE),
        ("task 2", TASK),
    ]
    for name, priority in order:
        visitors.append(Visitor(line, diary, name, priority))
        await settle()
    assert line.waiting == 5
    for visitor in visitors:
        visitor.done.set()
    await asyncio.gather(*(visitor.task for visitor in visitors))
    assert diary == ["first", "voice 1", "voice 2", "task", "task 2", "benchmark"]
    assert not line.locked()


async def test_one_at_a_time() -> None:
    """Nobody begins before the one at work has ended."""
    line, diary = Line(), list[str]()
    first, second = (Visitor(line, diary, name, VOICE) for name in ("1", "2"))
    await settle()
    assert diary == ["1"]
    first.done.set()
    await settle()
    assert diary == ["1", "2"]
    second.done.set()
    await second.task


async def test_waiting_has_an_end() -> None:
    """Who has waited too long hears of it, and the line goes on without them."""
    line = Line()
    async with line.place(VOICE):
        with pytest.raises(WaitedTooLong):
            async with line.place(VOICE, within=0.01):
                pytest.fail("two at once")
        assert line.waiting == 0
    async with line.place(VOICE, within=0.01):
        assert line.locked()


async def test_the_line_has_an_end() -> None:
    """Who finds too many before them hears of it at once."""
    line = Line(longest=1)
    diary = list[str]()
    visitors = [Visitor(line, diary, str(number), VOICE) for number in range(2)]
    await settle()
    with pytest.raises(LineFull):
        async with line.place(VOICE):
            pytest.fail("two at once")
    for visitor in visitors:
        visitor.done.set()
        await visitor.task
    assert diary == ["0", "1"]


async def test_who_leaves_is_not_waited_for() -> None:
    """Whoever is cancelled while waiting, or at work, makes room."""
    line, diary = Line(), list[str]()
    visitors = [Visitor(line, diary, str(number), VOICE) for number in range(3)]
    await settle()
    visitors[1].task.cancel()
    visitors[0].task.cancel()
    await settle()
    assert visitors[0].task.cancelled()
    assert visitors[1].task.cancelled()
    assert diary == ["0", "2"]
    visitors[2].done.set()
    await visitors[2].task
    assert not line.locked()


@pytest.mark.parametrize("priority", [VOICE, TASK, BENCHMARK])
async def test_a_warm_up_gives_way(priority: Priority) -> None:
    """Reading ahead stops when anybody wants something."""
    line, diary = Line(), list[str]()
    warm_up = Visitor(line, diary, "warm-up", WARM_UP)
    await settle()
    visitor = Visitor(line, diary, "visitor", priority)
    await settle()
    assert diary == ["warm-up", "visitor"]
    with pytest.raises(Interrupted):
        await warm_up.task
    assert warm_up.task.cancelling() == 0
    visitor.done.set()
    await visitor.task


async def test_warm_ups_do_not_chase_one_another() -> None:
    """One warm-up waits for the one before, and behind everybody else."""
    line, diary = Line(), list[str]()
    first = Visitor(line, diary, "1", WARM_UP)
    await settle()
    second = Visitor(line, diary, "2", WARM_UP)
    await settle()
    assert diary == ["1"]
    first.done.set()
    second.done.set()
    await asyncio.gather(first.task, second.task)
    assert diary == ["1", "2"]


async def test_who_is_speaking_goes_before_reading_ahead() -> None:
    """What a person needs soon is read before what somebody may need some day."""
    line, diary = Line(), list[str]()
    someday = Visitor(line, diary, "some day", WARM_UP)
    await settle()
    soon = Visitor(line, diary, "soon", SPEECH)
    await settle()
    with pytest.raises(Interrupted):
        await someday.task
    now = Visitor(line, diary, "now", VOICE)
    await settle()
    with pytest.raises(Interrupted):
        await soon.task
    now.done.set()
    await now.task
    assert diary == ["some day", "soon", "now"]


@pytest.mark.parametrize("at_work", [True, False])
async def test_who_speaks_again_means_the_new(at_work: bool) -> None:
    """The same satellite's older turn ends, whether it has begun or not."""
    line = Line()
    async with AsyncExitStack() as stack:
        if not at_work:
            other = await stack.enter_async_context(AsyncExitStack())
            await other.enter_async_context(line.place(VOICE, owner="hall"))
        began = asyncio.Event()

        async def older() -> None:
            async with line.place(VOICE, owner="kitchen"):
                began.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(older())
        await settle()
        assert began.is_set() is at_work
        if at_work:
            async with line.place(VOICE, owner="kitchen"):
                assert task.done()
        else:
            newer = asyncio.create_task(_once(line, "kitchen"))
            await settle()
            assert task.done()
            await other.aclose()
            await newer
        with pytest.raises(Interrupted):
            await task
    assert not line.locked()


async def _once(line: Line, owner: str) -> None:
    """Use the engine for a moment."""
    async with line.place(VOICE, owner=owner):
        pass


async def test_who_is_cancelled_and_interrupted_is_cancelled() -> None:
    """A cancellation from outside is never taken for an interruption."""
    line, diary = Line(), list[str]()
    warm_up = Visitor(line, diary, "warm-up", WARM_UP)
    await settle()
    warm_up.task.cancel()
    visitor = Visitor(line, diary, "visitor", VOICE)
    await settle()
    assert warm_up.task.cancelled()
    assert diary == ["warm-up", "visitor"]
    visitor.done.set()
    await visitor.task
