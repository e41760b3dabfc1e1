"""Measure a GGUF: held-out turns by kind, and the reference home's utterances."""

import argparse
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
import urllib.error

import yaml

from . import render
from .contract import named, user_message
from .effects import Effect, effects, reference_home
from .heldout import HOMES
from .homes import Home, draw_home
from .server import Server, serve
from .talkback import ask
from .turns import MIX, draw_turn

_TURNS_PER_HOME = 10


def held_out(server: Server, turns: int, show: int) -> dict[str, tuple[int, int]]:
    """Return right and asked by kind, for turns of a seed never trained on."""
    rng = Random("held out for measuring")
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    home = draw_home(rng)
    for number in range(turns):
        if number % _TURNS_PER_HOME == 0:
            home = draw_home(rng)
        turn = draw_turn(rng, home)
        calls, said = _asked(server, home, turn.user)
        got = render.calls(calls) if calls else render.sentence(said)
        good = got == turn.first
        asked[turn.kind] += 1
        right[turn.kind] += good
        if not good and show > 0:
            show -= 1
            print(
                f"  {turn.kind}: {turn.said!r}\n    want {_short(turn.first)}\n    got  {_short(got)}"
            )
    return {kind: (right[kind], asked[kind]) for kind in MIX if asked[kind]}


def _asked(
    server: Server, home: Home, user: str
) -> tuple[tuple[render.Call, ...], str]:
    """Ask; an answer that the server cannot parse is a wrong one."""
    try:
        return ask(server, home, user)
    except urllib.error.HTTPError as error:
        return (), f"HTTP {error.code}: {error.read().decode()}"


def _short(text: str) -> str:
    return (
        text.replace("<tool_call>\n", "")
        .replace("\n</tool_call>", " ")
        .removesuffix("<|end|>")
    )


def reference(server: Server) -> list[tuple[dict[str, Any], bool, str]]:
    """Return each reference utterance with whether it came out right, and what came."""
    home = reference_home(HOMES / "family.yaml")
    found = []
    for row in yaml.safe_load((HOMES / "family-utterances.yaml").read_text()):
        calls, said = _asked(server, home, message(home, row["say"]))
        found.append((row, _fits(home, row, calls, said), f"{calls or said}"))
    return found


def message(home: Home, said: str) -> str:
    """Return the user message for an utterance in a home."""
    by_id = {thing.entity.entity_id: thing for thing in home.things}
    states = [(e.name, by_id[e.entity_id].told) for e in named(home.entities, said)]
    return user_message(
        said, now=datetime(2026, 11, 20, 18, 30, tzinfo=UTC), states=states
    )


def _fits(
    home: Home, row: dict[str, Any], calls: tuple[render.Call, ...], said: str
) -> bool:
    done = effects(home, calls)
    if row["kind"] == "state":
        return not done and any(text in said.lower() for text in row["answer"])
    wanted = row["do"] if isinstance(row["do"], list) else [row["do"]]
    if len(done) != len(wanted):
        return False
    return all(any(_same(effect, want) for effect in done) for want in wanted)


def _same(effect: Effect, want: dict[str, Any]) -> bool:
    return (
        effect.service == want["s"]
        and effect.entities == frozenset(want["e"])
        and all(_near(effect.data.get(k), v) for k, v in want.get("d", {}).items())
    )


def _near(value: Any, want: Any) -> bool:
    if isinstance(value, int | float) and isinstance(want, int | float):
        return abs(value - want) < 0.005
    return bool(value == want)


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--turns", type=int, default=400)
    parser.add_argument("--show", type=int, default=10, help="wrong answers to show")
    args = parser.parse_args()
    with serve(args.model) as server:
        print("Utterances of the reference home (never trained on):")
        rows = reference(server)
        for row, good, got in rows:
            print(
                f"  {'right' if good else 'WRONG'}  {row['kind']:5}  {row['say']}"
                + ("" if good else f"\n         {got}")
            )
        print(f"  {sum(good for _, good, _ in rows)} of {len(rows)}")
        print("Held-out homes and turns, exact match:")
        kinds = held_out(server, args.turns, args.show)
    for kind, (right, asked) in kinds.items():
        print(f"  {kind:13} {right:4} of {asked:4}  {right / asked:6.1%}")
    right, asked = (sum(column) for column in zip(*kinds.values(), strict=True))
    print(f"  {'all':13} {right:4} of {asked:4}  {right / asked:6.1%}")


if __name__ == "__main__":
    main()
