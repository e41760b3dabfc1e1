"""What is told of an engine of our own; with the real thing."""

from collections.abc import AsyncIterator
import json
from pathlib import Path
import shutil
from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.faults import EngineError
from custom_components.hearth.engines.launch import Runtime
from custom_components.hearth.engines.managed import ManagedEngine, ManagedState
from custom_components.hearth.managed.diagnosis import engine_facts
from custom_components.hearth.managed.settings import (
    CONF_INDEX_URL,
    CONF_MODELS_FOLDER,
    CONF_PROGRAM,
    CONF_RUNTIME,
    CONF_WHEEL,
)

from ..engines.managed_programs import NANO, make_plan, real_program, until

MARKER = "Zebedee"

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def entry(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[MockConfigEntry]:
    """Return the entry of an engine whose files lie below somebody's name."""
    assert await async_setup_component(hass, "conversation", {})
    folder = tmp_path / f"{MARKER} B" / MARKER
    folder.mkdir(parents=True)
    shutil.copy(NANO, folder / "tiny.gguf")
    program = folder / "llama-server"
    program.symlink_to(real_program())
    entry = MockConfigEntry(
        data={
            CONF_INDEX_URL: f"https://{MARKER}:{MARKER}@{MARKER}.example/simple",
            CONF_MODEL: str(folder / "tiny.gguf"),
            CONF_MODELS_FOLDER: str(folder),
            CONF_PROGRAM: str(program),
            CONF_RUNTIME: "llama_server",
            CONF_WHEEL: f"https://{MARKER}:{MARKER}@{MARKER}.example/a.whl",
        },
        domain=DOMAIN,
        title=MARKER,
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)


async def _talk(engine: ManagedEngine) -> None:
    """Say something personal in ways that the engine answers and refuses."""
    for words, schema in ((MARKER, None), (MARKER * 40_000, None), (MARKER, MARKER)):
        request = ChatRequest(
            model="tiny",
            messages=(Message(role=Role.USER, content=words),),
            response_schema={"type": schema} if schema else None,
            max_tokens=4,
        )
        try:
            async for _ in engine.chat(request):
                pass
        except EngineError:
            continue


async def test_nothing_personal(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    engine: ManagedEngine,
    hass_client: ClientSessionGenerator,
) -> None:
    """Plan and log are told without folders, keys, addresses and what was said."""
    await engine.ready()
    await _talk(engine)
    # The log is read by a task of its own.
    await until(lambda: MARKER in "".join(engine.log_tail()[-12:]))

    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    told = found["engine"]["managed"]
    assert told["state"] == "ready"
    assert told["plan"]["model"] == "tiny.gguf"
    assert told["plan"]["program"] == "llama-server"
    assert any("loading model '[folder]/tiny.gguf'" in line for line in told["log"])
    assert any("print_timing" in line for line in told["log"])
    assert any(line.endswith("got exception: [left out]") for line in told["log"])
    assert found["entry"]["managed"]["own_wheel"] is True
    assert MARKER.lower() not in json.dumps(found).lower()


async def test_why_it_ended(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    engine: ManagedEngine,
    hass_client: ClientSessionGenerator,
) -> None:
    """The reason of an end is told without the line that it quotes."""
    await engine.ready()
    engine.plan.model.write_text("no model")
    await engine.restart()
    await until(lambda: engine.state is ManagedState.WAITING)

    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    told = found["engine"]["managed"]
    assert told["failure"] == "The model file is not a GGUF file"
    assert any("[folder]/tiny.gguf" in line for line in told["log"])
    assert MARKER.lower() not in json.dumps(found).lower()


async def test_system_health(
    hass: HomeAssistant, entry: MockConfigEntry, engine: ManagedEngine
) -> None:
    """The page about the system names the program and what it does."""
    await engine.ready()
    await entry.runtime_data.coordinator.async_refresh()
    assert await async_setup_component(hass, "system_health", {})

    info = (await system_health.get_info(hass))[DOMAIN]

    assert info["runtime"] == "llama_server, ready"
    assert info["engine_reachable"] == "ok"
    assert info["loaded_model"] == "tiny"
    assert MARKER.lower() not in json.dumps(info).lower()


async def test_of_the_worker(hass: HomeAssistant, tmp_path: Path) -> None:
    """Of the worker it is told whether its packages lie in a folder of their own."""
    packages = tmp_path / MARKER
    plan = make_plan(tmp_path, packages=packages, runtime=Runtime.LLAMA_CPP_PYTHON)
    engine = ManagedEngine(async_get_clientsession(hass), plan)

    told = engine_facts(engine, hass.config.config_dir)

    assert (told["state"], told["log"], told["failure"]) == ("stopped", [], None)
    assert told["plan"]["packages"] is True
    assert MARKER not in json.dumps(told)
