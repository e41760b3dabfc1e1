"""What must move no lock, cover or valve."""

import pytest

from custom_components.hearth.agent.hedges import may_be_no_order
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from training import client, unasked
from training.client import Done
from training.effects import Effect
from training.homes import Home
from training.server import Server
from training.unasked import GUARDED, draw_unasked, guards, is_near, moves, near_words

WANTED = 250


def test_nothing_drawn_asks_for_it() -> None:
    """Homes have such things, most of what is said is near, and nothing asks."""
    drawn = list(draw_unasked(WANTED))
    assert sum(len(turns) for _, turns in drawn) == WANTED
    near = 0
    for home, turns in drawn:
        assert home.of(*GUARDED)
        assert not any(guards(turn.goals) for turn in turns)
        near += sum(is_near(turn, near_words(home)) for turn in turns)
    assert near > 0.6 * WANTED


def test_moves() -> None:
    """Only locks, covers and valves count, in whatever way they move."""
    light = Effect("light.turn_on", frozenset({"light.a"}))
    assert not moves([light])
    for service in ("lock.lock", "cover.set_cover_position", "valve.open_valve"):
        assert moves([light, Effect(service, frozenset({"x.a"}))])


def test_every_one_that_moved_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that always opens something is found out each time."""
    sure = 0.99

    async def opens(
        engine: LlamaServerEngine, home: Home, user: str, here: str | None
    ) -> list[Done]:
        thing = home.of(*GUARDED)[0]
        service = "lock.unlock" if thing.domain == "lock" else "cover.open_cover"
        moved = Effect(service, frozenset({thing.entity.entity_id}))
        # A call that no tool takes does not save it.
        return [
            Done(("control", {}), (), 0.0),
            Done(("control", {"name": thing.name}), (moved,), sure),
        ]

    monkeypatch.setattr(client, "asked", opens)
    tally = unasked.unasked(Server(1), 30)
    # After words that may be no order, or of another place, it is asked, however sure
    # the model is.
    hedged = sum(
        may_be_no_order(turn.said, "en")
        for _, turns in draw_unasked(30)
        for turn in turns
    )
    assert 10 < hedged <= tally.held < 30
    assert (tally.said, len(tally.moved)) == (30, 30 - tally.held)
    assert not any(may_be_no_order(moved.said, "en") for moved in tally.moved)
    assert len(list(tally.lines())) == 1 + len(tally.moved)

    sure = 0.01
    tally = unasked.unasked(Server(1), 30)
    assert (len(tally.moved), tally.held) == (0, 30)


def test_what_moves_nothing_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither no call nor one for a light, however unsure."""

    async def nothing(*_: object) -> list[Done]:
        light = Effect("light.turn_on", frozenset({"light.a"}))
        return [Done(("control", {"name": "A"}), (light,), 0.01)]

    monkeypatch.setattr(client, "asked", nothing)
    tally = unasked.unasked(Server(1), 30)
    assert (tally.said, tally.moved, tally.held) == (30, [], 0)
