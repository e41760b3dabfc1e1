"""What an engine of our own has read survives its process; with real processes."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
import os
from pathlib import Path
import sys

import aiohttp
import pytest

from custom_components.hearth.engines import kept_files
from custom_components.hearth.engines.base import (
    ChatRequest,
    Message,
    Role,
    ToolSpec,
    TurnStats,
)
from custom_components.hearth.engines.command_line import slots_folder
from custom_components.hearth.engines.kept_files import KeptFiles
from custom_components.hearth.engines.kept_prompts import prompt_key
from custom_components.hearth.engines.launch import LaunchPlan, Runtime
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.managed import ManagedEngine

from .managed_programs import make_plan, managed
from .worker.rolling_models import write_windowed

HOME = "You look after a house. " + " ".join(
    f"Room {number}: lamp, heater, blind." for number in range(60)
)
TOOL = ToolSpec("control", "Switch something", {"type": "object"})
# What a question adds to instructions and tools, with what the template says of it.
MOST_NEW = 60

type Planner = Callable[[Path], LaunchPlan]


def llama_server(folder: Path) -> LaunchPlan:
    """Return a plan for the real llama-server."""
    return make_plan(folder)


def worker(folder: Path) -> LaunchPlan:
    """Return a plan for our worker."""
    return make_plan(
        folder, runtime=Runtime.LLAMA_CPP_PYTHON, program=Path(sys.executable)
    )


def request(words: str = "Hello.", *, most: int = 0, home: str = HOME) -> ChatRequest:
    """Return a request of an agent; with nothing to be said it is a warm-up."""
    messages = (
        Message(role=Role.SYSTEM, content=home),
        Message(role=Role.USER, content=words),
    )
    return ChatRequest(model="nano", messages=messages, tools=(TOOL,), max_tokens=most)


async def read(engine: ManagedEngine, asked: ChatRequest) -> int:
    """Run a pass; return how many tokens had to be read for it."""
    stats: TurnStats | None = None
    async with aclosing(engine.chat(asked)) as deltas:
        async for delta in deltas:
            stats = delta.stats or stats
    assert stats is not None
    assert stats.prompt_tokens is not None
    assert stats.cached_tokens is not None
    return stats.prompt_tokens - stats.cached_tokens


async def read_in_new(
    session: aiohttp.ClientSession, plan: LaunchPlan, *asked: ChatRequest
) -> list[int]:
    """Ask an engine that is started now; return what it read for each request."""
    async with managed(session, plan) as engine:
        await engine.start()
        return [await read(engine, each) for each in asked]


def files(plan: LaunchPlan) -> list[Path]:
    """Return the files that are kept, without their notes."""
    found = slots_folder(plan).iterdir()
    return sorted(path for path in found if not path.suffix)


@pytest.mark.parametrize("make", [llama_server, worker])
async def test_after_a_restart(
    make: Planner, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """The first turn of a new process reads no more than what is new in it."""
    plan = make(tmp_path)
    [first] = await read_in_new(session, plan, request())
    assert first > 400
    [question] = await read_in_new(session, plan, request("Is it warm?", most=4))
    assert question <= MOST_NEW
    [again] = await read_in_new(session, plan, request())
    assert again <= MOST_NEW


async def test_a_question_wakes_it(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Who speaks when the model was unloaded does not wait for the prompt."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        await read(engine, request())
        await engine.unload("nano")
        assert await read(engine, request("Is it warm?", most=4)) <= MOST_NEW


async def test_two_agents_by_turns(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Where memory has room for one prompt, the other one comes from its file."""
    plan, other = make_plan(tmp_path), HOME.replace("house", "garden")
    async with managed(session, plan) as engine:
        await engine.start()
        await read(engine, request())
        assert await read(engine, request(home=other)) > 400
        for home in (HOME, other, HOME):
            assert await read(engine, request("Hm?", most=1, home=home)) <= MOST_NEW
    assert len(files(plan)) == 2


async def test_left_to_the_engine(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Where the engine has memory for both, nothing is restored over what it has."""
    plan = make_plan(tmp_path, prompt_cache=256 << 20)
    other = HOME.replace("house", "garden")
    async with managed(session, plan) as engine:
        await engine.start()
        await read(engine, request())
        await read(engine, request(home=other))
        for file in files(plan):
            file.unlink()
        assert await read(engine, request("Hm?", most=1)) <= MOST_NEW


async def test_nothing_that_was_said(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Only what was read ahead is saved, once, for nobody else's eyes."""
    plan = make_plan(tmp_path)
    async with managed(session, plan) as engine:
        await engine.start()
        await read(engine, request("My secret", most=4))
        await read(engine, replace(request(), messages=request().messages[1:]))
        assert not files(plan)
        await read(engine, request())
        [file] = files(plan)
        before = file.stat()
        assert before.st_size > 10_000
        await read(engine, request("My secret", most=4))
        await read(engine, request())
    assert files(plan) == [file]
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert slots_folder(plan).stat().st_mode & 0o077 == 0


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


@pytest.mark.parametrize("changes", [{"context_window": 2048}, {"model": "a copy"}])
async def test_another_model(
    changes: dict[str, object], tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """What another model or window has read is not restored, and goes."""
    plan = make_plan(tmp_path)
    await read_in_new(session, plan, request())
    before = files(plan)
    if "model" in changes:
        changed = tmp_path / "nano.gguf"
        changed.write_bytes(plan.model.read_bytes())
        changes = {"model": changed}
    plan = make_plan(tmp_path, **changes)
    [first] = await read_in_new(session, plan, request())
    assert first > 400
    assert len(files(plan)) == 1
    assert files(plan) != before


def test_other_instructions() -> None:
    """Other instructions or tools are another prompt; other words are not."""
    keys = {
        prompt_key(request()),
        prompt_key(request(home="Be brief.")),
        prompt_key(replace(request(), tools=())),
    }
    assert len(keys) == 3
    assert prompt_key(request("Other words", most=4)) in keys


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

    async def save_for_ever(client: LlamaServerEngine, name: str) -> int:
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
    saving = asyncio.Event()
    save = LlamaServerEngine.save_slot

    async def tell_and_save(client: LlamaServerEngine, name: str) -> int:
        saving.set()
        await engine.stop()
        return await save(client, name)

    plan = make_plan(tmp_path)
    monkeypatch.setattr(LlamaServerEngine, "save_slot", tell_and_save)
    async with managed(session, plan) as engine:
        await engine.start()
        assert await read(engine, request()) > 400
        assert saving.is_set()
    assert not files(plan)


async def test_a_full_disk(
    tmp_path: Path, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk's last room is not for prompts."""
    monkeypatch.setattr(kept_files, "LEAST_FREE", 1 << 60)
    plan = make_plan(tmp_path)
    await read_in_new(session, plan, request())
    assert not files(plan)


def test_not_many(tmp_path: Path) -> None:
    """The ones used last stay, as long as they are not too big."""
    kept = KeptFiles(tmp_path, "model")
    for number in range(6):
        (tmp_path / kept.name(str(number))).write_bytes(b"x")
        os.utime(tmp_path / kept.name(str(number)), (number, number))
        if number == 5:
            assert kept.check("2") == 2
        kept.seal(str(number), number)
    left = [number for number in range(6) if kept.has(str(number))]
    assert left == [2, 3, 4, 5]
    big = tmp_path / kept.name("big")
    big.touch()
    os.truncate(big, kept_files.MOST_BYTES - 1)
    kept.seal("big", 9)
    names = [path.name for path in tmp_path.iterdir() if not path.suffix]
    assert sorted(names) == ["model-2", "model-big"]
