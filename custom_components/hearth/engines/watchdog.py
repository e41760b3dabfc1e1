"""Looking after a program that was started: is it loaded, is it alive."""

import asyncio
from dataclasses import dataclass
import time

import aiohttp

from .base import EngineState
from .child import Child, End
from .faults import AuthFailed, EngineError, TimedOut, Unreachable
from .http import HttpClient
from .llama_server import LlamaServerEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long, and how often, an engine of our own is given another chance.

    Args:
        first_pause: Seconds before the second try; doubled for each after it.
        longest_pause: The longest pause, in seconds.
        failures: After so many ends within ``window`` seconds, or in a row
            without having been ready, it is given up.
        window: See ``failures``.
        load: Seconds that a model may take to load. A Raspberry Pi reads 5 GB
            from an SD card in four minutes.
        interval: Seconds from one look after it to the next.
        silence: An engine that says nothing at all for so many seconds, though
            asked at least three times, hangs. One that computes is not silent:
            llama-server and our worker answer ``/health`` in threads that do not
            compute and wait for nothing, the kernel gives these their turn within
            a fraction of a second however many others compute, and a piece of an
            answer counts as a word, too.
        grace: Seconds from SIGTERM to SIGKILL.
        orphan_grace: The same when Home Assistant is gone.
    """

    first_pause: float = 1.0
    longest_pause: float = 60.0
    failures: int = 5
    window: float = 600.0
    load: float = 600.0
    interval: float = 5.0
    silence: float = 30.0
    grace: float = 10.0
    orphan_grace: float = 3.0


# The tiny model is there after a tenth of a second, a big one after minutes.
_FIRST_LOOK_SECONDS = 0.02
_LOOK_LESS_OFTEN = 1.3
_RAREST_LOOK_SECONDS = 2.0

_ASKED_BEFORE_HUNG = 3


class Hung(Exception):
    """The program runs, but does nothing any more."""


class Pulse:
    """When a program was last heard."""

    def __init__(self) -> None:
        """Begin as if something had been heard now."""
        self._last = time.monotonic()

    def beat(self) -> None:
        """Take note of a sign of life."""
        self._last = time.monotonic()

    @property
    def silence(self) -> float:
        """Return the seconds since the last sign of life."""
        return time.monotonic() - self._last


async def until_ready(
    child: Child,
    client: LlamaServerEngine,
    session: aiohttp.ClientSession,
    patience: Patience,
) -> End | None:
    """Wait until the model is loaded.

    Returns how the program ended, where it did so first; raises Hung.
    """
    pause = _FIRST_LOOK_SECONDS
    try:
        async with asyncio.timeout(patience.load):
            while (end := await child.ended(pause)) is None:
                if await child.unless_ended(_is_ready(client, session)):
                    return None
                pause = min(pause * _LOOK_LESS_OFTEN, _RAREST_LOOK_SECONDS)
            return end
    except TimeoutError as err:
        raise Hung(f"The model was not loaded after {patience.load:g} s") from err


async def _is_ready(client: LlamaServerEngine, session: aiohttp.ClientSession) -> bool:
    """Return whether our engine, and not a stranger at its port, is ready.

    Only who has read the key's file takes the key and refuses to do without.
    """
    try:
        if (await client.health()).state is not EngineState.READY:
            return False
    except EngineError:
        return False
    try:
        await LlamaServerEngine(session, client.url).health()
    except AuthFailed:
        return True
    except EngineError:
        return False
    return False


async def until_hung(
    child: Child,
    url: str,
    session: aiohttp.ClientSession,
    patience: Patience,
    pulse: Pulse,
) -> End:
    """Wait for the end of a program that is ready; raises Hung."""
    asker = HttpClient(session, url)
    asked, pause = 0, patience.interval
    while (end := await child.ended(pause)) is None:
        began = time.monotonic()
        asked += 1
        within = patience.silence / _ASKED_BEFORE_HUNG
        if await child.unless_ended(_answers(asker, within)):
            asked = 0
            pulse.beat()
        elif asked >= _ASKED_BEFORE_HUNG and pulse.silence >= patience.silence:
            raise Hung(f"It had been silent for {pulse.silence:.0f} s")
        pause = max(patience.interval - (time.monotonic() - began), 0.0)
    return end


async def _answers(asker: HttpClient, within: float) -> bool:
    """Return whether anything at all is answered to the simplest question."""
    try:
        async with asyncio.timeout(within):
            await asker.call("GET", "/health")
    except TimeoutError, TimedOut, Unreachable:
        return False
    except EngineError:
        # A refusal is an answer, too.
        return True
    return True
