"""What the arithmetic of memory and speed says, beside what is so.

First beside what was published of the Raspberry Pi 5; then beside what llama-server
does on this machine, with models of the shapes of Qwen3 0.6B and 1.7B and random
weights. How fast this machine is, nobody has told the arithmetic: what was measured
with one model says how fast the other should be.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import json
import os
from pathlib import Path
import random
import sys
import time
from typing import Any

import aiohttp

from custom_components.hearth.hardware.cpu import physical_cores
from custom_components.hearth.hardware.fit import memory_needed
from custom_components.hearth.hardware.memory import process_memory
from custom_components.hearth.hardware.speed import (
    NOT_CALIBRATED,
    Speed,
    Work,
    calibrated,
    estimate_speed,
)
from custom_components.hearth.models.catalog import CatalogModel
from demo.command import run
from demo.errors import DemoError
from demo.llama import llama_server
from demo.processes import LOOPBACK, Child, child, free_port
from demo.stage import Progress

from .fit_model import written_model
from .fit_published import (
    BILLION,
    MEMORY,
    Row,
    engine_rows,
    model_of,
    other_rows,
    rule_rows,
    shape_of,
)
from .tokenizer import WORK

MODELS = ("qwen3-0.6b", "qwen3-1.7b")
CONTEXT = 2048
# A prompt that is read, and one so short that generating after it costs what the
# weights cost: each token of context makes the next ones slower.
READ, SHORT = 256, 16
GENERATED = 48
ROUNDS = 12
# Above this, others use the machine, and what is measured is their doing.
BUSY = 2.0
_START_SECONDS = 180
# Between two rounds the threads of the one before fall asleep.
_REST_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What llama-server did with a model.

    Args:
        model: The model.
        work: What it asks of the machine.
        speed: Tokens a second, of the best round.
        memory: Bytes that the process had; None where the system does not say.
    """

    model: CatalogModel
    work: Work
    speed: Speed
    memory: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """A llama-server that runs; ``pid`` is None where the system does not say it."""

    model: CatalogModel
    file: Path
    url: str
    pid: int | None


async def _ready(session: aiohttp.ClientSession, url: str, process: Child) -> None:
    """Wait until the model is loaded."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        process.check()
        try:
            async with session.get(f"{url}/health") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    raise DemoError(f"no answer after {_START_SECONDS} s; see {process.log}")


async def _round(session: aiohttp.ClientSession, url: str) -> Speed:
    """Let a prompt be read, and an answer be generated after another; clock both."""
    reading = await _complete(session, url, READ, 1)
    generating = await _complete(session, url, SHORT, GENERATED)
    return Speed(
        generating=generating["predicted_per_second"],
        reading=reading["prompt_per_second"],
    )


async def _complete(
    session: aiohttp.ClientSession, url: str, read: int, generated: int
) -> dict[str, Any]:
    """Let a random prompt be continued; return the server's times."""
    body = {
        "prompt": [random.randrange(1000) for _ in range(read)],
        "n_predict": generated,
        "cache_prompt": False,
        "ignore_eos": True,
        "temperature": 0,
    }
    async with session.post(f"{url}/completion", json=body) as answer:
        if answer.status != 200:
            raise DemoError(f"refused: {await answer.text()}")
        timings: dict[str, Any] = (await answer.json())["timings"]
        return timings


def _children() -> set[int]:
    """Return the processes that we run; none where the system does not say."""
    try:
        found = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    except OSError:
        return set()
    return {int(number) for number in found.split()}


@asynccontextmanager
async def _served(
    session: aiohttp.ClientSession, model: CatalogModel, cores: int
) -> AsyncIterator[_Server]:
    """Serve a model as long as the context lasts."""
    file = await asyncio.to_thread(written_model, model)
    url = f"http://{LOOPBACK}:{(port := free_port())}"
    command: list[str | Path] = [llama_server(), "--model", file]
    command += ["--host", LOOPBACK, "--port", str(port), "--parallel", "1"]
    command += ["--ctx-size", str(CONTEXT), "--threads", str(cores)]
    command += ["--cache-ram", "0", "--flash-attn", "on", "--no-webui"]
    # The pages of a file that is mapped would count a second time.
    command += ["--load-mode", "none"]
    before = _children()
    log = WORK / f"{model.key}.log"
    async with child("llama-server", command, log) as process:
        new = _children() - before
        await _ready(session, url, process)
        yield _Server(model=model, file=file, url=url, pid=next(iter(new), None))


async def measure(cores: int, count: int, tell: Progress) -> list[Measured]:
    """Return what llama-server does with each of the models.

    They take turns, and the best of many short rounds is what the machine can do:
    what else runs here makes a round slower, and never faster.
    """
    tell("writing the models, if they are not there")
    async with AsyncExitStack() as stack:
        timeout = aiohttp.ClientTimeout(total=600)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=timeout)
        )
        servers = [
            await stack.enter_async_context(_served(session, model_of(key), cores))
            for key in MODELS
        ]
        rounds: list[list[Speed]] = [[] for _ in servers]
        for _ in range(count):
            for server, taken in zip(servers, rounds, strict=True):
                await asyncio.sleep(_REST_SECONDS)
                taken.append(await _round(session, server.url))
                tell(
                    f"{server.model.name} {taken[-1].reading:8.1f} read/s"
                    f" {taken[-1].generating:7.2f} generated/s"
                )
        return [
            _measured(server, taken)
            for server, taken in zip(servers, rounds, strict=True)
        ]


def _measured(server: _Server, rounds: list[Speed]) -> Measured:
    """Return what a server did, in its best rounds."""
    return Measured(
        model=server.model,
        work=Work(
            weights=server.file.stat().st_size,
            parameters=server.model.parameters,
            active_parameters=server.model.active_parameters,
            quantization="Q4_0",
        ),
        speed=Speed(
            generating=max(one.generating or 0 for one in rounds),
            reading=max(one.reading or 0 for one in rounds),
        ),
        memory=process_memory(server.pid) if server.pid else None,
    )


def measured_rows(one: Measured, other: Measured, cores: int) -> Iterator[Row]:
    """Return what the arithmetic says of a model, knowing only the other one."""
    name = one.model.name
    if one.memory:
        need = memory_needed(shape_of(one.model, one.work.weights), CONTEXT)
        yield Row(
            title=f"{name}, memory",
            unit="GB",
            predicted=need.total / BILLION,
            actual=one.memory / BILLION,
            tolerance=MEMORY,
        )
    known = calibrated(NOT_CALIBRATED, other.work, other.speed, None, cores)
    estimate = estimate_speed(one.work, None, known, cores)
    for title, found, actual in (
        ("generating", estimate.generating, one.speed.generating),
        ("reading", estimate.reading, one.speed.reading),
    ):
        if found is not None and actual:
            yield Row(
                title=f"{name}, {title}",
                unit="tokens/s",
                predicted=found.value,
                actual=actual,
            )


def table(title: str, rows: Iterable[Row]) -> list[str]:
    """Return a table's lines."""
    lines = [f"{title:52}{'predicted':>10}{'actual':>9}{'off':>8}{'may be':>8}"]
    for row in rows:
        most = "" if row.tolerance is None else f"{row.tolerance:.0%}"
        mark = "" if row.fits else "  TOO FAR"
        lines.append(
            f"{row.title:42}{row.unit:>10}{row.predicted:>10.2f}{row.actual:>9.2f}"
            f"{row.off:>+8.0%}{most:>8}{mark}"
        )
    return [*lines, ""]


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench fit", description=__doc__)
    parser.add_argument(
        "--published", action="store_true", help="measure nothing on this machine"
    )
    parser.add_argument(
        "--busy", action="store_true", help="measure even if others use the machine"
    )
    parser.add_argument("--threads", type=int, default=physical_cores(), metavar="N")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args()


async def _here(options: argparse.Namespace) -> list[Row]:
    """Return the rows of this machine, none where it is not to be measured."""
    if options.published:
        return []
    if not options.busy and (load := os.getloadavg()[0]) > BUSY:
        print(f"Others use this machine (load {load:.1f}): nothing is measured here.\n")
        return []
    tell = Progress("bench")
    small, large = await measure(options.threads, options.rounds, tell)
    return [
        *measured_rows(small, large, options.threads),
        *measured_rows(large, small, options.threads),
    ]


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    titles = {
        "Raspberry Pi 5, Llama 3.2 3B Q4_K_M, by engine": list(engine_rows()),
        "Rules of thumb": list(rule_rows()),
        "Others published, for comparison": list(other_rows()),
        "This machine": await _here(options),
    }
    for title, rows in titles.items():
        if rows:
            print("\n".join(table(title, rows)))
    rows = [row for found in titles.values() for row in found]
    if options.json:
        print(json.dumps({row.title: round(row.off, 3) for row in rows}))
    if wrong := [row.title for row in rows if not row.fits]:
        raise DemoError(f"too far from what is so: {', '.join(wrong)}")


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
