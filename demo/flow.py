"""Hearth's config flow, answered the way a person would click through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import DemoError
from .llama import EngineAddress

DOMAIN = "hearth"
# Stands for the tiny model that comes with Hearth.
NANO = "nano"
# More steps than the way to a first entry has.
_MOST_STEPS = 9
# Fired when a step that takes a while is over. Who asks for the next step before
# that is in the way of the flow, which goes on by itself.
PROGRESSED = "data_entry_flow_progressed"
# Seconds. A model may have to be loaded first.
PATIENCE = 600

_ADD = {"next_step_id": "add"}

type Step = Mapping[str, Any]


class Flows(Protocol):
    """A way to config flows: over HTTP, or in the same process."""

    async def start(self, handler: str) -> Step:
        """Begin a flow."""

    async def follow(self, flow_id: str) -> Step:
        """Wait until a step that takes a while is over and return the next one."""

    async def answer(self, flow_id: str, answer: dict[str, Any]) -> Step:
        """Submit a form and return the next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person answers at each step, and how to call the engine it is about."""

    engine: str
    steps: Mapping[str, dict[str, Any]]
    help: str = "The log of Home Assistant may say more."


def server_answers(engine: EngineAddress) -> Answers:
    """Return the way to an engine that already runs."""
    return Answers(
        engine=f"the engine at {engine.url} with the model {engine.model}",
        steps={
            "user": {"next_step_id": "server"},
            "welcome": {"choice": "server"},
            "server": {"url": engine.url},
            "model": {"model": engine.model},
            "ready": _ADD,
        },
        help="Does it run, and is that the name it has for the model?",
    )


def managed_answers(
    runtime: str, model: str = NANO, program: str | None = None
) -> Answers:
    """Return the way to an engine of Hearth's own.

    Args:
        runtime: Hearth's word for what runs the model.
        model: The tiny model, or a file.
        program: The llama-server to use, where it must be a certain one.
    """
    return Answers(
        engine=f"{runtime} with {'the tiny model' if model == NANO else model}",
        steps={
            "user": {"next_step_id": "managed"},
            "welcome": {"choice": "choose_myself"},
            "managed": {
                "model": NANO if model == NANO else "file",
                "runtime": runtime,
                "advanced": {"program": program} if program else {},
            },
            "model_file": {"file": model},
            "ready": _ADD,
        },
    )


async def walk(flows: Flows, answers: Answers) -> None:
    """Go through Hearth's set-up to the new entry."""
    step = await flows.start(DOMAIN)
    for _ in range(_MOST_STEPS):
        while step["type"] == "progress":
            try:
                step = await flows.follow(step["flow_id"])
            except TimeoutError:
                raise DemoError(
                    f"Hearth's set-up of {answers.engine} took longer than {PATIENCE} s"
                ) from None
        if step["type"] == "create_entry":
            return
        if step["type"] not in {"form", "menu"} or step["step_id"] not in answers.steps:
            raise DemoError(f"Hearth's set-up stopped: {step.get('reason') or step}")
        if step.get("errors"):
            raise DemoError(
                f"Hearth's set-up does not accept {answers.engine} "
                f"({_problem(step)}). {answers.help}"
            )
        step = await flows.answer(step["flow_id"], answers.steps[step["step_id"]])
    raise DemoError("Hearth's set-up asks more than the demo can answer")


def _problem(step: Step) -> str:
    """Return the errors of a form, and what they name."""
    named = (step.get("description_placeholders") or {}).get("error")
    return ", ".join([*step["errors"].values(), *([named] if named else [])])
