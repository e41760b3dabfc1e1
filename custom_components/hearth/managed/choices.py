"""What there is on this machine to run a model with, and which models."""

import asyncio
from dataclasses import dataclass, replace
import os
from pathlib import Path

from homeassistant.core import HomeAssistant

from ..const import LOGGER
from ..engines.launch import Runtime
from ..models.gguf import GgufError
from ..models.gguf_split import read_model
from ..runtimes.find import (
    FoundPackage,
    FoundServer,
    RuntimeNotUsable,
    async_find_llama_server,
    async_find_package,
)
from .problem import ManagedError
from .settings import ManagedSettings, models_path

# More would be no help in a list to choose from.
_MOST_FILES = 50
_NOT_THERE = "⚠"
_TO_INSTALL = "⤓"
_NO_SERVER = ManagedError("llama_server_missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The programs and the model files that were found.

    ``server_problem`` says why there is no ``server``.
    """

    server: FoundServer | None
    package: FoundPackage | None
    files: tuple[Path, ...]
    server_problem: ManagedError = _NO_SERVER

    @property
    def best(self) -> Runtime:
        """Return what to suggest: what needs no installation, where there is it."""
        if self.server is not None:
            return Runtime.LLAMA_SERVER
        return Runtime.LLAMA_CPP_PYTHON

    @property
    def labels(self) -> dict[Runtime, str]:
        """Describe the runtimes without words, which could not be translated."""
        server = (
            f"{self.server.version} · {self.server.program}"
            if self.server
            else _NOT_THERE
        )
        package = self.package.version if self.package else _TO_INSTALL
        return {
            Runtime.LLAMA_SERVER: f"llama-server · {server}",
            Runtime.LLAMA_CPP_PYTHON: f"llama-cpp-python · {package}",
        }


async def async_list_choices(
    hass: HomeAssistant, settings: ManagedSettings | None = None
) -> Choices:
    """Look for programs and model files."""
    folder = settings.models_path(hass) if settings else models_path(hass)
    given = settings.program if settings else None
    (server, problem), package, files = await asyncio.gather(
        _async_server(hass, given),
        _async_package(hass),
        hass.async_add_executor_job(model_files, folder),
    )
    return Choices(server=server, package=package, files=files, server_problem=problem)


async def _async_server(
    hass: HomeAssistant, given: str | None
) -> tuple[FoundServer | None, ManagedError]:
    """Return the llama-server, or why there is none."""
    try:
        return await async_find_llama_server(hass, given), _NO_SERVER
    except RuntimeNotUsable as err:
        return None, ManagedError(err.key, err.placeholders)


async def _async_package(hass: HomeAssistant) -> FoundPackage | None:
    """Return the package; one that does not work can be installed anew."""
    try:
        return await async_find_package(hass)
    except RuntimeNotUsable as err:
        LOGGER.debug("llama-cpp-python is there and does not work: %s", err)
        return None


def model_files(folder: Path) -> tuple[Path, ...]:
    """Return the models in a folder; of a split model the first file."""
    found = sorted(
        path
        for path in folder.rglob("*.gguf")
        if "-of-" not in path.stem or "-00001-of-" in path.stem
    )
    return tuple(found[:_MOST_FILES])


async def async_check_settings(
    hass: HomeAssistant, settings: ManagedSettings
) -> Choices:
    """Look whether what was entered can be; raises :class:`ManagedError`."""
    choices = await async_list_choices(hass, settings)
    if settings.runtime is Runtime.LLAMA_SERVER and choices.server is None:
        raise choices.server_problem
    folder = settings.models_path(hass)
    if not await hass.async_add_executor_job(_can_keep_files, folder):
        raise ManagedError("folder_not_writable", {"folder": str(folder)})
    return choices


def _can_keep_files(folder: Path) -> bool:
    """Make a folder; tell whether it is there and can be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return folder.is_absolute() and os.access(folder, os.W_OK | os.X_OK)


async def async_check_file(
    hass: HomeAssistant, settings: ManagedSettings, entered: str
) -> ManagedSettings:
    """Return settings with a model file; raises :class:`ManagedError`."""
    path = Path(entered.strip())
    await hass.async_add_executor_job(check_model, path)
    return replace(settings, model=str(path))


def check_model(path: Path) -> None:
    """Raise :class:`ManagedError` unless a file is a whole model."""
    if not path.is_absolute() or not path.is_file():
        raise ManagedError("model_file_missing", {"file": str(path)})
    try:
        read_model(path)
    except (GgufError, OSError) as err:
        raise ManagedError(
            "model_file_damaged", {"error": str(err), "file": str(path)}
        ) from err
