"""Running a command of ours: signals, errors, exit status."""

import asyncio
from collections.abc import Coroutine
import signal
import sys

from .errors import DemoError

# The exit status that a shell reports for a program ended by Ctrl-C.
INTERRUPTED = 128 + signal.SIGINT


def run(name: str, work: Coroutine[object, object, None]) -> int:
    """Run something to its end and return the exit status.

    Whoever ends us by a polite signal wants the same as with Ctrl-C: that
    everything that was started is stopped.
    """
    try:
        asyncio.run(_cancellable(work))
    except DemoError as err:
        print(f"{name}: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt, asyncio.CancelledError:
        return INTERRUPTED
    return 0


async def _cancellable(work: Coroutine[object, object, None]) -> None:
    """Let a polite signal cancel the work."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task
