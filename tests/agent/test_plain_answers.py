"""Questions of which every word is known are answered without the model."""

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.hearth.engines.faults import Unreachable

from ..fake_engine import FakeEngine, says
from .conftest import Effects, Say


def speech(result: conversation.ConversationResult) -> str:
    """Return what was said."""
    return str(result.response.speech["plain"]["speech"])


class TestWithoutTheModel:
    """Plain questions, through a real Home Assistant."""

    @pytest.fixture
    def engine(self) -> FakeEngine:
        """Return an engine whose model knows its tools by heart."""
        return FakeEngine(by_heart=True)

    @pytest.mark.parametrize("error", [None, Unreachable("gone")])
    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("is the garage door closed?", "Yes, Garage door is closed."),
            ("How many lights are on upstairs?", "1: Bathroom mirror."),
            ("how warm is it in the kitchen", "It is 21 °C."),
            ("is there a leak in the bathroom", "No, Bathroom leak is dry."),
            ("is the disk lamp on?", "No, Desk lamp is off."),
        ],
    )
    async def test_it_answers(
        self,
        hass: HomeAssistant,
        agent: MockConfigEntry,
        say: Say,
        engine: FakeEngine,
        effects: Effects,
        error: Unreachable | None,
        said: str,
        told: str,
    ) -> None:
        """It is looked up and told, also where no model could be asked."""
        mirror = hass.states.get("light.bathroom_mirror")
        assert mirror is not None
        hass.states.async_set("light.bathroom_mirror", "on", mirror.attributes)
        turns = async_capture_events(hass, "hearth_turn_finished")
        engine.error = error
        coordinator = agent.runtime_data.coordinator
        await coordinator.async_refresh()
        assert coordinator.last_update_success is (error is None)
        assert speech(await say(said)) == told
        assert engine.requests == []
        assert turns[0].data["passes"] == 0
        assert effects() == []
        # Who was not asked is no sooner there for it.
        assert coordinator.last_update_success is (error is None)

    async def test_the_history_has_it(self, say: Say, engine: FakeEngine) -> None:
        """Later turns are told what was looked up, and what was said then."""
        engine.script(says("You are welcome."))
        done = await say("is the garage door closed?")
        await say("and how are you?", conversation_id=done.conversation_id)
        (request,) = engine.requests
        called = [call for message in request.messages for call in message.tool_calls]
        assert [call.arguments for call in called] == [{"name": "Garage door"}]
        assert request.messages[-2].content == "Yes, Garage door is closed."

    async def test_what_is_not_plain(self, say: Say, engine: FakeEngine) -> None:
        """The model is asked about everything else."""
        engine.script(says("I do not know."))
        assert speech(await say("was the desk lamp on yesterday?")) == "I do not know."
        assert len(engine.requests) == 1


async def test_another_model(say: Say, engine: FakeEngine) -> None:
    """A model that is shown its tools is asked about plain questions as well."""
    engine.script(says("It is shut."))
    assert speech(await say("is the garage door closed?")) == "It is shut."
    assert len(engine.requests) == 1
