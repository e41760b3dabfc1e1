"""One run of a program under its keeper, seen from Home Assistant's side."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
import errno
import os
from pathlib import Path
import signal
import sys
from typing import Any, Self

from .faults import StartFailed
from .log_tail import LogTail
from .processes import kill_session

KEEPER = Path(__file__).parent / "keeper.py"

# The keeper says one line when the program runs; it needs a tenth of a second on
# a Raspberry Pi, and longer when the SD card is busy.
FIRST_WORD_SECONDS = 60.0
# What the keeper needs beyond the program's grace: one second for leftovers, five
# for processes that do not die of SIGKILL at once.
KEEPER_SECONDS = 8.0
# The last lines are in the pipe when the program is gone.
_LAST_WORDS_SECONDS = 1.0
_PIECE = 1 << 14

# Five seconds, as the keeper would give them.
_SWEEPS = 100
_SWEEP_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class End:
    """How a program ended.

    ``code`` is its exit code or the negated number of the signal that killed it;
    None where the keeper was killed and could not tell.
    """

    code: int | None


class Child:
    """A program that runs, and its keeper."""

    def __init__(self, keeper: asyncio.subprocess.Process, log: LogTail) -> None:
        """Begin to read what the program writes."""
        self._keeper = keeper
        self._log = log
        self._group: int | None = None
        self._reading = asyncio.create_task(self._read_log())
        self._watching: asyncio.Task[End] | None = None

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: LogTail,
        *,
        grace: float,
        orphan_grace: float,
    ) -> Self:
        """Start a program; raises StartFailed where it cannot be executed.

        Args:
            command: The program's path and its arguments.
            environment: Its environment.
            log: Where its output goes.
            grace: Seconds between SIGTERM and SIGKILL.
            orphan_grace: The same when Home Assistant is gone.
        """
        keeping = [sys.executable, "-I", "-S", str(KEEPER)]
        try:
            keeper = await asyncio.create_subprocess_exec(
                *(*keeping, str(grace), str(orphan_grace), *command),
                env=dict(environment),
                start_new_session=True,
                stderr=asyncio.subprocess.PIPE,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        except (OSError, ValueError) as err:
            raise StartFailed(f"No process could be started: {err}") from err
        child = cls(keeper, log)
        try:
            await child._meet(command[0])
        except BaseException:
            child._signal(signal.SIGKILL)
            await asyncio.shield(child._finish())
            raise
        child._watching = asyncio.create_task(child._watch())
        return child

    @property
    def pid(self) -> int:
        """Return the number of the program's process, which leads a group."""
        assert self._group is not None
        return self._group

    @property
    def has_ended(self) -> bool:
        """Return whether nothing of the program is left."""
        return self._watching is not None and self._watching.done()

    async def ended(self, within: float | None = None) -> End | None:
        """Wait for the end, when nothing of the program is left.

        Returns None where it did not come within so many seconds.
        """
        assert self._watching is not None
        done, _ = await asyncio.wait({self._watching}, timeout=within)
        return self._watching.result() if done else None

    async def unless_ended[T](self, work: Coroutine[Any, Any, T]) -> T | None:
        """Return what some work returns, None where the program ends before it."""
        assert self._watching is not None
        task = asyncio.create_task(work)
        try:
            await asyncio.wait(
                {task, self._watching}, return_when=asyncio.FIRST_COMPLETED
            )
            return task.result() if task.done() else None
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def stop(self, grace: float) -> End:
        """End the program and everything it started; return how it ended.

        Args:
            grace: The seconds that it was started with; 0 ends it at once.
        """
        if not grace:
            self._kill()
        try:
            self._signal(signal.SIGTERM)
            # A keeper that somebody stopped does not hear the first one.
            self._signal(signal.SIGCONT)
            if (end := await self.ended(grace + KEEPER_SECONDS)) is not None:
                return end
        except asyncio.CancelledError:
            self._kill()
            raise
        # The keeper itself is stuck.
        self._kill()
        self._signal(signal.SIGKILL)
        end = await self.ended()
        assert end is not None
        return end

    async def _meet(self, program: str) -> None:
        """Read the keeper's first word; raises StartFailed."""
        try:
            async with asyncio.timeout(FIRST_WORD_SECONDS):
                word, number = await self._word()
        except TimeoutError as err:
            raise StartFailed("The program did not start in time") from err
        if word == "started":
            self._group = number
            return
        await self._finish()
        if word == "refused" and number is not None:
            raise StartFailed(f"{program} cannot be run: {_refusal(number)}")
        said = "; ".join(self._log.lines()[-1:])
        raise StartFailed(f"The program's keeper did not start: {said}")

    async def _word(self) -> tuple[str, int | None]:
        """Return a word of the keeper and the number after it."""
        assert self._keeper.stdout is not None
        line = await self._keeper.stdout.readline()
        word, _, number = line.decode(errors="replace").strip().partition(" ")
        return word, int(number) if number.isascii() and number.isdigit() else None

    async def _watch(self) -> End:
        """Wait until all is over; return how it ended."""
        word, number = await self._word()
        await self._finish()
        if number is None or word not in {"exited", "killed"}:
            return End(None)
        return End(-number if word == "killed" else number)

    async def _finish(self) -> None:
        """Take in the last words and let the keeper's process go."""
        if await self._keeper.wait():
            # The keeper was killed, or failed. The kernel has killed the program
            # with it, but not what that started.
            for _ in range(_SWEEPS):
                if not await asyncio.to_thread(kill_session, self._keeper.pid):
                    break
                await asyncio.sleep(_SWEEP_AGAIN_SECONDS)
        await asyncio.wait({self._reading}, timeout=_LAST_WORDS_SECONDS)
        self._reading.cancel()
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()
        self._log.finish()

    async def _read_log(self) -> None:
        """Read what the program writes, so that it never waits for a reader."""
        assert self._keeper.stderr is not None
        while piece := await self._keeper.stderr.read(_PIECE):
            self._log.feed(piece)

    def _signal(self, number: int) -> None:
        """Send the keeper a signal, if it is still there."""
        with suppress(ProcessLookupError):
            self._keeper.send_signal(number)

    def _kill(self) -> None:
        """Kill the program; its keeper sees to what that started."""
        # When all has ended the number may be somebody else's.
        if not self.has_ended:
            with suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)


def _refusal(number: int) -> str:
    """Return why the system does not run a program."""
    if number == errno.ENOENT:
        return "it is not there, or what it needs to run is not"
    if number == errno.EACCES:
        return "it may not be executed"
    if number == errno.ENOEXEC:
        return "it is no program for this machine"
    return os.strerror(number)
