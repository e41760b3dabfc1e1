"""What thresholds would hold, as a person reads it."""

from training.sureness import THRESHOLDS, Acted, table


def test_the_table() -> None:
    """A turn is held below the threshold; locks are counted apart."""
    lines = list(
        table(
            [
                Acted(0.25, right=True, guarded=False),
                Acted(0.99, right=True, guarded=False),
                Acted(0.1, right=False, guarded=False),
                Acted(0.3, right=False, guarded=False),
                Acted(0.5, right=False, guarded=True),
                Acted(0.0, right=True, guarded=False, named=True),
            ]
        )
    )
    each = len(THRESHOLDS)
    assert len(lines) == 3 * (each + 2)
    guarded, named = lines[: each + 2], lines[each + 2 : 2 * (each + 2)]
    others = lines[2 * (each + 2) :]
    assert named[0] == "all named: 1 right turns, 0 wrong ones"
    assert guarded[0] == "locks, covers and valves: 0 right turns, 1 wrong ones"
    assert others[0] == "everything else: 2 right turns, 2 wrong ones"
    at = {line.split()[0]: line.split()[1:] for line in others[2:]}
    assert at["0.05"] == ["0", "0.0%", "0", "0.0%", "2"]
    assert at["0.30"] == ["1", "50.0%", "1", "50.0%", "1"]
    assert at["0.98"] == ["1", "50.0%", "2", "100.0%", "0"]
    assert [line.split()[1:] for line in guarded[2:]][-1] == [
        "0",
        "-",
        "1",
        "100.0%",
        "0",
    ]
