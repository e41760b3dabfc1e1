"""Installing llama-cpp-python where only Hearth's worker sees it.

It goes into a folder of its own below ``.cache/hearth/packages``: that survives an
update of Home Assistant's container, and cannot break Home Assistant's own packages.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
import os
from pathlib import Path
import re
import shutil
import sys
import tempfile

import homeassistant
from homeassistant.core import HomeAssistant
from homeassistant.requirements import pip_kwargs
from homeassistant.util.hass_dict import HassKey
from yarl import URL

from ..const import LOGGER
from ..hardware.memory import read_memory
from . import install_child
from .find import (
    PACKAGE_VERSION,
    FoundPackage,
    RuntimeNotUsable,
    async_check_package,
    async_find_package,
    packages_folder,
)
from .install_error import InstallError
from .short_process import async_run
from .wheel_list import PACKAGE
from .wheel_source import (
    InstallSource,
    async_get_wheel,
    async_release_url,
    wheels_folder,
)

__all__ = [
    "InstallError",
    "InstallSource",
    "InstallStep",
    "async_install",
    "async_uninstall",
]

_MIB = 1 << 20
# Bytes. Installed, the package and what it needs (numpy most of all) take 90 MB,
# and for a moment there are two of it; the sources take 220 MB unpacked and as much
# again while they are compiled.
_ROOM_FOR_WHEEL = 400 * _MIB
_ROOM_TO_BUILD = 1200 * _MIB
# Bytes that a C++ compiler takes at the worst of llama.cpp's files.
_MEMORY_OF_COMPILER = 1024 * _MIB
_COMPILERS = ("c++", "g++", "clang++")
# Pictures and sound are no use to Hearth.
_BUILD_OPTIONS = "-DLLAVA_BUILD=OFF"

_PREFIX = ".new-"
_OLD = ".old-"
_LONGEST_DETAIL = 200

_NO_NETWORK = re.compile(
    r"dns error|error sending request|failed to fetch|connection refused"
    r"|network is unreachable|timed out|failed to lookup",
    re.IGNORECASE,
)
_NO_ROOM = re.compile(r"no space left on device|os error 28\b", re.IGNORECASE)
_TELLING = re.compile(r"\berror\b|failed|not found|no such", re.IGNORECASE)
_PASSWORD = re.compile(r"(?<=://)[^/\s@]*@")

_LOCK: HassKey[asyncio.Lock] = HassKey("hearth_installer")


class InstallStep(StrEnum):
    """What an installation is busy with."""

    LOOKING = auto()
    DOWNLOADING = auto()
    BUILDING = auto()
    INSTALLING = auto()
    CHECKING = auto()


type Report = Callable[[InstallStep, float | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What is handed to the installer."""

    requirement: str
    wheel: Path | None
    room: int
    step: InstallStep
    environment: Mapping[str, str]


async def async_install(
    hass: HomeAssistant,
    source: InstallSource,
    report: Report,
    *,
    release: str | None = None,
) -> FoundPackage:
    """Install llama-cpp-python, and return it when it works.

    Until then, and if it never does, what was installed before stays as it is. Only
    one installation runs at a time; one that had to wait for another of the same
    kind takes its result.

    Args:
        hass: The Home Assistant to install for.
        source: Where to take it from. With nothing given, Hearth's release is asked
            for a wheel, and without one for this machine it is compiled.
        report: Called with each step, and with the share of a download that is
            there, from 0 to 1.
        release: The address of another list of wheels.

    Raises :class:`InstallError`.
    """
    lock = hass.data.setdefault(_LOCK, asyncio.Lock())
    waited = lock.locked()
    async with lock:
        if waited and source.is_default and (found := await _async_found(hass)):
            return found
        report(InstallStep.LOOKING, None)
        url = URL(release) if release else await async_release_url(hass)
        job = await _async_prepare(hass, source, url, report)
        return await _async_put_in_place(hass, job, report)


async def async_uninstall(hass: HomeAssistant) -> None:
    """Remove what was installed, for every kind of Python, and the kept wheels."""
    async with hass.data.setdefault(_LOCK, asyncio.Lock()):
        for folder in (packages_folder(hass).parent, wheels_folder(hass)):
            await hass.async_add_executor_job(shutil.rmtree, folder, True)


async def _async_found(hass: HomeAssistant) -> FoundPackage | None:
    """Return what another installation has brought."""
    try:
        return await async_find_package(hass)
    except RuntimeNotUsable:
        return None


async def _async_prepare(
    hass: HomeAssistant, source: InstallSource, release: URL, report: Report
) -> _Job:
    """Return what to install: a wheel, or the source where a compiler is there."""
    has_compiler = await hass.async_add_executor_job(_has_compiler)
    try:
        wheel = await async_get_wheel(
            hass,
            source,
            release,
            lambda share: report(InstallStep.DOWNLOADING, share),
        )
    except InstallError as err:
        # Where GitHub cannot be reached, PyPI or a mirror of it may still be.
        if err.key != "no_network" or not (source.is_default and has_compiler):
            raise
        wheel = None
    if wheel is not None:
        return _Job(
            requirement=f"{PACKAGE} @ {wheel.as_uri()}",
            wheel=wheel,
            room=_ROOM_FOR_WHEEL,
            step=InstallStep.INSTALLING,
            environment={},
        )
    if not has_compiler:
        raise InstallError("no_compiler")
    return _Job(
        requirement=f"{PACKAGE}=={PACKAGE_VERSION}",
        wheel=None,
        room=_ROOM_TO_BUILD,
        step=InstallStep.BUILDING,
        environment=await hass.async_add_executor_job(_build_environment),
    )


def _has_compiler() -> bool:
    """Return whether C++ can be compiled here."""
    return any(shutil.which(name) for name in _COMPILERS)


def _build_environment() -> dict[str, str]:
    """Return what a build needs to know: what to leave out, and how much at once."""
    available = read_memory().available
    jobs = os.process_cpu_count() or 1
    if available is not None:
        jobs = max(1, min(jobs, available // _MEMORY_OF_COMPILER))
    return {
        "CMAKE_ARGS": os.environ.get("CMAKE_ARGS", _BUILD_OPTIONS),
        "CMAKE_BUILD_PARALLEL_LEVEL": str(jobs),
    }


async def _async_put_in_place(
    hass: HomeAssistant, job: _Job, report: Report
) -> FoundPackage:
    """Install into a new folder, try it, and only then let it take its place."""
    folder = packages_folder(hass)
    scratch = await hass.async_add_executor_job(_new_folder, folder.parent, job.room)
    try:
        report(job.step, None)
        await _async_run_installer(job, scratch)
        report(InstallStep.CHECKING, None)
        try:
            found = await async_check_package(scratch / "packages")
        except RuntimeNotUsable as err:
            raise InstallError(err.key, err.placeholders) from err
        if found is None:
            raise InstallError("install_failed", {"error": f"No {PACKAGE} in there"})
        await hass.async_add_executor_job(_swap, scratch / "packages", folder)
        await hass.async_add_executor_job(_forget, wheels_folder(hass), job.wheel)
    finally:
        await hass.async_add_executor_job(shutil.rmtree, scratch, True)
    return FoundPackage(python=found.python, packages=folder, version=found.version)


def _new_folder(parent: Path, room: int) -> Path:
    """Return a new folder to work in; removes what a sudden end left behind."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.iterdir():
            if left.name.startswith((_PREFIX, _OLD)):
                shutil.rmtree(left, ignore_errors=True)
        free = shutil.disk_usage(parent).free
        if free < room:
            raise InstallError(
                "no_room", {"free": _megabytes(free), "needed": _megabytes(room)}
            )
        scratch = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        (scratch / "tmp").mkdir()
    except OSError as err:
        raise InstallError("wheel_not_kept", {"error": str(err.strerror)}) from err
    return scratch


def _megabytes(size: int) -> str:
    """Return a size as people read it."""
    return f"{size // _MIB} MB"


async def _async_run_installer(job: _Job, scratch: Path) -> None:
    """Let Home Assistant's installer work; raises :class:`InstallError`.

    Temporary files go where they are removed with the rest.
    """
    options = pip_kwargs(None)
    ended = await async_run(
        [
            sys.executable,
            "-P",
            install_child.__file__,
            Path(homeassistant.__file__).parents[1],
            job.requirement,
            scratch / "packages",
            options["constraints"],
            str(options["timeout"]),
        ],
        seconds=None,
        environment={**job.environment, "TMPDIR": str(scratch / "tmp")},
    )
    if ended.code == 0:
        return
    said = _PASSWORD.sub("", ended.errors)
    LOGGER.debug("The installer of %s said: %s", PACKAGE, said)
    raise _reason(said, building=job.step is InstallStep.BUILDING)


def _reason(said: str, *, building: bool) -> InstallError:
    """Return why an installation failed, from what the installer said."""
    if _NO_ROOM.search(said):
        return InstallError(
            "no_room", {"free": "0 MB", "needed": _megabytes(_ROOM_TO_BUILD)}
        )
    # A build that has begun has what it needs from the network.
    if _NO_NETWORK.search(said) and "cmake error" not in said.lower():
        return InstallError("no_network", {"host": "PyPI"})
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)] or lines or ["?"]
    return InstallError(
        "build_failed" if building else "install_failed",
        {"error": telling[-1][:_LONGEST_DETAIL]},
    )


def _swap(new: Path, folder: Path) -> None:
    """Let a folder take another's place, which comes back when that fails."""
    old = new.with_name("packages-before")
    try:
        had_one = folder.is_dir()
        if had_one:
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if had_one:
                old.rename(folder)
            raise
    except OSError as err:
        raise InstallError("wheel_not_kept", {"error": str(err.strerror)}) from err


def _forget(folder: Path, used: Path | None) -> None:
    """Remove the wheels that are kept and were not used this time."""
    for kept in folder.glob("*.whl"):
        if kept != used:
            kept.unlink(missing_ok=True)
