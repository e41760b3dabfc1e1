"""The same turns for Hearth and for Home Assistant's own agents, side by side.

One llama-server answers Hearth and Home Assistant's llama.cpp integration in turn, in
homes that differ in nothing else; where an Ollama is named, Home Assistant's Ollama
integration is played, too. The model has the shape of Qwen3 0.6B and random weights: it
reads and speaks as fast as the real one, and an oracle before the server lets it say
nothing but what is right, in the same words for everybody. Home Assistant's own agents
do not keep a model from thinking first; here it does not, which is to their advantage.
What else the machine does slows down everybody; the ratios count.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import json
import os
from pathlib import Path
import shutil
import sys

import aiohttp

from bench.random_model import random_model
from demo.command import run
from demo.components import ROOT
from demo.homes import load_home
from demo.llama import llama, llama_server
from demo.processes import child
from demo.stage import FAMILY, Progress

from .cases import Case, Part, parts_of
from .contenders import HEARTH, LLAMA_CPP, OLLAMA
from .front import write_program
from .journal import Journal
from .measured import Measured
from .oracle import oracle
from .player import OwnEngine, Place, Task, read_measured
from .recorder import recorder
from .right import Right, Words
from .table import as_data, table

WORK = ROOT / ".cache" / "bench" / "turns" / str(os.getpid())
ROUNDS = 3
PAUSE = 20
# Tokens. Home Assistant's own prompt of a large home and ten turns fit in.
CONTEXT = 12288


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench turns", description=__doc__)
    parser.add_argument("--home", type=Path, default=FAMILY, metavar="FILE")
    parser.add_argument("--model", type=Path, metavar="FILE", help="another model")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    parser.add_argument(
        "--pause",
        type=float,
        default=PAUSE,
        metavar="SECONDS",
        help="how long nobody speaks after a start and after a change",
    )
    parser.add_argument(
        "--case",
        action="append",
        choices=[case.value for case in Case],
        help="only this one; may be given more than once",
    )
    parser.add_argument(
        "--agent",
        action="append",
        choices=[HEARTH, LLAMA_CPP, OLLAMA],
        help="only this one, without ratios; may be given more than once",
    )
    parser.add_argument("--ollama", metavar="URL", help="an Ollama that runs")
    parser.add_argument("--ollama-model", metavar="NAME", help="the model of that one")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args()
    if bool(options.ollama) != bool(options.ollama_model):
        parser.error("--ollama and --ollama-model belong together")
    return options


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A contender: where it finds its server, and what it runs itself, if anything.

    What it runs itself is played where Home Assistant is restarted.
    """

    agent: str
    place: Place
    own: OwnEngine | None = None


@asynccontextmanager
async def _oracled(
    session: aiohttp.ClientSession, model: Path, right: Right
) -> AsyncIterator[Place]:
    """Run a llama-server with an oracle before it."""
    slots = WORK / "slots"
    slots.mkdir(parents=True, exist_ok=True)
    extra = ("--ctx-size", str(CONTEXT), "--slot-save-path", str(slots))
    journal = WORK / "server.jsonl"
    async with (
        llama(session, WORK / "llama-server.log", model, extra) as engine,
        oracle(engine.url, right, Journal(journal)) as url,
    ):
        yield Place(
            url=url, behind=engine.url, model=engine.model, journal=str(journal)
        )


@asynccontextmanager
async def _entrants(
    options: argparse.Namespace, model: Path
) -> AsyncIterator[list[Entrant]]:
    """Run the servers of all contenders."""
    right = Right(Words.of(load_home(options.home)))
    own = OwnEngine(
        model=str(model),
        program=str(WORK / "llama-server"),
        journal=str(WORK / "managed.jsonl"),
    )
    write_program(Path(own.program), Path(own.journal), options.home, llama_server())
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        place = await stack.enter_async_context(_oracled(session, model, right))
        entrants = [
            Entrant(agent=HEARTH, place=place, own=own),
            Entrant(agent=LLAMA_CPP, place=place),
        ]
        if options.ollama:
            journal = WORK / "ollama.jsonl"
            url = await stack.enter_async_context(
                recorder(options.ollama, Journal(journal))
            )
            before = Place(
                url=url,
                behind=options.ollama,
                model=options.ollama_model,
                journal=str(journal),
            )
            entrants.append(Entrant(agent=OLLAMA, place=before))
        wanted = options.agent or [one.agent for one in entrants]
        yield [one for one in entrants if one.agent in wanted]


async def _play(
    entrant: Entrant, part: Part, wanted: frozenset[Case], options: argparse.Namespace
) -> dict[Case, Measured]:
    """Play one run of Home Assistant in a process of its own."""
    own = None if part is Part.ONE_HOME else entrant.own
    task = Task(
        agent=entrant.agent,
        place=entrant.place if own is None else None,
        own=own,
        part=part,
        cases=sorted(wanted),
        home=str(options.home.resolve()),
        folder=str(WORK / "config"),
        pause=options.pause,
    )
    asked, told = WORK / "task.json", WORK / "measured.json"
    told.unlink(missing_ok=True)
    asked.write_text(task.write(), encoding="utf-8")
    command: list[str | Path] = [sys.executable, "-P", "-m", "bench.turns.player"]
    command += [asked, told]
    async with child("Home Assistant", command, WORK / f"{part}.log") as process:
        await process.wait()
        if not told.exists():
            process.check()
    return read_measured(told.read_text(encoding="utf-8"))


async def _rounds(
    entrants: list[Entrant], options: argparse.Namespace, tell: Progress
) -> dict[Case, dict[str, list[Measured]]]:
    """Take rounds; the contenders take turns in who is first."""
    wanted = frozenset(map(Case, options.case or Case))
    found: dict[Case, dict[str, list[Measured]]] = {
        case: {one.agent: [] for one in entrants} for case in Case if case in wanted
    }
    for number in range(options.rounds):
        for entrant in entrants if number % 2 == 0 else reversed(entrants):
            tell(f"round {number + 1}: {entrant.agent}")
            for part in parts_of(wanted):
                measured = await _play(entrant, part, wanted, options)
                for case, one in measured.items():
                    found[case][entrant.agent].append(one)
                    tell(f"  {case:18}{one.first_word:7.2f} s to the first word")
    return found


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    tell = Progress("bench")
    WORK.mkdir(parents=True)
    tell("writing the model, if it is not there")
    model = options.model or await asyncio.to_thread(random_model)
    async with _entrants(options, model.resolve()) as entrants:
        found = await _rounds(entrants, options, tell)
    # Whoever was interrupted or failed finds the logs there.
    shutil.rmtree(WORK, ignore_errors=True)
    print(table(found))
    if options.json:
        print(json.dumps(as_data(found)))


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
