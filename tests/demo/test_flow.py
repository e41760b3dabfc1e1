"""Going through Hearth's config flow."""

from collections import deque
from typing import Any

import pytest

from demo.errors import DemoError
from demo.flow import Step, walk
from demo.llama import EngineAddress

ENGINE = EngineAddress("http://127.0.0.1:1", "tiny")
ASKS_URL = {"type": "form", "step_id": "user", "flow_id": "f", "errors": None}
ASKS_MODEL = {"type": "form", "step_id": "model", "flow_id": "f", "errors": {}}
TRIES = {"type": "progress", "step_id": "try_model", "flow_id": "f"}
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
    flow = Script(ASKS_URL, ASKS_MODEL, TRIES, TRIES, MADE)
    await walk(flow, ENGINE)
    assert flow.told == [{"url": ENGINE.url}, {"model": "tiny"}]
    assert flow.followed == 2


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        (
            [ASKS_URL, {**ASKS_URL, "errors": {"base": "cannot_connect"}}],
            "cannot_connect",
        ),
        ([{"type": "abort", "reason": "already_configured"}], "already_configured"),
        ([{**ASKS_URL, "step_id": "colour"}], "colour"),
        ([ASKS_URL] * 8, "more than the demo can answer"),
    ],
)
async def test_stopped(steps: list[Step], complaint: str) -> None:
    """A flow that does not end in an entry is a clear failure."""
    with pytest.raises(DemoError, match=complaint):
        await walk(Script(*steps), ENGINE)
