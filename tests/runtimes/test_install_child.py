"""The call of Home Assistant's installer, here in this process."""

from collections.abc import Callable
import os
from pathlib import Path
import runpy
import signal
import subprocess
import sys
import time
from unittest.mock import Mock, patch

import pytest

from custom_components.hearth.runtimes import install_child


@pytest.mark.parametrize("works", [True, False])
def test_calls_the_installer(works: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a folder of its own and Home Assistant's constraints, and politely."""
    install, nice, write = Mock(return_value=works), Mock(), Mock(side_effect=OSError)
    monkeypatch.setattr(os, "nice", nice)
    monkeypatch.setattr(os, "getpgrp", lambda: 0)
    monkeypatch.setattr(Path, "write_text", write)
    monkeypatch.setattr(sys, "path", list(sys.path))
    arguments = ["", "/library", "package==1", "/target", "/constraints", "60"]
    monkeypatch.setattr(sys, "argv", arguments)

    with (
        patch("homeassistant.util.package.install_package", install),
        pytest.raises(SystemExit) as ended,
    ):
        runpy.run_path(install_child.__file__, run_name="__main__")

    assert ended.value.code == int(not works)
    install.assert_called_once_with(
        "package==1", target="/target", constraints="/constraints", timeout=60
    )
    nice.assert_called_once_with(10)
    write.assert_called_once_with("800")
    assert sys.path[-1] == "/library"


def test_ends_with_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the parent is there nothing happens, then all go at once."""
    parents, killed = [7, 7, 1], Mock()
    monkeypatch.setattr(os, "getpgrp", os.getpid)
    monkeypatch.setattr(os, "getppid", lambda: parents.pop(0))
    monkeypatch.setattr(os, "killpg", killed)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)

    install_child.end_with(7)

    assert parents == []
    killed.assert_called_once_with(0, signal.SIGKILL)


PARENT = """
import subprocess, sys, time
subprocess.Popen(sys.argv[1:], start_new_session=True)
time.sleep(60)
"""
INSTALLER = """
import os, pathlib, subprocess, time
def install_package(requirement, target, constraints, timeout):
    compiler = subprocess.Popen(["sleep", "60"])
    pids = pathlib.Path(target)
    pids.with_suffix(".new").write_text(f"{os.getpid()} {compiler.pid}")
    pids.with_suffix(".new").rename(pids)
    time.sleep(60)
"""


def is_running(pid: str) -> bool:
    """Return whether a process is there and not merely unmourned."""
    try:
        return ") Z " not in Path("/proc", pid, "stat").read_text()
    except OSError:
        return False


def test_is_no_orphan(tmp_path: Path) -> None:
    """When Home Assistant is killed, installer and compilers are gone in 5 s."""
    package = tmp_path / "homeassistant" / "util"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "package.py").write_text(INSTALLER)
    pids = tmp_path / "pids"
    child = [sys.executable, "-P", install_child.__file__, "", "x", str(pids), "", "1"]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *child],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    try:
        wait_until(pids.exists, 30)
        running = pids.read_text().split()
        assert len(running) == 2
        assert all(is_running(pid) for pid in running)
    finally:
        parent.kill()
        parent.wait()

    wait_until(lambda: not any(is_running(pid) for pid in running), 5)


def wait_until(fact: Callable[[], bool], seconds: float) -> None:
    """Return when something is so; fail when it takes too long."""
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until
        time.sleep(0.02)
