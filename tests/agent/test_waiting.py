"""Turns that wait for one another, through a real Home Assistant."""

import asyncio

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant

from custom_components.hearth.agent.line import LONGEST
from custom_components.hearth.engines.chat import Role

from ..fake_engine import FakeEngine, says
from .conftest import AGENT, Say

BUSY = "I am still busy. Please try again in a moment."


def speech(result: conversation.ConversationResult) -> str:
    """Return what was said."""
    return str(result.response.speech["plain"]["speech"])


def speak(
    hass: HomeAssistant,
    text: str,
    satellite: str | None = None,
    conversation_id: str | None = None,
) -> asyncio.Task[conversation.ConversationResult]:
    """Say something to a satellite, and do not wait for the answer."""
    return asyncio.create_task(
        conversation.async_converse(
            hass,
            text,
            conversation_id,
            Context(),
            language="en",
            agent_id=AGENT,
            satellite_id=satellite,
        )
    )


async def until_asked(engine: FakeEngine, times: int) -> None:
    """Wait until the engine was asked so many times."""
    async with asyncio.timeout(5):
        while len(engine.requests) < times:
            await asyncio.sleep(0)


async def test_ten_satellites(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """Ten who speak at once are answered in order, one after the other."""
    gate = asyncio.Event()
    engine.script([gate, *says("0")], *(says(str(number)) for number in range(1, 10)))
    people = [
        speak(hass, f"number {number}", f"assist_satellite.s{number}")
        for number in range(10)
    ]
    await until_asked(engine, 1)
    await asyncio.sleep(0.01)
    assert len(engine.requests) == 1
    gate.set()
    answers = [speech(result) for result in await asyncio.gather(*people)]
    assert answers == [str(number) for number in range(10)]
    heard = [request.messages[-1].content[-1] for request in engine.requests]
    assert heard == answers
    assert engine.closed_early == []


async def test_who_speaks_again_is_answered_once(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """A new utterance from the same satellite ends the old answer."""
    engine.script([asyncio.Event()], says("It is nine."))
    old = speak(hass, "tell me a long story", "assist_satellite.kitchen")
    await until_asked(engine, 1)
    new = speak(hass, "stop, what time is it", "assist_satellite.kitchen")

    assert speech(await new) == "It is nine."
    assert speech(await old) == ""
    assert engine.closed_early == engine.requests[:1]


async def test_others_are_not_interrupted(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """Another satellite, and who types, wait for the answer to end."""
    gate = asyncio.Event()
    engine.script([gate, *says("One.")], says("Two."), says("Three."))
    people = [
        speak(hass, "one", "assist_satellite.kitchen"),
        speak(hass, "two", "assist_satellite.hall"),
        speak(hass, "three"),
    ]
    await until_asked(engine, 1)
    gate.set()
    answers = [speech(result) for result in await asyncio.gather(*people)]
    assert answers == ["One.", "Two.", "Three."]


async def test_what_was_interrupted_is_not_in_the_way(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """The model never sees a message that was not answered: some templates refuse."""
    engine.script(says("Hello."), [asyncio.Event()], says("Nine."), says("Ten."))
    first = await say("hello")
    same = first.conversation_id
    old = speak(hass, "a story", "assist_satellite.kitchen", same)
    await until_asked(engine, 2)
    await speak(hass, "what time is it", "assist_satellite.kitchen")
    await old
    await say("and now", conversation_id=same)
    roles = [message.role for message in engine.requests[-1].messages]
    assert roles == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER]


async def test_too_many(hass: HomeAssistant, say: Say, engine: FakeEngine) -> None:
    """Who finds a long line hears at once that the agent is busy, and is not kept."""
    gate = asyncio.Event()
    engine.script([gate, *says("0")], *(says("later") for _ in range(LONGEST + 1)))
    people = [speak(hass, str(number)) for number in range(LONGEST + 1)]
    await until_asked(engine, 1)
    late = await speak(hass, "one more")
    assert speech(late) == BUSY
    gate.set()
    assert all(speech(result) for result in await asyncio.gather(*people))
    again = await say("again", conversation_id=late.conversation_id)
    assert speech(again) == "later"
    roles = [message.role for message in engine.requests[-1].messages]
    assert roles == [Role.SYSTEM, Role.USER]
