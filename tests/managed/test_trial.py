"""Starting an engine of our own once, with the real thing."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.const import CONF_CONTEXT_WINDOW
from custom_components.hearth.engines.faults import Unreachable
from custom_components.hearth.engines.launch import LaunchPlan, Runtime
from custom_components.hearth.managed.plan import async_plan
from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.managed.settings import ManagedSettings
from custom_components.hearth.managed.trial import async_try_plan
from custom_components.hearth.trial import TrialError

from ..engines.llama_servers import BIN

TRIAL = "custom_components.hearth.managed.trial"

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def plan(hass: HomeAssistant, tmp_path: Path) -> LaunchPlan:
    """Return how to run the tiny model with the real llama-server."""
    program = BIN / "llama-server"
    settings = ManagedSettings(
        runtime=Runtime.LLAMA_SERVER,
        program=str(program) if program.exists() else None,
    )
    return replace(await async_plan(hass, settings), folder=tmp_path / "engine")


async def test_answers(hass: HomeAssistant, plan: LaunchPlan) -> None:
    """The tiny model is loaded, answers, and is gone again."""
    seen: list[bool] = []

    async def look(*_: Any) -> None:
        seen.append(runs(plan))

    with patch(f"{TRIAL}.async_try_agent", look):
        await async_try_plan(hass, plan, {})
    assert seen == [True]
    assert not runs(plan)

    stats = await async_try_plan(hass, plan, {CONF_CONTEXT_WINDOW: 2048})
    assert stats.prompt_tokens
    assert stats.generated_tokens
    assert stats.generation_seconds
    assert stats.first_token_seconds


def runs(plan: LaunchPlan) -> bool:
    """Tell whether any process has the engine's folder on its command line."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(plan.folder).encode() in file.read_bytes():
                return True
        except OSError:
            continue
    return False


async def test_no_model(hass: HomeAssistant, plan: LaunchPlan, tmp_path: Path) -> None:
    """A file that llama.cpp cannot load is said with its reason."""
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(ManagedError, match="start_failed") as problem:
        await async_try_plan(hass, replace(plan, model=tmp_path / "bad.gguf"), {})
    assert problem.value.placeholders["error"]


@pytest.fixture
def trial() -> Generator[AsyncMock]:
    """Let the trial of the agent end as a test wants."""
    trial = AsyncMock()
    with patch(f"{TRIAL}.async_try_agent", trial):
        yield trial


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        (TrialError("no_tools"), "no_tools"),
        (TrialError("out_of_memory"), "out_of_memory"),
        (TrialError("cannot_connect"), "start_failed"),
        (Unreachable("it ended"), "start_failed"),
    ],
)
async def test_model_does_not_answer(
    hass: HomeAssistant,
    plan: LaunchPlan,
    trial: AsyncMock,
    outcome: Exception,
    key: str,
) -> None:
    """What means a broken connection elsewhere means here that it ended."""
    trial.side_effect = [outcome]
    with pytest.raises(ManagedError, match=key):
        await async_try_plan(hass, plan, {})
