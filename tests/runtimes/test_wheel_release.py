"""The list that the release's workflow writes, and the installer reads."""

from pathlib import Path
import re
import subprocess
import sys

import pytest
import yaml
from yarl import URL

from custom_components.hearth.runtimes.find import PACKAGE_VERSION
from custom_components.hearth.runtimes.wheel_list import parse_release

from .fake_wheels import sum_of, wheel_name, write_wheel

ROOT = Path(__file__).parents[2]
PLATFORMS = ("musllinux_1_2_aarch64", "musllinux_1_2_x86_64")


def write_list(folder: Path) -> str:
    """Run the script; return what it complains about."""
    ended = subprocess.run(
        [sys.executable, "-B", ROOT / "scripts/lib/wheel_list.py", folder, *PLATFORMS],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (ended.returncode == 0) is (not ended.stderr)
    return ended.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the wheels of a release."""
    for platform in PLATFORMS:
        write_wheel(tmp_path, tags=f"py3-none-{platform}")
    return tmp_path


def test_takes_a_wheel_with_more_than_one_tag(folder: Path) -> None:
    """A wheel that runs on older systems says so in its name."""
    (folder / wheel_name(tags=f"py3-none-{PLATFORMS[0]}")).unlink()
    write_wheel(folder, tags=f"py3-none-musllinux_1_1_aarch64.{PLATFORMS[0]}")

    assert write_list(folder) == ""


def test_refuses_two_wheels_for_one_machine(folder: Path) -> None:
    """It would be by chance which of them was installed."""
    write_wheel(folder, tags=f"py2.py3-none-{PLATFORMS[0]}")

    assert "3 wheels" in write_list(folder)


def test_lists_the_wheels_of_a_release(folder: Path) -> None:
    """The installer understands the list, and so does sha256sum."""
    assert write_list(folder) == ""

    url = URL("https://example.org/wheels.json")
    wheels = parse_release((folder / "wheels.json").read_bytes(), url)
    files = sorted(folder.glob("*.whl"))
    assert [wheel.name for wheel in wheels] == [path.name for path in files]
    assert [wheel.sha256 for wheel in wheels] == [sum_of(path) for path in files]
    assert [wheel.size for wheel in wheels] == [path.stat().st_size for path in files]
    subprocess.run(
        ["/usr/bin/env", "sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        check=True,
        cwd=folder,
    )


def test_refuses_another_file(folder: Path) -> None:
    """Nothing is published by mistake."""
    (folder / "notes.txt").touch()

    assert "notes.txt" in write_list(folder)
    assert not (folder / "wheels.json").exists()


def test_refuses_a_missing_wheel(folder: Path) -> None:
    """A release has all wheels or no list."""
    (folder / wheel_name(tags=f"py3-none-{PLATFORMS[0]}")).unlink()

    assert PLATFORMS[0] in write_list(folder)


def test_refuses_two_versions(folder: Path) -> None:
    """All wheels are the same."""
    (folder / wheel_name(tags=f"py3-none-{PLATFORMS[0]}")).unlink()
    write_wheel(folder, version="0.3.35", tags=f"py3-none-{PLATFORMS[0]}")

    assert "version" in write_list(folder)


def test_one_version_everywhere() -> None:
    """What is tested is what is built, and what is installed."""
    source = (ROOT / "scripts/lib/source_package.py").read_text()
    needed = (ROOT / "requirements_test.txt").read_text()

    assert re.findall(r'^VERSION = "(.*)"$', source, re.MULTILINE) == [PACKAGE_VERSION]
    assert f"\nllama-cpp-python=={PACKAGE_VERSION}\n" in needed


def test_the_workflow_builds_what_is_listed() -> None:
    """Both machines of Home Assistant's container, and the release's own list."""
    path = ROOT / ".github/workflows/wheels.yaml"
    jobs = yaml.safe_load(path.read_text())["jobs"]
    machines = [
        one["machine"] for one in jobs["build"]["strategy"]["matrix"]["include"]
    ]

    assert [f"musllinux_1_2_{machine}" for machine in machines] == list(PLATFORMS)
    assert " ".join(("wheel_list.py wheels", *PLATFORMS)) in path.read_text()
