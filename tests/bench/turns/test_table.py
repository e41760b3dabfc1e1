"""What the turns' benchmark prints."""

import pytest

from bench.turns.cases import Case, Part, parts_of
from bench.turns.measured import Measured, mean_of
from bench.turns.player import OwnEngine, Place, Task
from bench.turns.table import as_data, table


def _measured(first: float, turn: float, read: float | None = 10) -> Measured:
    return Measured(
        first_delta=first / 2,
        first_word=first,
        turn=turn,
        passes=2,
        read=read,
        cached=None if read is None else 90,
    )


FOUND = {
    Case.COLD: {
        "hearth": [_measured(1, 2), _measured(2, 4), _measured(9, 9)],
        "llama_cpp": [_measured(4, 4), _measured(10, 20), _measured(9, 9)],
        "ollama": [_measured(5, 6, None), _measured(5, 6, None), _measured(5, 6)],
    },
    Case.RESTART: {"hearth": [_measured(1, 2)]},
}


def test_numbers() -> None:
    """Medians are of each number, ratios of each round; what is unknown stays so."""
    data = as_data(FOUND)
    assert data["rows"][:3] == [
        {
            "case": "cold",
            "agent": agent,
            "first_delta_s": first / 2,
            "first_word_s": first,
            "turn_s": turn,
            "passes": 2,
            "read": read,
            "cached": read and 90,
        }
        for agent, first, turn, read in (
            ("hearth", 2, 4, 10),
            ("llama_cpp", 9, 9, 10),
            ("ollama", 5, 6, None),
        )
    ]
    assert data["ratios"] == {
        "cold": {"first_delta": 4.0, "first_word": 4.0, "turn": 2.0}
    }


def test_table() -> None:
    """Each case is told in words; what is unknown is a question mark."""
    lines = [line.split() for line in table(FOUND).splitlines()]
    assert lines[2:] == [
        "nothing read yet, no tool".split(),
        ["hearth", "1.00", "2.00", "4.00", "2.0", "10", "90"],
        ["llama_cpp", "4.50", "9.00", "9.00", "2.0", "10", "90"],
        ["times", "sooner", "4.0", "x", "4.0", "x", "2.0", "x"],
        ["ollama", "2.50", "5.00", "6.00", "2.0", "?", "?"],
        "some time after a restart".split(),
        ["hearth", "0.50", "1.00", "2.00", "2.0", "10", "90"],
    ]


def test_means() -> None:
    """Several turns are told as one, with what who waited before has on the clock."""
    assert mean_of([_measured(1, 2), _measured(3, 6)]) == _measured(2, 4)
    assert mean_of([_measured(1, 2), _measured(1, 2, None)]).read is None
    later = _measured(1, 2).after(3)
    assert (later.first_delta, later.first_word, later.turn) == (3.5, 4, 5)


@pytest.mark.parametrize(
    ("cases", "parts"),
    [
        ({Case.WARM}, (Part.ONE_HOME,)),
        ({Case.RESTART}, (Part.BEFORE_RESTART, Part.LATER)),
        (
            {Case.COLD, Case.RESTART_AT_ONCE},
            (Part.ONE_HOME, Part.BEFORE_RESTART, Part.AT_ONCE),
        ),
    ],
)
def test_parts(cases: set[Case], parts: tuple[Part, ...]) -> None:
    """Home Assistant is started as often as the cases need it."""
    assert parts_of(frozenset(cases)) == parts


@pytest.mark.parametrize("own", [None, OwnEngine(model="m", program="p", journal="j")])
def test_task(own: OwnEngine | None) -> None:
    """A task comes out of a file as it went in."""
    task = Task(
        agent="hearth",
        place=None if own else Place(url="u", behind="b", model="m", journal="j"),
        own=own,
        part=Part.LATER,
        cases=[Case.RESTART],
        home="h",
        folder="f",
        pause=1.5,
    )
    assert Task.read(task.write()) == task
