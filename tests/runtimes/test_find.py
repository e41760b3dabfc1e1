"""Finding llama-server and llama-cpp-python, working and broken ones."""

import asyncio
from pathlib import Path
import shutil
import sys

from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.runtimes import find
from custom_components.hearth.runtimes.find import (
    FoundPackage,
    FoundServer,
    RuntimeNotUsable,
    async_check_package,
    async_find_llama_server,
    async_find_package,
    packages_folder,
)

from . import fake_wheels
from .fake_wheels import write_package, write_program

NEW_STYLE = "echo 'version: 0.7.0 (build 11669, commit abc)' >&2"
OLD_STYLE = "echo 'version: 4567 (abc)' >&2; echo 'built with cc for x86_64'"


@pytest.fixture(autouse=True)
def config_dir(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Give Home Assistant an empty configuration folder."""
    hass.config.config_dir = str(tmp_path / "config")
    return tmp_path / "config"


@pytest.fixture(autouse=True)
def search_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let only one folder be searched for programs."""
    folder = tmp_path / "bin"
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(find, "_USUAL_PLACES", ())
    return folder


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only a moment for programs that hang."""
    monkeypatch.setattr(find, "_SECONDS_FOR_VERSION", 0.5)
    monkeypatch.setattr(find, "_SECONDS_FOR_CHECK", 0.5)


@pytest.mark.parametrize(
    ("script", "version"), [(NEW_STYLE, "11669"), (OLD_STYLE, "4567")]
)
async def test_finds_a_server_on_the_path(
    hass: HomeAssistant, search_path: Path, script: str, version: str
) -> None:
    """Builds say their version in more than one way."""
    program = write_program(search_path / "llama-server", script)

    assert await async_find_llama_server(hass) == FoundServer(
        program=program, version=version
    )


async def test_finds_a_server_in_the_configuration(
    hass: HomeAssistant, config_dir: Path
) -> None:
    """In a container only the configuration folder is the user's own."""
    program = write_program(config_dir / "llama.cpp" / "llama-server", NEW_STYLE)

    found = await async_find_llama_server(hass)

    assert found is not None
    assert found.program == program


async def test_finds_no_server(hass: HomeAssistant) -> None:
    """Where there is none, there is none."""
    assert await async_find_llama_server(hass) is None


async def test_takes_the_first_server_that_runs(
    hass: HomeAssistant, search_path: Path, config_dir: Path
) -> None:
    """A broken program on the PATH hides no good one."""
    write_program(search_path / "llama-server", "exit 1")
    good = write_program(config_dir / "llama.cpp" / "bin" / "llama-server", NEW_STYLE)

    found = await async_find_llama_server(hass)

    assert found is not None
    assert found.program == good


async def test_says_why_the_only_server_does_not_run(
    hass: HomeAssistant, search_path: Path
) -> None:
    """A program that is there and broken is not passed over in silence."""
    program = write_program(search_path / "llama-server", "echo no >&2; exit 3")

    with pytest.raises(RuntimeNotUsable) as caught:
        await async_find_llama_server(hass)

    assert caught.value.key == "server_broken"
    assert caught.value.placeholders == {"error": "no", "program": str(program)}


async def test_looks_only_at_the_given_server(
    hass: HomeAssistant, search_path: Path, tmp_path: Path
) -> None:
    """What a person names is taken, even if there is another."""
    write_program(search_path / "llama-server", OLD_STYLE)
    given = write_program(tmp_path / "my server", NEW_STYLE)

    found = await async_find_llama_server(hass, f" {given} ")

    assert found == FoundServer(program=given, version="11669")
    assert await async_find_llama_server(hass, "  ") != found


@pytest.mark.parametrize(
    ("script", "key", "placeholder"),
    [
        ("exit 0", "server_is_another_program", {}),
        ("echo GNU bash, build unknown", "server_is_another_program", {}),
        ("kill -ILL $$", "server_needs_newer_processor", {}),
        ("kill -SEGV $$", "server_crashes", {"signal": "SIGSEGV"}),
        ("kill -40 $$", "server_crashes", {"signal": "40"}),
        ("exit 7", "server_broken", {"error": "7"}),
        (
            "echo 'libggml.so.0: cannot open shared object file' >&2; exit 127",
            "server_lacks_library",
            {"library": "libggml.so.0"},
        ),
        (
            "echo 'Error loading shared library libgomp.so.1: No such' >&2; exit 127",
            "server_lacks_library",
            {"library": "libgomp.so.1"},
        ),
    ],
)
async def test_refuses_a_server_that_does_not_run(
    hass: HomeAssistant,
    tmp_path: Path,
    script: str,
    key: str,
    placeholder: dict[str, str],
) -> None:
    """Each way not to run has its own words."""
    program = write_program(tmp_path / "given", script)

    with pytest.raises(RuntimeNotUsable) as caught:
        await async_find_llama_server(hass, str(program))

    assert caught.value.key == key
    assert caught.value.placeholders == {"program": str(program), **placeholder}


async def test_refuses_what_is_no_program(hass: HomeAssistant, tmp_path: Path) -> None:
    """Paths that were typed in may be anything."""
    plain = tmp_path / "plain"
    plain.write_text("text")
    other_libc = write_program(tmp_path / "other", "")
    other_libc.write_text("#!/lib/ld-musl-hearth.so.1\n")
    noise = write_program(tmp_path / "noise", "")
    noise.write_bytes(b"\x7fELF" + bytes(64))
    given = {
        "llama-server": "server_missing",
        str(tmp_path / "none"): "server_missing",
        str(plain / "below"): "server_missing",
        "/" + "x" * 5000: "server_missing",
        "/with\0zero": "server_missing",
        str(tmp_path): "server_not_executable",
        str(plain): "server_not_executable",
        str(other_libc): "server_for_other_system",
        str(noise): "server_for_other_system",
    }
    for path, key in given.items():
        with pytest.raises(RuntimeNotUsable) as caught:
            await async_find_llama_server(hass, path)
        assert (path, caught.value.key) == (path, key)


@pytest.mark.usefixtures("short_patience")
async def test_kills_a_server_that_hangs(hass: HomeAssistant, tmp_path: Path) -> None:
    """A program that does not end is ended, with what it started."""
    program = write_program(
        tmp_path / "given", f"/bin/sleep 60 & echo $! >{tmp_path}/pid; /bin/sleep 60"
    )

    with pytest.raises(RuntimeNotUsable) as caught:
        await async_find_llama_server(hass, str(program))

    assert caught.value.key == "server_hangs"
    child = int((tmp_path / "pid").read_text())
    async with asyncio.timeout(5):
        while is_running(child):
            await asyncio.sleep(0.01)


def is_running(pid: int) -> bool:
    """Return whether a process is there and not merely unmourned."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


async def test_survives_a_server_that_talks_without_end(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """Only so much is kept of what a program says."""
    program = write_program(
        tmp_path / "given",
        "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); "
        f"echo {'x' * 100}; echo {'y' * 100} >&2; done; {NEW_STYLE}",
    )

    found = await async_find_llama_server(hass, str(program))

    assert found is not None
    assert found.version == "11669"


async def test_finds_the_package_in_hearths_folder(hass: HomeAssistant) -> None:
    """What Hearth installed comes before what Home Assistant's Python has."""
    write_package(packages_folder(hass), version="0.3.99")

    assert await async_find_package(hass) == FoundPackage(
        python=Path(sys.executable),
        packages=packages_folder(hass),
        version="0.3.99",
    )


async def test_finds_the_package_of_home_assistants_python(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where Hearth's folder is there and holds something else."""
    write_package(tmp_path / "python", version="0.3.98")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "python"))
    packages_folder(hass).mkdir(parents=True)

    assert await async_find_package(hass) == FoundPackage(
        python=Path(sys.executable), packages=None, version="0.3.98"
    )


@pytest.mark.parametrize(
    ("code", "key", "placeholders"),
    [
        (fake_wheels.ILLEGAL, "package_needs_newer_processor", {}),
        (fake_wheels.CRASHES, "package_crashes", {"signal": "SIGSEGV"}),
        (
            fake_wheels.LACKS_LIBRARY,
            "package_lacks_library",
            {"library": "libhearth-has-none.so.1"},
        ),
        (
            fake_wheels.LACKS_MODULE,
            "package_broken",
            {"error": "No module named hearth_has_no_such_module"},
        ),
        (
            fake_wheels.RAISES,
            "package_broken",
            {"error": "RuntimeError: it is broken"},
        ),
        (
            fake_wheels.OLD,
            "package_too_old",
            {"version": "0.3.36", "wanted": "0.3.36"},
        ),
        ("import os; os._exit(9)", "package_broken", {"error": "9"}),
        ("import os; os._exit(0)", "package_broken", {"error": ""}),
        (
            "import os; print('[1]', flush=True); os._exit(0)",
            "package_broken",
            {"error": ""},
        ),
    ],
)
async def test_finds_out_that_a_package_is_broken(
    hass: HomeAssistant,
    tmp_path: Path,
    code: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    """A library that kills its process kills another one than Home Assistant's."""
    write_package(tmp_path / "packages", code)

    with pytest.raises(RuntimeNotUsable) as caught:
        await async_check_package(tmp_path / "packages")

    assert caught.value.key == key
    assert caught.value.placeholders == placeholders


async def test_prefers_a_package_that_works(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken package in one place hides no good one in another."""
    write_package(packages_folder(hass), fake_wheels.CRASHES)
    write_package(tmp_path / "python")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "python"))

    found = await async_find_package(hass)

    assert found is not None
    assert found.packages is None

    shutil.rmtree(tmp_path / "python")
    write_package(tmp_path / "python", fake_wheels.RAISES)
    with pytest.raises(RuntimeNotUsable) as caught:
        await async_find_package(hass)
    assert caught.value.key == "package_crashes"


@pytest.mark.usefixtures("short_patience")
async def test_kills_a_package_that_hangs(tmp_path: Path) -> None:
    """Loading has an end."""
    write_package(tmp_path / "packages", "import time; time.sleep(60)")

    with pytest.raises(RuntimeNotUsable) as caught:
        await async_check_package(tmp_path / "packages")

    assert caught.value.key == "package_hangs"
