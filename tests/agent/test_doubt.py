"""Calls that a model was too unsure of, through a real Home Assistant."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.answer_table import NO, YES
from custom_components.hearth.agent.doubt import WAITS, Answer, answer_in
from custom_components.hearth.agent.sure_enough import SURE, SURE_TO_MOVE
from custom_components.hearth.engines.chat import ToolCall

from ..fake_engine import FakeEngine, calls, says
from .conftest import Effects, Say

NOT_SURE = 0.05
DESK_LAMP = ToolCall("1", "control", {"action": "on", "name": "Desk lamp"}, NOT_SURE)
FRONT_DOOR = ToolCall(
    "2", "control", {"action": "unlock", "name": "Front door"}, SURE_TO_MOVE - 0.01
)
LIT: list[Any] = [("light.turn_on", "light.desk_lamp", {})]
UNLOCKED: list[Any] = [("lock.unlock", "lock.front_door", {})]
DIM = {"name": "Desk lamp", "brightness": 30, "color": "red"}
UNCLEAR = "I am not sure what you mean. What should I do?"


def speech(result: conversation.ConversationResult) -> str:
    """Return what was said."""
    return str(result.response.speech["plain"]["speech"])


async def test_a_yes(say: Say, engine: FakeEngine, effects: Effects) -> None:
    """It is asked, the satellite listens, and after a yes it is done."""
    engine.script(calls(FRONT_DOOR))
    asked = await say("let my friend in")
    assert speech(asked) == "Should I unlock Front door?"
    assert asked.continue_conversation
    assert effects() == []
    assert engine.requests[0].confidence
    assert all(tool.strict is not None for tool in engine.requests[0].tools)
    done = await say("Yes, please.", conversation_id=asked.conversation_id)
    assert effects() == UNLOCKED
    assert speech(done) == "Unlocking: Front door"
    assert not done.continue_conversation
    assert len(engine.requests) == 1
    engine.script(says("You are welcome."))
    await say("yes", conversation_id=asked.conversation_id)
    assert effects() == []


async def test_the_model_is_told(say: Say, engine: FakeEngine) -> None:
    """Later turns have the question, the yes, the call and what became of it."""
    engine.script(calls(DESK_LAMP), says("You are welcome."))
    asked = await say("light")
    await say("yes", conversation_id=asked.conversation_id)
    await say("thanks", conversation_id=asked.conversation_id)
    told = engine.requests[1].messages
    assert told[2].content == "Should I turn on Desk lamp?"
    assert told[3].content.endswith("yes")
    assert told[4].tool_calls[0].arguments == DESK_LAMP.arguments
    assert told[5].tool_call_id == told[4].tool_calls[0].id


async def test_a_no(say: Say, engine: FakeEngine, effects: Effects) -> None:
    """It is not done, also when a yes follows, and no model is asked."""
    engine.script(calls(DESK_LAMP))
    asked = await say("light")
    left = await say("No, thanks", conversation_id=asked.conversation_id)
    assert speech(left) == "All right, I will leave it."
    assert len(engine.requests) == 1
    engine.script(says("What for?"))
    await say("yes", conversation_id=asked.conversation_id)
    assert len(engine.requests) == 2
    assert effects() == []


async def test_something_else(say: Say, engine: FakeEngine, effects: Effects) -> None:
    """Other words are a new turn, and what was asked about is dropped."""
    engine.script(calls(DESK_LAMP), says("There is none."), says("What for?"))
    asked = await say("light")
    result = await say("yes in the attic", conversation_id=asked.conversation_id)
    assert speech(result) == "There is none."
    await say("yes", conversation_id=asked.conversation_id)
    assert len(engine.requests) == 3
    assert effects() == []


async def test_other_conversations(
    say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """A yes to somebody else is none."""
    engine.script(calls(DESK_LAMP), says("What for?"))
    await say("light")
    await say("yes")
    assert len(engine.requests) == 2
    assert effects() == []


async def test_another_device(
    hass: HomeAssistant,
    agent: MockConfigEntry,
    say: Say,
    engine: FakeEngine,
    effects: Effects,
) -> None:
    """A yes that another device hears is none, even in the same conversation."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=agent.entry_id, identifiers={("test", "satellite")}
    )
    engine.script(calls(DESK_LAMP), says("What for?"))
    asked = await say("light")
    await say("yes", conversation_id=asked.conversation_id, device_id=device.id)
    assert len(engine.requests) == 2
    assert effects() == []


async def test_a_late_yes(
    say: Say, engine: FakeEngine, effects: Effects, freezer: FrozenDateTimeFactory
) -> None:
    """After some minutes it is forgotten."""
    engine.script(calls(FRONT_DOOR), says("What for?"))
    asked = await say("let my friend in")
    freezer.tick(WAITS + timedelta(seconds=1))
    await say("yes", conversation_id=asked.conversation_id)
    assert len(engine.requests) == 2
    assert effects() == []


@pytest.mark.parametrize(
    ("call", "done"),
    [
        (replace(DESK_LAMP, confidence=SURE), LIT),
        (replace(DESK_LAMP, confidence=SURE - 0.01), []),
        (replace(DESK_LAMP, confidence=None), LIT),
        (replace(FRONT_DOOR, confidence=SURE_TO_MOVE), UNLOCKED),
        (replace(FRONT_DOOR, confidence=SURE), []),
        (replace(FRONT_DOOR, confidence=None), UNLOCKED),
    ],
)
async def test_how_sure_is_sure(
    say: Say, engine: FakeEngine, effects: Effects, call: ToolCall, done: list[Any]
) -> None:
    """Who moves a lock must be surer than who turns on a light."""
    engine.script(calls(call))
    result = await say("light it, or unlock it")
    assert effects() == done
    assert speech(result).endswith("?") is not bool(done)


@pytest.mark.parametrize(
    ("said", "call", "done"),
    [
        ("unlock the front door", FRONT_DOOR, UNLOCKED),
        ("I told her to unlock the front door", FRONT_DOOR, []),
        (
            "I told her to unlock the front door",
            replace(FRONT_DOOR, confidence=None),
            UNLOCKED,
        ),
        ("don't forget the lamp", DESK_LAMP, LIT),
    ],
)
async def test_what_may_be_no_order(
    say: Say,
    engine: FakeEngine,
    effects: Effects,
    said: str,
    call: ToolCall,
    done: list[Any],
) -> None:
    """Words that an order seldom has make a model that is sure ask all the same."""
    if call.confidence is not None:
        call = replace(call, confidence=1.0)
    engine.script(calls(call))
    result = await say(said)
    assert effects() == done
    assert speech(result).endswith("?") is not bool(done)


@pytest.mark.parametrize(
    "call",
    [
        ToolCall("1", "state", {"name": "Front door"}, 0.0),
        ToolCall("1", "list", {"action": "show", "name": "Shopping"}, 0.0),
        ToolCall("1", "control", {"action": "on", "name": "Nothing of ours"}, 0.0),
    ],
)
async def test_what_changes_nothing(
    say: Say, engine: FakeEngine, call: ToolCall
) -> None:
    """What only tells something, or reaches nothing, is not asked about."""
    engine.script(calls(call), says("So it is."))
    assert speech(await say("tell me")) == "So it is."


async def test_several_calls(say: Say, engine: FakeEngine, effects: Effects) -> None:
    """One that is in doubt holds them all, whatever the others are."""
    sure = replace(DESK_LAMP, id="3", confidence=1.0)
    asks = ToolCall("4", "state", {"name": "Front door"}, 1.0)
    engine.script([*calls(sure)[:1], *calls(asks)[:1], *calls(FRONT_DOOR)])
    asked = await say("light and door")
    assert speech(asked) == "Should I turn on Desk lamp and unlock Front door?"
    assert effects() == []
    engine.script(says("All done."))
    done = await say("ok", conversation_id=asked.conversation_id)
    assert sorted(effects()) == sorted(LIT + UNLOCKED)
    assert speech(done) == "All done."


async def test_after_words(say: Say, engine: FakeEngine) -> None:
    """What the model has begun to say stays before the question."""
    engine.script([*says("Hm.")[:1], *calls(DESK_LAMP)])
    assert speech(await say("light")) == "Hm. Should I turn on Desk lamp?"


@pytest.mark.parametrize(
    "call",
    [
        ToolCall("1", "list", {"action": "add", "item": "milk"}, NOT_SURE),
        ToolCall("1", "explode", {}, NOT_SURE),
        ToolCall("1", "control", {"action": "dance", "name": "Desk lamp"}, NOT_SURE),
    ],
)
async def test_what_there_are_no_words_for(
    say: Say, engine: FakeEngine, effects: Effects, call: ToolCall
) -> None:
    """It is asked what is meant, and a yes is no answer to that."""
    engine.script(calls(call), says("What for?"))
    asked = await say("milk")
    assert speech(asked) == UNCLEAR
    assert asked.continue_conversation
    await say("yes", conversation_id=asked.conversation_id)
    assert len(engine.requests) == 2
    assert effects() == []


@pytest.mark.parametrize(
    ("language", "words", "asked", "yes"),
    [
        ("de", "Licht", "Soll ich Desk lamp auf 30 %, red stellen?", "Ja, bitte!"),
        ("pt-BR", "luz", "Devo definir Desk lamp para 30 %, red?", "Sim"),
        ("fi", "valo", "Should I set Desk lamp to 30 %, red?", "yes"),
    ],
)
async def test_languages(
    say: Say,
    engine: FakeEngine,
    effects: Effects,
    language: str,
    words: str,
    asked: str,
    yes: str,
) -> None:
    """It is asked in the user's language, and answered in it."""
    engine.script(calls(ToolCall("1", "set", DIM, NOT_SURE)))
    result = await say(words, language=language)
    assert speech(result) == asked
    engine.script(says("Ok."))
    await say(yes, conversation_id=result.conversation_id, language=language)
    assert effects()


@pytest.mark.parametrize("language", YES)
def test_answers(language: str) -> None:
    """A yes is no no, and neither is anything else."""
    assert {answer_in(word, language) for word in YES[language]} == {Answer.YES}
    assert {answer_in(word, language) for word in NO[language]} == {Answer.NO}
    assert answer_in("", language) is None
    assert answer_in("42", language) is None


class TestSwitchedOff:
    """Who wants no questions."""

    @pytest.fixture
    def agent_data(self, agent_data: dict[str, Any]) -> dict[str, Any]:
        """Let the agent never ask back."""
        return agent_data | {"ask_back": False}

    async def test_it_acts(
        self, say: Say, engine: FakeEngine, effects: Effects
    ) -> None:
        """It does what the model said, and does not ask how sure it was."""
        engine.script(calls(FRONT_DOOR))
        await say("let my friend in")
        assert effects() == UNLOCKED
        assert not engine.requests[0].confidence
        assert all(tool.strict is None for tool in engine.requests[0].tools)
