"""Milliseconds that Hearth adds to a turn.

The same turn in two ways, in alternation: through Home Assistant and Hearth
(the prompt is built, tools run, the reply is spoken), and straight: the bare requests
that Hearth sent in that turn, to the same llama-server with the same session, read to
their end, and then the intents that came of them, which Home Assistant runs whoever
wants them. The difference of each pair is what Hearth and Home Assistant's own
conversation add.

Beside that, the longest time for which a turn keeps Home Assistant's event loop from
everything else: by the clock, and on the processor alone, which other programs do not
disturb. It is taken in turns of their own, because looking at the clock so often costs
milliseconds, too.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
import json
from pathlib import Path
import statistics
import sys
import time
from typing import Any
from unittest.mock import patch

import aiohttp
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import intent
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from custom_components.hearth.const import CONF_TEMPERATURE
from custom_components.hearth.engines import llama_server
from custom_components.hearth.engines.chat import ChatRequest
from custom_components.hearth.engines.llama_format import chat_body
from custom_components.hearth.engines.values import JsonObject
from demo.command import run
from demo.errors import DemoError
from demo.llama import EngineAddress, llama
from demo.options import add_engine_options, engine_of
from demo.stage import FAMILY, Progress

from .in_process import CONFIG, add_hearth, home_in_process
from .loop_watch import Block, watched_loops

# What is plain is done without asking the model; this is not.
SAID = "turn on the kitchen ceiling for me"
# What Hearth's client sends along: no connection is used twice.
HEADERS = {
    "Accept-Encoding": "identity",
    "Connection": "close",
    "Content-Type": "application/json",
}
PAIRS = 100
WARM_UP = 5
# Seconds. After a turn Hearth counts tokens and looks at the machine, after the home is
# put back the demo writes states: neither is a part of what is timed next.
REST = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Seconds of the same turn through Hearth, and of its requests and its intents."""

    hearth: float
    straight: float
    intents: float

    @property
    def added(self) -> float:
        """Return what Hearth added, in milliseconds."""
        return (self.hearth - self.straight - self.intents) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a turn asked for: bodies of requests, and intents with their arguments."""

    bodies: list[bytes] = field(default_factory=list)
    intents: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)


def quantile(values: list[float], share: float) -> float:
    """Return the value that a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextmanager
def recorded() -> Iterator[Told]:
    """Note the requests to answer that go to a llama-server, and the intents."""
    told, handle = Told(), intent.async_handle

    def note(request: ChatRequest, **more: Any) -> JsonObject:
        body = chat_body(request, **more)
        told.bodies.append(json.dumps(body, default=dict).encode())
        return body

    async def note_intent(*args: Any, **more: Any) -> intent.IntentResponse:
        told.intents.append((args, more))
        return await handle(*args, **more)

    with (
        patch.object(llama_server, "chat_body", note),
        patch.object(intent, "async_handle", note_intent),
    ):
        yield told


async def _through_hearth(hass: HomeAssistant, agent_id: str) -> float:
    """Take a turn through Home Assistant; return its seconds."""
    start = time.perf_counter()
    await conversation.async_converse(
        hass, SAID, None, Context(), language="en", agent_id=agent_id
    )
    return time.perf_counter() - start


async def _straight(
    session: aiohttp.ClientSession, url: str, bodies: list[bytes]
) -> float:
    """Send requests one after the other; return their seconds."""
    start = time.perf_counter()
    for body in bodies:
        async with session.post(
            f"{url}/v1/chat/completions",
            data=body,
            headers=HEADERS,
        ) as response:
            async for _ in response.content.iter_any():
                pass
            if response.status != 200:
                raise DemoError(f"llama-server refused the request: {response.status}")
    return time.perf_counter() - start


async def _handled(intents: list[tuple[tuple[Any, ...], dict[str, Any]]]) -> float:
    """Have Home Assistant run intents one after the other; return their seconds."""
    start = time.perf_counter()
    for args, more in intents:
        await intent.async_handle(*args, **more)
    return time.perf_counter() - start


async def _put_back(hass: HomeAssistant) -> None:
    """Have the home as it is in its file, and wait until all is quiet."""
    await hass.async_block_till_done()
    await hass.services.async_call("home_file", "reset", blocking=True)
    await asyncio.sleep(REST)


async def _turns(
    hass: HomeAssistant, agent_id: str, number: int
) -> AsyncIterator[tuple[float, Told]]:
    """Take turns; yield each one's seconds, and what it asked for."""
    for _ in range(number):
        await _put_back(hass)
        with recorded() as told:
            seconds = await _through_hearth(hass, agent_id)
        await _put_back(hass)
        yield seconds, told


async def measure(
    hass: HomeAssistant, agent_id: str, engine: EngineAddress, pairs: int
) -> list[Pair]:
    """Take turns in both ways and return the pairs after the warm-up."""
    session = async_get_clientsession(hass)
    measured = []
    async for hearth, told in _turns(hass, agent_id, WARM_UP + pairs):
        straight = await _straight(session, engine.url, told.bodies)
        intents = await _handled(told.intents)
        measured.append(Pair(hearth=hearth, straight=straight, intents=intents))
    return measured[WARM_UP:]


async def blocks(hass: HomeAssistant, agent_id: str, turns: int) -> list[Block]:
    """Take turns and return the longest piece of work of the event loop in each."""
    with watched_loops() as watch:
        return [watch.take() async for _ in _turns(hass, agent_id, turns)]


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench overhead", description=__doc__)
    parser.add_argument("--home", type=Path, default=FAMILY, metavar="FILE")
    parser.add_argument("--pairs", type=int, default=PAIRS, metavar="N")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    add_engine_options(parser)
    options = parser.parse_args()
    options.engine = engine_of(options, parser)
    return options


async def _bench(
    home: Path, engine: EngineAddress, pairs: int, tell: Progress
) -> tuple[list[Pair], list[Block]]:
    """Measure with an engine that runs."""
    tell("starting Home Assistant")
    async with home_in_process(home) as hass:
        # Without chance both ways generate the same.
        agent_id = await add_hearth(hass, engine, **{CONF_TEMPERATURE: 0})
        tell(f"taking {pairs} turns in both ways")
        found = await measure(hass, agent_id, engine, pairs)
        return found, await blocks(hass, agent_id, pairs)


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    tell = Progress("bench")
    if options.engine is not None:
        found, longest = await _bench(options.home, options.engine, options.pairs, tell)
    else:
        log = CONFIG.with_name("llama-server.log")
        async with aiohttp.ClientSession() as session, llama(session, log) as engine:
            found, longest = await _bench(options.home, engine, options.pairs, tell)
    added = [pair.added for pair in found]
    median, p95 = statistics.median(added), quantile(added, 0.95)
    through = statistics.median(pair.hearth for pair in found) * 1000
    straight = statistics.median(pair.straight for pair in found) * 1000
    intents = statistics.median(pair.intents for pair in found) * 1000
    print(f"{'milliseconds, median of ' + str(len(found)):32}")
    print(f"{'a turn through Hearth':32}{through:>8.1f}")
    print(f"{'the same requests, straight':32}{straight:>8.1f}")
    print(f"{'what they ask for, done':32}{intents:>8.1f}")
    print(f"{'added':32}{median:>8.1f}")
    print(f"{'added, 95 % of the turns at most':32}{p95:>8.1f}")
    block = statistics.median(block.clock for block in longest)
    busiest = max(block.busy for block in longest)
    print(f"{'longest block of the loop':32}{block:>8.1f}")
    print(f"{'the longest of all, processor':32}{busiest:>8.1f}")
    if options.json:
        numbers = {
            "median_ms": median,
            "intents_ms": intents,
            "p95_ms": p95,
            "block_median_ms": block,
            "block_longest_ms": busiest,
        }
        print(json.dumps({key: round(value, 2) for key, value in numbers.items()}))


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
