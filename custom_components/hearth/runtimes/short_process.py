"""Running a program for its answer: bounded in time and in what it may say."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
import os
from pathlib import Path
import signal

# Bytes. What a program says beyond this is read and thrown away.
_LONGEST_OUTPUT = 64 << 10
_BLOCK = 16 << 10
# Seconds for what was killed to be gone.
_LAST_WORDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended.

    Args:
        code: The exit status; negative for the signal that ended it.
        output: The beginning of what it wrote to its standard output.
        errors: The end of what it wrote to its standard error.
    """

    code: int
    output: str
    errors: str


async def async_run(
    arguments: Sequence[str | Path],
    *,
    seconds: float | None,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run a program to its end; no shell is involved.

    The program gets a session of its own. When it takes too long, or nobody waits
    any more, it is killed with everything that it started.

    Args:
        arguments: The program's path and its arguments.
        seconds: How long it may take; ``None`` for as long as it likes.
        environment: Variables beside those of this process.

    Raises ``OSError`` where the program cannot be started and ``TimeoutError``.
    """
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | dict(environment or {}),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds):
            output, errors, code = await asyncio.gather(
                _beginning(process.stdout), _end(process.stderr), process.wait()
            )
    except BaseException:
        # Its id is also that of its group, which lasts while anything is in it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                await process.wait()
        raise
    return Ended(
        code=code,
        output=output.decode(errors="replace"),
        errors=errors.decode(errors="replace"),
    )


async def _beginning(stream: asyncio.StreamReader | None) -> bytes:
    """Read a stream to its end and return its beginning."""
    kept = bytearray()
    while stream is not None and (block := await stream.read(_BLOCK)):
        kept += block[: _LONGEST_OUTPUT - len(kept)]
    return bytes(kept)


async def _end(stream: asyncio.StreamReader | None) -> bytes:
    """Read a stream to its end and return what came last."""
    kept = bytearray()
    while stream is not None and (block := await stream.read(_BLOCK)):
        kept += block
        del kept[:-_LONGEST_OUTPUT]
    return bytes(kept)
