"""Hearth's config flow, answered the way a person would click through."""

from collections.abc import Mapping
from typing import Any, Protocol

from .errors import DemoError
from .llama import EngineAddress

DOMAIN = "hearth"
# More steps than the way to a first entry has.
_MOST_STEPS = 6
# Fired when a step that takes a while is over. Who asks for the next step before
# that is in the way of the flow, which goes on by itself.
PROGRESSED = "data_entry_flow_progressed"
# Seconds. A model may have to be loaded first.
PATIENCE = 600

type Step = Mapping[str, Any]


class Flows(Protocol):
    """A way to config flows: over HTTP, or in the same process."""

    async def start(self, handler: str) -> Step:
        """Begin a flow."""

    async def follow(self, flow_id: str) -> Step:
        """Wait until a step that takes a while is over and return the next one."""

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
        while step["type"] == "progress":
            try:
                step = await flows.follow(step["flow_id"])
            except TimeoutError:
                raise DemoError(
                    f"The model {engine.model} did not answer in {PATIENCE} s"
                ) from None
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
