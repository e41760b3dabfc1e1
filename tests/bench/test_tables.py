"""What the benchmarks print."""

from dataclasses import replace

from bench.accuracy_report import as_json, by_kind, listing, speed_lines, table
from bench.asking import Row
from bench.overhead import Pair, quantile
from bench.prompt import Cost, table as prompt_table
from bench.utterances import Effect, Kind, Utterance
from demo.calls import Call
from demo.say import Said

OFF = Utterance(
    say="lamp off",
    kind=Kind.PLAIN,
    effects=(
        Effect(
            service="light.turn_off", entities=frozenset({"light.a"}), data={"x": 1}
        ),
    ),
)
POLITE = replace(OFF, say="lamp off please", phenomenon="polite")
WARM = Utterance(say="warm?", kind=Kind.STATE, answers=("19",), area="Hall")


def _row(utterance: Utterance, reply: str, *calls: Call) -> Row:
    return Row(
        utterance=utterance,
        said=Said(
            said=utterance.say,
            reply=reply,
            calls=list(calls),
            states={},
            seconds=1,
            measures={"first_word_seconds": 0.4},
        ),
    )


RIGHT = _row(
    POLITE, "Done", Call(service="light.turn_off", entities=("light.a",), data={"x": 1})
)
WRONG = _row(OFF, "Hm", Call(service="light.turn_on", entities=("light.a",)))
MISSED = _row(WARM, "It is cold")


def test_kinds() -> None:
    """Right ones are counted by kind; kinds that are missing count nothing."""
    rows = [RIGHT, WRONG, MISSED]
    assert by_kind(rows) == {
        "plain": {"right": 1, "of": 2},
        "free": {"right": 0, "of": 0},
        "state": {"right": 0, "of": 1},
        "none": {"right": 0, "of": 0},
    }
    lines = [line.split() for line in table({"one": rows, "other": []}).splitlines()]
    assert lines == [
        ["one", "other"],
        ["plain", "1/2", "0/0"],
        ["polite", "1/1", "0/0"],
        ["free", "0/0", "0/0"],
        ["state", "0/1", "0/0"],
        ["none", "0/0", "0/0"],
        ["all", "1/3", "0/0"],
    ]


def test_json() -> None:
    """All that a table shows is in the JSON, and what went wrong in which way."""
    found = as_json({"hearth": [RIGHT, WRONG, MISSED]})["hearth"]
    assert found["plain"] == {"right": 1, "of": 2}
    assert found["phenomena"] == {"plain/polite": {"right": 1, "of": 1}}
    assert found["wrong"] == {
        "a question → another answer": 1,
        "turn off one light → right device, wrong action: turn on one light": 1,
    }
    assert found["seconds"] == {"acting": {"whole_turn": 1, "first_word": 0.4}}


def test_listing() -> None:
    """Every wrong row tells what was expected, what came and what was said."""
    assert listing("hearth", [RIGHT, WRONG, MISSED], whole=True).splitlines()[7:] == [
        '  plain: "lamp off"',
        "    expected  light.turn_off light.a {'x': 1}",
        "    got       light.turn_on light.a",
        "    reply     Hm",
        '  state: "warm?"',
        "    said in   Hall",
        "    expected  no action; a reply with 19",
        "    got       no action",
        "    reply     It is cold",
    ]
    short = listing("hearth", [RIGHT, WRONG, MISSED], whole=False).splitlines()
    assert short[0] == "hearth: 2 of 3 wrong"
    assert short[1].split() == "1 a question → another answer".split()
    assert len(short) == 7


def test_speed() -> None:
    """Only warm and right turns count."""
    cold = replace(RIGHT, warm=False, said=replace(RIGHT.said, seconds=9))
    slow = replace(WRONG, said=replace(WRONG.said, seconds=9))
    assert list(speed_lines("hearth", [cold, RIGHT, slow])) == [
        "hearth, acting, warm: first word or action 0.40 s, whole turn 1.00 s"
    ]


def test_overhead() -> None:
    """What is added is in milliseconds, and the 95th of a hundred is found."""
    assert round(Pair(hearth=0.5, straight=0.48, intents=0.01).added, 6) == 10
    assert quantile([float(value) for value in range(100, 0, -1)], 0.95) == 96
    assert quantile([3.0], 0.95) == 3


def test_prompt() -> None:
    """Tools cost what the prompt has more than without them."""
    text = prompt_table({"assist": Cost(whole=100, without_tools=30)})
    assert [line.split()[-1] for line in text.splitlines()] == [
        "assist",
        "100",
        "70",
        "30",
    ]
