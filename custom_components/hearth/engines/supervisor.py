"""Running an engine of our own: started, watched, started again, given up on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
import logging
import os
from pathlib import Path
import socket

import aiohttp

from .child import Child
from .command_line import command, environment, refused_option, slots_folder
from .faults import StartFailed
from .launch import LaunchPlan
from .llama_server import LlamaServerEngine
from .log_tail import LogTail
from .private_files import private_folder, remove_key, write_key
from .start_failure import explain
from .watchdog import Hung, Patience, Pulse, until_hung, until_ready

LOGGER = logging.getLogger(__package__)


class ManagedState(StrEnum):
    """What an engine of our own is doing."""

    FAILED = "failed"
    READY = "ready"
    RESTING = "resting"
    STARTING = "starting"
    STOPPED = "stopped"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class _Run:
    """How one run of the program went, and whether it was ever ready."""

    reason: str
    was_ready: bool = False


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


class Supervisor:
    """Keeps one program running, as long as there is hope.

    ``client`` speaks to the program that was started last, ``log`` is what that
    wrote, ``failure`` why one ended last, ``next_try`` (on the loop's clock) when
    a pause is over, ``plan`` how it is run.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        plan: LaunchPlan,
        patience: Patience,
        on_change: Callable[[], None],
        ports: Callable[[], int],
    ) -> None:
        """Make a supervisor that has nothing to do yet."""
        self._session = session
        self.plan = plan
        self._patience = patience
        self._on_change = on_change
        self._ports = ports
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._child: Child | None = None
        self._ends: list[float] = []
        self._refused: set[str] = set()
        self.pulse = Pulse()
        self.state = ManagedState.STOPPED
        self.client: LlamaServerEngine | None = None
        self.log = LogTail()
        self.failure: str | None = None
        self.next_try = 0.0
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """Return the process that runs now."""
        return None if self._child is None else self._child.pid

    async def changed(self) -> None:
        """Wait until the state changes."""
        await self._changed.wait()

    @property
    def is_alive(self) -> bool:
        """Return whether the program of now has not ended, as far as is known."""
        return self._child is not None and not self._child.has_ended

    async def ended(self, within: float) -> bool:
        """Return whether the program of now ends within so many seconds."""
        return self._child is None or await self._child.ended(within) is not None

    async def start(self) -> None:
        """Start the program; raises StartFailed if it cannot be executed at all."""
        async with self._turn:
            if self.state is ManagedState.RESTING:
                # Who sent it to rest may have left before it had ended.
                await self._end()
            elif self._running is not None and not self._running.done():
                return
            await self._begin()

    async def change(self, plan: LaunchPlan) -> None:
        """Run the program another way from now on; raises StartFailed.

        What was stopped stays so: whoever stopped it wants it gone.
        """
        async with self._turn:
            if self.state is ManagedState.STOPPED:
                raise StartFailed("The engine was stopped")
            # Told first, so that nobody asks a program that is ending.
            self._become(ManagedState.RESTING)
            await self._end()
            self.plan = plan
            await self._begin()

    async def _begin(self) -> None:
        """Forget what was before, and start the program; raises StartFailed."""
        self._ends.clear()
        self.restarts = 0
        self.failure = None
        before = self.state
        self._become(ManagedState.STARTING)
        try:
            child = await self._spawn()
        except BaseException as err:
            self.failure = str(err) or None
            await asyncio.to_thread(remove_key, self.plan.folder)
            failed = isinstance(err, StartFailed)
            # Who was interrupted while waking it leaves it as it was.
            self._become(ManagedState.FAILED if failed else before)
            raise
        # It begins at once: a task that is cancelled before would never end the child.
        self._running = asyncio.create_task(self._run(child), eager_start=True)

    async def stop(self) -> None:
        """End the program, whatever it is doing; where there is none, do nothing."""
        async with self._turn:
            await self._end()
            self._become(ManagedState.STOPPED)

    async def rest(self) -> None:
        """End the program until it is started again, if it runs and is well."""
        async with self._turn:
            if self.state in {ManagedState.READY, ManagedState.STARTING}:
                # Told first, so that nobody asks a program that is ending.
                self._become(ManagedState.RESTING)
                await self._end()

    async def _end(self) -> None:
        """End the program and the watch over it."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})
            self._running = None

    async def _run(self, child: Child) -> None:
        """Keep the program running until it is given up."""
        try:
            run = await self._live(child)
            while (pause := self._pause(run)) is not None:
                self.next_try = asyncio.get_running_loop().time() + pause
                self._become(ManagedState.WAITING)
                await asyncio.sleep(pause)
                self.restarts += 1
                self._become(ManagedState.STARTING)
                run = await self._live(None)
        except Exception as err:
            LOGGER.exception("Watching over the engine failed")
            self.failure = f"Watching over the engine failed: {err}"
        finally:
            await asyncio.to_thread(remove_key, self.plan.folder)
        self._become(ManagedState.FAILED)

    async def _live(self, child: Child | None) -> _Run:
        """See the program through one run, with the options that it knows."""
        while True:
            try:
                child = child or await self._spawn()
            except StartFailed as err:
                return _Run(str(err))
            run = await self._see_through(child)
            option = refused_option(self.plan, self.log.lines())
            if run.was_ready or option is None or option in self._refused:
                return run
            LOGGER.info("The engine does not know %s; trying without", option)
            self._refused.add(option)
            child = None

    async def _see_through(self, child: Child) -> _Run:
        """Watch a program until it has ended."""
        ready, grace = False, self._patience.grace
        client = self.client
        assert client is not None
        try:
            end = await until_ready(child, client, self._session, self._patience)
            if end is None:
                ready = True
                self.pulse.beat()
                self._become(ManagedState.READY)
                url = client.url
                end = await until_hung(
                    child, url, self._session, self._patience, self.pulse
                )
            reason = explain(end, self.log.lines())
        except Hung as err:
            grace = 0.0
            reason = str(err)
        finally:
            try:
                await child.stop(grace)
            finally:
                self._child = None
        LOGGER.info("The engine ended: %s", reason)
        return _Run(reason, ready)

    def _pause(self, run: _Run) -> float | None:
        """Return how long to wait for the next try, None when it is hopeless.

        What ended without ever having been ready is forgotten only when one was:
        a model that takes minutes to fail must not be tried for ever.
        """
        now = asyncio.get_running_loop().time()
        self.failure = run.reason
        if run.was_ready:
            oldest = now - self._patience.window
            self._ends = [moment for moment in self._ends if moment >= oldest]
        self._ends.append(now)
        if len(self._ends) >= self._patience.failures:
            return None
        if run.was_ready and len(self._ends) == 1:
            # A first crash after a good run is mended while somebody waits.
            return 0.0
        pause = self._patience.first_pause * float(1 << (len(self._ends) - 1))
        return min(pause, self._patience.longest_pause)

    async def _spawn(self) -> Child:
        """Start the program; raises StartFailed."""
        self.log = LogTail()
        try:
            port = self._ports()
            key_file, key = await asyncio.to_thread(self._prepare)
        except OSError as err:
            raise StartFailed(f"The start could not be prepared: {err}") from err
        self.client = LlamaServerEngine(self._session, f"http://127.0.0.1:{port}", key)
        self._child = await Child.start(
            command(self.plan, port, key_file, self._refused),
            environment(os.environ),
            self.log,
            grace=self._patience.grace,
            orphan_grace=self._patience.orphan_grace,
        )
        return self._child

    def _prepare(self) -> tuple[Path, str]:
        """Make what the program needs; return its key's file and its key."""
        private_folder(self.plan.folder)
        private_folder(slots_folder(self.plan))
        return write_key(self.plan.folder)

    def _become(self, state: ManagedState) -> None:
        """Take on a state, and tell about it."""
        if state is self.state:
            return
        self.state = state
        self._changed.set()
        self._changed = asyncio.Event()
        try:
            self._on_change()
        except Exception:
            LOGGER.exception("Telling that the engine is %s failed", state)
