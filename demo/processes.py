"""Child processes that never outlive this one."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
import ctypes
import os
from pathlib import Path
import signal
import socket

from .errors import DemoError

LOOPBACK = "127.0.0.1"
# <linux/prctl.h>: the signal that a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
# Seconds that a process gets to end by itself.
_PATIENCE = 10


def free_port() -> int:
    """Return a port that nothing listens on at the moment."""
    with socket.socket() as sock:
        sock.bind((LOOPBACK, 0))
        port: int = sock.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Tell whether a port can be listened on."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


class Child:
    """A running child process and the log it writes."""

    def __init__(
        self, name: str, process: asyncio.subprocess.Process, log: Path
    ) -> None:
        """Remember the process."""
        self.name = name
        self.log = log
        self._process = process

    def check(self) -> None:
        """Raise :class:`DemoError` when the process has ended."""
        if (code := self._process.returncode) is not None:
            tail = self.log.read_text(errors="replace").splitlines()[-8:]
            raise DemoError(
                "\n  ".join(
                    [
                        f"{self.name} ended (exit status {code}). The end of {self.log}:",
                        *tail,
                    ]
                )
            )

    async def wait(self) -> None:
        """Wait until the process has ended by itself."""
        await self._process.wait()

    async def stop(self) -> None:
        """Ask the process to end; insist when it does not."""
        if self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def child(
    name: str,
    command: Sequence[str | Path],
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Child]:
    """Run a program as long as the context lasts, and no longer than we do."""
    parent = os.getpid()

    def die_with_parent() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **(environment or {})},
            # A Ctrl-C in the terminal is ours alone to handle.
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    running = Child(name, process, log)
    try:
        yield running
    finally:
        await running.stop()
