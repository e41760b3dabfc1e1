"""Write homes with many talks each, as lines of JSON for the trainer."""

import argparse
import json
import os
from pathlib import Path

from . import render
from .contract import INSTRUCTIONS, prefix
from .dice import Dice
from .heldout import is_held_out
from .homes import Home, draw_home
from .talks import draw_easy_talk, draw_talk

_EXTRA = (
    "Answer briefly.",
    "The user is at home.",
    "Speak politely.",
    "Timers are not supported.",
    "Today is a holiday.",
)
_OTHER = (
    "You are a helpful voice assistant for Home Assistant. Be brief.",
    "You control a smart home with tools. Copy names exactly.",
    "You are the butler of this house.",
)


def draw_prefix(dice: Dice, home: Home) -> str:
    """Render the system message, mostly with the instructions as shipped."""
    instructions = INSTRUCTIONS if dice.random() < 0.92 else dice.choice(_OTHER)
    extra = dice.choice(_EXTRA) if dice.random() < 0.06 else ""
    tools = list(render.TOOLS)
    if dice.random() < 0.12:
        tools += dice.sample(
            ["time", "timer", "todo", "list", "script", "broadcast", "weather"],
            dice.randint(1, 3),
        )
    return render.system(prefix(instructions, home.entities, extra), tools)


def draw_sample(dice: Dice, talks: int, size: int | None = None) -> dict[str, object]:
    """Draw a home and what is said in it; easy things in a small home."""
    draw = draw_talk if size is None else draw_easy_talk
    home = draw_home(dice, size)
    while is_held_out(home):
        home = draw_home(dice, size)
    return {
        "prefix": draw_prefix(dice, home),
        "talks": [draw(dice, home) for _ in range(talks)],
    }


def main() -> None:
    """Write shards of samples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--homes", type=int, default=500, help="homes in a shard")
    parser.add_argument("--talks", type=int, default=16, help="talks in a home")
    parser.add_argument(
        "--small",
        type=int,
        default=0,
        help="this many first shards have small homes and easy talks",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    args = parser.parse_args()
    os.nice(10)
    args.out.mkdir(parents=True, exist_ok=True)
    for shard in range(args.first, args.first + args.shards):
        dice = Dice(f"{args.seed}/{shard}")
        path = args.out / f"{shard:05}.jsonl"
        with path.with_suffix(".part").open("w") as file:
            for _ in range(args.homes):
                size = dice.randint(3, 12) if shard < args.small else None
                file.write(
                    json.dumps(draw_sample(dice, args.talks, size), ensure_ascii=False)
                    + "\n"
                )
        path.with_suffix(".part").rename(path)
    (args.out / "shards").write_text(str(args.first + args.shards))


if __name__ == "__main__":
    main()
