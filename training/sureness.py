"""How well a model knows when it is wrong: what thresholds would hold, and cost.

Held-out turns are asked through Hearth's own client, with strict schemas, as in use. A
turn is held whose least sure call has a confidence below the threshold. Where a lock, a
cover or a valve would move, one whose words may be no order, or name another place, is
held by any; where all that changes was named, none is held in use.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from custom_components.hearth.engines.llama_server import LlamaServerEngine

from . import client, render
from .effects import intended, same
from .homes import Home
from .measure import held_out_talks
from .server import serve
from .talkback import told_before
from .talks import after
from .turns import Turn

THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class Acted:
    """A turn in which something was done, and how sure the model was of it.

    ``named`` is whether Hearth asks about none of it, however unsure the model is.
    """

    confidence: float
    right: bool
    guarded: bool
    named: bool = False


async def acted_turns(url: str, talks: int) -> AsyncIterator[Acted]:
    """Yield the held-out turns in which a model does something."""
    async with aiohttp.ClientSession() as session:
        engine = LlamaServerEngine(session, url)
        for home, turns in held_out_talks(talks):
            for number, turn in enumerate(turns):
                before = told_before(home, turn, turns[:number])
                acted = await _acted(engine, home, turn, before)
                if acted is not None:
                    yield acted
                home = after(home, turn.goals)  # noqa: PLW2901


async def _acted(
    engine: LlamaServerEngine, home: Home, turn: Turn, before: Iterable[Turn]
) -> Acted | None:
    """Ask; return what was done, None where that is nothing or a call is refused."""
    made = await client.asked(engine, home, turn.user, turn.here, before)
    calls = tuple(one.call for one in made)
    done = [effect for one in made for effect in one.effects]
    if not done or not all(one.effects or one.call[0] == "state" for one in made):
        return None
    right = render.calls(calls) == turn.first or (
        turn.kind != "none" and bool(turn.goals) and same(done, intended(turn.goals))
    )
    guarded = any(one.guarded for one in made)
    wanted = client.least(home, turn.said, made, turn.here)
    by_words = max(wanted) > 1
    least = 0.0 if by_words else min(one.confidence for one in made)
    return Acted(least, right, guarded, named=max(wanted) == 0)


def table(found: Iterable[Acted]) -> Iterator[str]:
    """Yield a line for each threshold: what is asked back, and what is held."""
    turns = list(found)
    for title, some in (
        ("locks, covers and valves", [one for one in turns if one.guarded]),
        ("all named", [one for one in turns if one.named]),
        (
            "everything else",
            [one for one in turns if not (one.guarded or one.named)],
        ),
    ):
        right = [one.confidence for one in some if one.right]
        wrong = [one.confidence for one in some if not one.right]
        yield f"{title}: {len(right)} right turns, {len(wrong)} wrong ones"
        yield "  threshold   right asked back      wrong held   wrong let through"
        for threshold in THRESHOLDS:
            asked = sum(confidence < threshold for confidence in right)
            held = sum(confidence < threshold for confidence in wrong)
            yield (
                f"  {threshold:9.2f}   {asked:6} {_share(asked, right)}"
                f"   {held:6} {_share(held, wrong)}   {len(wrong) - held:6}"
            )


def _share(part: int, whole: list[float]) -> str:
    """Return a share in percent."""
    return f"{part / len(whole):7.1%}" if whole else "      -"


async def _collected(url: str, talks: int) -> list[Acted]:
    """Return what was done in all held-out turns."""
    return [one async for one in acted_turns(url, talks)]


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--turns", type=int, default=400, help="held-out talks")
    args = parser.parse_args()
    with serve(args.model) as server:
        found = asyncio.run(_collected(server.url, args.turns))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
