"""What Hearth says itself, after the first pass of a model that knows its tools."""

from dataclasses import replace
from typing import Any

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.results import Looked, failure, looked_up
from custom_components.hearth.agent.seen import Seen
from custom_components.hearth.agent.spokesman import Spokesman
from custom_components.hearth.engines.chat import Delta, ToolCall

from ..fake_engine import STATS, FakeEngine, calls, says
from .conftest import Effects, Say


def state(number: str = "1", **arguments: str) -> ToolCall:
    """Return a look at a state."""
    return ToolCall(number, "state", arguments)


GARAGE = state(name="Garage door")
ON = ToolCall("9", "control", {"action": "on", "name": "Kitchen ceiling"})
BALLROOM = ToolCall("8", "control", {"action": "on", "name": "Ballroom"})
UNLOCK = ToolCall("7", "control", {"action": "unlock", "name": "Desk lamp"})
# Not every word of these is known, so that the model is asked.
IS_IT_OPEN = "I wonder if the garage door is open?"
IS_IT_CLOSED = "I wonder whether the garage door is closed?"


def speech(result: conversation.ConversationResult) -> str:
    """Return what was said."""
    return str(result.response.speech["plain"]["speech"])


@pytest.fixture
def engine(engine: FakeEngine) -> FakeEngine:
    """Return an engine with a model that knows its tools by heart."""
    engine.by_heart = True
    return engine


@pytest.fixture
def open_garage(hass: HomeAssistant, agent: object) -> None:
    """Open the garage."""
    known = hass.states.get("cover.garage_door")
    assert known is not None
    hass.states.async_set(
        "cover.garage_door", "open", {"device_class": "garage", "supported_features": 3}
    )


@pytest.mark.usefixtures("open_garage")
async def test_a_question(hass: HomeAssistant, say: Say, engine: FakeEngine) -> None:
    """The model looks the state up, and Hearth answers in the same pass."""
    turns = async_capture_events(hass, "hearth_turn_finished")
    engine.script(calls(GARAGE))

    assert speech(await say(IS_IT_OPEN)) == "Yes, Garage door is open."
    assert len(engine.requests) == 1
    assert turns[0].data["passes"] == 1


@pytest.mark.parametrize("confidence", [0.0, 0.9])
async def test_a_model_that_tells_its_confidence(
    say: Say, engine: FakeEngine, confidence: float
) -> None:
    """To look is never asked about, however sure the model is; others read themselves."""
    call = replace(GARAGE, confidence=confidence)
    engine.script(calls(call), calls(call), says("It is shut."))
    assert speech(await say(IS_IT_CLOSED)) == "Yes, Garage door is closed."
    assert len(engine.requests) == 1
    assert engine.requests[0].confidence
    engine.by_heart = False
    assert speech(await say(IS_IT_CLOSED)) == "It is shut."


@pytest.mark.usefixtures("open_garage")
async def test_the_answer_is_a_part_of_the_talk(say: Say, engine: FakeEngine) -> None:
    """The next turn shows the model what was said for it."""
    engine.script(calls(GARAGE), says("You are welcome."))
    result = await say(IS_IT_OPEN)
    await say("thanks a lot", conversation_id=result.conversation_id)
    assert engine.requests[1].messages[-2].content == "Yes, Garage door is open."


@pytest.mark.usefixtures("open_garage")
@pytest.mark.parametrize(
    ("said", "made", "told"),
    [
        (
            "I wonder if the garage door is open and the front door locked",
            (GARAGE, state("2", name="Front door")),
            "Garage door is open and Front door is locked.",
        ),
        (IS_IT_OPEN, (GARAGE, GARAGE), "Yes, Garage door is open."),
        (
            "I wonder which lights are on",
            (state(domain="light", area="home"),),
            "Nothing is on.",
        ),
        # Who asks for all that opens hears of the garage door, too.
        (
            "is anything open in the house",
            (state(domain="cover", area="home"),),
            "Yes, Garage door is open.",
        ),
        (
            "I wonder how warm it is in the kitchen",
            (state(area="Kitchen"),),
            "It is 21 °C.",
        ),
        ("is the heating on", (state(name="Office heater"),), "Yes, Office heater is"),
        ("do we have a sauna", (state(name="sauna"),), "There is no sauna"),
        (
            "is it dark in the cellar",
            (state(area="Cellar"),),
            "There is no area Cellar.",
        ),
    ],
)
async def test_answers(
    say: Say, engine: FakeEngine, said: str, made: tuple[ToolCall, ...], told: str
) -> None:
    """What was looked up, or is not there, needs no model to be told."""
    engine.script(calls(*made))
    assert speech(await say(said)).startswith(told)
    assert len(engine.requests) == 1


@pytest.mark.parametrize(
    ("said", "made"),
    [
        pytest.param("a bit warmer", (state(name="Office heater"),), id="warmer"),
        pytest.param("make it warmer", (state(area="Office"),), id="of a room"),
        pytest.param(
            "a bit louder, turn it up", (state(name="Soundbar"),), id="louder"
        ),
        pytest.param(
            "I wonder, office light on?", (ON, GARAGE), id="a deed and a question"
        ),
        pytest.param("unlock it", (UNLOCK,), id="what cannot be done"),
        pytest.param("both", (BALLROOM, UNLOCK), id="two failures"),
        pytest.param("both", (GARAGE, BALLROOM), id="a question and a failure"),
    ],
)
async def test_the_model_goes_on(
    say: Say, engine: FakeEngine, said: str, made: tuple[ToolCall, ...]
) -> None:
    """To orders, and to what is not only a question, the model has more to say."""
    engine.script(calls(*made), says("As the model says."))
    assert speech(await say(said)) == "As the model says."
    assert len(engine.requests) == 2


async def test_an_order_that_needs_the_state(
    hass: HomeAssistant, say: Say, engine: FakeEngine, effects: Effects
) -> None:
    """Who wants it warmer gets it warmer, after the model has looked how warm it is."""
    warmer = ToolCall("2", "set", {"name": "Office heater", "temperature": 22})
    engine.script(calls(state(name="Office heater")), calls(warmer), says("Warmer."))
    assert speech(await say("a bit warmer please")) == "Warmer."
    assert effects() == [
        ("climate.set_temperature", "climate.office_heater", {"temperature": 22})
    ]


async def test_an_action(say: Say, engine: FakeEngine) -> None:
    """What was done is confirmed in Home Assistant's words, as ever."""
    engine.script(calls(ON))
    said = speech(await say("do that with the ceiling over there"))
    assert said == "Turned on the light: Kitchen ceiling"


async def test_other_languages(say: Say, engine: FakeEngine) -> None:
    """Answers are in English; in German the model is asked again."""
    engine.script(calls(GARAGE), says("Sie ist zu."), calls(BALLROOM), says("Nein."))
    assert speech(await say("ist das Tor offen", language="de")) == "Sie ist zu."
    assert speech(await say("Licht im Ballsaal", language="de")) == "Nein."


async def test_who_has_begun_to_speak(say: Say, engine: FakeEngine) -> None:
    """A model that says something with its call goes on itself."""
    engine.script(
        [
            Delta(content="Let me see. "),
            Delta(tool_calls=(GARAGE,)),
            Delta(stats=STATS),
        ],
        says("It is closed."),
    )
    assert speech(await say(IS_IT_OPEN)) == "It is closed."


@pytest.mark.usefixtures("open_garage")
async def test_other_models(say: Say, engine: FakeEngine) -> None:
    """A model that is shown its tools reads states well, and answers itself."""
    engine.by_heart = False
    engine.script(calls(GARAGE), says("It is wide open."), calls(BALLROOM), says("No."))
    assert speech(await say("is the garage door open?")) == "It is wide open."
    assert speech(await say("light in the ballroom")) == "No."
    assert len(engine.requests) == 4


class TestWithoutConfirmations:
    """An agent whose quick confirmations are switched off."""

    @pytest.fixture
    def agent_data(self, agent_data: dict[str, Any]) -> dict[str, Any]:
        """Switch them off."""
        return agent_data | {"quick_confirmations": False}

    async def test_answers_are_none(self, say: Say, engine: FakeEngine) -> None:
        """Questions are answered, and actions are confirmed by the model."""
        engine.script(calls(GARAGE), calls(ON), says("Done and done."))
        assert speech(await say(IS_IT_OPEN)) == "No, Garage door is closed."
        assert speech(await say("do that over there")) == "Done and done."


def speaker(hass: HomeAssistant, said: str, language: str = "en") -> Spokesman:
    """Return who speaks after some words."""
    return Spokesman(hass=hass, language=language, said=said, confirms=True)


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (failure("There is no lamp in St. John's room"), True),
        (failure("There is no Dr. Who in this home. Did you mean: Doctor?"), True),
        (failure("There is no area Attic. Areas: Hall, Mr. Ed's room"), True),
        (failure("Say which device or which area"), False),
        (failure(""), False),
        (failure("Well, There is no lamp"), False),
        (llm.ToolResult(data={"error": "There is no lamp"}), False),
        (llm.ToolResult(data={}, error=True), False),
        (llm.ToolResult(data={"error": 3}, error=True), False),
    ],
)
async def test_what_is_absent(
    hass: HomeAssistant, result: llm.ToolResult, told: bool
) -> None:
    """Only that something is not there is told, without the hint for the model."""
    said = await speaker(hass, "lamp").async_say([result], by_heart=True)
    if not told:
        assert said is None
        return
    assert said is not None
    assert said.startswith("There is no ")
    assert said.removesuffix(".").endswith(
        ("St. John's room", "Dr. Who in this home", "area Attic")
    )
    assert await speaker(hass, "lamp", "de").async_say([result], by_heart=True) is None
    assert await speaker(hass, "lamp").async_say([result], by_heart=False) is None
    assert await speaker(hass, "lamp").async_say([result] * 2, by_heart=True) is None


async def test_nothing_to_tell(hass: HomeAssistant) -> None:
    """Where nothing was called or seen, there is nothing to say."""
    nothing = llm.ToolResult(data=Looked(states=""))
    assert looked_up(nothing) == ()
    assert await speaker(hass, "is it on").async_say([nothing], by_heart=True) is None
    assert await speaker(hass, "is it on").async_say([], by_heart=True) is None


async def test_more_than_a_model_is_told(hass: HomeAssistant) -> None:
    """All that was seen counts, also what a model is not told of."""
    seen = tuple(
        Seen(
            ExposedEntity(entity_id=f"light.l{number}", name=f"Lamp {number}"),
            "on" if number == 499 else "off",
            {},
        )
        for number in range(500)
    )
    looked = Looked(states="Lamp 0 = off", more=499)
    looked.seen = seen
    result = llm.ToolResult(data=looked)
    for said in ("are any lights on", "are all lights off", "which lights are on"):
        told = await speaker(hass, said).async_say([result], by_heart=True)
        assert told is not None
        assert told.endswith("Lamp 499 is on.")


@pytest.mark.parametrize("said", ["", " ", "?!", "🤷", "than", "if", "no", "x " * 999])
@pytest.mark.parametrize(
    ("entity_id", "state", "attributes"),
    [
        ("light.odd", "on", {"brightness": float("nan")}),
        ("light.odd", "on", {"brightness": "bright"}),
        ("climate.odd", "heat", {"current_temperature": "?", "temperature": {}}),
        ("climate.odd", "unavailable", {}),
        ("media_player.odd", "playing", {"volume_level": float("inf")}),
        ("media_player.odd", "", {"media_title": 7}),
        ("sensor.odd", "", {}),
        ("sensor.odd", "1e999", {"unit_of_measurement": 5}),
        ("person.odd", "", {}),
    ],
)
async def test_hostile_states(
    hass: HomeAssistant,
    said: str,
    entity_id: str,
    state: str,
    attributes: dict[str, Any],
) -> None:
    """Whatever an integration made of a state, and whatever was said, no turn fails."""
    entity = ExposedEntity(entity_id=entity_id, name="Odd")
    other = ExposedEntity(entity_id="lock.door", name="Door")
    looked = Looked()
    for more in ((), (Seen(other, "locked", {}),)):
        looked.seen = (Seen(entity, state, attributes), *more)
        told = await speaker(
            hass, f"{said} how loud is it set, and is it warmest"
        ).async_say([llm.ToolResult(data=looked)], by_heart=True)
        assert told is None or told.endswith(".")
        told = await speaker(hass, said).async_say(
            [llm.ToolResult(data=looked)], by_heart=True
        )
        assert told is None or told.endswith(".")
