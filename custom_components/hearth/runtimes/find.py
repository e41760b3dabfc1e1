"""Finding what can run a model on this machine, without loading it in here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import errno
import json
import os
from pathlib import Path
import re
import shutil
import signal
import sys
import sysconfig

from homeassistant.core import HomeAssistant

from ..const import LOGGER
from . import package_check
from .short_process import Ended, async_run

PACKAGE_VERSION = "0.3.36"

# Where people and installers put it, beside the folders of the PATH.
_USUAL_PLACES = (
    "/usr/local/bin",
    "/usr/bin",
    "/opt/llama.cpp/bin",
    "/opt/llama.cpp",
    "/opt/homebrew/bin",
    "/home/linuxbrew/.linuxbrew/bin",
)
# Seconds. Both have to read some 50 MB from what may be a slow SD card.
_SECONDS_FOR_VERSION = 30.0
_SECONDS_FOR_CHECK = 90.0

_BUILD = re.compile(r"\bbuild:? (\d{1,9})\b")
_VERSION = re.compile(r"\bversion:? ([\w.+-]{1,40})")
# How the loaders of glibc and of Alpine's musl complain about a shared library.
_MISSING_LIBRARY = re.compile(
    r"(lib[\w.+-]{1,60}): cannot open shared object"
    r"|Error loading shared library (lib[\w.+-]{1,60}):"
)
# Everything that reaches the user as one line.
_LONGEST_DETAIL = 200

# What the worker calls that older versions lack.
_NEEDED_FUNCTIONS = (
    "llama_backend_init",
    "llama_decode",
    "llama_get_memory",
    "llama_init_from_model",
    "llama_memory_seq_rm",
    "llama_model_load_from_file",
    "llama_sampler_init_grammar",
    "llama_sampler_init_grammar_lazy_patterns",
    "llama_set_abort_callback",
    "llama_state_seq_load_file",
    "llama_state_seq_save_file",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundServer:
    """A ``llama-server`` that runs here; the version is its build where it has one."""

    program: Path
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPackage:
    """A ``llama_cpp`` that works, with the Python that can load it.

    ``packages`` is the folder where it is; ``None`` where it is among the Python's
    own packages.
    """

    python: Path
    packages: Path | None
    version: str


class RuntimeNotUsable(Exception):
    """A runtime is there and does not work.

    Args:
        key: The name of the text that says why.
        placeholders: What the text names.
    """

    def __init__(self, key: str, placeholders: Mapping[str, str] | None = None) -> None:
        """Keep the name of the text and what it names."""
        super().__init__(key, dict(placeholders or {}))
        self.key = key
        self.placeholders = dict(placeholders or {})


def packages_folder(hass: HomeAssistant) -> Path:
    """Return the folder for packages that only Hearth's worker loads.

    It is named for the kind of Python, which tells the C library, too: after a move
    to another kind of machine or container, what is in there is of no use.
    """
    kind = sysconfig.get_config_var("SOABI") or sys.implementation.cache_tag
    return Path(hass.config.cache_path("hearth", "packages", str(kind)))


async def async_find_llama_server(
    hass: HomeAssistant, given: str | None = None
) -> FoundServer | None:
    """Return the first ``llama-server`` that runs, or ``None`` where there is none.

    A path that is given is the only one looked at. Raises :class:`RuntimeNotUsable`
    when it is no program, or when all that were found do not run.
    """
    if given is not None and (given := given.strip()):
        return await _async_try_server(_given_path(given))
    programs = await hass.async_add_executor_job(
        _installed_servers, hass.config.path("llama.cpp")
    )
    failure: RuntimeNotUsable | None = None
    for program in programs:
        try:
            return await _async_try_server(program)
        except RuntimeNotUsable as err:
            LOGGER.debug("%s is not used: %s %s", program, err.key, err.placeholders)
            failure = failure or err
    if failure is not None:
        raise failure
    return None


def _given_path(given: str) -> Path:
    """Return a path that was typed in."""
    path = Path(given)
    if "\0" in given or not path.is_absolute():
        raise RuntimeNotUsable("server_missing", {"program": _one_line(given)})
    return path


def _installed_servers(folder: str) -> list[Path]:
    """Return all programs of that name, the PATH's first, each once."""
    places: Iterable[str] = (
        *os.get_exec_path(),
        *_USUAL_PLACES,
        f"{folder}/bin",
        folder,
    )
    found: dict[Path, Path] = {}
    for place in places:
        if program := shutil.which("llama-server", path=place):
            path = Path(program).absolute()
            found.setdefault(path.resolve(), path)
    return list(found.values())


async def _async_try_server(program: Path) -> FoundServer:
    """Return a program with its version; raises :class:`RuntimeNotUsable`."""
    names = {"program": str(program)}
    try:
        ended = await async_run([program, "--version"], seconds=_SECONDS_FOR_VERSION)
    except TimeoutError as err:
        raise RuntimeNotUsable("server_hangs", names) from err
    except OSError as err:
        raise await _async_not_started(program, err) from err
    # Builds differ in where they write it.
    said = f"{ended.errors}\n{ended.output}"
    version = _BUILD.search(said) or _VERSION.search(said)
    if ended.code == 0 and version:
        return FoundServer(program=program, version=version[1])
    if ended.code == 0:
        raise RuntimeNotUsable("server_is_another_program", names)
    raise _not_running("server", ended, names)


async def _async_not_started(program: Path, err: OSError) -> RuntimeNotUsable:
    """Return why a program could not be started at all."""
    names = {"program": str(program)}
    match err.errno:
        case errno.ENOEXEC:
            return RuntimeNotUsable("server_for_other_system", names)
        case errno.ENOENT if program.is_file():
            # It is the program's loader, that of another C library, that is missing.
            return RuntimeNotUsable("server_for_other_system", names)
        case errno.ENOENT | errno.ENOTDIR | errno.ENAMETOOLONG:
            return RuntimeNotUsable("server_missing", names)
        case errno.EACCES | errno.EPERM:
            return RuntimeNotUsable("server_not_executable", names)
    return RuntimeNotUsable("server_broken", names | {"error": _one_line(str(err))})


async def async_find_package(hass: HomeAssistant) -> FoundPackage | None:
    """Return a ``llama_cpp`` that works, or ``None`` where there is none.

    Hearth's own folder comes first, then the packages of Home Assistant's Python.
    Raises :class:`RuntimeNotUsable` when there is one and none works.
    """
    folder = packages_folder(hass)
    failure: RuntimeNotUsable | None = None
    places: list[Path | None] = [None]
    if await hass.async_add_executor_job(folder.is_dir):
        places.insert(0, folder)
    for place in places:
        try:
            if found := await async_check_package(place):
                return found
        except RuntimeNotUsable as err:
            LOGGER.debug("llama_cpp is not used: %s %s", err.key, err.placeholders)
            failure = failure or err
    if failure is not None:
        raise failure
    return None


async def async_check_package(folder: Path | None) -> FoundPackage | None:
    """Load ``llama_cpp`` in a process of its own and return it if that works.

    A library that was made for another processor dies there, not in here. Raises
    :class:`RuntimeNotUsable`; ``None`` where there is no such package.
    """
    arguments: list[str | Path] = [sys.executable, "-P", package_check.__file__]
    arguments.append(",".join(_NEEDED_FUNCTIONS))
    if folder is not None:
        arguments.append(folder)
    try:
        ended = await async_run(arguments, seconds=_SECONDS_FOR_CHECK)
    except TimeoutError as err:
        raise RuntimeNotUsable("package_hangs") from err
    if ended.code != 0:
        raise _not_running("package", ended, {})
    answer = _last_object(ended.output)
    if answer.get("absent") == "llama_cpp":
        return None
    if "missing" in answer:
        raise RuntimeNotUsable(
            "package_too_old",
            {"version": _one_line(answer["version"]), "wanted": PACKAGE_VERSION},
        )
    if "file" not in answer:
        raise _broken_package(answer)
    if folder is not None and not Path(answer["file"]).is_relative_to(folder):
        # The folder has none; what was found is the Python's own.
        return None
    return FoundPackage(
        python=Path(sys.executable), packages=folder, version=answer["version"]
    )


def _last_object(output: str) -> dict[str, str]:
    """Return the check's answer; libraries may have written lines before it."""
    try:
        answer = json.loads(output.strip().rpartition("\n")[2])
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _broken_package(answer: Mapping[str, str]) -> RuntimeNotUsable:
    """Return why a package could not be loaded."""
    error = answer.get("error", "")
    if "absent" in answer:
        error = f"No module named {answer['absent']}"
    elif library := _missing_library(error):
        return RuntimeNotUsable("package_lacks_library", {"library": library})
    return RuntimeNotUsable("package_broken", {"error": _one_line(error)})


def _not_running(what: str, ended: Ended, names: Mapping[str, str]) -> RuntimeNotUsable:
    """Return why a program ended badly: by a signal, or by what it said last."""
    if ended.code == -signal.SIGILL:
        return RuntimeNotUsable(f"{what}_needs_newer_processor", names)
    if library := _missing_library(ended.errors):
        return RuntimeNotUsable(f"{what}_lacks_library", {**names, "library": library})
    if ended.code < 0:
        return RuntimeNotUsable(
            f"{what}_crashes", {**names, "signal": _signal_name(-ended.code)}
        )
    error = _one_line(ended.errors.strip().rpartition("\n")[2]) or str(ended.code)
    return RuntimeNotUsable(f"{what}_broken", {**names, "error": error})


def _missing_library(said: str) -> str | None:
    """Return the shared library that a loader complained about."""
    found = _MISSING_LIBRARY.search(said)
    return (found[1] or found[2]) if found else None


def _signal_name(number: int) -> str:
    """Return the name of a signal."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _one_line(text: str) -> str:
    """Return a text as one line that is not too long to show."""
    return " ".join(text.split())[:_LONGEST_DETAIL]
