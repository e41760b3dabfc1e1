"""Share of utterances with exactly the expected effect, by kind and phenomenon.

Everything is real: a Home Assistant in a process of its own, the home of a
file, an engine with a model, Hearth; beside it Home Assistant's built-in agent
on the same utterances. Before every utterance the home is put back into the
states of its file, and a new conversation begins. Instead of the utterances of a
file there are those of the tiny model's generator, in homes, with names and in
phrases that it never learned from.
"""

import argparse
import json
from pathlib import Path
import sys

from demo.command import run
from demo.options import add_engine_options, engine_of, runtime_of
from demo.stage import FAMILY, Progress

from .accuracy_report import as_json, listing, speed_lines, table
from .asking import HEARTH, Contender, Scene, play
from .utterances import load_utterances

UTTERANCES = FAMILY.with_name("family-utterances.yaml")


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench accuracy", description=__doc__)
    parser.add_argument("--utterances", type=Path, default=UTTERANCES, metavar="FILE")
    parser.add_argument("--home", type=Path, default=FAMILY, metavar="FILE")
    parser.add_argument(
        "--held-out",
        type=int,
        default=0,
        metavar="N",
        help="N utterances of the generator instead, 25 for each home",
    )
    parser.add_argument(
        "--whole", action="store_true", help="list each utterance that went wrong"
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    add_contender_options(parser)
    options = parser.parse_args()
    options.contenders = contenders(options, parser)
    return options


def add_contender_options(parser: argparse.ArgumentParser) -> None:
    """Let models be named: the tiny one by default."""
    add_engine_options(parser)
    parser.add_argument(
        "--gguf",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="a model that Hearth is to run instead; more than once: side by side",
    )


def contenders(
    options: argparse.Namespace, parser: argparse.ArgumentParser
) -> list[Contender]:
    """Return the models that were named."""
    runtime, engine = runtime_of(options), engine_of(options, parser)
    stems = [path.stem for path in options.gguf]
    named = [
        Contender(
            name=path.stem if stems.count(path.stem) == 1 else str(path),
            model=str(path.resolve()),
            runtime=runtime,
        )
        for path in options.gguf
    ]
    if engine is not None:
        named.append(Contender(name=engine.model, engine=engine, runtime=runtime))
    return named or [Contender(name=HEARTH, runtime=runtime)]


def _scenes(options: argparse.Namespace) -> list[Scene]:
    """Return the homes and what is said in them."""
    if not options.held_out:
        utterances = load_utterances(options.utterances)
        return [Scene(home=options.home, utterances=utterances)]
    # It brings the whole generator along.
    from .held_out import held_out_scenes  # noqa: PLC0415

    return list(held_out_scenes(options.held_out))


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    results = await play(_scenes(options), options.contenders, Progress("bench"))
    for name, rows in results.items():
        print(listing(name, rows, whole=options.whole or not options.held_out))
    print(table(results))
    for name, rows in results.items():
        print("\n".join(speed_lines(name, rows)))
    if options.json:
        print(json.dumps(as_json(results)))


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
