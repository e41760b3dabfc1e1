"""Hearth in a running Home Assistant: set up, and the preferred voice."""

import asyncio
from typing import Any

from .client import SocketClient
from .errors import DemoError
from .flow import DOMAIN, PATIENCE, PROGRESSED, Answers, Step, walk
from .home_assistant import HomeAssistant

BUILT_IN = "conversation.home_assistant"
_FLOWS = "/api/config/config_entries/flow"


class _RestFlows:
    """Config flows over HTTP; what they do by themselves is heard of."""

    def __init__(self, running: HomeAssistant) -> None:
        """Remember how to talk to Home Assistant."""
        self._rest = running.rest
        self._socket = running.socket
        self._progressed = asyncio.Event()

    async def start(self, handler: str) -> Step:
        """Begin a flow."""
        await self._socket.subscribe(PROGRESSED, lambda _: self._progressed.set())
        step: Step = await self._rest.post(_FLOWS, {"handler": handler})
        return step

    async def follow(self, flow_id: str) -> Step:
        """Wait until a step that takes a while is over and return the next one."""
        async with asyncio.timeout(PATIENCE):
            await self._progressed.wait()
        self._progressed.clear()
        step: Step = await self._rest.get(f"{_FLOWS}/{flow_id}")
        return step

    async def answer(self, flow_id: str, answer: dict[str, Any]) -> Step:
        """Submit a form and return the next step."""
        step: Step = await self._rest.post(f"{_FLOWS}/{flow_id}", answer)
        return step


async def add_hearth(running: HomeAssistant, answers: Answers) -> str:
    """Go through Hearth's config flow; return its agent's entity id."""
    await walk(_RestFlows(running), answers)
    return await prefer_hearth(running)


async def prefer_hearth(running: HomeAssistant) -> str:
    """Let the Assist dialog talk to Hearth's agent; return its entity id."""
    agent_id = await _agent(running.socket)
    await _prefer(running.socket, agent_id)
    return agent_id


async def _agent(socket: SocketClient) -> str:
    """Return the entity id of Hearth's conversation agent."""
    for entry in await socket.command("config/entity_registry/list"):
        entity_id: str = entry["entity_id"]
        if entry["platform"] == DOMAIN and entity_id.startswith("conversation."):
            return entity_id
    raise DemoError("Hearth was set up but has no conversation agent")


async def _prefer(socket: SocketClient, agent_id: str) -> None:
    """Make an agent the one that the Assist dialog talks to."""
    pipelines = await socket.command("assist_pipeline/pipeline/list")
    preferred = pipelines["preferred_pipeline"]
    pipeline = next(one for one in pipelines["pipelines"] if one["id"] == preferred)
    fields = {key: value for key, value in pipeline.items() if key != "id"}
    fields |= {"name": "Hearth", "conversation_engine": agent_id}
    await socket.command(
        "assist_pipeline/pipeline/update", pipeline_id=preferred, **fields
    )
