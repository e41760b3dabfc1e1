"""How long a reading ahead is in the way of somebody who speaks.

An engine that Hearth runs itself answers alone, and while it reads ahead: the prompt
that the answer needs, too, or a long one that has nothing to do with it, or one of
another agent of the same home. Who speaks goes first, but what llama.cpp has begun to
compute it computes to its end. The difference of each pair is the wait; what was read
need not be read again, so it may be less than nothing. The model has the shape of Qwen3
0.6B and random weights.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
import json
import os
from pathlib import Path
import random
import shutil
import statistics
import sys
import time

import aiohttp

from custom_components.hearth.agent.line import Interrupted, Line, Priority
from custom_components.hearth.engines.chat import ChatRequest, Message, Pace, Role
from custom_components.hearth.engines.launch import LaunchPlan, Runtime
from custom_components.hearth.engines.managed import ManagedEngine
from demo.command import run
from demo.llama import llama_server
from demo.stage import Progress

from .random_model import random_model
from .tokenizer import WORK

ROUNDS = 12
CONTEXT = 8192
SLOTS = 2
# Of a home with 40 devices, and of one so large that reading it takes long.
WORDS, MORE_WORDS = 350, 3000
SAME, OTHER, AGENT = (
    "the same is read",
    "something else is read",
    "another agent's is read",
)
# Seconds after which somebody speaks while the other prompt is read.
SOONEST, LATEST = 0.5, 1.5

type Pair = tuple[float, float]


def _home(name: str, words: int) -> str:
    """Return a text of about twice as many tokens."""
    lamps = " ".join(f"lamp {number % 97}" for number in range(words // 2))
    return f"{name} {lamps}"


def _request(home: str, said: str, most: int) -> ChatRequest:
    """Return what is asked of the engine when something is said in a home."""
    return ChatRequest(
        model="bench",
        messages=(
            Message(role=Role.SYSTEM, content=home),
            Message(role=Role.USER, content=said),
        ),
        max_tokens=most,
        temperature=0,
    )


@asynccontextmanager
async def _engine(model: Path, threads: int) -> AsyncIterator[ManagedEngine]:
    """Run an engine as Hearth does."""
    folder = WORK / "interrupt" / str(os.getpid())
    plan = LaunchPlan(
        runtime=Runtime.LLAMA_SERVER,
        program=Path(llama_server()),
        model=model,
        alias="bench",
        context_window=CONTEXT,
        threads=threads,
        folder=folder,
        slots=SLOTS,
    )
    async with aiohttp.ClientSession() as session:
        engine = ManagedEngine(session, plan)
        try:
            await engine.start()
            await engine.ready()
            yield engine
        finally:
            await engine.stop()
            shutil.rmtree(folder, ignore_errors=True)


class Person:
    """Somebody who speaks to an engine that may be reading ahead."""

    def __init__(self, engine: ManagedEngine) -> None:
        """Have a line of one's own, and a home that never changes."""
        self._engine = engine
        self._line = Line()
        self._number = 0

    def _home(self, words: int) -> str:
        """Return the text of another home than all before."""
        self._number += 1
        return _home(f"Home {self._number}.", words)

    async def speak(self, home: str) -> float:
        """Say something in a home; return the seconds to the first token."""
        self._number += 1
        request = _request(home, f"Turn on lamp {self._number}.", 4)
        began = time.perf_counter()
        async with (
            self._line.place(Priority.VOICE),
            aclosing(self._engine.chat(request)) as deltas,
        ):
            await anext(deltas)
            first = time.perf_counter() - began
            async for _ in deltas:
                pass
        return first

    async def read_ahead(self, home: str, pace: Pace) -> None:
        """Read what a home is told with, as Hearth does."""
        request = replace(_request(home, "Hello.", 0), pace=pace)
        with suppress(Interrupted):
            async with self._line.place(Priority.WARM_UP):
                async for _ in self._engine.chat(request):
                    pass

    async def interrupt(self, read: str, home: str) -> float:
        """Speak in a home while one is read; return what ``speak`` does."""
        pace = Pace.WHOLE if read == home else Pace.SMALL
        reading = asyncio.create_task(self.read_ahead(read, pace))
        await asyncio.sleep(random.uniform(SOONEST, LATEST))
        first = await self.speak(home)
        await reading
        return first

    async def same(self) -> Pair:
        """Speak where nothing has been read, and where the reading has begun."""
        alone = await self.speak(self._home(WORDS))
        home = self._home(WORDS)
        return alone, await self.interrupt(home, home)

    async def other(self) -> Pair:
        """Speak where all has been read, and while something else is read."""
        home = _home("My home.", WORDS)
        await self.speak(home)
        alone = await self.speak(home)
        return alone, await self.interrupt(self._home(MORE_WORDS), home)

    async def agent(self) -> Pair:
        """Speak where all has been read, and while another agent's part is read."""
        self._number += 1
        home, other = (
            "\n".join((_home("My home.", WORDS), duties, _home("Tools:", WORDS)))
            for duties in ("Be brief.", f"Be pirate {self._number}.")
        )
        await self.speak(home)
        alone = await self.speak(home)
        return alone, await self.interrupt(other, home)


async def measure(options: argparse.Namespace) -> dict[str, list[Pair]]:
    """Return the seconds to the first token, alone and while something was read."""
    tell = Progress("bench")
    tell("writing the model, if it is not there")
    model = options.model or await asyncio.to_thread(random_model)
    found: dict[str, list[Pair]] = {SAME: [], OTHER: [], AGENT: []}
    async with _engine(model, options.threads) as engine:
        person = Person(engine)
        for _ in range(options.rounds):
            for name, work in (
                (SAME, person.same),
                (OTHER, person.other),
                (AGENT, person.agent),
            ):
                found[name].append(pair := await work())
                tell(f"{name}: alone {pair[0]:.3f} s, interrupting {pair[1]:.3f} s")
    return found


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench interrupt", description=__doc__
    )
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--model", type=Path, metavar="FILE", help="another model")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    parser.add_argument("--threads", type=int, default=cores, metavar="N")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args()


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    found = await measure(options)
    print(f"{'milliseconds':24}{'alone':>8}{'later':>8}{'latest':>8}")
    waits = {}
    for name, pairs in found.items():
        waits[name] = [1000 * (second - first) for first, second in pairs]
        alone = statistics.median(1000 * first for first, _ in pairs)
        middle, longest = statistics.median(waits[name]), max(waits[name])
        print(f"{name:24}{alone:>8.0f}{middle:>8.0f}{longest:>8.0f}")
    if options.json:
        print(json.dumps({"waits_ms": waits}))


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
