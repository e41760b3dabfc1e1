"""Exceptions that a very small model does not read, and what its calls leave out."""

from typing import Any

from homeassistant.components import conversation
import pytest

from custom_components.hearth.agent.calling import held_to_words
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.sparing import apart, sparing
from custom_components.hearth.engines.chat import Delta, ToolCall

from ..fake_engine import STATS, FakeEngine, calls
from .conftest import Effects, Say


def thing(
    entity_id: str, name: str, area: str | None = None, floor: str | None = None
) -> ExposedEntity:
    """Return something exposed."""
    return ExposedEntity(entity_id=entity_id, name=name, area=area, floor=floor)


DESK = thing("light.desk", "Desk lamp", "Office", "Upstairs")
CEILING = thing("light.office", "Ceiling", "Office", "Upstairs")
HALL = thing("light.hall", "Hall lamp", "Hall", "Downstairs")
KITCHEN = thing("light.kitchen", "Counter", "Kitchen", "Downstairs")
LEFT = thing("light.left", "Spot", "Hall", "Downstairs")
RIGHT = thing("light.right", "Spot", "Bedroom", "Upstairs")
TV = thing("media_player.tv", "TV", "Office", "Upstairs")
CONTACT = thing("binary_sensor.window", "Window", "Kitchen", "Downstairs")
HOME = (DESK, CEILING, HALL, KITCHEN, LEFT, RIGHT, TV, CONTACT)


@pytest.mark.parametrize(
    ("said", "rest", "spared"),
    [
        ("all lights off except the desk lamp", "all lights off", "the desk lamp"),
        ("turn off the lights, but not the hall", "turn off the lights", "the hall"),
        ("lights off, except for desk lamp please", "lights off", "desk lamp"),
        ("all lights off but leave the counter on", "all lights off", "the counter"),
        # A particle stays with its verb.
        ("all lights except the hall off", "all lights off", "the hall"),
    ],
)
def test_apart(said: str, rest: str, spared: str) -> None:
    """The model reads the order, and what is left out is known."""
    assert apart(HOME, said, "en-GB") == (rest, tuple(spared.split()))


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?!",
        "turn off the lights",
        # Not there, or not clear which; of two things no call can leave out both.
        "all lights off except the sauna",
        "all lights off except the spot",
        "all lights off except the desk lamp and the counter",
        "all lights off except the desk lamp and the sauna",
        # What is left is no order.
        "all except the desk lamp",
        "not the desk lamp",
        # Nothing was left out.
        "all lights off except",
        "everything but",
        "nothing but the desk lamp",
    ],
)
def test_not_apart(said: str) -> None:
    """Where it is not clear what is left out, the model reads all of it."""
    assert apart(HOME, said, "en") == (said, ())


@pytest.mark.parametrize("language", ["de", "", "nl"])
def test_other_languages(language: str) -> None:
    """The words are English ones."""
    said = "all lights off except the desk lamp"
    assert apart(HOME, said, language) == (said, ())


def test_nothing_at_home() -> None:
    """Where nothing is exposed, nothing is left out."""
    said = "all lights off except the desk lamp"
    assert apart((), said, "en") == (said, ())
    call = ("control", {"action": "off", "area": "home"})
    assert sparing([call], (), ("desk", "lamp")) == [call]


def off(**target: str) -> tuple[str, dict[str, Any]]:
    """Return a call that turns something off."""
    return "control", {"action": "off", **target}


@pytest.mark.parametrize(
    ("spared", "made", "kept"),
    [
        # Of all that a call is about, what is spared is left out.
        ("desk lamp", off(area="home"), [off(area="home", **{"except": "Desk lamp"})]),
        ("desk", off(domain="light"), [off(domain="light", **{"except": "Desk lamp"})]),
        ("hall", off(area="home"), [off(area="home", **{"except": "Hall"})]),
        (
            "hall",
            off(area="Downstairs"),
            [off(area="Downstairs", **{"except": "Hall"})],
        ),
        ("desk", off(area="Office"), [off(area="Office", **{"except": "Desk lamp"})]),
        ("downstairs", off(), [off(**{"except": "Downstairs"})]),
        # Nobody is asked about what was said.
        (
            "desk lamp",
            off(area="home", **{"except": "Counter"}),
            [off(area="home", **{"except": "Desk lamp"})],
        ),
        # What is named and spared is not to be done; what is only named, is.
        ("desk lamp", off(name="Desk lamp"), []),
        ("desk lamp", off(name="the desk lamps"), []),
        ("office", off(name="Desk lamp"), []),
        ("desk lamp", off(name="Counter"), [off(name="Counter")]),
        ("hall", off(name="Spot"), [off(name="Spot")]),
        ("hall", off(name="Spot", area="Hall"), []),
        ("hall", off(name="Spot", area="Bedroom"), [off(name="Spot", area="Bedroom")]),
        # Not understood.
        ("sauna", off(area="home"), [off(area="home")]),
        ("spot", off(area="home"), [off(area="home")]),
        ("desk lamp and counter", off(area="home"), [off(area="home")]),
        ("", off(name="Desk lamp"), [off(name="Desk lamp")]),
    ],
)
def test_sparing(
    spared: str,
    made: tuple[str, dict[str, Any]],
    kept: list[tuple[str, dict[str, Any]]],
) -> None:
    """What is spared is left out of a call, or the call is left out."""
    assert sparing([made], HOME, spared.split()) == kept


def test_of_the_same_name() -> None:
    """What is spared is looked for among what a call is about."""
    call = off(area="Hall", domain="light")
    (kept,) = sparing([call], HOME, ("spot",))
    assert kept == off(area="Hall", domain="light", **{"except": "Spot"})


def test_of_another_kind() -> None:
    """What a call is not about is not what it spares, though it is called so, too."""
    home = (DESK, CEILING, thing("switch.fan", "Desk fan", "Office", "Upstairs"))
    lights = off(domain="light", area="home")
    (kept,) = sparing([lights], home, ("desk",))
    assert kept == off(domain="light", area="home", **{"except": "Desk lamp"})
    assert sparing([off(area="home")], home, ("desk",)) == [off(area="home")]


def test_several_calls() -> None:
    """Each call is looked at by itself, and stays where it was."""
    made = [off(name="Counter"), off(name="Desk lamp"), off(domain="light")]
    kept = sparing(iter(made), HOME, ("desk", "lamp"))
    assert kept == [made[0], off(domain="light", **{"except": "Desk lamp"})]
    assert sparing([], HOME, ("desk", "lamp")) == []
    assert made[2] == off(domain="light")


def test_held_to_words() -> None:
    """Of a model's calls those stay as they are from which nothing is left out."""
    counter = ToolCall("1", "control", off(name="Counter")[1], 0.9)
    desk = ToolCall("2", "control", off(name="Desk lamp")[1], 0.8)
    lights = ToolCall("3", "control", off(domain="light")[1], 0.7)
    spared = ("desk", "lamp")
    first, last = held_to_words((counter, desk, lights), HOME, "lights off", spared)
    assert first is counter
    assert last.arguments == off(domain="light", **{"except": "Desk lamp"})[1]
    assert last.name == "control"
    assert held_to_words((desk,), HOME, "lights off", spared) == ()
    assert held_to_words((desk,), HOME, "lights off") == (desk,)
    assert held_to_words((), HOME, "", spared) == ()


def test_unreadable_arguments_stay() -> None:
    """Where a call is still text, nothing is left out of any."""
    text = ToolCall("1", "control", "{")
    desk = ToolCall("2", "control", off(name="Desk lamp")[1])
    made = (text, desk)
    assert held_to_words(made, HOME, "lights off", ("desk", "lamp")) == made


class TestInATurn:
    """Through a real Home Assistant."""

    SAID = "I would love the office dark except for the desk lamp"

    @pytest.fixture
    def engine(self) -> FakeEngine:
        """Return an engine whose model knows its tools by heart."""
        return FakeEngine(by_heart=True)

    @staticmethod
    def speech(result: conversation.ConversationResult) -> str:
        """Return what was said."""
        return str(result.response.speech["plain"]["speech"])

    async def test_left_out(
        self, say: Say, engine: FakeEngine, effects: Effects
    ) -> None:
        """The model reads no exception, and what it does has one."""
        made = {"action": "off", "area": "Office", "domain": "light"}
        engine.script(calls(ToolCall("1", "control", made, 1.0)))
        await say(self.SAID)
        (request,) = engine.requests
        assert "desk lamp" not in request.messages[-1].content.split("\n")[-1]
        assert [entity for _, entity, _ in effects()] == ["light.office_ceiling"]

    @pytest.mark.parametrize(("begins", "gap"), [("", ""), ("Well.", "Well. ")])
    async def test_all_left_out(
        self, say: Say, engine: FakeEngine, effects: Effects, begins: str, gap: str
    ) -> None:
        """A model that would only do what is spared does nothing, and it is said."""
        made = {"action": "off", "name": "Desk lamp"}
        call = ToolCall("1", "control", made, 1.0)
        engine.script(
            [Delta(content=begins), Delta(tool_calls=(call,)), Delta(stats=STATS)]
        )
        result = await say(self.SAID)
        assert self.speech(result) == (
            f"{gap}I am not sure what you mean. What should I do?"
        )
        assert result.response.error_code is None
        assert effects() == []
        assert len(engine.requests) == 1
