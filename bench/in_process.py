"""A Home Assistant in this very process, with a home and with Hearth."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import logging
from pathlib import Path
from typing import Any

from homeassistant import bootstrap
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.runner import RuntimeConfig

from demo.components import ROOT, make_importable
from demo.errors import DemoError
from demo.flow import (
    DOMAIN,
    PATIENCE,
    PROGRESSED,
    Answers,
    Step,
    server_answers,
    walk,
)
from demo.folder import TALK, make_folder
from demo.llama import EngineAddress
from demo.processes import free_port

CONFIG = ROOT / ".cache" / "bench" / "config"


class OwnFlows:
    """Config flows of a Home Assistant in the same process."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Listen to what flows do by themselves."""
        self._flows = hass.config_entries.flow
        self._progressed = asyncio.Event()
        hass.bus.async_listen(PROGRESSED, self._note)

    @callback
    def _note(self, event: Event) -> None:
        """Note that a step that takes a while is over."""
        self._progressed.set()

    async def start(self, handler: str) -> Step:
        """Begin a flow."""
        return await self._flows.async_init(handler, context={"source": SOURCE_USER})

    async def follow(self, flow_id: str) -> Step:
        """Wait until a step that takes a while is over and return the next one."""
        async with asyncio.timeout(PATIENCE):
            await self._progressed.wait()
        self._progressed.clear()
        return await self._flows.async_configure(flow_id)

    async def answer(self, flow_id: str, answer: dict[str, Any]) -> Step:
        """Submit a form and return the next step."""
        return await self._flows.async_configure(flow_id, answer)


@asynccontextmanager
async def home_in_process(
    home: Path,
    *,
    folder: Path = CONFIG,
    components: tuple[str, ...] = TALK,
    again: bool = False,
) -> AsyncIterator[HomeAssistant]:
    """Run Home Assistant with the home of a file as long as the context lasts.

    Its folder is made anew, unless it is to go on with what it was ``again``.
    """
    make_importable()
    # It warns about every component that is not its own.
    logging.getLogger("homeassistant.loader").setLevel(logging.ERROR)
    if not again:
        make_folder(folder, home=home, port=free_port(), components=components)
    hass = await bootstrap.async_setup_hass(
        RuntimeConfig(config_dir=str(folder), skip_pip=True)
    )
    if hass is None or "home_file" not in hass.config.components:
        raise DemoError(f"Home Assistant did not start; its log is in {folder}")
    # Home Assistant writes its log to a file, too.
    logging.getLogger().setLevel(logging.WARNING)
    try:
        await hass.async_start()
        yield hass
    finally:
        await hass.async_stop(force=True)


async def add_hearth(hass: HomeAssistant, engine: EngineAddress, **options: Any) -> str:
    """Go through Hearth's config flow; return its agent's entity id.

    Options are those of the agent, where they are to differ from the defaults.
    """
    return await add_hearth_by(hass, server_answers(engine), **options)


async def add_hearth_by(hass: HomeAssistant, answers: Answers, **options: Any) -> str:
    """Go through Hearth's config flow with these answers; see ``add_hearth``."""
    await walk(OwnFlows(hass), answers)
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    for agent in entry.subentries.values():
        hass.config_entries.async_update_subentry(
            entry, agent, data={**agent.data, **options}
        )
    await hass.async_block_till_done()
    if agent_id := find_agent(hass, DOMAIN):
        return agent_id
    raise DemoError("Hearth was set up but has no conversation agent")


def find_agent(hass: HomeAssistant, integration: str) -> str | None:
    """Return the entity id of an integration's conversation agent, if it has one."""
    for entity in er.async_get(hass).entities.values():
        if entity.platform == integration and entity.domain == "conversation":
            return entity.entity_id
    return None
