"""Turns of talk through a real Home Assistant, with an engine that follows a script."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import intent
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.hearth.agent.turn import MAX_PASSES
from custom_components.hearth.engines.chat import Delta, Role, ToolCall
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    ContextOverflow,
    EngineError,
    ModelMissing,
    OutOfMemory,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)

from ..fake_engine import MODEL, STATS, FakeEngine, calls, says
from .conftest import AGENT, Effects, Say

TURN_ON = ToolCall("1", "control", {"action": "on", "name": "Kitchen ceiling"})


@pytest.fixture
def agent_data(agent_data: dict[str, Any]) -> dict[str, Any]:
    """Let the model confirm what it has done, in a second pass."""
    return agent_data | {"quick_confirmations": False}


def speech(result: conversation.ConversationResult) -> str:
    """Return what was said."""
    return str(result.response.speech["plain"]["speech"])


async def converse(hass: HomeAssistant, text: str) -> conversation.ConversationResult:
    """Say something without waiting for anything else that goes on."""
    return await conversation.async_converse(
        hass, text, None, Context(), language="en", agent_id=AGENT
    )


@pytest.fixture
def heard(hass: HomeAssistant) -> Iterator[list[dict[str, object]]]:
    """Return the deltas as a voice pipeline hears them."""
    deltas: list[dict[str, object]] = []
    real = conversation.chat_log.async_get_chat_log

    def listening(*args: Any) -> AbstractContextManager[conversation.ChatLog]:
        return real(
            *args, chat_log_delta_listener=lambda _, delta: deltas.append(delta)
        )

    with patch(
        "homeassistant.components.conversation.entity.async_get_chat_log", listening
    ):
        yield deltas


async def test_an_action(
    hass: HomeAssistant, say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """A light goes on, and the model says so in a second pass."""
    engine.script(calls(TURN_ON), says("The kitchen", " is lit."))
    result = await say("turn on the kitchen ceiling")
    assert speech(result) == "The kitchen is lit."
    assert result.response.error_code is None
    assert [t.name for t in result.response.success_results] == ["Kitchen ceiling"]
    assert effects() == [("light.turn_on", "light.kitchen_ceiling", {})]
    first, second = engine.requests
    assert [message.role for message in first.messages] == [Role.SYSTEM, Role.USER]
    assert [tool.name for tool in first.tools] == ["control", "set", "state"]
    assert first.think is False
    assert (first.context_window, first.keep_alive) == (4096, -1)
    assert second.messages[:2] == first.messages
    assert second.messages[2].tool_calls[0].arguments == TURN_ON.arguments
    assert second.messages[3].content == '{"done": ["Kitchen ceiling"]}'
    assert second.messages[3].tool_call_id == second.messages[2].tool_calls[0].id
    assert second.tools == first.tools


async def test_the_newest_message_carries_what_changes(
    say: Say, engine: FakeEngine, freezer: object
) -> None:
    """Time and the states of what was named ride in the user's message."""
    engine.script(says("Yes, it is locked."))
    await say("is the front door locked?", extra="Answer like a butler.")
    system, user = engine.requests[0].messages
    assert "Front door = " not in system.content
    lines = user.content.split("\n")
    assert lines[0] == "Answer like a butler."
    assert lines[1].startswith("Now: ")
    assert lines[2] == "States: Front door = locked"
    assert lines[3] == "is the front door locked?"


async def test_the_prefix_stays_and_the_words_too(
    say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """A later turn repeats what was sent before to the letter."""
    engine.script(calls(TURN_ON), says("Done."), says("You are welcome."))
    result = await say("turn on the kitchen ceiling")
    await say("thanks", conversation_id=result.conversation_id)
    earlier, later = engine.requests[1], engine.requests[2]
    assert later.messages[: len(earlier.messages)] == earlier.messages
    assert [m.role for m in later.messages[len(earlier.messages) :]] == [
        Role.ASSISTANT,
        Role.USER,
    ]


async def test_streaming(
    say: Say, engine: FakeEngine, heard: list[dict[str, object]]
) -> None:
    """The first delta has the role, none is empty, thoughts are not spoken."""
    engine.script(
        [
            Delta(thinking="Hm."),
            Delta(content="<think>more</think>"),
            Delta(content="\n\nGood"),
            Delta(content=""),
            Delta(content=" morning."),
            Delta(stats=STATS),
        ]
    )
    result = await say("good morning")
    assert speech(result) == "Good morning."
    assert heard == [
        {"role": "assistant"},
        {"thinking_content": "Hm."},
        {"thinking_content": "more"},
        {"content": "Good"},
        {"content": " morning."},
    ]


async def test_calls_are_repaired(
    hass: HomeAssistant, say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """A call with a slip of the name, the type and the fields still works."""
    engine.script(
        calls(
            ToolCall(
                "1",
                "Set",
                '{"name": "the desk-lamps", "brightness": "30%", "floor": null}',
            )
        ),
        says("Done."),
    )
    await say("dim the desk lamp")
    assert effects() == [("light.turn_on", "light.desk_lamp", {"brightness_pct": 30})]


async def test_calls_that_leak(
    say: Say, engine: FakeEngine, effects: Effects, heard: list[dict[str, object]]
) -> None:
    """A call written as text is run, and not spoken."""
    engine.script(
        says('[control(action="on"', ', name="Desk lamp")]'), says("It is on.")
    )
    result = await say("turn on the desk lamp")
    assert effects() == [("light.turn_on", "light.desk_lamp", {})]
    assert speech(result) == "It is on."
    assert not any("control" in str(delta.get("content")) for delta in heard)


async def test_what_only_looked_like_a_call(
    say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """Words that began like a call are spoken at the end, if they are none."""
    engine.script(says("[contro"))
    assert speech(await say("what do you write")) == "[contro"
    assert effects() == []


async def test_a_tool_that_does_not_exist(
    say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """The model is told, and may still answer."""
    engine.script(calls(ToolCall("1", "explode", {})), says("I cannot do that."))
    result = await say("explode")
    assert speech(result) == "I cannot do that."
    assert "not found" in engine.requests[1].messages[3].content


async def test_arguments_that_cannot_be_repaired(
    say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """A call without what it needs fails, and the model is told."""
    engine.script(
        calls(ToolCall("1", "control", {"action": ["x", 5]})), says("I failed.")
    )
    assert speech(await say("do something")) == "I failed."
    assert "Invalid" in engine.requests[1].messages[3].content
    assert effects() == []


async def test_endless_calls_end(
    say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """A model that calls and calls is stopped with a sentence."""
    engine.script(*([calls(TURN_ON)] * MAX_PASSES))
    result = await say("turn on the kitchen ceiling")
    assert len(engine.requests) == MAX_PASSES
    assert result.response.error_code is intent.IntentResponseErrorCode.FAILED_TO_HANDLE
    assert speech(result) == "I could not finish that; it took too many steps."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unreachable("x"), "I cannot reach my language model right now."),
        (
            TimedOut("x"),
            "My language model took too long to answer. Please try again.",
        ),
        (
            AuthFailed("x"),
            (
                "My language model does not accept its key. "
                "Please check the API key in Hearth's settings."
            ),
        ),
        (Busy("x"), "I am still busy. Please try again in a moment."),
        (
            ModelMissing("x"),
            (
                "My language model is not there any more. "
                "Please choose one in Hearth's settings."
            ),
        ),
        (OutOfMemory("x"), "There is not enough memory for my language model."),
        (Unsupported("x"), "My language model cannot do that."),
        (
            ProtocolError("x"),
            "Something went wrong with my language model. Please try again.",
        ),
    ],
)
async def test_errors_are_spoken(
    hass: HomeAssistant, say: Say, engine: FakeEngine, error: EngineError, said: str
) -> None:
    """Every error ends in a sentence, and the next turn works."""
    engine.script([error], says("Hello."))
    result = await say("hello")
    assert speech(result) == said
    assert result.response.error_code is intent.IntentResponseErrorCode.FAILED_TO_HANDLE
    # The failed turn is not shown to the model again.
    result = await say("hello again", conversation_id=result.conversation_id)
    assert speech(result) == "Hello."
    assert [m.role for m in engine.requests[1].messages] == [Role.SYSTEM, Role.USER]


async def test_an_engine_that_is_down(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """An agent whose engine is known to be gone still says so, and comes back."""
    engine.script([Unreachable("x")], [Unreachable("x")], says("Hello."))
    engine.error = Unreachable("x")
    for _ in range(2):
        said = speech(await say("hello"))
        assert said == "I cannot reach my language model right now."
        assert hass.states.is_state(AGENT, "unavailable")
    engine.error = None
    assert speech(await say("hello")) == "Hello."
    assert not hass.states.is_state(AGENT, "unavailable")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Ich erreiche mein Sprachmodell gerade nicht."),
        ("de-CH", "Ich erreiche mein Sprachmodell gerade nicht."),
        ("pt-BR", "Não consigo contactar o meu modelo de linguagem agora."),
        ("fi", "Odottamaton virhe tapahtui"),
        ("tlh", "I cannot reach my language model right now."),
    ],
)
async def test_errors_in_the_speaker_s_language(
    say: Say, engine: FakeEngine, language: str, said: str
) -> None:
    """The sentence is in the language that was spoken, as far as we can."""
    engine.script([Unreachable("x")])
    assert speech(await say("hello", language=language)) == said


async def test_an_error_after_words(
    say: Say, engine: FakeEngine, heard: list[dict[str, object]]
) -> None:
    """What breaks in mid-sentence is said after it."""
    engine.script([Delta(content="The weather is"), Unreachable("x")])
    await say("how is the weather")
    assert heard[-1] == {"content": " I cannot reach my language model right now."}


async def test_an_error_after_a_call(
    say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """The call has its effect; the sentence is a message of its own."""
    engine.script([Delta(tool_calls=(TURN_ON,)), Unreachable("x")])
    result = await say("turn on the kitchen ceiling")
    assert effects() == [("light.turn_on", "light.kitchen_ceiling", {})]
    assert speech(result) == "I cannot reach my language model right now."
    assert len(engine.requests) == 1


async def test_a_loop_is_stopped(say: Say, engine: FakeEngine) -> None:
    """A model that says the same for ever is stopped, and the engine too."""
    engine.script([Delta(content="and so on ")] * 1000, says("Hello."))
    result = await say("tell me everything")
    assert speech(result) == "I got stuck repeating myself. Please try again."
    assert len(engine.closed_early) == 1
    assert speech(await say("hello")) == "Hello."


async def test_silence(say: Say, engine: FakeEngine, effects: Effects) -> None:
    """A model that says nothing does not leave a person without an answer."""
    engine.script(says(), calls(TURN_ON), says("  "))
    result = await say("hello")
    assert speech(result) == "I have no answer to that."
    assert result.response.error_code
    result = await say("turn on the kitchen ceiling")
    assert speech(result) == "Done."
    assert result.response.error_code is None


async def test_a_prompt_that_is_too_long(say: Say, engine: FakeEngine) -> None:
    """The older turns are left out once; then the person is told."""
    overflow = ContextOverflow("x", prompt_tokens=5000, context_window=4096)
    engine.script(says("One."), [overflow], says("Two."), [overflow], [overflow])
    result = await say("one")
    result = await say("two", conversation_id=result.conversation_id)
    assert speech(result) == "Two."
    assert len(engine.requests[1].messages) == 4
    assert len(engine.requests[2].messages) == 2
    result = await say("three", conversation_id=result.conversation_id)
    assert speech(result).startswith("That is more than I can keep in mind")


async def test_history_stays_within_the_window(say: Say, engine: FakeEngine) -> None:
    """Old turns are left out before the engine has to refuse."""
    long = " ".join(str(number) for number in range(1500))
    engine.script(says(long), says(long), says("Short."))
    result = await say("one")
    for text in ("two", "three"):
        result = await say(text, conversation_id=result.conversation_id)
    assert [m.role for m in engine.requests[2].messages] == [
        Role.SYSTEM,
        Role.USER,
        Role.ASSISTANT,
        Role.USER,
    ]


async def test_one_answer_after_the_other(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """Two people who speak at once are answered one after the other."""
    gate = asyncio.Event()
    engine.script([gate, *says("First.")], says("Second."))
    first = asyncio.create_task(converse(hass, "one"))
    second = asyncio.create_task(converse(hass, "two"))
    while not engine.requests:
        await asyncio.sleep(0)
    assert len(engine.requests) == 1
    gate.set()
    assert [speech(r) for r in await asyncio.gather(first, second)] == [
        "First.",
        "Second.",
    ]


async def test_a_cancelled_turn_stops_the_engine(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """When the person goes away, the engine stops and the next turn works."""
    engine.script([asyncio.Event()], says("Hello."))
    task = asyncio.create_task(converse(hass, "tell me a story"))
    while not engine.requests:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(engine.closed_early) == 1
    assert speech(await say("hello")) == "Hello."


async def test_numbers(hass: HomeAssistant, say: Say, engine: FakeEngine) -> None:
    """A turn's numbers are the sum of its passes, and an event tells them."""
    events = async_capture_events(hass, "hearth_turn_finished")
    engine.script(calls(TURN_ON), says("Done."))
    result = await say("turn on the kitchen ceiling")
    [event] = events
    assert event.data["entity_id"] == AGENT
    assert event.data["conversation_id"] == result.conversation_id
    assert event.data["passes"] == 2
    assert event.data["prompt_tokens"] == 1400
    assert event.data["cached_tokens"] == 1200
    assert event.data["generated_tokens"] == 40
    assert event.data["read_tokens_per_second"] == 25
    assert event.data["generated_tokens_per_second"] == 10
    assert 0 < event.data["first_word_seconds"] < event.data["total_seconds"]
    assert not {"text", "speech", "say"} & set(event.data)


async def test_without_an_llm_api(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    say: Say,
    engine: FakeEngine,
) -> None:
    """An agent that may control nothing is told nothing about the home."""
    [subentry] = mock_config_entry.subentries.values()
    hass.config_entries.async_update_subentry(
        mock_config_entry,
        subentry,
        data={
            "model": "tiny",
            "prompt": "You are {{ ha_name }}'s poet.",
            "think": "on",
        },
    )
    await hass.async_block_till_done()
    state = hass.states.get(AGENT)
    assert state
    assert state.attributes["supported_features"] == 0
    engine.known = (replace(MODEL, thinking=True),)
    engine.script(says("Roses."))
    assert speech(await say("a poem")) == "Roses."
    [request] = engine.requests
    assert request.messages[0].content == "You are test home's poet."
    assert request.tools == ()
    assert request.think is True


async def test_assist_itself(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    say: Say,
    engine: FakeEngine,
    effects: Effects,
) -> None:
    """With Assist as it is, its prompt and tools are used, and failed calls retried."""
    [subentry] = mock_config_entry.subentries.values()
    hass.config_entries.async_update_subentry(
        mock_config_entry, subentry, data={**subentry.data, "llm_hass_api": "assist"}
    )
    await hass.async_block_till_done()
    engine.script(
        calls(
            ToolCall(
                "1",
                "HassTurnOn",
                {"name": "desk lamp", "floor": "Upstairs", "device_class": ["light"]},
            )
        ),
        says("Done."),
    )
    await say("turn on the desk lamp")
    assert effects() == [("light.turn_on", "light.desk_lamp", {})]
    assert "Static Context" in engine.requests[0].messages[0].content
    assert "area by area" not in engine.requests[0].messages[0].content
    engine.script(
        calls(ToolCall("1", "HassTurnOn", {"name": "Sauna", "area": "Kitchen"})),
        calls(ToolCall("1", "HassTurnOn", {"area": "Cellar"})),
        says("There is none."),
    )
    assert speech(await say("turn on the sauna")) == "There is none."
    assert effects() == []


@pytest.mark.parametrize(
    "data",
    [
        {"model": "tiny", "llm_hass_api": ["gone"]},
        {"model": "tiny", "prompt": "{{ broken"},
    ],
)
async def test_options_that_do_not_work(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    say: Say,
    engine: FakeEngine,
    data: dict[str, object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An API that is gone or a broken template is spoken too, and logged."""
    [subentry] = mock_config_entry.subentries.values()
    hass.config_entries.async_update_subentry(mock_config_entry, subentry, data=data)
    await hass.async_block_till_done()
    result = await say("hello")
    assert result.response.error_code
    assert "Something went wrong" in speech(result)
    assert "could not be prepared" in caplog.text


async def test_waiting_too_long_for_a_turn(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    say: Say,
    engine: FakeEngine,
) -> None:
    """A person behind a long answer is told that the agent is busy."""
    [subentry] = mock_config_entry.subentries.values()
    hass.config_entries.async_update_subentry(
        mock_config_entry,
        subentry,
        data={"model": "tiny", "first_byte_timeout": 0.05},
    )
    await hass.async_block_till_done()
    gate = asyncio.Event()
    engine.script([gate, *says("First.")])
    first = asyncio.create_task(converse(hass, "one"))
    while not engine.requests:
        await asyncio.sleep(0)
    result = await converse(hass, "two")
    assert speech(result) == "I am still busy. Please try again in a moment."
    gate.set()
    assert speech(await first) == "First."


async def test_what_was_repaired_is_in_the_trace(
    hass: HomeAssistant, say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """Home Assistant's trace of a conversation shows prompt and repairs."""
    engine.script(
        calls(ToolCall("1", "control", {"action": "ON", "name": "desk lamps"})),
        says("Done."),
    )
    await say("desk lamp on")
    [newest] = conversation.trace.async_get_traces()[-1:]
    details = [
        event["data"]
        for event in newest.as_dict()["events"]
        if event["event_type"] == "agent_detail"
    ]
    assert "Copy names exactly" in details[0]["prefix"]
    assert details[1] == {
        "tool": "control",
        "repaired": [
            "action='ON' is action='on'",
            "name 'desk lamps' is 'Desk lamp'",
        ],
    }


async def test_what_the_agent_says_of_itself(
    hass: HomeAssistant, agent: MockConfigEntry
) -> None:
    """The agent streams, controls the home, and speaks every language."""
    entity = conversation.async_get_agent(hass, AGENT)
    assert isinstance(entity, conversation.ConversationEntity)
    assert entity.supported_languages == "*"
    assert entity.supports_streaming
    assert entity.supported_features is conversation.ConversationEntityFeature.CONTROL
