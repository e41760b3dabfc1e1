"""Whatever a kernel's files say, reading them raises nothing and ends soon."""

from collections.abc import Callable
import os
from pathlib import Path
from random import Random
import shutil
import threading

import pytest

from custom_components.hearth.hardware.accelerators import Accelerator
from custom_components.hearth.hardware.board import Board, read_board
from custom_components.hearth.hardware.board_facts import board_facts, health_facts
from custom_components.hearth.hardware.board_health import Health, read_health
from custom_components.hearth.hardware.kernel_files import entries, name_of, text_of

from .board_parts import MODELS, Tree, plant_tree, space
from .board_trees import TREES

FILES_AT_ONCE = 5
ROUNDS = 100
MIB = 2**20


def _digits(random: Random, _content: bytes) -> bytes:
    """Return a number that nobody expects."""
    numbers = (
        b"-1",
        b"0",
        b"9" * 19,
        b"9" * 4000,
        b"1e9",
        b"0x" + b"f" * 8,
        b"\xd9\xa1",
    )
    return random.choice(numbers) + b"\n"


def _flip(random: Random, content: bytes) -> bytes:
    """Return the content with some bytes changed."""
    changed = bytearray(content or b"\0")
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(random: Random, content: bytes) -> bytes:
    """Return the beginning of the content."""
    return content[: random.randint(0, len(content))]


def _much(random: Random, content: bytes) -> bytes:
    """Return the content many times, with less and less of what divides it."""
    return content.replace(random.choice((b"\n", b" ", b",", b"\0")), b"") * 100


def _lines(random: Random, content: bytes) -> bytes:
    """Return the lines of the content in another order."""
    lines = content.splitlines(keepends=True)
    random.shuffle(lines)
    return b"".join(lines)


def _greater(random: Random, content: bytes) -> bytes:
    """Return the content with other numbers in it."""
    old, new = random.choice(b"0123456789"), random.choice((b"-", b"99999999999", b"x"))
    return content.replace(bytes([old]), new)


def _random(random: Random, _content: bytes) -> bytes:
    """Return anything at all."""
    return random.randbytes(random.randint(0, 300))


MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    _digits,
    _flip,
    _cut,
    _much,
    _lines,
    _greater,
    _random,
)


def _check(board: Board, health: Health) -> None:
    """Assert that what is known can be true."""
    assert board.cpu.cores is None or 1 <= board.cpu.cores <= 8192
    assert board.memory.total is None or board.memory.total >= 0
    assert board.page_size is None or board.page_size.bit_count() == 1
    assert board.is_pi5 is not True or board.soc == "BCM2712"
    assert all(isinstance(unit, Accelerator) for unit in board.accelerators)
    temperature, clock = health.temperature, health.clock
    assert temperature is None or -40 <= temperature <= 150
    assert clock.now is None or 0 < clock.now <= 20_000_000_000
    for known in (health.since_boot.under_voltage, health.since_boot.throttled):
        assert known is not False
    for fact in (*board_facts(board).values(), *health_facts(health).values()):
        assert fact is not None
        assert not isinstance(fact, str) or (fact.isprintable() and len(fact) < 2000)


@pytest.mark.parametrize("name", [name for name in TREES if name != "nothing"])
def test_mutated_files(tmp_path: Path, name: str) -> None:
    """Five hundred broken files of each machine do no harm."""
    tree = TREES[name]
    root = plant_tree(tmp_path, tree)
    contents = {
        file: content.encode() if isinstance(content, str) else content
        for file, content in tree.files.items()
    }
    random = Random(name)
    for _ in range(ROUNDS):
        chosen = random.sample(sorted(contents), FILES_AT_ONCE)
        for file in chosen:
            mutated = random.choice(MUTATIONS)(random, contents[file])
            (root / file).write_bytes(mutated)
        board = read_board(root, models=MODELS, space=space)
        _check(board, read_health(root))
        for file in chosen:
            (root / file).write_bytes(contents[file])


@pytest.mark.parametrize("name", [name for name in TREES if name != "nothing"])
def test_missing_files(tmp_path: Path, name: str) -> None:
    """Each file may be missing, be a folder, or be a link to itself."""
    tree = TREES[name]
    root = plant_tree(tmp_path, tree)
    for number, file in enumerate(sorted(tree.files)):
        path = root / file
        path.unlink()
        if number % 3 == 1:
            path.mkdir()
        elif number % 3 == 2:
            path.symlink_to(path.name)
        _check(read_board(root, models=MODELS, space=space), read_health(root))
        if number % 3 == 1:
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
        plant_tree(root, Tree(files={file: tree.files[file]}))
    assert read_board(root, models=MODELS, space=space)


def test_links_everywhere(tmp_path: Path) -> None:
    """Links in circles lead nowhere."""
    places = (
        "proc/device-tree",
        "sys/dev/block/179:2",
        "sys/class/block/mmcblk0p2",
        "sys/class/drm/renderD128/device",
        "sys/class/hwmon",
        "sys/class/thermal/thermal_zone0",
        "config/hearth",
    )
    root = plant_tree(tmp_path, TREES["pi_5_8gb"])
    for place in places:
        path = root / place
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(path.name)
    board = read_board(root, models=MODELS, space=space)
    _check(board, read_health(root))
    assert board.storage.kind is None
    assert board.is_pi5


def test_large_files(tmp_path: Path) -> None:
    """Only the beginning of a file is read."""
    files = {
        "proc/cpuinfo": b"processor\t: 0\nFeatures\t: asimddp\n\n" * 100_000,
        "proc/self/mountinfo": b"30 1 179:2 / / rw - ext4 x rw\n" * 100_000,
        "proc/self/cgroup": b"0::/" + b"a/" * MIB + b"\n" + b"0::/b\n" * MIB,
        "proc/self/status": b"Cpus_allowed_list:\t0-" + b"9" * MIB + b"\n",
        "proc/device-tree/model": b"Raspberry Pi 5 " + b"x" * 2 * MIB,
        "proc/device-tree/compatible": b"brcm,bcm2712\0" * 100_000,
        "proc/swaps": b"Filename\n" + b"/dev/zram0 partition 1 1 1\n" * 100_000,
        "proc/self/auxv": b"\1" * 3 * MIB,
    }
    board = read_board(plant_tree(tmp_path, Tree(files=files)), models=MODELS)
    assert board.is_pi5
    assert board.model
    assert len(board.model) == 100
    assert len(text_of(tmp_path / "proc/self/auxv")) == MIB


def test_many_entries(tmp_path: Path) -> None:
    """Only so many entries of a folder are looked at, in the order of numbers."""
    for number in range(1500):
        (tmp_path / f"zone{number}").touch()
    assert len(entries(tmp_path)) == 1024
    (tmp_path / "few").mkdir()
    for name in ("zone10", "zone9", "zone1", "other"):
        (tmp_path / "few" / name).touch()
    names = [path.name for path in entries(tmp_path / "few", "zone")]
    assert names == ["zone1", "zone9", "zone10"]
    assert entries(tmp_path / "none") == []
    assert entries(tmp_path / "\0") == []


def test_pipe(tmp_path: Path) -> None:
    """Nobody waits for a pipe that nobody writes to."""
    plant_tree(tmp_path, TREES["pi_5_8gb"])
    pipe = tmp_path / "sys/class/thermal/thermal_zone0/temp"
    pipe.unlink()
    os.mkfifo(pipe)
    found: list[Health] = []
    reader = threading.Thread(
        target=lambda: found.append(read_health(tmp_path)), daemon=True
    )
    reader.start()
    reader.join(timeout=10)
    assert found
    assert found[0].temperature is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"Raspberry Pi 5\0", "Raspberry Pi 5"),
        (b"\0\0name\0", "name"),
        (b"  two   words \nmore", "two words"),
        (b"\x1b[31mred\x07", "[31mred"),
        (b"\xff\xfe", None),
        (b"", None),
        (b"x" * 200, "x" * 100),
        ("name\N{RIGHT-TO-LEFT OVERRIDE}eman".encode(), "name eman"),
    ],
)
def test_names(tmp_path: Path, content: bytes, name: str | None) -> None:
    """A name for people has one line, and nothing that cannot be seen."""
    (tmp_path / "model").write_bytes(content)
    assert name_of(tmp_path / "model") == name
