"""A configuration folder for Home Assistant, made anew for every run."""

import json
from pathlib import Path
import shutil
from typing import Any

import yaml

from .components import HEARTH, HOME_FILE
from .processes import LOOPBACK

# What the frontend's pages, the Assist dialog and the statistics need; Home
# Assistant's ``default_config`` pulls in much more.
PAGES = ("api", "assist_pipeline", "config", "conversation", "frontend", "history")
# What a conversation needs.
TALK = ("conversation",)
# They complain about programs and libraries that only cameras need.
_NOISY = ("haffmpeg", "homeassistant.components.camera.img_util")
_ONBOARDING_VERSION = 4
# Home Assistant has newer ones; it completes this one with what it has added.
_HTTP_VERSION = 1


def make_folder(
    folder: Path,
    *,
    home: Path,
    port: int,
    components: tuple[str, ...] = PAGES,
    machine: Path | None = None,
) -> None:
    """Write a configuration with the demo's components and the home of a file.

    Hearth takes ``machine``, where it is given, for the root of the machine it
    looks at. Of the onboarding only the user is left to be made: its other steps would
    set up integrations that use the internet.
    """
    shutil.rmtree(folder, ignore_errors=True)
    storage, custom = folder / ".storage", folder / "custom_components"
    for made in (storage, custom):
        made.mkdir(parents=True)
    # A package of its own, or another folder of this name could hide it.
    (custom / "__init__.py").touch()
    for component in (HEARTH, HOME_FILE):
        (custom / component.name).symlink_to(component)
    (folder / "configuration.yaml").write_text(
        yaml.safe_dump(_configuration(home, components, machine), sort_keys=False)
    )
    _store(
        storage / "onboarding",
        _ONBOARDING_VERSION,
        {"done": ["core_config", "analytics", "integration"]},
    )
    # Where it listens is no matter of YAML any more.
    _store(
        storage / "http",
        _HTTP_VERSION,
        {"server_host": [LOOPBACK], "server_port": port},
    )


def _configuration(
    home: Path, components: tuple[str, ...], machine: Path | None
) -> dict[str, Any]:
    """Return what goes into configuration.yaml."""
    pretended = {} if machine is None else {"machine": str(machine)}
    return {
        "homeassistant": {
            "name": "Demo home",
            "country": "GB",
            "language": "en",
            "time_zone": "Europe/London",
            "unit_system": "metric",
        },
        **{component: {} for component in components},
        "home_file": {"file": str(home.resolve()), **pretended},
        "logger": {"default": "warning", "logs": dict.fromkeys(_NOISY, "critical")},
    }


def _store(path: Path, version: int, data: dict[str, Any]) -> None:
    """Write a file the way Home Assistant's storage does."""
    stored = {"version": version, "minor_version": 1, "key": path.name, "data": data}
    path.write_text(json.dumps(stored))
