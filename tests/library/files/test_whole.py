"""A model that is pulled, run, updated and used, with a llama-server that is real."""

import asyncio
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant

from custom_components.hearth.engines.managed import ManagedEngine

from ...engines.llama_servers import BIN
from ..conftest import act, until
from .conftest import NAME, has_file, managed_entry, set_up
from .hub_site import HubSite

# Seconds. Loading a tiny model on a machine with other work takes a fraction.
PATIENCE = 60


async def test_runs_the_newest(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    folder: Path,
    hub: HubSite,
    platforms: None,
    versions: tuple[bytes, bytes],
) -> None:
    """A model is there after its download, in memory when chosen, and new when updated."""
    entry = managed_entry(folder)
    if (program := BIN / "llama-server").exists():
        entry = managed_entry(folder, program=str(program))
    await set_up(hass, entry)
    await has_file(hass)

    data = {**entry.data, CONF_MODEL: str(folder / NAME)}
    await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, data=data)
    await set_up(hass, entry)
    first = await ready(entry.runtime_data.engine)
    assert await in_memory(hass) == {NAME}

    hub.files["small-Q4_K_M.gguf"] = versions[1]
    await act(hass, "pull_model", model=NAME, wait=True)
    await until(lambda: first.pid is None and entry.state is ConfigEntryState.LOADED)
    second = await ready(entry.runtime_data.engine)
    assert second.pid is not None
    assert await in_memory(hass) == {NAME}
    assert opened_by(second.pid) == versions[1]
    await hass.config_entries.async_unload(entry.entry_id)


async def ready(engine: ManagedEngine) -> ManagedEngine:
    """Return an engine when its model is loaded."""
    async with asyncio.timeout(PATIENCE):
        await engine.ready()
    return engine


async def in_memory(hass: HomeAssistant) -> set[str]:
    """Return the models that are said to be in memory."""
    listing = await act(hass, "list_models", respond=True)
    return {model["name"] for model in listing["models"] if model["loaded"]}


def opened_by(pid: int) -> bytes:
    """Return what is in the model file that a process has in its memory."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    [path] = {line.split(maxsplit=5)[5] for line in maps if line.endswith(".gguf")}
    return Path(path).read_bytes()
