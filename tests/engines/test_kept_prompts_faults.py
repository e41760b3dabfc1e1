"""What is kept of prompts when something goes wrong; with real processes."""

import asyncio
from collections.abc import Callable
import os
from pathlib import Path

import aiohttp
import pytest

from custom_components.hearth.engines import kept_files
from custom_components.hearth.engines.command_line import slots_folder
from custom_components.hearth.engines.kept_files import KeptFiles
from custom_components.hearth.engines.llama_server import LlamaServerEngine

from .kept_parts import MOST_NEW, files, read, read_in_new, request
from .managed_programs import make_plan, managed
from .worker.rolling_models import write_windowed


def _cut(file: Path) -> None:
    """Cut a file short."""
    os.truncate(file, file.stat().st_size // 2)


def _alter(file: Path) -> None:
    """Alter one byte in a file."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _nonsense(file: Path) -> None:
    """Write what is no note."""
    file.with_name(f"{file.name}.note").write_text("[" * 5000)


@pytest.mark.parametrize("spoil", [_cut, _alter, _nonsense, Path.unlink])
async def test_spoiled(
    spoil: Callable[[Path], None], tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """The engine never sees a file that is not as it was; it reads again, and saves."""
    plan = make_plan(tmp_path)
    await read_in_new(session, plan, request())
    spoil(files(plan)[0])
    async with managed(session, plan) as engine:
        await engine.start()
        assert await read(engine, request("Hm?", most=1)) > 400
        assert engine.restarts == 0
        await read(engine, request())
    [question] = await read_in_new(session, plan, request("Hm?", most=1))
    assert question <= MOST_NEW


async def test_refused(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """What the engine itself does not take is read again, and not tried twice."""
    plan = make_plan(tmp_path)
    await read_in_new(session, plan, request())
    [file] = files(plan)
    file.write_bytes(b"HEARTH01" * 100)
    model, _, prompt = file.name.partition("-")
    KeptFiles(slots_folder(plan), model).seal(prompt, 600)
    [question] = await read_in_new(session, plan, request("Hm?", most=1))
    assert question > 400
    assert not files(plan)


async def test_a_model_that_restores_nothing(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """The count of tokens read is believed, and it is not tried again."""
    model = tmp_path / "windowed.gguf"
    write_windowed(model)
    plan = make_plan(tmp_path, model=model)
    await read_in_new(session, plan, request())
    assert len(files(plan)) == 1
    [question] = await read_in_new(session, plan, request("Hm?", most=1))
    assert question > 400
    assert not files(plan)
    await read_in_new(session, plan, request())
    assert not files(plan)


async def test_it_cannot_save(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """An engine that cannot save reads, and says nothing about it."""
    plan = make_plan(tmp_path)
    async with managed(session, plan) as engine:
        await engine.start()
        await engine.ready()
        slots_folder(plan).rmdir()
        slots_folder(plan).write_text("in the way")
        assert await read(engine, request()) > 400
        assert await read(engine, request("Hm?", most=1)) <= MOST_NEW


async def test_a_model_that_is_gone(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Nobody can tell later which model it was: nothing is saved."""
    model = tmp_path / "nano.gguf"
    model.write_bytes(make_plan(tmp_path).model.read_bytes())
    plan = make_plan(tmp_path, model=model)
    async with managed(session, plan) as engine:
        await engine.start()
        await engine.ready()
        model.unlink()
        assert await read(engine, request()) > 400
        assert not files(plan)


async def test_a_crash_while_it_restores(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Whoever asked is answered by the next process, which sees no such file."""
    plan = make_plan(tmp_path)
    await read_in_new(session, plan, request())
    [file] = files(plan)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    model, _, prompt = file.name.partition("-")
    KeptFiles(slots_folder(plan), model).seal(prompt, 600)
    async with managed(session, plan) as engine:
        await engine.start()
        assert await read(engine, request("Hm?", most=1)) > 400
    assert not files(plan)


async def test_somebody_speaks_while_it_saves(
    tmp_path: Path, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warm-up that is given up is not waited for, and saved the next time."""
    saving = asyncio.Event()

    async def save_for_ever(client: LlamaServerEngine, name: str, slot: int = 0) -> int:
        saving.set()
        await asyncio.Event().wait()
        return 0

    plan = make_plan(tmp_path)
    async with managed(session, plan) as engine:
        await engine.start()
        with monkeypatch.context() as patched:
            patched.setattr(LlamaServerEngine, "save_slot", save_for_ever)
            warm_up = asyncio.create_task(read(engine, request()))
            await saving.wait()
            warm_up.cancel()
            assert await read(engine, request("Hm?", most=1)) <= MOST_NEW
        with pytest.raises(asyncio.CancelledError):
            await warm_up
        assert not files(plan)
        await read(engine, request())
        assert len(files(plan)) == 1


async def test_stopped_while_it_saves(
    tmp_path: Path, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopping waits for no file, and half of one does not count."""
    save = LlamaServerEngine.save_slot

    async def stop_and_save(client: LlamaServerEngine, name: str, slot: int = 0) -> int:
        await engine.stop()
        return await save(client, name, slot)

    plan = make_plan(tmp_path)
    monkeypatch.setattr(LlamaServerEngine, "save_slot", stop_and_save)
    async with managed(session, plan) as engine:
        await engine.start()
        assert await read(engine, request()) > 400
        assert engine.pid is None
    assert not files(plan)


async def test_a_full_disk(
    tmp_path: Path, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk's last room is not for prompts."""
    monkeypatch.setattr(kept_files, "LEAST_FREE", 1 << 60)
    plan = make_plan(tmp_path)
    await read_in_new(session, plan, request())
    assert not files(plan)
