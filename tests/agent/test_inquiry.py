"""What questions about states want to know."""

import pytest

from custom_components.hearth.agent.inquiry import inquiry
from custom_components.hearth.agent.inquiry_table import (
    AWAY,
    CLEAR,
    CLOSED,
    COMPARED,
    CONDITIONS,
    DEGREES,
    DETECTED,
    DOCKED,
    HOME,
    KINDS,
    LOCKED,
    MEASURED,
    MORE,
    OFF,
    ON,
    OPEN,
    OPPOSITE,
    UNLOCKED,
    WET,
    Of,
    Wanted,
)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("is the garage door closed", Wanted.YES_NO),
        ("Did I leave the stove on?", Wanted.YES_NO),
        ("the garage door is shut, right?", Wanted.YES_NO),
        ("are the blinds up or not", Wanted.YES_NO),
        ("what do you think, the heating is on, isn't it?", Wanted.YES_NO),
        ("do you know whether the front door is locked", Wanted.YES_NO),
        ("which lights are on", Wanted.WHICH),
        ("Who's home?", Wanted.WHICH),
        ("show me the open windows", Wanted.WHICH),
        ("tell me all the lights that are on", Wanted.WHICH),
        ("tell me that all the lights are off, right", Wanted.YES_NO),
        ("tell me that the door is locked", Wanted.YES_NO),
        ("where is Anna", Wanted.WHERE),
        ("How many windows are open?", Wanted.COUNT),
        ("the number of lights that are on", Wanted.COUNT),
        ("how warm is it in the bedroom", Wanted.HOW),
        ("how about the lamp, is it on", Wanted.YES_NO),
        ("how sure are you that the door is shut", Wanted.YES_NO),
        ("how come the door is open", Wanted.HOW),
        ("when was the front door opened", Wanted.HOW),
        ("why is the light on", Wanted.HOW),
        ("was the door closed when you looked", Wanted.YES_NO),
        ("humidity in the bathroom", Wanted.VALUE),
        ("the desk lamp, on or off?", Wanted.VALUE),
        ("", Wanted.VALUE),
        ("?!", Wanted.VALUE),
    ],
)
def test_form(said: str, wanted: Wanted) -> None:
    """The form of the answer comes from the first word that asks, and from what ends it."""
    assert inquiry(said).wanted is wanted


@pytest.mark.parametrize(
    ("said", "condition", "adjective"),
    [
        ("is the lamp on", ON, "on"),
        ("is the kettle running", ON, "running"),
        ("is the radiator heating", ON, "heating"),
        # The heating is a thing where there is another word.
        ("it's off, the heating, right", OFF, "off"),
        ("have I switched off the heating", OFF, "off"),
        ("is the light on the terrace off", OFF, "off"),
        ("did I switch the lamp on my desk off", OFF, "off"),
        ("is anything on the roof open", OPEN, "open"),
        ("did you switch on the lamp", ON, "on"),
        ("has the window been left ajar", OPEN, "ajar"),
        ("are the blinds up", OPEN, OPEN),
        ("are the blinds down", CLOSED, CLOSED),
        ("is the gate shut", CLOSED, "shut"),
        ("did I lock up the back door", LOCKED, LOCKED),
        ("did my son lock the gate up", LOCKED, LOCKED),
        ("is the safe bolted", LOCKED, "bolted"),
        ("is the lamp in the home office", None, ""),
        ("could somebody unlock it", UNLOCKED, UNLOCKED),
        ("are they in", HOME, HOME),
        ("is everybody back home", HOME, HOME),
        ("before I go out, who is home", HOME, HOME),
        ("is Anna out", AWAY, AWAY),
        ("is there a leak in the bathroom", WET, WET),
        ("is there any motion in the hall", DETECTED, DETECTED),
        ("is the hall free of motion", CLEAR, "free"),
        ("has the smoke alarm gone off", DETECTED, DETECTED),
        ("did the alarm go off", DETECTED, DETECTED),
        ("has everything gone off", OFF, "off"),
        ("is the robot at its base", DOCKED, DOCKED),
        # What the words do not say.
        ("how is the weather", None, ""),
        ("is it on or off", None, ""),
        ("is the door open or closed", None, ""),
        ("look up the bedroom temperature", None, ""),
        ("a quick update on the vacuum", None, ""),
        ("what's going on with the dishwasher", None, ""),
        ("is the window in the hall", None, ""),
        ("in case you know, are the blinds up", OPEN, OPEN),
        ("is the garage open and the front door locked", None, ""),
        ("is the door open and unlocked", None, ""),
        ("open and ajar", OPEN, "ajar"),
        ("", None, ""),
    ],
)
def test_condition(said: str, condition: str | None, adjective: str) -> None:
    """The last word that can only mean a state counts, else the last that may."""
    asked = inquiry(said)
    assert (asked.condition, asked.adjective) == (condition, adjective)


def test_words_of_names() -> None:
    """What is called "On air" is not asked to be on."""
    assert inquiry("is the on air sign lit", {"on", "air", "sign"}).adjective == "lit"
    assert inquiry("how is the on air sign", {"on", "air", "sign"}).condition is None
    assert inquiry("temperature of the lower hall", {"lower", "hall"}).more is None


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        ("did I forget to lock the door", UNLOCKED),
        ("has she forgotten to turn off the iron", ON),
        ("did we forget switching off the iron", ON),
        ("did we leave without remembering to close the gate", OPEN),
        ("do I need to close the windows", OPEN),
        ("does somebody still have to turn off the sauna", ON),
        # Here it is only asked.
        ("I forgot whether I locked the door", LOCKED),
        ("before I forget, did we shut the gate", CLOSED),
        ("I always forget, is the lamp off", OFF),
        ("I forgot to ask, is the door locked", LOCKED),
        ("I need to know if the window is open", OPEN),
        ("I have to leave, is the door locked", LOCKED),
        ("did I forget something, is a light on", ON),
        ("are you remembering to close the gate", CLOSED),
        ("did anybody forget a light on", ON),
        ("we have left, is the stove off", OFF),
    ],
)
def test_what_was_forgotten(said: str, condition: str) -> None:
    """Who forgot to lock the door asks whether it is unlocked."""
    assert inquiry(said).condition == condition


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        ("who isn't home", AWAY),
        ("which doors are not locked", UNLOCKED),
        ("how many windows aren't closed", OPEN),
        ("are any of the windows not closed", OPEN),
        ("isn't anyone home", HOME),
        ("isn't the door locked", LOCKED),
        ("I'm not sure if anything is on", ON),
        ("is the vacuum not docked", DOCKED),
        # There is no other word for it.
        ("which robots are not docked", DOCKED),
    ],
)
def test_what_is_not_so(said: str, condition: str) -> None:
    """Who asks which are not locked asks which are unlocked; "isn't it?" asks if it is."""
    assert inquiry(said).condition == condition


@pytest.mark.parametrize(
    ("said", "of"),
    [
        ("are all windows closed", Of.ALL),
        ("is everyone home", Of.ALL),
        ("is the whole family home", Of.ALL),
        ("is everyone home or is someone missing", Of.ALL),
        ("did anyone lock everything", Of.ALL),
        ("any idea if all the lights are off", Of.ALL),
        ("is anything on", Of.ANY),
        ("is anything at all on", Of.ANY),
        ("are there windows open", Of.ANY),
        ("nobody answers, is anyone home", Of.ANY),
        ("did everyone go and leave something on", Of.ANY),
        ("nothing left on, or is there something", Of.ANY),
        ("is something on in every room", Of.ANY),
        ("is nobody home", Of.NONE),
        ("no one home", Of.NONE),
        ("no lights on, right", Of.NONE),
        ("there are no windows open, are there", Of.NONE),
        ("is the lamp on all night", None),
        ("did anybody close the windows", None),
        ("are the windows closed, yes or no", None),
        ("no idea if the door is open", None),
        ("are lights on in the whole house", None),
        ("any idea whether the lamp is on", None),
    ],
)
def test_of_how_many(said: str, of: Of | None) -> None:
    """The last word of how many counts, but not where it is about something else."""
    assert inquiry(said).of == of


@pytest.mark.parametrize(
    ("said", "measured"),
    [
        ("how warm is the bedroom", {"temperature"}),
        ("is it freezing outside", {"temperature"}),
        ("how many degrees are there", {"temperature"}),
        ("is it humid or hot", {"temperature", "humidity"}),
        ("how much juice has the car", {"battery"}),
        ("how is the air", {"carbon_dioxide"}),
        ("how much light is there", {"illuminance"}),
        ("is the light on", set()),
        ("is the light on, it is dark", {"illuminance"}),
        ("is the door open", set()),
    ],
)
def test_measured(said: str, measured: set[str]) -> None:
    """A light that is asked to be on is none that is measured."""
    assert inquiry(said).measured == measured


@pytest.mark.parametrize(
    ("said", "aspects"),
    [
        ("what is the thermostat set to", {"target"}),
        ("how loud is the radio", {"volume"}),
        ("what song is playing", {"title"}),
        ("how bright is the lamp", {"brightness"}),
        ("what speed is the fan at", {"speed"}),
        ("is the lamp on", set()),
    ],
)
def test_aspects(said: str, aspects: set[str]) -> None:
    """It may be asked how loud, how bright or how fast."""
    assert inquiry(said).aspects == aspects


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("are the windows closed", {"window"}),
        ("is a switch on", {"switch"}),
        ("are any switches on", {"switch"}),
        ("did we switch off everything", set()),
        ("is the TV on", {"media_player"}),
        ("is anything on in the TV room", set()),
        ("is the heating on", {"climate"}),
        ("lights and blinds", {"light", "cover"}),
    ],
)
def test_kinds(said: str, kinds: set[str]) -> None:
    """Things are named by their kind, but not by a verb or the name of a room."""
    assert inquiry(said).kinds == kinds


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("is it warmer in here than outside", (True, "warmer")),
        ("which room is the coldest", (False, "the coldest")),
        ("which room is more humid", (True, "more humid")),
        ("where is it less humid", (False, "less humid")),
        ("which room has the lowest humidity", (False, "the least humid")),
        ("where is the highest temperature", (True, "the warmest")),
        ("where is it less cold", (True, "warmer")),
        ("which room is the most warm", (True, "the warmest")),
        ("one more thing, what is the temperature", None),
        ("is there more milk", None),
        ("how warm is it", None),
    ],
)
def test_more(said: str, more: tuple[bool, str] | None) -> None:
    """Comparatives and superlatives say whether more is meant, and of what."""
    assert inquiry(said).more == more


@pytest.mark.parametrize("word", MORE)
def test_every_comparison_measures(word: str) -> None:
    """What is compared is known, so that degrees are not compared with percent."""
    assert word in MEASURED


def test_every_degree_of_what_is_compared() -> None:
    """Both of more and less have words for each."""
    for kind, words in COMPARED.items():
        for degree in DEGREES:
            asked = inquiry(f"where is the {kind} {degree}")
            assert asked.more and asked.more[1] in {one for two in words for one in two}


def test_every_condition_is_a_word_of_its_own() -> None:
    """What a word means can be said with that word, too."""
    assert set(CONDITIONS.values()) <= set(CONDITIONS)
    assert all(OPPOSITE[OPPOSITE[one]] == one for one in OPPOSITE)
    assert all(kinds for kinds in KINDS.values())


@pytest.mark.parametrize(
    "said",
    [
        "make it a bit warmer in here",
        "turn the heating up a bit",
        "it's cold, turn it up",
        "the radiator up a notch",
        "boost the heat for the air conditioner slightly",
        "reduce the thermostat by a degree or two",
        "I want it warmer",
        "not so hot with the radiator, please",
        "could you please have it less warm",
        "it's too cold in here",
    ],
)
def test_orders(said: str) -> None:
    """Who wants more of something asks nothing."""
    assert inquiry(said).is_order


@pytest.mark.parametrize(
    "said",
    [
        "is it warmer in here",
        "is it too cold in here",
        "which room is warmer",
        "the kitchen or the hall, warmer?",
        "it's warmer than outside",
        "did we turn the heating up",
        "how far did I turn it down",
        "it is warmer now, right?",
        "look up the temperature",
        "one more thing, the thermostat",
        "warmest room",
        "temperature in the bedroom",
        "so the door",
        "",
    ],
)
def test_no_orders(said: str) -> None:
    """Who asks, compares or only says what it is about gives no order."""
    assert not inquiry(said).is_order
