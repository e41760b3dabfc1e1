"""Who is measured: how each joins a home, and how its server forgets."""

from dataclasses import dataclass
from typing import Any, Protocol, override

import aiohttp
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant

from bench.in_process import add_hearth, add_hearth_by
from demo.errors import DemoError
from demo.flow import managed_answers
from demo.llama import EngineAddress
from demo.options import LLAMA_SERVER

from .journal import Journal

HEARTH, LLAMA_CPP, OLLAMA = "hearth", "llama_cpp", "ollama"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server with an oracle or a recorder before it.

    ``engine`` is where that one answers, ``behind`` where the server itself does.
    """

    session: aiohttp.ClientSession
    engine: EngineAddress
    behind: str
    journal: Journal

    async def ask(self, path: str, body: dict[str, Any]) -> None:
        """Ask the server itself for something that it must not refuse."""
        async with self.session.post(self.behind + path, json=body) as answer:
            said = await answer.text()
            if answer.status != 200:
                raise DemoError(f"{self.behind}{path} was refused: {said}")


class Contender(Protocol):
    """An agent with its server.

    ``exact`` is whether an oracle answers, so that what was said must happen.
    """

    @property
    def name(self) -> str:
        """Return the integration's name."""

    @property
    def journal(self) -> Journal:
        """Return what was asked of the server."""

    @property
    def exact(self) -> bool:
        """Return whether it gives the right answers."""

    async def join(self, hass: HomeAssistant) -> None:
        """Set the agent up in a home as a person would."""

    async def forget(self) -> None:
        """Have the server forget everything that it has read."""


@dataclass(frozen=True, slots=True)
class _OfServer:
    """What agents have in common that speak to a llama-server with an oracle."""

    server: Server

    @property
    def journal(self) -> Journal:
        """Return what was asked of the server."""
        return self.server.journal

    @property
    def exact(self) -> bool:
        """Return that the oracle answers."""
        return True

    async def forget(self) -> None:
        """Have the server forget everything that it has read."""
        await self.server.ask("/slots/0?action=erase", {})


class Hearth(_OfServer):
    """Hearth, connected to the server."""

    name = HEARTH

    async def join(self, hass: HomeAssistant) -> None:
        """Add it with what it suggests."""
        await add_hearth(hass, self.server.engine)


class LlamaCpp(_OfServer):
    """Home Assistant's own integration of llama.cpp."""

    name = LLAMA_CPP

    async def join(self, hass: HomeAssistant) -> None:
        """Add it with what it suggests; it finds out itself whether to stream."""
        flows = hass.config_entries.flow
        step = await flows.async_init(LLAMA_CPP, context={"source": SOURCE_USER})
        engine = self.server.engine
        for answer in ({"base_url": f"{engine.url}/v1"}, {"chat_model": engine.model}):
            step = await flows.async_configure(step["flow_id"], answer)
        if step["type"] != "create_entry" or not step["data"]["streaming"]:
            raise DemoError(f"Home Assistant's llama.cpp was not set up: {step}")


class Ollama(_OfServer):
    """Home Assistant's own integration of Ollama; the model says what it likes."""

    name = OLLAMA

    @property
    @override
    def exact(self) -> bool:
        """Return that no oracle answers."""
        return False

    async def join(self, hass: HomeAssistant) -> None:
        """Add it with what it suggests, and the model."""
        step = await hass.config_entries.flow.async_init(
            OLLAMA,
            context={"source": SOURCE_USER},
            data={"url": self.server.engine.url},
        )
        if step["type"] != "create_entry":
            raise DemoError(f"Home Assistant's Ollama was not set up: {step}")
        await hass.async_block_till_done()
        agents = hass.config_entries.subentries
        asked = await agents.async_init(
            (step["result"].entry_id, "conversation"), context={"source": SOURCE_USER}
        )
        model = self.server.engine.model
        added = await agents.async_configure(
            asked["flow_id"],
            {"name": "Ollama", "model": model, "llm_hass_api": ["assist"]},
        )
        if added["type"] != "create_entry":
            raise DemoError(f"Home Assistant's Ollama got no agent: {added}")
        await hass.async_block_till_done()

    @override
    async def forget(self) -> None:
        """Have the model unloaded, and loaded again."""
        for keep_alive in (0, -1):
            await self.server.ask(
                "/api/chat",
                {
                    "model": self.server.engine.model,
                    "messages": [],
                    "keep_alive": keep_alive,
                    "stream": False,
                },
            )


@dataclass(frozen=True, slots=True)
class ManagedHearth:
    """Hearth with an engine of its own, which ends with Home Assistant.

    ``program`` stands before a llama-server as the oracle does.
    """

    model: str
    program: str
    journal: Journal
    name: str = HEARTH
    exact: bool = True

    async def join(self, hass: HomeAssistant) -> None:
        """Add it with the model and the program."""
        answers = managed_answers(LLAMA_SERVER, self.model, self.program)
        await add_hearth_by(hass, answers)

    async def forget(self) -> None:
        """Do nothing: an engine that has just started knows nothing."""
