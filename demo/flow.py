"""Hearth's config flow, answered the way a person would click through."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from .errors import DemoError
from .llama import EngineAddress

DOMAIN = "hearth"
# More steps than the way to a first entry has.
_MOST_STEPS = 6
# Seconds between two looks at a step that takes a while.
_POLL = 0.05

type Step = Mapping[str, Any]


class Flows(Protocol):
    """A way to config flows: over HTTP, or in the same process."""

    async def start(self, handler: str) -> Step:
        """Begin a flow."""

    async def look(self, flow_id: str) -> Step:
        """Return the step that a flow is at."""

    async def answer(self, flow_id: str, answer: dict[str, Any]) -> Step:
        """Submit a form and return the next step."""


async def walk(flows: Flows, engine: EngineAddress) -> None:
    """Go through Hearth's set-up to the new entry."""
    answers: dict[str, dict[str, Any]] = {
        "user": {"url": engine.url},
        "model": {"model": engine.model},
    }
    step = await flows.start(DOMAIN)
    for _ in range(_MOST_STEPS):
        while step["type"] in ("progress", "progress_done"):
            await asyncio.sleep(_POLL)
            step = await flows.look(step["flow_id"])
        if step["type"] == "create_entry":
            return
        if step["type"] != "form" or step["step_id"] not in answers:
            raise DemoError(f"Hearth's set-up stopped: {step.get('reason') or step}")
        if step.get("errors"):
            reasons = ", ".join(step["errors"].values())
            raise DemoError(
                f"Hearth's set-up does not accept the engine at {engine.url} with the "
                f"model {engine.model} ({reasons}). Does it run, and is that the "
                "name it has for the model?"
            )
        step = await flows.answer(step["flow_id"], answers[step["step_id"]])
    raise DemoError("Hearth's set-up asks more than the demo can answer")
