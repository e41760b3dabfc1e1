"""The demo as a newcomer runs it: one command, everything real."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
import json
import os
from pathlib import Path
import shutil

import pytest

from demo.components import ROOT
from demo.processes import free_port
from demo.stage import WORK

LIGHT = "turn on the kitchen ceiling"
# Not every word of it is known, so that the model is asked.
DOOR = "I wonder whether the front door is locked"


@asynccontextmanager
async def _demo(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the demo's command, at most as long as the context."""
    process = await asyncio.create_subprocess_exec(
        ROOT / "scripts" / "demo",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("runtime", ["llama-server", "llama-cpp-python"])
async def test_say(runtime: str) -> None:
    """A light goes on unasked of the model, a door is known to be locked, in 45 s."""
    async with (
        _demo("--runtime", runtime, "--json", "--say", LIGHT, "--say", DOOR) as process,
        asyncio.timeout(45),
    ):
        output, progress = await process.communicate()
    assert process.returncode == 0, progress.decode()
    first, second = (json.loads(line) for line in output.splitlines())

    assert first["say"] == LIGHT
    assert first["calls"] == [
        {
            "service": "light.turn_on",
            "entities": ["light.kitchen_ceiling"],
            "data": {},
        }
    ]
    assert first["states"] == {"light.kitchen_ceiling": "on"}
    assert first["passes"] == 0

    assert second["say"] == DOOR
    assert second["calls"] == []
    assert second["passes"] >= 1
    assert 0 < second["first_token_s"] <= second["total_s"]
    assert second["prompt_tokens"] >= second["cached_tokens"]
    assert second["generated_tokens"] > 0
    assert second["tokens_per_second"] > 0
    assert "locked" in second["reply"].lower()
    assert "unlocked" not in second["reply"].lower()


async def test_do() -> None:
    """Every action that needs no network does what it is to do, or says why not."""
    async with (
        _demo("--json", "--do", str(ROOT / "demo" / "actions.yaml")) as process,
        asyncio.timeout(90),
    ):
        output, progress = await process.communicate()
    assert process.returncode == 0, progress.decode()
    done = {one["action"]: one for one in map(json.loads, output.splitlines())}
    errors = {name: one["error"] for name, one in done.items() if one["error"]}

    assert set(errors) == {"hearth.cancel_pull", "hearth.delete_model"}, errors
    assert all("Home Assistant says" in error for error in errors.values())
    (model,) = done["hearth.list_models"]["response"]["models"]
    assert model["quantization"] == "Q8_0"
    assert done["hearth.generate"]["response"]["text"]
    (measured,) = done["hearth.benchmark"]["response"]["results"]
    assert measured["generated_tokens"] == 100
    data = done["ai_task.generate_data"]["response"]["data"]
    assert 1 <= data["rooms"] <= 20
    assert isinstance(data["tidy"], bool)


async def test_nothing_is_left_behind() -> None:
    """When the demo is killed, what it started dies too."""
    port = free_port()
    async with _demo("--port", str(port)) as process:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while b"Home Assistant:" not in (line := await process.stdout.readline()):
                assert line or process.returncode is None
        children = list(_descendants(process.pid))
        assert {"homeassistant", "keeper.py", "llama-server"} <= {
            name for _, name in children
        }
        process.kill()
    async with asyncio.timeout(10):
        await asyncio.gather(*(_gone(child) for child, _ in children))
    shutil.rmtree(WORK / str(port))


async def test_port_taken() -> None:
    """A port that is in use is named, with what to do about it."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with server, asyncio.timeout(20):
        port = server.sockets[0].getsockname()[1]
        async with _demo("--port", str(port)) as process:
            _, progress = await process.communicate()
    assert process.returncode == 1
    assert f"Port {port} is taken" in progress.decode()
    assert "--port" in progress.decode()


def _descendants(parent: int) -> Iterator[tuple[int, str]]:
    """Yield the processes that a process has started, and theirs, by name."""
    # What a thread has started is that thread's child.
    for task in Path(f"/proc/{parent}/task").iterdir():
        for child in (task / "children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_text().split("\0")
            names = [Path(word).name for word in command[:6]]
            known = {"homeassistant", "keeper.py"}.intersection(names)
            yield int(child), next(iter(known), names[0])
            yield from _descendants(int(child))


async def _gone(process_id: int) -> None:
    """Wait until a process has ended."""
    try:
        descriptor = os.pidfd_open(process_id)
    except ProcessLookupError:
        return
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
