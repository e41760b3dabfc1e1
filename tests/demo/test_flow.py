"""Going through Hearth's config flow."""

from collections import deque
from typing import Any

import pytest

from demo.errors import DemoError
from demo.flow import Answers, Step, managed_answers, server_answers, walk
from demo.llama import EngineAddress

ENGINE = EngineAddress("http://127.0.0.1:1", "tiny")
ASKS_PLACE = {"type": "menu", "step_id": "user", "flow_id": "f"}
LOOKS = {"type": "progress", "step_id": "look", "flow_id": "f"}
WELCOMES = {"type": "form", "step_id": "welcome", "flow_id": "f", "errors": None}
ASKS_RUNTIME = {"type": "form", "step_id": "managed", "flow_id": "f", "errors": {}}
ASKS_URL = {"type": "form", "step_id": "server", "flow_id": "f", "errors": None}
ASKS_MODEL = {"type": "form", "step_id": "model", "flow_id": "f", "errors": {}}
TRIES = {"type": "progress", "step_id": "try_model", "flow_id": "f"}
READY = {"type": "menu", "step_id": "ready", "flow_id": "f"}
MADE = {"type": "create_entry", "flow_id": "f"}


class Script:
    """A flow that takes the given steps and notes what it is told."""

    def __init__(self, *steps: Step) -> None:
        """Take the steps."""
        self.steps = deque(steps)
        self.told: list[dict[str, Any]] = []
        self.followed = 0

    async def start(self, handler: str) -> Step:
        """Begin."""
        assert handler == "hearth"
        return self.steps.popleft()

    async def follow(self, flow_id: str) -> Step:
        """Go on by itself."""
        assert flow_id == "f"
        self.followed += 1
        return self.steps.popleft()

    async def answer(self, flow_id: str, answer: dict[str, Any]) -> Step:
        """Go on with an answer."""
        assert flow_id == "f"
        self.told.append(answer)
        return self.steps.popleft()


async def test_the_way_through() -> None:
    """Address and model are told, and a step that takes a while is waited for."""
    flow = Script(LOOKS, WELCOMES, ASKS_URL, ASKS_MODEL, TRIES, TRIES, READY, MADE)
    await walk(flow, server_answers(ENGINE))
    assert flow.told == [
        {"choice": "server"},
        {"url": ENGINE.url},
        {"model": "tiny"},
        {"next_step_id": "add"},
    ]
    assert flow.followed == 3


async def test_the_way_to_an_engine_of_our_own() -> None:
    """The tiny model and a runtime are chosen, and nothing else."""
    flow = Script(LOOKS, WELCOMES, ASKS_RUNTIME, TRIES, READY, MADE)
    await walk(flow, managed_answers("llama_server"))
    assert flow.told == [
        {"choice": "choose_myself"},
        {"advanced": {}, "model": "nano", "runtime": "llama_server"},
        {"next_step_id": "add"},
    ]


@pytest.mark.parametrize(
    ("answers", "place"),
    [(server_answers(ENGINE), "server"), (managed_answers("llama_server"), "managed")],
)
async def test_the_way_without_a_welcome(answers: Answers, place: str) -> None:
    """Where Hearth saw nothing, the long way is taken."""
    flow = Script(LOOKS, ASKS_PLACE, MADE)
    await walk(flow, answers)
    assert flow.told == [{"next_step_id": place}]


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        (
            [ASKS_URL, {**ASKS_URL, "errors": {"base": "cannot_connect"}}],
            "cannot_connect",
        ),
        (
            [
                {
                    **ASKS_URL,
                    "description_placeholders": {"error": "it is full"},
                    "errors": {"base": "disk_full"},
                }
            ],
            "disk_full, it is full",
        ),
        ([{"type": "abort", "reason": "already_configured"}], "already_configured"),
        ([{**ASKS_URL, "step_id": "colour"}], "colour"),
        ([ASKS_URL] * 10, "more than the demo can answer"),
    ],
)
async def test_stopped(steps: list[Step], complaint: str) -> None:
    """A flow that does not end in an entry is a clear failure."""
    with pytest.raises(DemoError, match=complaint):
        await walk(Script(*steps), server_answers(ENGINE))
