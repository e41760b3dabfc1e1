"""Cores are those that can compute at once for this process."""

import os
from pathlib import Path

import pytest

from custom_components.hearth.hardware.cpu import physical_cores, usable_processors

from .trees import plant


def _topology(*siblings: str) -> dict[str, str]:
    """Return processors, by which of them are one core."""
    return {
        f"sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list": f"{name}\n"
        for number, name in enumerate(siblings)
    }


PI = _topology("0", "1", "2", "3")
# Four cores with two threads each, the second ones numbered last.
THREADS = _topology(*["0,4", "1,5", "2,6", "3,7"] * 2)
# Two fast cores with two threads each, four slow ones with one.
MIXED = _topology("0-1", "0-1", "2-3", "2-3", "4", "5", "6", "7")


@pytest.mark.parametrize(
    ("files", "allowed", "cores"),
    [
        (PI, range(4), 4),
        (PI, [2], 1),
        (THREADS, range(8), 4),
        (THREADS, [0, 4], 1),
        (THREADS, [0, 5], 2),
        (MIXED, range(8), 6),
        ({}, range(3), 3),
        ({}, [], 1),
    ],
)
def test_topology(
    tmp_path: Path, files: dict[str, str], allowed: list[int], cores: int
) -> None:
    """Threads of one core count once, and only processors that may be used."""
    assert physical_cores(plant(tmp_path, files), allowed) == cores


ARM = "".join(f"processor\t: {n}\nBogoMIPS\t: 108.00\n\n" for n in range(4))
ARM += "Hardware\t: BCM2712\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n"
X86 = "".join(
    f"processor\t: {n}\nphysical id\t: {n // 4}\ncore id\t\t: {n % 4 // 2}\n\n"
    for n in range(8)
)


@pytest.mark.parametrize(
    ("cpuinfo", "allowed", "cores"),
    [
        (ARM, range(4), 4),
        (ARM, [1, 3], 2),
        (X86, range(8), 4),
        (X86, [0, 1], 1),
        (X86, [0, 4], 2),
        ("processor: none\n", range(2), 2),
    ],
)
def test_description(
    tmp_path: Path, cpuinfo: str, allowed: list[int], cores: int
) -> None:
    """Where there is no topology, the kernel's description is read."""
    assert physical_cores(plant(tmp_path, {"proc/cpuinfo": cpuinfo}), allowed) == cores


@pytest.mark.parametrize(
    ("quota", "cores"),
    [
        ("max 100000", 4),
        ("200000 100000", 2),
        ("250000 100000", 2),
        ("50000 100000", 1),
        ("900000 100000", 4),
        ("200000 0", 4),
        ("", 4),
        ("rubbish", 4),
    ],
)
def test_quota(tmp_path: Path, quota: str, cores: int) -> None:
    """Only as many cores as there is time for; a part of one is left out."""
    group = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": f"{quota}\n"}
    assert physical_cores(plant(tmp_path, PI | group), range(4)) == cores


def test_usable_processors(tmp_path: Path) -> None:
    """Threads of one core count, and there is no more than there is time for."""
    assert usable_processors(plant(tmp_path, THREADS), range(8)) == 8
    assert usable_processors(tmp_path, []) == 1
    group = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "300000 100000\n"}
    assert usable_processors(plant(tmp_path, group), range(8)) == 3


def test_quota_further_up(tmp_path: Path) -> None:
    """The tightest of all groups counts."""
    group = {
        "proc/self/cgroup": "0::/a/b\n",
        "sys/fs/cgroup/a/b/cpu.max": "300000 100000\n",
        "sys/fs/cgroup/a/cpu.max": "200000 100000\n",
    }
    assert physical_cores(plant(tmp_path, PI | group), range(4)) == 2


@pytest.mark.parametrize(("quota", "cores"), [(-1, 4), (300000, 3)])
def test_old_quota(tmp_path: Path, quota: int, cores: int) -> None:
    """The old version has two files, and a number below 0 for no limit."""
    group = {
        "proc/self/cgroup": "3:cpu,cpuacct:/x\n",
        "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us": f"{quota}\n",
        "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us": "100000\n",
    }
    assert physical_cores(plant(tmp_path, PI | group), range(4)) == cores


def test_this_machine() -> None:
    """The machine that runs the tests has cores, as many as may be used."""
    assert 1 <= physical_cores() <= len(os.sched_getaffinity(0))


@pytest.mark.parametrize("error", [AttributeError, OSError])
def test_no_affinity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Where nobody says what may be used, it is all there is."""

    def refuse(_pid: int) -> set[int]:
        raise error

    monkeypatch.setattr(os, "sched_getaffinity", refuse)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert physical_cores(tmp_path) == 3
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert physical_cores(tmp_path) == 1
