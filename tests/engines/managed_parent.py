"""A Home Assistant that has only an engine; run as a script, to be killed.

    managed_parent.py PROGRAM MODEL FOLDER

Prints the engine's process when it is there, and waits.
"""

import asyncio
from pathlib import Path
import signal
import sys

import aiohttp

from custom_components.hearth.engines.launch import LaunchPlan, Runtime
from custom_components.hearth.engines.managed import ManagedEngine


async def main(program: str, model: str, folder: str) -> None:
    """Run an engine until this process is killed."""
    plan = LaunchPlan(
        runtime=Runtime.LLAMA_SERVER,
        program=Path(program),
        model=Path(model),
        alias="nano",
        context_window=4096,
        threads=1,
        folder=Path(folder),
    )
    async with aiohttp.ClientSession() as session:
        engine = ManagedEngine(session, plan)
        await engine.start()
        print(engine.pid, flush=True)
        await engine.ready()
        print("ready", flush=True)
        await asyncio.sleep(600)


if __name__ == "__main__":
    # Whatever a shell starts in the background is deaf to Ctrl-C, and so its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asyncio.run(main(*sys.argv[1:]))
