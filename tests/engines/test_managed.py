"""An engine of our own that does well, with the real llama-server."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
import os
from pathlib import Path
import stat

import aiohttp
import pytest

from custom_components.hearth.engines.base import (
    Capabilities,
    EngineKind,
    EngineState,
    ModelInfo,
)
from custom_components.hearth.engines.chat import Deadlines
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    ModelMissing,
    StartFailed,
    Unreachable,
    Unsupported,
)
from custom_components.hearth.engines.launch import CacheType
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.managed import (
    ManagedEngine,
    ManagedState,
    Patience,
)
from custom_components.hearth.engines.private_files import KEY_FILE

from .managed_programs import (
    answer,
    make_plan,
    managed,
    pid_of,
    processes_about,
    question,
    script,
    until,
    zombies,
)

# As Home Assistant stops one: whatever happens, in seconds.
_GENTLE = Patience()


async def test_a_whole_life(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """It is started, answers, tells about itself, and is gone."""
    seen: list[ManagedState] = []
    plan = make_plan(tmp_path)
    async with managed(
        session, plan, patience=_GENTLE, on_change=lambda e: seen.append(e.state)
    ) as engine:
        assert engine.kind is EngineKind.LLAMA_SERVER
        assert engine.plan is plan
        assert (engine.state, engine.pid) == (ManagedState.STOPPED, None)
        assert engine.url == "http://127.0.0.1"
        await engine.start()
        await engine.ready()
        assert pid_of(engine) != os.getpid()
        assert engine.url.startswith("http://127.0.0.1:")
        assert (await engine.health()).state is EngineState.READY
        assert await answer(engine)
        (model,) = await engine.models()
        assert (model.name, model.quantization) == ("nano", "Q8_0")
        assert (await engine.model("nano")).context_window == 4096
        assert engine.capabilities == Capabilities(
            keep_alive=True, load=True, prompt_cache=True, prompt_files=True
        )
        assert any("model loaded" in line for line in engine.log_tail())
        await engine.stop()
        assert (engine.pid, engine.failure, engine.restarts) == (None, None, 0)
    assert seen == [ManagedState.STARTING, ManagedState.READY, ManagedState.STOPPED]
    assert not processes_about(tmp_path)
    assert not zombies()


async def test_its_memory(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """What the process uses is told, not the size of its file."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        await engine.ready()
        await answer(engine)
        (listed,) = await engine.models()
        (loaded,) = await engine.loaded()
        assert loaded.name == "nano"
        assert listed.size is not None
        assert loaded.memory is not None
        assert listed.size < loaded.memory < 1 << 30


async def test_its_key(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """Only this user reads the key, and it stands nowhere else."""
    plan = make_plan(tmp_path)
    plan.folder.mkdir(mode=0o755)
    (plan.folder / KEY_FILE).symlink_to(tmp_path / "elsewhere")
    async with managed(session, plan) as engine:
        await engine.start()
        await engine.ready()
        await answer(engine)
        assert not (tmp_path / "elsewhere").exists()
        assert stat.S_IMODE(plan.folder.stat().st_mode) == 0o700
        file = plan.folder / KEY_FILE
        assert stat.S_IMODE(file.lstat().st_mode) == 0o600
        key = file.read_text().strip()
        assert len(key) > 40
        found = processes_about(tmp_path)
        assert len(found) == 2
        for process in found:
            for name in ("cmdline", "environ"):
                content = Path(f"/proc/{process.pid}/{name}").read_bytes()
                assert key.encode() not in content
        assert not any(key in line for line in engine.log_tail())
        stranger = LlamaServerEngine(session, engine.url)
        with pytest.raises(AuthFailed):
            await stranger.health()
        assert (await LlamaServerEngine(session, engine.url, key).health()).version
        await engine.restart()
        assert file.read_text().strip() != key
    assert not file.exists()


async def test_its_environment(
    tmp_path: Path, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Home Assistant has in its environment does not say how a model runs."""
    monkeypatch.setenv("LLAMA_ARG_N_PARALLEL", "7")
    monkeypatch.setenv("SUPERVISOR_TOKEN", "secret")
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        await engine.ready()
        for process in processes_about(tmp_path):
            given = Path(f"/proc/{process.pid}/environ").read_bytes()
            assert b"LLAMA_ARG" not in given
            assert b"SUPERVISOR_TOKEN" not in given


async def test_while_it_loads(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """It says what it will be, asks for patience, and can be stopped."""
    pipe = tmp_path / "endless.gguf"
    os.mkfifo(pipe)
    async with managed(session, make_plan(tmp_path, model=pipe)) as engine:
        await engine.start()
        await until(lambda: any("loading model" in s for s in engine.log_tail()))
        assert engine.state is ManagedState.STARTING
        assert (await engine.health()).state is EngineState.LOADING
        assert await engine.models() == (ModelInfo(name="nano"),)
        assert await engine.model("nano") == ModelInfo(name="nano")
        with pytest.raises(ModelMissing):
            await engine.model("other")
        assert await engine.loaded() == ()
        with pytest.raises(Busy):
            await answer(engine, deadlines=Deadlines(first_byte=0.2))
        # A second start changes nothing.
        pid = engine.pid
        await engine.start()
        assert engine.pid == pid
        await engine.stop()
        assert engine.state is ManagedState.STOPPED
    assert not processes_about(tmp_path)
    assert not zombies()


async def test_a_chat_waits_for_it(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Who asks while it loads is answered when it is ready."""
    async with managed(session, make_plan(tmp_path)) as engine:
        await engine.start()
        assert engine.state is ManagedState.STARTING
        assert await answer(engine)


async def test_stopped(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """An engine that does not run says so, and can be stopped again."""
    async with managed(session, make_plan(tmp_path)) as engine:
        for _ in range(2):
            with pytest.raises(Unreachable, match="not running"):
                await engine.health()
            with pytest.raises(Unreachable, match="not running"):
                await answer(engine)
            with pytest.raises(StartFailed, match="not running"):
                await engine.ready()
            await engine.start()
            await engine.ready()
            await asyncio.gather(engine.stop(), engine.stop())
            await engine.stop()


async def test_what_it_cannot_do(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """It has one model, for good."""
    async with managed(session, make_plan(tmp_path)) as engine:
        with pytest.raises(Unsupported):
            await engine.delete("nano")
        with pytest.raises(Unsupported):
            engine.pull("nano")


async def test_stop_in_mid_answer(
    tmp_path: Path, session: aiohttp.ClientSession, models_dir: Path
) -> None:
    """Who is being answered learns of it at once."""
    plan = make_plan(tmp_path, model=models_dir / "loop.gguf", context_window=32768)
    async with managed(session, plan) as engine:
        await engine.start()
        async with aclosing(engine.chat(question(max_tokens=None))) as deltas:
            await anext(deltas)
            stopping = asyncio.create_task(engine.stop())
            with pytest.raises(Unreachable):
                async for _ in deltas:
                    pass
            await stopping
    assert not processes_about(tmp_path)


async def test_closing_a_chat_leaves_the_engine(
    tmp_path: Path, session: aiohttp.ClientSession, models_dir: Path
) -> None:
    """A chat that nobody wants any more ends, and the next one is answered."""
    plan = make_plan(tmp_path, model=models_dir / "loop.gguf", context_window=32768)
    async with managed(session, plan) as engine:
        await engine.start()
        async with aclosing(engine.chat(question(max_tokens=None))) as deltas:
            await anext(deltas)
        assert await answer(engine) == "la la la la "
        assert engine.restarts == 0


async def test_an_owner_that_fails(
    tmp_path: Path, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of whoever listens is told in the log, and changes nothing."""

    def listen(engine: ManagedEngine) -> None:
        raise ValueError(engine.state)

    async with managed(session, make_plan(tmp_path), on_change=listen) as engine:
        await engine.start()
        await engine.ready()
        assert await answer(engine)
    assert "ValueError" in caplog.text


async def test_quantized_cache(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """A quantized KV cache works with everything else that can be planned."""
    plan = make_plan(
        tmp_path, cache_type=CacheType.Q8_0, prompt_cache=64 << 20, checkpoints=4
    )
    async with managed(session, plan) as engine:
        await engine.start()
        await engine.ready()
        assert await answer(engine)


async def test_an_older_build(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """Options that a build does not know are left out; nothing fails for it."""
    starts = tmp_path / "starts"
    program = script(
        tmp_path / "old-server",
        f"""echo "$*" >> {starts}
for word do
  case $word in --no-ui|--no-webui|auto|--offline|--cache-ram)
    echo "error: invalid argument: $word" >&2; exit 1;;
  esac
done
exec @SERVER@ "$@" """,
    )
    async with managed(session, make_plan(tmp_path, program=program)) as engine:
        await engine.start()
        await engine.ready(first_try=True)
        assert await answer(engine)
        assert engine.restarts == 0
        assert engine.failure is None
        assert len(starts.read_text().splitlines()) == 6
        # What was learned is not asked again.
        os.kill(pid_of(engine), 9)
        await until(lambda: engine.restarts)
        await engine.ready()
        assert len(starts.read_text().splitlines()) == 7


async def test_an_option_that_must_be(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Without its key's file nothing is started."""
    text = 'echo "error: invalid argument: --api-key-file" >&2; exit 1'
    plan = make_plan(tmp_path, program=script(tmp_path / "too-old", text))
    async with managed(session, plan) as engine:
        await engine.start()
        with pytest.raises(StartFailed, match="does not know an option"):
            await engine.ready(first_try=True)


async def test_two_at_once(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """Engines with folders of their own do not know one another."""
    plan = make_plan(tmp_path)
    other = replace(plan, folder=tmp_path / "other", alias="other")
    async with managed(session, plan) as one, managed(session, other) as two:
        await asyncio.gather(one.start(), two.start())
        await asyncio.gather(one.ready(), two.ready())
        assert one.url != two.url
        assert [m.name for m in await two.models()] == ["other"]
