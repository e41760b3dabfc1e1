"""Measure a GGUF: held-out turns by kind and phenomenon, and the reference home.

This asks a llama-server directly, which is fast; ``scripts/bench accuracy`` measures
the same through a real Home Assistant.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any
import urllib.error

import yaml

from . import confusion, render
from .contract import as_meant, named, user_message
from .dice import Dice
from .effects import Effect, WrongCall, effects, intended, reference_home, same
from .heldout import HOMES, SPOKEN, is_held_out
from .homes import Home, draw_home
from .server import Server, serve
from .talkback import ask, told_before
from .talks import after, draw_turns
from .told import answered
from .turns import KINDS, Turn, draw_turn
from .unasked import moves, unasked

# Plain orders, for each talk; where the talks have fewer, more are drawn.
_LEAST_PLAIN = 0.25
_TRIED_FOR_PLAIN = 40
_TALKS_PER_HOME = 8
_MUTED = "is_volume_muted"


@dataclass(slots=True)
class Score:
    """How many were asked, right, right to the letter, and did harm; what went wrong."""

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    wrong: list[confusion.Outcome] = field(default_factory=list)

    def add(self, turn: Turn, *, right: bool, exact: bool, moved: bool) -> None:
        """Count a turn for its kind and for its phenomenon."""
        for name in (turn.kind, f"{turn.kind}/{turn.phenomenon}", "all"):
            self.asked[name] += 1
            self.right[name] += right
            self.exact[name] += exact
            self.moved[name] += moved

    def lines(self) -> Iterator[str]:
        """Yield a table: all, each kind, and its phenomena."""
        phenomena = sorted(name for name in self.asked if "/" in name)
        for kind in ("all", *KINDS):
            for name in (kind, *(n for n in phenomena if n.startswith(f"{kind}/"))):
                if asked := self.asked[name]:
                    right, exact = self.right[name], self.exact[name]
                    indented = f"  {name.rpartition('/')[2]}" if "/" in name else name
                    yield (
                        f"  {indented:28} {right:5} of {asked:5} {right / asked:6.1%}"
                        f"   to the letter {exact / asked:6.1%}"
                        + (f"   MOVED {self.moved[name]}" if self.moved[name] else "")
                    )


def held_out_talks(talks: int) -> Iterator[tuple[Home, list[Turn]]]:
    """Yield homes and talks of what is never learned."""
    dice = Dice("held out for measuring", measuring=True)
    drawn = plain = 0
    while drawn < talks:
        home = draw_home(dice)
        if is_held_out(home):
            continue
        for _ in range(_TALKS_PER_HOME):
            try:
                turns = draw_turns(dice, home)
            except LookupError:
                break
            yield home, turns
            drawn += 1
            plain += sum(turn.kind == "plain" for turn in turns)
    yield from _plain_talks(dice, round(talks * _LEAST_PLAIN) - plain)


def _plain_talks(dice: Dice, wanted: int) -> Iterator[tuple[Home, list[Turn]]]:
    """Yield more orders as a template has them, as few of these have unseen words."""
    while wanted > 0:
        home = draw_home(dice)
        if is_held_out(home):
            continue
        for _ in range(_TRIED_FOR_PLAIN):
            try:
                turn = draw_turn(dice, home)
            except LookupError:
                break
            if turn.kind == "plain":
                yield home, [turn]
                wanted -= 1
                break


def held_out(server: Server, talks: int, show: int) -> Score:
    """Return how many held-out turns come out right."""
    score = Score()
    for home, turns in held_out_talks(talks):
        for number, turn in enumerate(turns):
            before = told_before(home, turn, turns[:number])
            calls, said = _asked(server, home, turn.user, before, turn.here)
            got = render.calls(calls) if calls else render.sentence(said)
            done, refused = _done(home, calls, turn.here)
            exact = got == turn.first
            right = exact or (not refused and _does_right(home, turn, calls, done))
            moved = not right and moves(done)
            score.add(turn, right=right, exact=exact, moved=moved)
            if not right:
                score.wrong.append(
                    confusion.Outcome(
                        said=turn.said,
                        kind=turn.kind,
                        wanted=intended(turn.goals),
                        done=done,
                        got=_short(got),
                        refused=refused,
                    )
                )
            if not right and show > 0:
                show -= 1
                print(
                    f"  {turn.kind}/{turn.phenomenon}: {turn.said!r}\n"
                    f"    want {_short(turn.first)}\n    got  {_short(got)}"
                )
            home = after(home, turn.goals)  # noqa: PLW2901
    return score


def _does_right(
    home: Home, turn: Turn, calls: tuple[render.Call, ...], done: list[Effect]
) -> bool:
    """Return whether what is meant happens; nothing, where nothing is meant.

    Of a question it counts what is answered.
    """
    if turn.kind == "none":
        return not calls
    if turn.question and turn.calls:
        wanted = answered(home, turn.calls, turn.said) or turn.question.answer
        return not done and answered(home, calls, turn.said) == wanted
    return bool(turn.goals) and same(done, intended(turn.goals))


def _done(
    home: Home, calls: tuple[render.Call, ...], here: str | None
) -> tuple[list[Effect], str]:
    """Return what calls do; where a tool refuses one, nothing and why."""
    try:
        return effects(home, calls, here), ""
    except WrongCall as wrong:
        return [], wrong.kind


def _asked(
    server: Server,
    home: Home,
    user: str,
    before: Iterable[Turn] = (),
    here: str | None = None,
) -> tuple[tuple[render.Call, ...], str]:
    """Ask; an answer that the server cannot parse is a wrong one."""
    try:
        return ask(server, home, user, before, here=here)
    except urllib.error.HTTPError as error:
        return (), f"HTTP {error.code}: {error.read().decode()}"


def _short(text: str) -> str:
    return (
        text.replace("<tool_call>\n", "")
        .replace("\n</tool_call>", " ")
        .removesuffix("<|end|>")
    )


type Row = tuple[dict[str, Any], bool, str]


def reference(server: Server) -> list[Row]:
    """Return each reference utterance with whether it came out right, and what came."""
    return said_in(server, "family", HOMES / "family-utterances.yaml")


def spoken(server: Server) -> list[Row]:
    """Return the same of what others wrote for the reference homes."""
    return [
        row
        for path in sorted(HOMES.glob(f"*{SPOKEN}"))
        for row in said_in(server, path.name.removesuffix(SPOKEN), path)
    ]


def said_in(server: Server, home_name: str, utterances: Path) -> list[Row]:
    """Say the utterances of a file in a reference home."""
    home = reference_home(HOMES / f"{home_name}.yaml")
    found = []
    for row in yaml.safe_load(utterances.read_text()):
        calls, said = _asked(server, home, message(home, row["say"]))
        found.append((row, _fits(home, row, calls, said), f"{calls or said}"))
    return found


def by_kind(rows: list[Row]) -> dict[str, dict[str, int]]:
    """Count utterances and right ones, by kind."""
    return {
        kind: {
            "asked": sum(row["kind"] == kind for row, _, _ in rows),
            "right": sum(good for row, good, _ in rows if row["kind"] == kind),
        }
        for kind in KINDS
    }


def message(home: Home, said: str) -> str:
    """Return the user message for an utterance in a home."""
    said = as_meant(home.entities, said, "en")
    by_id = {thing.entity.entity_id: thing for thing in home.things}
    states = [(e.name, by_id[e.entity_id].told) for e in named(home.entities, said)]
    return user_message(
        said, now=datetime(2026, 11, 20, 18, 30, tzinfo=UTC), states=states
    )


def _fits(
    home: Home, row: dict[str, Any], calls: tuple[render.Call, ...], said: str
) -> bool:
    done, refused = _done(home, calls, None)
    if refused:
        return not row.get("do", True)
    if row["kind"] == "state":
        told = (answered(home, calls, row["say"]) or "") if calls else said
        return not done and any(text in told.lower() for text in row["answer"])
    do = row.get("do", [])
    wanted = do if isinstance(do, list) else [do]
    if len(done) != len(wanted):
        return False
    return all(any(_same(effect, want) for effect in done) for want in wanted)


def _same(effect: Effect, want: dict[str, Any]) -> bool:
    service, data = want["s"], dict(want.get("d", {}))
    # Assist has a tool for each.
    if data.pop(_MUTED, True) is False:
        service = service.replace("volume_mute", "volume_unmute")
    return (
        effect.service == service
        and effect.entities == frozenset(want["e"])
        and all(_near(effect.data.get(k), v) for k, v in data.items())
    )


def _near(value: Any, want: Any) -> bool:
    if isinstance(value, int | float) and isinstance(want, int | float):
        return abs(value - want) < 0.005
    return bool(value == want)


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--turns", type=int, default=400, help="held-out talks")
    parser.add_argument("--show", type=int, default=10, help="wrong answers to show")
    parser.add_argument(
        "--unasked",
        type=int,
        default=0,
        metavar="N",
        help="say N things that must move no lock, cover or valve, too",
    )
    parser.add_argument("--json", action="store_true", help="end with a line of JSON")
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
        others = spoken(server)
        counts = by_kind(others)
        print("What others wrote for the reference homes (never trained on):")
        for row, good, got in others:
            if not good:
                print(f"  WRONG  {row['kind']:5}  {row['say']}\n         {got}")
        for kind, count in counts.items():
            print(f"  {kind:5}  {count['right']:4} of {count['asked']:4}")
        print("Held-out homes, names and frames (never trained on):")
        score = held_out(server, args.turns, args.show)
        print("\n".join(score.lines()))
        print("What went wrong, wanted → got:")
        print("\n".join(confusion.listing(score.wrong)))
        found: dict[str, Any] = {
            "asked": score.asked,
            "right": score.right,
            "exact": score.exact,
        }
        found |= {
            "model": args.model.name,
            "talks": args.turns,
            "megabytes": round(args.model.stat().st_size / 1e6, 1),
            "wrong": confusion.counts(score.wrong),
            "reference": {
                "asked": len(rows),
                "right": sum(good for _, good, _ in rows),
            },
            "spoken": counts,
        }
        if args.unasked:
            print("What must move no lock, cover or valve:")
            tally = unasked(server, args.unasked)
            print("\n".join(tally.lines()))
            found["unasked"] = {
                "said": tally.said,
                "moved": len(tally.moved),
                "held": tally.held,
            }
    if args.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
