"""What an engine of our own has read survives its process; with real processes."""

from collections.abc import Callable
from dataclasses import replace
import os
from pathlib import Path
import sys

import aiohttp
import pytest

from custom_components.hearth.engines import kept_files
from custom_components.hearth.engines.command_line import slots_folder
from custom_components.hearth.engines.kept_files import KeptFiles
from custom_components.hearth.engines.kept_prompts import prompt_key
from custom_components.hearth.engines.launch import LaunchPlan, Runtime

from .kept_parts import HOME, MOST_NEW, files, read, read_in_new, request
from .managed_programs import make_plan, managed

type Planner = Callable[[Path], LaunchPlan]


def llama_server(folder: Path) -> LaunchPlan:
    """Return a plan for the real llama-server."""
    return make_plan(folder)


def worker(folder: Path) -> LaunchPlan:
    """Return a plan for our worker."""
    return make_plan(
        folder, runtime=Runtime.LLAMA_CPP_PYTHON, program=Path(sys.executable)
    )


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
    strict = tuple(replace(tool, strict={}) for tool in request().tools)
    assert prompt_key(replace(request(), tools=strict, confidence=True)) in keys


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
