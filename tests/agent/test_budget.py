"""What a prompt takes of the window: counted, or estimated from characters."""

from dataclasses import replace

import pytest

from custom_components.hearth.agent.budget import (
    AgentBudget,
    Budget,
    Parts,
    room_for_prompt,
)
from custom_components.hearth.agent.history import characters
from custom_components.hearth.agent.options import AgentOptions
from custom_components.hearth.engines.chat import ToolSpec
from custom_components.hearth.engines.faults import Unreachable

from ..fake_engine import FakeEngine, words_of

OPTIONS = AgentOptions(model="tiny", context_window=4096)
TOOL = ToolSpec("control", "Act on a device", {"type": "object", "properties": {}})
PARTS = Parts(
    instructions="You are the voice of this home.",
    home="Kitchen: light: Ceiling, Counter",
    tools=(TOOL,),
    devices=2,
)


@pytest.mark.parametrize(
    ("window", "room"),
    [(512, 256), (1024, 512), (2048, 1024), (4096, 3072), (8192, 6144), (32768, 24576)],
)
def test_room_for_prompt(window: int, room: int) -> None:
    """A quarter is for talking, a thousand tokens at least, but never most of it."""
    assert room_for_prompt(window) == room


def test_conversation_is_never_less_than_nothing() -> None:
    """A prompt beyond the window leaves nothing to talk with."""
    budget = Budget(instructions=400, home=300, tools=400, window=1024, estimated=False)
    assert (budget.prompt, budget.conversation) == (1100, 0)
    assert replace(budget, window=2048).conversation == 948


async def test_counted(engine: FakeEngine) -> None:
    """Each part is what it adds to what the engine counts."""
    engine.counts = True
    budget = AgentBudget(engine)
    await budget.measure(OPTIONS, PARTS)
    assert budget.last == Budget(
        instructions=8,
        home=4,
        tools=len(words_of(engine.counted[2]).split()) - 12,
        window=4096,
        estimated=False,
        devices=2,
    )
    assert {request.max_tokens for request in engine.counted} == {0}
    assert {request.context_window for request in engine.counted} == {4096}
    assert [len(request.tools) for request in engine.counted] == [0, 0, 1]


async def test_only_when_something_is_new(engine: FakeEngine) -> None:
    """The same prompt is not counted again, and nobody is told of the same numbers."""
    engine.counts = True
    budget, told = AgentBudget(engine), list[Budget | None]()
    stop = budget.subscribe(lambda: told.append(budget.last))
    for _ in range(3):
        await budget.measure(OPTIONS, PARTS)
    assert (len(engine.counted), len(told)) == (3, 1)

    other = replace(PARTS, home="Kitchen: light: Ceiling")
    await budget.measure(OPTIONS, other)
    await budget.measure(replace(OPTIONS, context_window=2048), other)
    assert (len(engine.counted), len(told)) == (9, 3)
    assert told[2] is not None
    assert told[2].window == 2048

    stop()
    await budget.measure(OPTIONS, PARTS)
    assert len(told) == 3


async def test_estimated(engine: FakeEngine) -> None:
    """Where nobody counts, characters are; real prompts tell how many make a token."""
    budget = AgentBudget(engine)
    await budget.measure(OPTIONS, PARTS)
    first = budget.last
    assert first is not None
    assert first.estimated
    whole = characters(PARTS.requests(OPTIONS)[-1])
    assert first.prompt == round(whole / 3)

    budget.learn(4500, 1000)
    await budget.measure(OPTIONS, PARTS)
    assert budget.last is not None
    assert budget.last.prompt == round(whole / 4.5)
    assert budget.last.instructions == round(len(PARTS.instructions + "Hello.") / 4.5)


async def test_shown(engine: FakeEngine) -> None:
    """A prompt that is shown tells the shares, real ones tell the sum."""
    engine.renders = True
    budget = AgentBudget(engine)
    budget.learn(4000, 1000)
    await budget.measure(OPTIONS, PARTS)
    assert budget.last is not None
    assert budget.last.estimated
    whole = characters(PARTS.requests(OPTIONS)[-1])
    assert budget.last.prompt == round(whole / 4)
    plain = AgentBudget(FakeEngine())
    plain.learn(4000, 1000)
    await plain.measure(OPTIONS, PARTS)
    assert plain.last is not None
    assert budget.last.tools > plain.last.tools


async def test_an_engine_that_fails(engine: FakeEngine) -> None:
    """It is estimated, and an estimate is enough."""
    engine.error = Unreachable("reset")
    budget = AgentBudget(engine)
    await budget.measure(OPTIONS, PARTS)
    assert budget.last is not None
    assert budget.last.estimated


async def test_counted_once_it_can_be(engine: FakeEngine) -> None:
    """A failure is not the last word."""
    engine.counts, engine.error = True, Unreachable("reset")
    budget = AgentBudget(engine)
    await budget.measure(OPTIONS, PARTS)
    engine.error = None
    await budget.measure(OPTIONS, PARTS)
    assert budget.last is not None
    assert not budget.last.estimated


def home_of(length: int) -> Parts:
    """Return parts of which the home is long."""
    return replace(PARTS, home="home " * (length // 5))


async def test_fits_without_asking(engine: FakeEngine) -> None:
    """A home that surely fits costs no question."""
    engine.counts = True
    assert await AgentBudget(engine).fits(OPTIONS, home_of(5500))
    assert engine.counted == []


async def test_asks_where_it_is_in_doubt(engine: FakeEngine) -> None:
    """The engine's word counts, and it is asked for it once."""
    engine.counts = True
    budget = AgentBudget(engine)
    # Five characters are a token here, so that this is 3,000 of 3,072.
    assert await budget.fits(OPTIONS, home_of(14_800))
    assert not await budget.fits(OPTIONS, home_of(16_000))
    assert len(engine.counted) == 1


@pytest.mark.parametrize("error", [None, Unreachable("reset")])
async def test_in_doubt_it_does_not_fit(
    engine: FakeEngine, error: Unreachable | None
) -> None:
    """Where the engine does not tell, it is better to be short."""
    engine.error = error
    assert not await AgentBudget(engine).fits(OPTIONS, home_of(14_800))


def test_tokens(engine: FakeEngine) -> None:
    """It is known once something was learned."""
    budget = AgentBudget(engine)
    assert budget.tokens(OPTIONS, PARTS) is None
    budget.learn(4000, 1000)
    whole = characters(PARTS.requests(OPTIONS)[-1])
    assert budget.tokens(OPTIONS, PARTS) == round(whole / 4)


async def test_no_back_and_forth(engine: FakeEngine) -> None:
    """Small differences change nothing, and what is left out does not come back."""
    budget = AgentBudget(engine)
    budget.learn(4000, 1000)
    spare = budget.spare(OPTIONS, PARTS)
    for of in (4300, 3700):
        budget.learn(of, 1000)
        assert budget.spare(OPTIONS, PARTS) == spare
    budget.learn(5000, 1000)
    assert budget.spare(OPTIONS, PARTS) > spare

    spare = budget.spare(OPTIONS, PARTS)
    await budget.measure(OPTIONS, replace(PARTS, left_out=1))
    budget.learn(6400, 1000)
    assert budget.spare(OPTIONS, PARTS) == spare
    budget.learn(3000, 1000)
    assert budget.spare(OPTIONS, PARTS) < spare


@pytest.mark.parametrize(
    ("of", "tokens"), [(4000, None), (4000, 0), (0, 10), (4000, 100), (100, 4000)]
)
async def test_learns_no_nonsense(
    engine: FakeEngine, of: int, tokens: int | None
) -> None:
    """Some engines leave out what they had in their cache."""
    budget = AgentBudget(engine)
    before = budget.spare(OPTIONS, PARTS)
    budget.learn(of, tokens)
    assert budget.spare(OPTIONS, PARTS) == before
