"""Watching an event loop."""

import asyncio
import time

from bench.loop_watch import Block, watched_loops


def _wait() -> None:
    """Keep everybody waiting, without work for the processor."""
    time.sleep(0.05)


async def test_blocks() -> None:
    """What blocks is seen, and whether it waited; the loop's own waiting is not."""
    with watched_loops() as watch:
        await asyncio.sleep(0.05)
        assert watch.take().clock < 30
        # A new piece of work begins.
        await asyncio.sleep(0)
        _wait()
        await asyncio.sleep(0)
        waited = watch.take()
        until = time.thread_time() + 0.05
        while time.thread_time() < until:
            pass
        await asyncio.sleep(0)
        worked = watch.take()
        assert watch.take() == Block()
    assert waited.clock >= 50 and waited.busy < 40
    # Two clocks, which differ by some microseconds.
    assert worked.clock >= worked.busy - 1 >= 44
