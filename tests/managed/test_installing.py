"""Installing the worker's package, as the forms need it."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.engines.launch import Runtime
from custom_components.hearth.managed.installing import async_install_package
from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.managed.settings import ManagedSettings
from custom_components.hearth.runtimes.find import FoundPackage
from custom_components.hearth.runtimes.installer import (
    InstallError,
    InstallSource,
    InstallStep,
)

INSTALL = "custom_components.hearth.managed.installing.async_install"
SETTINGS = ManagedSettings(runtime=Runtime.LLAMA_CPP_PYTHON, wheel="/w.whl")
PACKAGE = FoundPackage(python=Path("/usr/bin/python3"), packages=None, version="0.3.36")


async def test_tells_what_share_is_there(hass: HomeAssistant) -> None:
    """Steps without a share are not told; the source is what was entered."""
    told: list[float] = []

    async def install(_: Any, source: InstallSource, report: Any) -> FoundPackage:
        assert source == InstallSource(wheel="/w.whl")
        report(InstallStep.LOOKING, None)
        report(InstallStep.DOWNLOADING, 0.5)
        return PACKAGE

    with patch(INSTALL, install):
        assert await async_install_package(hass, SETTINGS, told.append) == PACKAGE
    assert told == [0.5]


async def test_says_why_not(hass: HomeAssistant) -> None:
    """An error of the installer is one of the forms."""
    error = InstallError("no_compiler", {"a": "b"})
    with patch(INSTALL, side_effect=error), pytest.raises(ManagedError) as problem:
        await async_install_package(hass, SETTINGS, lambda _: None)
    assert (problem.value.key, problem.value.placeholders) == (error.key, {"a": "b"})
