"""A llama-server with an oracle before it, as one program."""

import asyncio
from pathlib import Path
import signal

import aiohttp

from bench.turns.front import write_program
from bench.turns.journal import Journal
from custom_components.hearth.engines.base import EngineState
from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.faults import Unreachable
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from demo.llama import llama_server
from demo.processes import free_port

from ...homes import FAMILY


async def _start(program: Path, *arguments: str) -> asyncio.subprocess.Process:
    """Start a program."""
    return await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def _wait(engine: LlamaServerEngine) -> None:
    """Wait until an engine is ready."""
    async with asyncio.timeout(60):
        while True:
            try:
                if (await engine.health()).state is EngineState.READY:
                    return
            except Unreachable:
                pass
            await asyncio.sleep(0.05)


async def test_one_program(
    tmp_path: Path, model: Path, session: aiohttp.ClientSession
) -> None:
    """It is called like llama-server, says what is right, and ends altogether."""
    program, journal = tmp_path / "llama-server", tmp_path / "journal"
    write_program(program, journal, FAMILY, llama_server())
    told = await _start(program, "--version")
    output, _ = await told.communicate()
    assert told.returncode == 0 and b"version" in output

    port = str(free_port())
    running = await _start(
        program, "--model", str(model), "--port", port, "--jinja", "--no-ui"
    )
    engine = LlamaServerEngine(session, f"http://127.0.0.1:{port}")
    try:
        await _wait(engine)
        asked = Message(role=Role.USER, content="is the front door locked?")
        said = [
            delta.content
            async for delta in engine.chat(ChatRequest(model="m", messages=(asked,)))
        ]
        assert "".join(said) == "Yes, the front door is locked."
        assert [one.ahead for one in Journal(journal).passes(0)] == [False]
        running.send_signal(signal.SIGTERM)
        output, _ = await asyncio.wait_for(running.communicate(), 30)
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
    # The end of the output is the end of the llama-server, too.
    assert b"cleaning up before exit" in output
    assert running.returncode == 0
