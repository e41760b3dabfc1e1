"""Memory is what this process may use, not what the machine has."""

import os
from pathlib import Path
import subprocess
import sys

import pytest

from custom_components.hearth.hardware.memory import (
    Memory,
    process_memory,
    read_memory,
)

from .trees import plant

MIB = 2**20
# A Raspberry Pi 5 with 8 GB.
MEMINFO = """MemTotal:        8245000 kB
MemFree:          514000 kB
MemAvailable:    5120000 kB
Buffers:          120000 kB
HugePages_Total:       0
"""
PI = Memory(total=8245000 * 1024, available=5120000 * 1024)
UNLIMITED_OLD = "9223372036854771712\n"


def test_machine(tmp_path: Path) -> None:
    """Without control groups, it is the machine's."""
    assert read_memory(plant(tmp_path, {"proc/meminfo": MEMINFO})) == PI


def test_this_machine() -> None:
    """The machine that runs the tests has memory."""
    memory = read_memory()
    assert memory.total is not None
    assert memory.available is not None
    assert 0 < memory.available <= memory.total


def test_nothing_known(tmp_path: Path) -> None:
    """Elsewhere than on Linux nothing is known."""
    assert read_memory(tmp_path) == Memory(total=None, available=None)


def _new(
    limit: str, current: str = "", idle: int = 0, folder: str = ""
) -> dict[str, str]:
    """Return a control group of the new version."""
    group = f"sys/fs/cgroup{folder}"
    return {
        f"{group}/memory.max": f"{limit}\n",
        f"{group}/memory.current": f"{current}\n",
        f"{group}/memory.stat": f"anon 5\nfile 7\ninactive_file {idle}\n",
    }


def test_container(tmp_path: Path) -> None:
    """In a container, its limit counts; files that are idle are room."""
    files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": "0::/\n"}
    files |= _new(str(1000 * MIB), str(700 * MIB), 300 * MIB)
    expected = Memory(total=1000 * MIB, available=600 * MIB)
    assert read_memory(plant(tmp_path, files)) == expected


@pytest.mark.parametrize(
    ("limit", "current"), [("max", str(700 * MIB)), (str(2**50), "5"), ("", "5")]
)
def test_container_without_limit(tmp_path: Path, limit: str, current: str) -> None:
    """A limit beyond the machine is none."""
    files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": "0::/\n"}
    assert read_memory(plant(tmp_path, files | _new(limit, current))) == PI


def test_limit_further_up(tmp_path: Path) -> None:
    """The tightest of all groups above counts, each for itself."""
    files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": "0::/a.slice/b.service\n"}
    files |= _new(str(900 * MIB), str(100 * MIB), 0, "/a.slice/b.service")
    files |= _new(str(1000 * MIB), str(800 * MIB), 50 * MIB, "/a.slice")
    files |= _new("max", str(5000 * MIB))
    expected = Memory(total=900 * MIB, available=250 * MIB)
    assert read_memory(plant(tmp_path, files)) == expected


def test_brake_below_the_limit(tmp_path: Path) -> None:
    """Where the kernel slows a group down, it has no more room."""
    files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": "0::/\n"}
    files |= _new(str(900 * MIB), str(100 * MIB))
    files |= {"sys/fs/cgroup/memory.high": f"{500 * MIB}\n"}
    expected = Memory(total=500 * MIB, available=400 * MIB)
    assert read_memory(plant(tmp_path, files)) == expected


def test_more_used_than_allowed(tmp_path: Path) -> None:
    """A group above its limit has nothing left."""
    files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": "0::/\n"}
    files |= _new(str(100 * MIB), str(200 * MIB))
    assert read_memory(plant(tmp_path, files)).available == 0


def test_more_idle_than_used(tmp_path: Path) -> None:
    """Counters that were read one after the other may not agree."""
    files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": "0::/\n"}
    files |= _new(str(100 * MIB), str(10 * MIB), 20 * MIB)
    assert read_memory(plant(tmp_path, files)).available == 100 * MIB


def test_usage_unknown(tmp_path: Path) -> None:
    """A limit without its usage leaves at most the limit."""
    files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": "0::/\n"}
    files |= {"sys/fs/cgroup/memory.max": f"{100 * MIB}\n"}
    expected = Memory(total=100 * MIB, available=100 * MIB)
    assert read_memory(plant(tmp_path, files)) == expected


def test_name_from_outside(tmp_path: Path) -> None:
    """A group's name that is not seen here, or leads out, is the one at the top."""
    for name in ("/docker/0123abcd", "/../../elsewhere"):
        files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": f"0::{name}\n"}
        files |= _new(str(1000 * MIB), str(700 * MIB))
        assert read_memory(plant(tmp_path, files)).total == 1000 * MIB


@pytest.mark.parametrize("folder", ["memory", "memory,hugetlb"])
def test_old_control_groups(tmp_path: Path, folder: str) -> None:
    """The old version has other names, and a number for no limit."""
    group = f"sys/fs/cgroup/{folder}"
    files = {
        "proc/meminfo": MEMINFO,
        "proc/self/cgroup": f"9:cpu,cpuacct:/x\n4:{folder}:/docker/ab\n1:name=s:/\n",
        f"{group}/docker/ab/memory.limit_in_bytes": f"{512 * MIB}\n",
        f"{group}/docker/ab/memory.usage_in_bytes": f"{300 * MIB}\n",
        f"{group}/docker/ab/memory.stat": (
            f"inactive_file {MIB}\ntotal_inactive_file {100 * MIB}\n"
        ),
        f"{group}/memory.limit_in_bytes": UNLIMITED_OLD,
        f"{group}/memory.usage_in_bytes": f"{7000 * MIB}\n",
    }
    expected = Memory(total=512 * MIB, available=312 * MIB)
    assert read_memory(plant(tmp_path, files)) == expected


def test_only_a_container(tmp_path: Path) -> None:
    """Where the machine is hidden, the container's limit is what is known."""
    files = {"proc/self/cgroup": "0::/\n", **_new(str(100 * MIB), str(30 * MIB))}
    expected = Memory(total=100 * MIB, available=70 * MIB)
    assert read_memory(plant(tmp_path, files)) == expected


@pytest.mark.parametrize(
    "rubbish",
    [b"", b"\xff\xfe\x00", b"MemTotal:\nMemAvailable: -5 kB\n", b"MemTotal: \xb2 kB\n"],
)
def test_rubbish(tmp_path: Path, rubbish: bytes) -> None:
    """Files that say something else are as good as none."""
    files: dict[str, str | bytes] = {
        "proc/meminfo": rubbish,
        "proc/self/cgroup": rubbish + b"0\n::::\n0::\n7:memory\n",
        "sys/fs/cgroup/memory.max": b"9" * 5000,
        "sys/fs/cgroup/memory/memory.stat": rubbish,
    }
    assert read_memory(plant(tmp_path, files)) == Memory(total=None, available=None)


def test_folders_instead_of_files(tmp_path: Path) -> None:
    """What cannot be read is as good as nothing."""
    plant(tmp_path, {"proc/meminfo/x": "", "proc/self/cgroup/x": ""})
    assert read_memory(tmp_path) == Memory(total=None, available=None)


def test_process(tmp_path: Path) -> None:
    """A process's share of what it has with others, else all that it has."""
    shared = "5600-7fff ---p 00000000 00:00 0 [rollup]\nRss: 900 kB\nPss: 800 kB\n"
    files = {"proc/7/smaps_rollup": shared, "proc/7/statm": "5000 300 9 1 0 1 0\n"}
    plant(tmp_path, files)
    assert process_memory(7, tmp_path) == 800 * 1024
    (tmp_path / "proc/7/smaps_rollup").unlink()
    assert process_memory(7, tmp_path) == 300 * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("statm", ["", "0 0 0 0 0 0 0\n", "5\n", "a b\n"])
def test_process_gone(tmp_path: Path, statm: str) -> None:
    """A process that ended, but is not buried yet, has nothing."""
    assert process_memory(7, tmp_path) is None
    assert process_memory(7, plant(tmp_path, {"proc/7/statm": statm})) is None


def test_real_process() -> None:
    """What a process takes is seen, and gone with it."""
    program = "import sys; held = b'x' * 50_000_000; print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-I", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        memory = process_memory(process.pid)
        assert memory is not None
        assert 50e6 < memory < 90e6
    assert process_memory(process.pid) is None
