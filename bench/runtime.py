"""The worker around llama-cpp-python beside llama-server.

Both have the same model file and the same flags, and take turns: a prompt is read
cold, an answer is generated, and a second turn shares its beginning with the first.
The file has the shape of Qwen3 0.6B and random weights; tokens a second are those of
the real one, words are noise. What else the machine does, slows down both: of each
pair of rounds the ratio counts, and the best rounds say what the machine can do.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
import json
import os
from pathlib import Path
import statistics
import sys
import time
from typing import Any

import aiohttp

from demo.command import run
from demo.components import HEARTH
from demo.errors import DemoError
from demo.llama import llama_server
from demo.processes import LOOPBACK, Child, child, free_port
from demo.stage import Progress

from .random_model import random_model
from .tokenizer import WORK

WORKER = HEARTH / "engines" / "worker"
SERVER_NAME, WORKER_NAME = "llama-server", "worker"
CONTEXT = 4096
ROUNDS = 6
PROMPT_TOKENS = 700
GENERATED = 100
_START_SECONDS = 120
# Between two rounds the threads of the one before fall asleep.
_REST_SECONDS = 0.3


class Measure(StrEnum):
    """What is measured, as the table calls it."""

    READING = "prompt tokens read a second"
    GENERATING = "tokens generated a second"
    FIRST_WORD = "second turn: ms to first word"
    EVALUATED = "second turn: tokens read"


type Numbers = dict[Measure, float]
type Chat = list[dict[str, str]]


class Runtime:
    """A server that is measured."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Remember where it is."""
        self._session = session
        self._url = url

    async def wait(self, process: Child) -> None:
        """Wait until the model is loaded."""
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            process.check()
            try:
                async with self._session.get(f"{self._url}/health") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
        raise DemoError(f"no answer after {_START_SECONDS} s; see {process.log}")

    async def chat(
        self, messages: Chat, most: int, **more: Any
    ) -> tuple[dict[str, Any], float]:
        """Return an answer's timings, and the milliseconds until its first word."""
        body = {
            "messages": messages,
            "max_tokens": most,
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0,
        }
        start = time.perf_counter()
        first = 0.0
        timings: dict[str, Any] = {}
        async with self._session.post(
            f"{self._url}/v1/chat/completions",
            json=body | more,
            headers={"Connection": "close"},
        ) as answer:
            if answer.status != 200:
                raise DemoError(f"refused: {await answer.text()}")
            async for line in answer.content:
                if not line.startswith(b"data: {"):
                    continue
                first = first or (time.perf_counter() - start) * 1000
                timings = json.loads(line[6:]).get("timings") or timings
        return timings, first

    async def read(self, turn: Chat) -> Numbers:
        """Read a prompt of which nothing is known yet."""
        timings, _ = await self.chat(turn, 1, cache_prompt=False)
        return {Measure.READING: timings["prompt_per_second"]}

    async def go_on(self, turn: Chat) -> Numbers:
        """Take a second turn after one that was read."""
        again = [*turn, {"role": "assistant", "content": "It is."}]
        again += [{"role": "user", "content": "And in the hall?"}]
        timings, first = await self.chat(again, 4)
        return {Measure.FIRST_WORD: first, Measure.EVALUATED: timings["prompt_n"]}

    async def speak(self, turn: Chat) -> Numbers:
        """Generate an answer after few words."""
        asked = [{"role": "user", "content": turn[0]["content"][:20]}]
        timings, _ = await self.chat(asked, GENERATED)
        return {Measure.GENERATING: timings["predicted_per_second"]}


@asynccontextmanager
async def _running(
    session: aiohttp.ClientSession, name: str, model: Path, threads: int, flash: str
) -> AsyncIterator[Runtime]:
    """Run one of both as long as the context lasts."""
    port = free_port()
    programs: dict[str, Sequence[str | Path]] = {
        SERVER_NAME: (llama_server(), "--parallel", "1", "--no-webui"),
        WORKER_NAME: (sys.executable, WORKER),
    }
    command = [*programs[name], "--model", model, "--alias", "bench"]
    command += ["--host", LOOPBACK, "--port", str(port), "--ctx-size", str(CONTEXT)]
    command += ["--threads", str(threads), "--cache-ram", "0", "--flash-attn", flash]
    if flash == "on":
        command += ["--cache-type-k", "q8_0", "--cache-type-v", "q8_0"]
    async with child(name, command, WORK / f"{name}.log") as process:
        runtime = Runtime(session, f"http://{LOOPBACK}:{port}")
        await runtime.wait(process)
        yield runtime


async def measure(options: argparse.Namespace) -> dict[str, list[Numbers]]:
    """Take rounds in turn, after one that does not count."""
    tell = Progress("bench")
    tell("writing the model, if it is not there")
    model = options.model or await asyncio.to_thread(random_model)
    found: dict[str, list[Numbers]] = {SERVER_NAME: [], WORKER_NAME: []}
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600))
        )
        runtimes = {
            name: await stack.enter_async_context(
                _running(session, name, model, options.threads, options.flash_attn)
            )
            for name in found
        }
        for number in range(options.rounds + 1):
            # Each goes first as often as the other.
            names = list(found) if number % 2 else list(reversed(found))
            taken = await _round(runtimes, names, number)
            for name in names:
                speeds = taken[name]
                tell(
                    f"{name:12} {speeds[Measure.READING]:7.1f} read/s"
                    f" {speeds[Measure.GENERATING]:6.2f} generated/s"
                )
                if number:
                    found[name].append(speeds)
    return found


async def _round(
    runtimes: dict[str, Runtime], names: list[str], number: int
) -> dict[str, Numbers]:
    """Measure one thing after the other, each with both."""
    words = f"Round {number}. " + " ".join(
        f"room {n % 97} has light {n % 89}" for n in range(PROMPT_TOKENS // 7)
    )
    turn = [
        {"role": "system", "content": words},
        {"role": "user", "content": "Is the light on?"},
    ]
    taken: dict[str, Numbers] = {name: {} for name in names}
    for work in (Runtime.read, Runtime.go_on, Runtime.speak):
        for name in names:
            await asyncio.sleep(_REST_SECONDS)
            taken[name] |= await work(runtimes[name], turn)
    return taken


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench runtime", description=__doc__)
    parser.add_argument("--model", type=Path, metavar="FILE", help="another model")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    parser.add_argument("--threads", type=int, default=_cores(), metavar="N")
    parser.add_argument("--flash-attn", choices=["auto", "on"], default="on")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args()


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def _row(measure: Measure, server: list[float], worker: list[float]) -> str:
    """Return a line of the table: medians, and their ratios."""
    ratios = [two / one for one, two in zip(server, worker, strict=True)]
    best = max(worker) / max(server)
    if measure in {Measure.FIRST_WORD, Measure.EVALUATED}:
        best = min(worker) / min(server)
    return (
        f"{measure:32}{statistics.median(server):>12.1f}"
        f"{statistics.median(worker):>10.1f}{statistics.median(ratios):>10.3f}"
        f"{best:>10.3f}"
    )


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    found = await measure(options)
    count = f"medians of {options.rounds}"
    print(f"{count:32}{SERVER_NAME:>12}{WORKER_NAME:>10}{'ratio':>10}{'of best':>10}")
    columns = {
        measure: [[taken[measure] for taken in rounds] for rounds in found.values()]
        for measure in Measure
    }
    for measured, (server, worker) in columns.items():
        print(_row(measured, server, worker))
    if options.json:
        print(
            json.dumps({measure.name.lower(): columns[measure] for measure in Measure})
        )


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
