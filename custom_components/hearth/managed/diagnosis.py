"""What is known of an engine of our own, without anything personal or secret."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..engines.launch import LaunchPlan
from ..engines.log_privacy import shareable, without_folders
from ..engines.managed import ManagedEngine
from .settings import ManagedSettings

# Where a reason begins to quote the log.
_QUOTE = " ("


def settings_facts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was chosen for an engine of our own; of places, that there is one."""
    settings = ManagedSettings.of(data)
    return {
        "runtime": settings.runtime,
        "model": settings.model_file.name,
        "own_program": settings.program is not None,
        "own_models_folder": settings.models_folder is not None,
        "own_wheel": settings.wheel is not None,
        "own_index": settings.index_url is not None,
    }


def engine_facts(engine: ManagedEngine, config_dir: str) -> dict[str, Any]:
    """Return how an engine of our own is run, and how it is doing."""
    plan = engine.plan
    private = _private(plan, config_dir)
    reason = (engine.failure or "").partition(_QUOTE)[0]
    return {
        "state": engine.state,
        "restarts": engine.restarts,
        "failure": without_folders(reason, private) or None,
        "plan": {
            **{key: value for key, value in asdict(plan).items() if key != "folder"},
            "model": plan.model.name,
            "packages": plan.packages is not None,
            "program": plan.program.name,
        },
        "log": shareable(engine.log_tail(), private),
    }


def _private(plan: LaunchPlan, config_dir: str) -> list[str]:
    """Return the folders that may have somebody's name."""
    files = [plan.model, plan.program]
    folders = [file.parent for file in files] + [plan.folder, Path.home()]
    if plan.packages is not None:
        folders.append(plan.packages)
    return [str(folder) for folder in folders] + [config_dir]
