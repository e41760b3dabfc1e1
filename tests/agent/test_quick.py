"""Turns that end with Home Assistant's own words, after one pass."""

from unittest.mock import patch

from homeassistant.components import conversation
from homeassistant.components.conversation import trace
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.hearth.engines.chat import Delta, Role, ToolCall

from ..fake_engine import STATS, FakeEngine, calls, says
from .conftest import Effects, Say

ON = ToolCall("1", "control", {"action": "on", "name": "Kitchen ceiling"})
COUNTER = ToolCall("2", "control", {"action": "on", "name": "Kitchen counter"})
GONE = ToolCall("3", "control", {"action": "on", "name": "Ballroom"})
STATE = ToolCall("4", "state", {"name": "Front door"})
PARTY = ToolCall("5", "script__party", {})

DONE = "Turned on the light: Kitchen ceiling"


def speech(result: conversation.ConversationResult) -> str:
    """Return what was said."""
    return str(result.response.speech["plain"]["speech"])


async def test_an_action(
    hass: HomeAssistant, say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """A light goes on, and the model is not asked again."""
    turns = async_capture_events(hass, "hearth_turn_finished")
    engine.script(calls(ON))

    result = await say("turn on the kitchen ceiling")

    assert speech(result) == DONE
    assert effects() == [("light.turn_on", "light.kitchen_ceiling", {})]
    assert [t.name for t in result.response.success_results] == ["Kitchen ceiling"]
    assert len(engine.requests) == 1
    (turn,) = turns
    assert turn.data["passes"] == 1
    assert turn.data["prompt_tokens"] == STATS.prompt_tokens
    assert 0 <= turn.data["first_word_seconds"] <= turn.data["total_seconds"]


async def test_in_the_language_of_the_user(say: Say, engine: FakeEngine) -> None:
    """Who speaks German hears German, also of Austria."""
    engine.script(calls(ON), calls(ON))

    assert speech(await say("Licht an", language="de")) == (
        "Licht eingeschaltet: Kitchen ceiling"
    )
    assert speech(await say("Licht an", language="de-AT")) == (
        "Licht eingeschaltet: Kitchen ceiling"
    )


async def test_the_history_stays_whole(say: Say, engine: FakeEngine) -> None:
    """The next turn shows the model the call, its result and what was said."""
    engine.script(calls(ON), says("You are welcome."))

    result = await say("turn on the kitchen ceiling")
    await say("thanks", conversation_id=result.conversation_id)

    first, second = engine.requests
    assert second.messages[: len(first.messages)] == first.messages
    call, told, answer, _ = second.messages[len(first.messages) :]
    assert call.tool_calls[0].arguments == ON.arguments
    assert told.role is Role.TOOL
    assert (answer.role, answer.content) == (Role.ASSISTANT, DONE)


async def test_what_a_pipeline_hears(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """The words are streamed like those of a model, after the call and its result."""
    deltas: list[dict[str, object]] = []
    real = conversation.chat_log.async_get_chat_log
    engine.script(calls(ON))

    with patch(
        "homeassistant.components.conversation.entity.async_get_chat_log",
        lambda *args: real(
            *args, chat_log_delta_listener=lambda _, d: deltas.append(d)
        ),
    ):
        await say("turn on the kitchen ceiling")

    assert deltas[-2:] == [{"role": "assistant"}, {"content": DONE}]
    assert deltas[-3]["role"] == "tool_result"


async def test_trace(say: Say, engine: FakeEngine) -> None:
    """The trace says that the words are not the model's."""
    engine.script(calls(ON))

    await say("turn on the kitchen ceiling")

    events = trace.async_get_traces()[-1].as_dict()["events"]
    assert any(e["data"].get("quick_confirmation") == DONE for e in events)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param((STATE,), id="a question"),
        pytest.param((ON, STATE), id="an action and a question"),
        pytest.param((GONE,), id="a failure"),
        pytest.param((ON, GONE), id="an action and a failure"),
        pytest.param((PARTY,), id="a script"),
        pytest.param((ON, PARTY), id="an action and a script"),
    ],
)
async def test_the_model_answers(
    hass: HomeAssistant, say: Say, engine: FakeEngine, made: tuple[ToolCall, ...]
) -> None:
    """What is not only an action that succeeded, the model answers itself."""
    sequence = [{"stop": "", "response_variable": "found"}]
    party = {"sequence": [{"variables": {"found": {"guests": 3}}}, *sequence]}
    assert await async_setup_component(hass, "script", {"script": {"party": party}})
    async_expose_entity(hass, "conversation", "script.party", True)
    engine.script(calls(*made), says("As the model says."))

    assert speech(await say("do this and that")) == "As the model says."
    assert len(engine.requests) == 2


async def test_a_failed_service(
    hass: HomeAssistant, say: Say, engine: FakeEngine
) -> None:
    """Of two lights of which one fails nobody hears that both are on."""
    area = ToolCall("6", "control", {"action": "on", "area": "Kitchen"})
    engine.script(calls(area), says("One of them did not work."))
    real = intent.ServiceIntentHandler.async_call_service

    async def fail(
        handler: intent.ServiceIntentHandler,
        domain: str,
        service: str,
        intent_obj: intent.Intent,
        state: State,
    ) -> None:
        if state.entity_id == "light.kitchen_counter":
            raise HomeAssistantError
        await real(handler, domain, service, intent_obj, state)

    with patch.object(intent.ServiceIntentHandler, "async_call_service", fail):
        said = speech(await say("turn on all in the kitchen"))

    assert said == "One of them did not work."


async def test_a_model_that_has_begun_to_speak(say: Say, engine: FakeEngine) -> None:
    """Who says something with the call goes on to say how it ended."""
    engine.script(
        [Delta(content="At once. "), Delta(tool_calls=(ON,)), Delta(stats=STATS)],
        says("It is on."),
    )

    assert speech(await say("turn on the kitchen ceiling")) == "It is on."


async def test_only_after_the_first_pass(say: Say, engine: FakeEngine) -> None:
    """A model that asked before it acted has an answer to give, too."""
    engine.script(calls(STATE), calls(ON), says("It was locked. The light is on."))

    said = speech(await say("is the front door locked? And turn on the light"))

    assert said == "It was locked. The light is on."


async def test_two_calls(say: Say, engine: FakeEngine) -> None:
    """Two lights are confirmed in one sentence."""
    engine.script(calls(ON, COUNTER))

    assert speech(await say("turn on the kitchen lights")) == (
        "Turned on the lights: Kitchen ceiling, Kitchen counter"
    )


async def test_no_words_in_this_language(say: Say, engine: FakeEngine) -> None:
    """Where Home Assistant's answers are not translated, the model is asked."""
    engine.script(calls(ON), says("Lampu menyala."), calls(ON), says("Done."))

    assert speech(await say("nyalakan", language="id")) == "Lampu menyala."
    assert speech(await say("turn on", language="tlh")) == "Done."


class TestSwitchedOff:
    """An agent whose quick confirmations are switched off."""

    @pytest.fixture
    def agent_data(self, agent_data: dict[str, object]) -> dict[str, object]:
        """Switch them off."""
        return agent_data | {"quick_confirmations": False}

    async def test_the_model_is_asked_again(
        self, say: Say, engine: FakeEngine, agent: MockConfigEntry
    ) -> None:
        """The model confirms what it has done."""
        engine.script(calls(ON), says("The kitchen is lit."))

        assert speech(await say("turn on the light")) == "The kitchen is lit."
        assert len(engine.requests) == 2


async def test_with_assist_itself(
    hass: HomeAssistant,
    say: Say,
    engine: FakeEngine,
    agent: MockConfigEntry,
) -> None:
    """Home Assistant's own tools are confirmed as well."""
    (subentry,) = agent.subentries.values()
    hass.config_entries.async_update_subentry(
        agent, subentry, data={**subentry.data, "llm_hass_api": ["assist"]}
    )
    await hass.async_block_till_done()
    call = ToolCall("1", "HassTurnOn", {"name": "Kitchen ceiling"})
    engine.script(calls(call))

    assert speech(await say("turn on the kitchen ceiling")) == DONE
