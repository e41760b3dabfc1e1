"""What becomes of an engine of our own when something breaks, with real processes."""

import asyncio
from contextlib import aclosing, closing
import os
from pathlib import Path
import signal
import socket
import time

import aiohttp
import pytest

from custom_components.hearth.engines.chat import Message, Role
from custom_components.hearth.engines.faults import StartFailed, Unreachable
from custom_components.hearth.engines.managed import (
    ManagedEngine,
    ManagedState,
    Patience,
)

from .conftest import Serve
from .managed_programs import (
    IMPATIENT,
    NANO,
    answer,
    is_open,
    keeper_of,
    make_plan,
    managed,
    pid_of,
    processes_about,
    question,
    real_program,
    script,
    until,
    zombies,
    zombies_of,
)


@pytest.fixture
def talker(models_dir: Path) -> dict[str, object]:
    """Return what makes a plan for a model that never stops talking."""
    return {"model": models_dir / "loop.gguf", "context_window": 32768}


async def broken_off(engine: ManagedEngine, break_it: object) -> float:
    """Break something in mid-answer; return how long the listener did not know."""
    assert callable(break_it)
    async with aclosing(engine.chat(question(max_tokens=None))) as deltas:
        await anext(deltas)
        broken = time.monotonic()
        break_it()
        with pytest.raises(Unreachable):
            async for _ in deltas:
                pass
        return time.monotonic() - broken


async def test_killed_while_it_speaks(
    tmp_path: Path, session: aiohttp.ClientSession, talker: dict[str, object]
) -> None:
    """The listener knows at once, and the engine is back within three seconds."""
    async with managed(session, make_plan(tmp_path, **talker)) as engine:
        await engine.start()
        await engine.ready()
        killed = time.monotonic()
        pid = pid_of(engine)
        took = await broken_off(engine, lambda: os.kill(pid, signal.SIGKILL))
        assert took < 1
        # Whoever asks next only waits a little.
        assert await answer(engine) == "la la la la "
        assert time.monotonic() - killed < 3
        assert engine.pid != pid
        assert engine.restarts == 1
        assert engine.failure is not None
        assert "memory" in engine.failure
    assert not processes_about(tmp_path)
    assert not zombies()


async def test_asked_before_anybody_noticed(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A question that nobody was there to hear is asked again."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        await engine.ready()
        pid, keeper = pid_of(engine), keeper_of(engine)
        # A keeper that stands still tells nothing.
        os.kill(keeper, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: [p for p in zombies_of(keeper) if p.pid == pid])
        # Its threads end a moment later, and only then its port is closed.
        await until(lambda: not is_open(engine.url))
        assert engine.state is ManagedState.READY
        asyncio.get_running_loop().call_later(0.2, os.kill, keeper, signal.SIGCONT)
        assert await answer(engine)
        assert engine.restarts == 1


async def test_a_session_that_was_closed(tmp_path: Path) -> None:
    """An error that is not the engine's does not blame it."""
    client = aiohttp.ClientSession()
    async with managed(client, make_plan(tmp_path)) as engine:
        await engine.start()
        await engine.ready()
        await client.close()
        with pytest.raises(Unreachable, match="session is closed"):
            await answer(engine)


async def test_its_keeper_killed(
    tmp_path: Path, session: aiohttp.ClientSession, talker: dict[str, object]
) -> None:
    """The program dies with its keeper, and both are replaced."""
    async with managed(session, make_plan(tmp_path, **talker)) as engine:
        await engine.start()
        await engine.ready()
        pid, keeper = pid_of(engine), keeper_of(engine)
        await broken_off(engine, lambda: os.kill(keeper, signal.SIGKILL))
        assert await answer(engine)
        assert engine.failure == "Its keeper was killed"
        left = [p.pid for p in processes_about(tmp_path) if p.state != "Z"]
        assert pid not in left
        assert len(left) == 2


async def test_keeper_of_a_forking_program_killed(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """What the program started is not the kernel's business, but ours."""
    program = script(tmp_path / "wrapper", '@SERVER@ "$@"; exit $?')
    async with managed(session, make_plan(tmp_path, program=program)) as engine:
        await engine.start()
        await engine.ready()
        assert len(processes_about(tmp_path)) == 3
        before = {process.pid for process in processes_about(tmp_path)}
        os.kill(keeper_of(engine), signal.SIGKILL)
        await until(lambda: engine.restarts)
        await engine.ready()
        now = {p.pid for p in processes_about(tmp_path) if p.state != "Z"}
        assert not before & now


async def test_stopped_in_mid_answer(
    tmp_path: Path, session: aiohttp.ClientSession, talker: dict[str, object]
) -> None:
    """An engine that stands still is replaced; nobody waits for it for ever."""
    async with managed(session, make_plan(tmp_path, **talker)) as engine:
        await engine.start()
        await engine.ready()
        pid = pid_of(engine)
        took = await broken_off(engine, lambda: os.kill(pid, signal.SIGSTOP))
        assert took < 10 * IMPATIENT.silence
        assert await answer(engine)
        assert engine.failure is not None
        assert "silent" in engine.failure
    assert not processes_about(tmp_path)


async def test_everything_stopped(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A keeper that stands still does not keep the engine from being stopped."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        await engine.ready()
        os.kill(keeper_of(engine), signal.SIGSTOP)
        os.kill(pid_of(engine), signal.SIGSTOP)
        await engine.stop()
        assert engine.pid is None
    assert not processes_about(tmp_path)


async def test_computing_is_not_hanging(
    tmp_path: Path, session: aiohttp.ClientSession, models_dir: Path
) -> None:
    """An engine that reads a long prompt says nothing, and is left alone."""
    plan = make_plan(tmp_path, model=models_dir / "slow.gguf", context_window=32768)
    async with managed(session, plan) as engine:
        await engine.start()
        await engine.ready()
        words, took = 150, 0.0
        while took < IMPATIENT.silence:
            words *= 2
            content = " ".join(f"word{number}" for number in range(words))
            long = Message(role=Role.USER, content=content)
            began = time.monotonic()
            await answer(engine, messages=(long,), max_tokens=1)
            took = time.monotonic() - began
        assert engine.restarts == 0


@pytest.mark.parametrize(
    ("keep", "reason"),
    [
        (3_000_000, "cut short"),
        (1000, "cut short"),
        (0, "could not be loaded|cut short|not a GGUF"),
    ],
)
async def test_a_model_cut_short(
    tmp_path: Path, session: aiohttp.ClientSession, keep: int, reason: str
) -> None:
    """The reason is a sentence that tells what is wrong with the file."""
    model = tmp_path / "cut.gguf"
    model.write_bytes(NANO.read_bytes()[:keep])
    async with managed(session, make_plan(tmp_path, model=model)) as engine:
        await engine.start()
        with pytest.raises(StartFailed, match=reason):
            await engine.ready(first_try=True)


async def test_no_model(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """A file that is not there is not a file that is damaged."""
    plan = make_plan(tmp_path, model=tmp_path / "none.gguf")
    async with managed(session, plan) as engine:
        await engine.start()
        with pytest.raises(StartFailed, match="cannot be opened"):
            await engine.ready(first_try=True)


async def test_port_taken(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """A port that was taken in between costs one try, and never the key."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        with socket.create_server(("127.0.0.1", 0)) as server:
            free = server.getsockname()[1]
        ports = iter([taken.getsockname()[1], free])
        async with managed(
            session, make_plan(tmp_path), ports=lambda: next(ports)
        ) as engine:
            await engine.start()
            await engine.ready()
            assert engine.restarts == 1
            assert engine.failure is not None
            assert "took its port" in engine.failure
            assert engine.url.endswith(f":{free}")


async def test_strangers_at_the_port(
    tmp_path: Path, session: aiohttp.ClientSession, serve: Serve
) -> None:
    """A server with another key, or with none, is not taken for ours."""
    program = script(tmp_path / "sleeper", "exec sleep 60")
    plan = make_plan(tmp_path / "two", program=program)
    async with managed(session, make_plan(tmp_path / "one")) as with_key:
        await with_key.start()
        await with_key.ready()
        for url in (with_key.url, serve("random")):
            port = int(url.rpartition(":")[2])
            async with managed(session, plan, ports=lambda at=port: at) as engine:
                await engine.start()
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.5):
                        await engine.ready()


async def test_ends_at_once_for_good(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """After five times it is given up, told about, and not started again."""
    starts = tmp_path / "starts"
    text = f"echo x >> {starts}; echo 'error: the stars are wrong' >&2; exit 3"
    plan = make_plan(tmp_path, program=script(tmp_path / "bad", text))
    seen: list[ManagedState] = []
    async with managed(
        session, plan, on_change=lambda e: seen.append(e.state)
    ) as engine:
        await engine.start()
        with pytest.raises(StartFailed, match=r"exit code 3.*the stars are wrong"):
            await engine.ready()
        assert engine.state is ManagedState.FAILED
        assert starts.read_text().count("x") == 5
        assert seen[-1] is ManagedState.FAILED
        assert seen.count(ManagedState.STARTING) == 5
        for call in (engine.health, engine.models, engine.loaded):
            with pytest.raises(StartFailed):
                await call()
        with pytest.raises(StartFailed):
            await answer(engine)
        # Nothing that could start a sixth one is left.
        assert not processes_about(tmp_path)
        assert len(asyncio.all_tasks()) == 1
        # Somebody who mended it asks for another chance.
        script(tmp_path / "bad", 'exec @SERVER@ "$@"')
        await engine.restart()
        await engine.ready()
        assert (engine.restarts, engine.failure) == (0, None)


async def test_crashes_again_and_again(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Five crashes in a row are enough, also of an engine that was ready before."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        for crash in range(5):
            await engine.ready()
            assert engine.restarts == crash
            os.kill(pid_of(engine), signal.SIGSEGV)
            await until(lambda: engine.state is not ManagedState.READY)
        with pytest.raises(StartFailed, match="crashed"):
            await engine.ready()
        assert not processes_about(tmp_path)


async def test_old_crashes_are_forgotten(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Five crashes are not too many when there is time between them."""
    patience = Patience(window=0.0, grace=2.0)
    async with managed(session, make_plan(tmp_path), patience=patience) as engine:
        await engine.start()
        for crash in range(6):
            await engine.ready()
            assert engine.restarts == crash
            os.kill(pid_of(engine), signal.SIGKILL)
            await until(lambda: engine.state is not ManagedState.READY)
        await engine.ready()


async def test_waits_before_the_next_try(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Meanwhile whoever asks is told why there is nobody, and it can be stopped."""
    plan = make_plan(tmp_path, program=script(tmp_path / "bad", "exit 4"))
    patience = Patience(first_pause=60.0)
    async with managed(session, plan, patience=patience) as engine:
        await engine.start()
        await until(lambda: engine.state is ManagedState.WAITING)
        with pytest.raises(Unreachable, match="exit code 4"):
            await answer(engine)
        with pytest.raises(Unreachable, match="exit code 4"):
            await engine.health()
        assert [model.name for model in await engine.models()] == ["nano"]
        await engine.stop()
        assert engine.state is ManagedState.STOPPED


@pytest.mark.parametrize("content", [None, "text", "#!/nowhere/sh"])
async def test_no_program(
    tmp_path: Path, session: aiohttp.ClientSession, content: str | None
) -> None:
    """What cannot be executed at all is told at once, and not tried again."""
    program = tmp_path / "program"
    if content is not None:
        program.write_text(content)
        program.chmod(0o700)
    async with managed(session, make_plan(tmp_path, program=program)) as engine:
        with pytest.raises(StartFailed, match="cannot be run"):
            await engine.start()
        assert engine.state is ManagedState.FAILED
        with pytest.raises(StartFailed, match="cannot be run"):
            await engine.health()
    assert not processes_about(tmp_path)


async def test_a_program_that_vanishes(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A program that is removed while it runs fails when it is started again."""
    program = script(tmp_path / "program", 'exec @SERVER@ "$@"')
    async with managed(session, make_plan(tmp_path, program=program)) as engine:
        await engine.start()
        await engine.ready()
        program.unlink()
        os.kill(pid_of(engine), signal.SIGKILL)
        await until(lambda: engine.state is not ManagedState.READY)
        with pytest.raises(StartFailed, match="not there"):
            await engine.ready()


async def test_a_folder_that_is_none(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A key is only written where nobody else can look."""
    plan = make_plan(tmp_path)
    (tmp_path / "real").mkdir()
    plan.folder.symlink_to(tmp_path / "real")
    async with managed(session, plan) as engine:
        with pytest.raises(StartFailed, match="could not be prepared"):
            await engine.start()
    assert not list((tmp_path / "real").iterdir())


async def test_words_that_are_none(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A name that no command line can have is refused, not cut."""
    async with managed(session, make_plan(tmp_path, alias="a\0b")) as engine:
        with pytest.raises(StartFailed, match="No process"):
            await engine.start()


async def test_loads_for_ever(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """A load has its time, too."""
    pipe = tmp_path / "endless.gguf"
    os.mkfifo(pipe)
    patience = Patience(load=0.5)
    async with managed(
        session, make_plan(tmp_path, model=pipe), patience=patience
    ) as engine:
        await engine.start()
        with pytest.raises(StartFailed, match=r"not loaded after 0\.5 s"):
            await engine.ready(first_try=True)


async def test_a_log_without_end(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """However much a program writes, little of it is kept."""
    text = "head -c 3000000 /dev/zero | tr '\\0' x; i=0\n"
    text += "while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done; exec sleep 60"
    plan = make_plan(tmp_path, program=script(tmp_path / "loud", text))
    async with managed(session, plan) as engine:
        await engine.start()
        await until(lambda: engine.log_tail()[-1:] == ("line 4999",))
        assert len(engine.log_tail()) == 200
        assert engine.log_tail()[0] == "line 4800"
        assert sum(map(len, engine.log_tail())) < 100_000


async def test_a_program_that_needs_force(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Who does not end by itself is killed after the grace."""
    text = "trap '' TERM; echo up; while :; do sleep 0.1; done"
    plan = make_plan(tmp_path, program=script(tmp_path / "deaf", text))
    patience = Patience(grace=0.5)
    async with managed(session, plan, patience=patience) as engine:
        await engine.start()
        await until(lambda: "up" in engine.log_tail())
        await engine.stop()
    assert not processes_about(tmp_path)
    assert not zombies()


async def test_a_stop_that_is_cut_off(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Who has no patience for a gentle end gets a quick one the second time."""
    text = "trap '' TERM; echo up; while :; do sleep 0.1; done"
    plan = make_plan(tmp_path, program=script(tmp_path / "deaf", text))
    patience = Patience(grace=60.0)
    async with managed(session, plan, patience=patience) as engine:
        await engine.start()
        await until(lambda: "up" in engine.log_tail())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await engine.stop()
        await engine.stop()
        await until(lambda: not processes_about(tmp_path))


async def test_a_program_that_forks_and_ends(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A server that outlives what we started is not ours to keep."""
    text = f'setsid {real_program()} "$@" & sleep 0.2; exit 0'
    plan = make_plan(tmp_path, program=script(tmp_path / "daemon", text))
    patience = Patience(first_pause=60.0)
    async with managed(session, plan, patience=patience) as engine:
        await engine.start()
        await until(lambda: engine.state is ManagedState.WAITING)
        assert not processes_about(tmp_path)
