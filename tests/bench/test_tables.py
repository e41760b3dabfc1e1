"""What the benchmarks print."""

from bench.accuracy import Row, listing, summary, table
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
WARM = Utterance(say="warm?", kind=Kind.STATE, answers=("19",))


def _row(utterance: Utterance, reply: str, *calls: Call) -> Row:
    return Row(
        utterance=utterance,
        said=Said(
            said=utterance.say, reply=reply, calls=list(calls), states={}, seconds=1
        ),
    )


RIGHT = _row(
    OFF, "Done", Call(service="light.turn_off", entities=("light.a",), data={"x": 1})
)
WRONG = _row(OFF, "Hm", Call(service="light.turn_on", entities=("light.a",)))
MISSED = _row(WARM, "It is cold")


def test_summary() -> None:
    """Right ones are counted by kind; kinds that are missing count nothing."""
    counts = summary([RIGHT, WRONG, MISSED])
    assert counts == {
        "plain": {"right": 1, "of": 2},
        "free": {"right": 0, "of": 0},
        "state": {"right": 0, "of": 1},
        "none": {"right": 0, "of": 0},
    }
    assert table({"hearth": counts}).splitlines()[1].split() == [
        "hearth",
        "1/2",
        "0/0",
        "0/1",
        "0/0",
    ]


def test_listing() -> None:
    """Every wrong row tells what was expected, what came and what was said."""
    assert listing("hearth", [RIGHT, WRONG, MISSED]).splitlines() == [
        "hearth: 2 of 3 wrong",
        '  plain: "lamp off"',
        "    expected  light.turn_off light.a {'x': 1}",
        "    got       light.turn_on light.a",
        "    reply     Hm",
        '  state: "warm?"',
        "    expected  no action; a reply with 19",
        "    got       no action",
        "    reply     It is cold",
    ]


def test_overhead() -> None:
    """What is added is in milliseconds, and the 95th of a hundred is found."""
    assert round(Pair(hearth=0.5, straight=0.49).added, 6) == 10
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
