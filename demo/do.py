"""Running a file of Home Assistant's own actions, one after the other."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import voluptuous as vol
import yaml

from .client import SocketClient
from .errors import DemoError

# A benchmark or a download may take minutes.
_PATIENCE = 900
_STEPS = vol.Schema(
    [
        {
            vol.Required("action"): str,
            vol.Optional("data"): dict,
            vol.Optional("target"): dict,
            vol.Optional("response"): bool,
        }
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An action that was run: what it answered, or what it failed with."""

    action: str
    response: Any = None
    error: str | None = None


def load_steps(file: Path) -> list[dict[str, Any]]:
    """Read a list of actions, as they stand in an automation.

    A step whose ``response`` is true is asked for what it answers.
    """
    try:
        steps: list[dict[str, Any]] = _STEPS(yaml.safe_load(file.read_text()))
    except OSError as err:
        raise DemoError(f"{file} cannot be read: {err.strerror}") from err
    except (yaml.YAMLError, vol.Invalid) as err:
        raise DemoError(f"{file} is no list of actions: {err}") from err
    return steps


async def do(socket: SocketClient, step: dict[str, Any]) -> Done:
    """Run one step as a script of its own; its failure is an answer, too."""
    step = dict(step)
    sequence: list[dict[str, Any]] = [step]
    if step.pop("response", False):
        step["response_variable"] = "answer"
        sequence.append({"stop": "Done", "response_variable": "answer"})
    try:
        result = await socket.command(
            "execute_script", within=_PATIENCE, sequence=sequence
        )
    except DemoError as err:
        return Done(action=step["action"], error=str(err))
    return Done(action=step["action"], response=result["response"])
