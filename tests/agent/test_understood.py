"""What is understood before a model is asked, and what is then done without it."""

from typing import Any

from homeassistant.components import conversation
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.compact import CONTROL, SET, STATE, TIMER
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.surely import surely_meant
from custom_components.hearth.agent.understood import understand
from custom_components.hearth.engines.chat import ToolCall, ToolSpec
from custom_components.hearth.engines.faults import Unreachable

from ..fake_engine import FakeEngine, calls, says
from .conftest import Effects, Say

DESK = ExposedEntity(entity_id="light.desk", name="Desk lamp", area="Office")
DOOR = ExposedEntity(entity_id="lock.door", name="Garden door")
GATE = ExposedEntity(entity_id="cover.gate", name="Garden gate", device_class="gate")
HOME = (DESK, DOOR, GATE)
TOOLS = (CONTROL, SET, STATE, TIMER)
LEARNED = "turn off the kitchen light"
OFF: list[Any] = [
    ("light.turn_off", "light.kitchen_ceiling", {}),
    ("light.turn_off", "light.kitchen_counter", {}),
]


def speech(result: conversation.ConversationResult) -> str:
    """Return what was said."""
    return str(result.response.speech["plain"]["speech"])


@pytest.mark.parametrize(
    ("said", "meant", "called"),
    [
        ("turn on the desk lamp", "turn on the desk lamp", ["control"]),
        ("turn on the disk lamp", "turn on the Desk lamp", ["control"]),
        ("set the desk lamp to 30%", "set the desk lamp to 30%", ["set"]),
        ("unlock the garden door", "unlock the garden door", ["control"]),
        ("lock the gardn door", "lock the Garden door", ["control"]),
        ("close the gardn gate", "close the Garden gate", ["control"]),
        # Nothing opens because of a name that was only nearly said.
        ("open the gardn gate", "open the Garden gate", []),
        ("set the gardn gate to 50%", "set the Garden gate to 50%", []),
        ("unlock the gardn door", "unlock the Garden door", []),
        ("it is dark at the disk lamp", "it is dark at the Desk lamp", []),
        ("", "", []),
    ],
)
def test_by_heart(said: str, meant: str, called: list[str]) -> None:
    """A very small model is told the names that were meant, or is not asked at all."""
    found = understand(HOME, TOOLS, said, "en", by_heart=True)
    assert found.said == meant
    assert found.meant == surely_meant(HOME, meant, "en")
    assert [call.tool_name for call in found.calls] == called


@pytest.mark.parametrize(
    ("said", "rest", "spared"),
    [
        (
            "all of it dark except the desk lamp",
            "all of it dark",
            ("the", "desk", "lamp"),
        ),
        (
            "all of it dark except the disk lamp",
            "all of it dark",
            ("the", "desk", "lamp"),
        ),
        ("all of it dark except the sauna", "all of it dark except the sauna", ()),
        ("all of it dark", "all of it dark", ()),
    ],
)
def test_spared(said: str, rest: str, spared: tuple[str, ...]) -> None:
    """What is left out is taken from what the model reads, and is not what is meant."""
    found = understand(HOME, TOOLS, said, "en", by_heart=True)
    assert (found.said, found.spared) == (rest, spared)
    assert found.meant == surely_meant(HOME, rest, "en")
    assert found.calls == ()
    other = understand(HOME, TOOLS, said, "en", by_heart=False)
    assert (other.said, other.spared) == (said, ())


def test_own_words() -> None:
    """The words of the home stand for others, but nothing is opened by these."""
    study = understand(HOME, TOOLS, "it is dark in the study", "en", by_heart=True)
    assert study.said == "it is dark in the Office"
    assert study.meant.places == ("Office",)
    blinds = ExposedEntity(entity_id="cover.x", name="Study blinds", area="Study")
    for said, count in (("close the study shades", 1), ("open the study shades", 0)):
        found = understand((DESK, blinds), TOOLS, said, "en", by_heart=True)
        assert found.said == said.replace("shades", "blinds")
        assert len(found.calls) == count


def test_what_is_set_now() -> None:
    """What a value comes to is known of the thing whose name was misheard, too."""

    def attributes_of(entity_id: str) -> dict[str, Any]:
        return {"brightness": 102} if entity_id == "light.desk" else {}

    def numbers(said: str, *, by_heart: bool) -> tuple[float, ...]:
        return understand(
            HOME, TOOLS, said, "en", by_heart=by_heart, attributes_of=attributes_of
        ).meant.numbers

    assert numbers("disk lamp 10 percent brighter", by_heart=True) == (50,)
    assert numbers("garden gate 10 percent lower", by_heart=True) == ()
    assert numbers("desk lamp 10 percent brighter", by_heart=False) == ()


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("is the desk lamp on", {"name": "Desk lamp"}),
        ("is the disk lamp on", {"name": "Desk lamp"}),
        ("is the garden door locked", {"name": "Garden door"}),
        ("is the sauna on", None),
    ],
)
def test_lookups(said: str, arguments: dict[str, str] | None) -> None:
    """A plain question is looked up, where that can be called, and nothing is done."""
    found = understand(HOME, TOOLS, said, "en", by_heart=True).calls
    wanted = [] if arguments is None else [("state", arguments)]
    assert [(call.tool_name, call.tool_args) for call in found] == wanted
    assert understand(HOME, (CONTROL, SET), said, "en", by_heart=True).calls == ()


def test_others() -> None:
    """Another model gets the words as they are, and every call is its own."""
    for said in ("turn on the desk lamp", "turn on the disk lamp"):
        found = understand(HOME, TOOLS, said, "en", by_heart=False)
        assert (found.said, found.calls) == (said, ())
        assert found.meant == surely_meant(HOME, said, "en")


def test_as_tools_are_called() -> None:
    """Calls have the tools' names as they are offered, and none is of what is not."""
    renamed = ToolSpec("home__control", CONTROL.description, CONTROL.parameters)
    other = ToolSpec("set", "Sets a table", {"type": "object"})
    tools = (renamed, other)
    (call,) = understand(HOME, tools, "desk lamp on", "en", by_heart=True).calls
    assert call.tool_name == "home__control"
    assert call.tool_args == {"action": "on", "name": "Desk lamp"}
    said = "set the desk lamp to 30%"
    assert understand(HOME, tools, said, "en", by_heart=True).calls == ()
    assert understand(HOME, (), "desk lamp on", "en", by_heart=True).calls == ()


class TestWithoutTheModel:
    """Plain orders, through a real Home Assistant."""

    @pytest.fixture
    def engine(self) -> FakeEngine:
        """Return an engine whose model knows its tools by heart."""
        return FakeEngine(by_heart=True)

    @pytest.mark.parametrize("error", [None, Unreachable("gone")])
    async def test_it_acts(
        self,
        agent: MockConfigEntry,
        say: Say,
        engine: FakeEngine,
        effects: Effects,
        error: Unreachable | None,
    ) -> None:
        """It is done and said, also where no model could be asked."""
        engine.error = error
        coordinator = agent.runtime_data.coordinator
        await coordinator.async_refresh()
        assert coordinator.last_update_success is (error is None)
        result = await say(LEARNED)
        assert effects() == OFF
        assert speech(result).startswith("Turned off the lights:")
        assert not result.continue_conversation
        assert engine.requests == []
        # Who was not asked is no sooner there for it.
        assert coordinator.last_update_success is (error is None)

    async def test_the_history_has_it(self, say: Say, engine: FakeEngine) -> None:
        """Later turns are told what was called, and what was said then."""
        engine.script(says("You are welcome."))
        done = await say("turn on the desk lamp")
        await say("and how are you?", conversation_id=done.conversation_id)
        (request,) = engine.requests
        called = [call for message in request.messages for call in message.tool_calls]
        assert [call.arguments for call in called] == [
            {"action": "on", "name": "Desk lamp"}
        ]

    async def test_misheard(
        self, say: Say, engine: FakeEngine, effects: Effects
    ) -> None:
        """The model reads the name that was meant."""
        engine.script(says("So it is."))
        await say("it is dark at the disk lamp")
        assert "Desk lamp" in engine.requests[0].messages[-1].content
        assert effects() == []

    async def test_what_is_not_plain(
        self, say: Say, engine: FakeEngine, effects: Effects
    ) -> None:
        """The model is asked about everything else."""
        engine.script(says("All right."))
        await say("don't turn off the kitchen light")
        assert len(engine.requests) == 1
        assert effects() == []

    async def test_what_is_not_there(
        self, say: Say, engine: FakeEngine, effects: Effects
    ) -> None:
        """However sure the model is, nothing else is started unasked."""
        started = {"action": "on", "name": "Coffee machine"}
        engine.script(calls(ToolCall("1", "control", started, 1.0)))
        asked = await say("start the washing machine")
        assert speech(asked) == "Should I turn on Coffee machine?"
        assert asked.continue_conversation
        assert effects() == []

    async def test_a_plain_order_after_a_question(
        self, say: Say, engine: FakeEngine, effects: Effects
    ) -> None:
        """Who orders something else has not said yes."""
        unlocks = {"action": "unlock", "name": "Front door"}
        engine.script(calls(ToolCall("1", "control", unlocks, 0.1)))
        asked = await say("let my friend in")
        await say(LEARNED, conversation_id=asked.conversation_id)
        assert effects() == OFF
        assert len(engine.requests) == 1


async def test_another_model(say: Say, engine: FakeEngine, effects: Effects) -> None:
    """A model that is shown its tools is asked about plain orders as well."""
    engine.script(says("I will not."))
    assert speech(await say(LEARNED)) == "I will not."
    assert len(engine.requests) == 1
    assert effects() == []
