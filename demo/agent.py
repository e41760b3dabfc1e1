"""Hearth in a running Home Assistant: set up, and the preferred voice."""

import asyncio
from typing import Any

from .client import RestClient, SocketClient
from .errors import DemoError
from .home_assistant import HomeAssistant
from .llama import EngineAddress

DOMAIN = "hearth"
BUILT_IN = "conversation.home_assistant"
# More steps than the way to a first entry has.
_MOST_STEPS = 6
# Seconds between two looks at a step that takes a while.
_POLL = 0.05


async def add_hearth(running: HomeAssistant, engine: EngineAddress) -> str:
    """Go through Hearth's config flow; return its agent's entity id."""
    await _walk_flow(running.rest, engine)
    agent_id = await _agent(running.socket)
    await _prefer(running.socket, agent_id)
    return agent_id


async def _walk_flow(rest: RestClient, engine: EngineAddress) -> None:
    """Answer the flow's questions the way a person would click through."""
    answers: dict[str, dict[str, Any]] = {
        "user": {"url": engine.url},
        "model": {"model": engine.model},
    }
    flows = "/api/config/config_entries/flow"
    step = await rest.post(flows, {"handler": DOMAIN})
    for _ in range(_MOST_STEPS):
        while step["type"] in ("progress", "progress_done"):
            await asyncio.sleep(_POLL)
            step = await rest.get(f"{flows}/{step['flow_id']}")
        if step["type"] == "create_entry":
            return
        if step["type"] != "form" or step["step_id"] not in answers:
            raise DemoError(f"Hearth's set-up stopped: {step.get('reason') or step}")
        if step.get("errors"):
            reasons = ", ".join(step["errors"].values())
            raise DemoError(
                f"Hearth's set-up does not accept the engine at {engine.url} with the "
                f"model {engine.model}: {reasons}"
            )
        answer = answers[step["step_id"]]
        step = await rest.post(f"{flows}/{step['flow_id']}", answer)
    raise DemoError("Hearth's set-up asks more than the demo can answer")


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
