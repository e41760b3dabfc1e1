"""What the pictures pretend."""

from pathlib import Path

import aiohttp
import pytest

from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.ollama import OllamaEngine
from custom_components.hearth.hardware.board import read_board
from demo.errors import DemoError
from demo.pretended import MODEL, plant_pi, pretended_ollama
from demo.processes import free_port

pytestmark = pytest.mark.usefixtures("socket_enabled")


def test_machine(tmp_path: Path) -> None:
    """It is a Raspberry Pi 5 with 8 GB."""
    board = read_board(plant_pi(tmp_path), models=Path("/config/hearth/models"))
    assert board.model == "Raspberry Pi 5 Model B"
    assert board.installed_memory == 8 << 30


async def test_ollama() -> None:
    """It has no model, downloads one of the right size, and answers with it."""
    async with (
        pretended_ollama(free_port(), speed=0.001) as url,
        aiohttp.ClientSession() as session,
    ):
        engine = OllamaEngine(session, url)
        assert await engine.models() == ()
        steps = [step async for step in engine.pull(MODEL)]
        shares = [step.completed / step.total for step in steps if step.total]
        assert shares == sorted(shares)
        assert len(shares) > 50
        (model,) = await engine.models()
        assert model.name == MODEL
        assert steps[-1].total == pytest.approx(model.size, rel=0.001)
        said = [
            delta.content
            async for delta in engine.chat(
                ChatRequest(model=MODEL, messages=(Message(role=Role.USER),))
            )
        ]
    assert "".join(said) == "The kitchen light is now on."


async def test_port_that_is_taken() -> None:
    """A real Ollama is not mistaken for it."""
    port = free_port()
    async with pretended_ollama(port):
        with pytest.raises(DemoError, match=str(port)):
            async with pretended_ollama(port):
                pass
