"""A board is what the kernel says, wherever it says it."""

from pathlib import Path

import pytest

from custom_components.hearth.hardware.board import read_board
from custom_components.hearth.hardware.board_revision import parse_revision

from .board_parts import MODELS, Tree, plant_tree
from .board_trees import TREES, pi5

DEVICE_TREE = ("proc/device-tree", "sys/firmware")
CPUINFO = "proc/cpuinfo"


@pytest.mark.parametrize(
    ("name", "model", "code"),
    [
        ("pi_5_8gb", "Raspberry Pi 5 Model B", 0xD04170),
        ("pi_500", "Raspberry Pi 500", 0xD04190),
        ("cm5_nvme", "Raspberry Pi Compute Module 5", 0xD04180),
    ],
)
@pytest.mark.parametrize(
    "hidden", [("proc/device-tree",), DEVICE_TREE, (CPUINFO,), (CPUINFO, "proc/device")]
)
def test_one_source_is_enough(
    tmp_path: Path, name: str, model: str, code: int, hidden: tuple[str, ...]
) -> None:
    """Each place that names the board tells its model, revision and kind."""
    plant_tree(tmp_path, TREES[name].without(*hidden))
    board = read_board(tmp_path, models=MODELS)
    assert (board.model, board.revision) == (model, parse_revision(code))
    assert board.soc == "BCM2712"
    assert board.is_pi5


@pytest.mark.parametrize(
    ("machine", "soc", "is_pi5"),
    [
        ("raspberrypi5-64", "BCM2712", True),
        ("raspberrypi4-64", "BCM2711", False),
        ("raspberrypi3", "BCM2837", False),
        # It may have a Compute Module 5.
        ("yellow", None, None),
        ("green", None, None),
        ("", None, None),
        ("\0\n", None, None),
    ],
)
def test_supervisor(
    tmp_path: Path, machine: str, soc: str | None, is_pi5: bool | None
) -> None:
    """Where nothing else is seen, it is what the Supervisor calls it."""
    board = read_board(tmp_path, models=MODELS, supervisor_machine=machine)
    assert (board.soc, board.is_pi5) == (soc, is_pi5)
    assert board.model is None
    assert board.machine == (machine.strip("\0\n") or None)


def test_kernel_knows_better(tmp_path: Path) -> None:
    """The kernel is believed, rather than the image that was installed."""
    plant_tree(tmp_path, TREES["pi_4"])
    board = read_board(tmp_path, models=MODELS, supervisor_machine="raspberrypi5-64")
    assert board.soc == "BCM2711"
    assert board.is_pi5 is False


@pytest.mark.parametrize(
    ("name", "compatible", "code", "kind"),
    [
        ("Raspberry Pi 5 Model B Rev 1.1", "5-model-b", "c04171", "5B"),
        ("Raspberry Pi 500 Rev 1.0", "500", "d04190", "500"),
        # So does a 500+ call itself.
        ("Raspberry Pi 500 Rev 1.0", "500", "e04190", "500"),
        ("Raspberry Pi Compute Module 5 Rev 1.0", "5-compute-module", "b04180", "CM5"),
        (
            "Raspberry Pi Compute Module 5 Lite Rev 1.0",
            "5-compute-module",
            "c041a0",
            "CM5 Lite",
        ),
    ],
)
@pytest.mark.parametrize("hidden", [(), DEVICE_TREE, (CPUINFO,)])
def test_family(
    tmp_path: Path,
    name: str,
    compatible: str,
    code: str,
    kind: str,
    hidden: tuple[str, ...],
) -> None:
    """All boards with the Pi 5's processor are of its family."""
    tree = pi5(code, 4_000_000, 3_000_000, name, compatible).without(*hidden)
    board = read_board(plant_tree(tmp_path, tree), models=MODELS)
    assert board.is_pi5
    assert board.model == name.partition(" Rev")[0]
    assert board.revision
    assert board.revision.type == kind


def _cpuinfo(*parts: str, implementer: str = "0x41", more: str = "") -> Tree:
    """Return processors by their numbers."""
    blocks = (
        f"processor\t: {number}\nCPU implementer\t: {implementer}\nCPU part\t: {part}\n"
        for number, part in enumerate(parts)
    )
    return Tree(files={CPUINFO: "\n".join((*blocks, more))})


@pytest.mark.parametrize(
    ("tree", "names", "is_pi5"),
    [
        # Others have this core too.
        (_cpuinfo(*["0xd0b"] * 4), ("Cortex-A76",), None),
        (_cpuinfo("0xd05", "0xd0b"), ("Cortex-A55", "Cortex-A76"), False),
        (_cpuinfo("0xd08"), ("Cortex-A72",), False),
        (_cpuinfo("0xd0b", implementer="0x61"), (), None),
        (_cpuinfo("0xfff"), (), None),
        (_cpuinfo("rubbish"), (), None),
        (_cpuinfo("0xd0b", more="Model\t: Some Board"), ("Cortex-A76",), False),
        (
            _cpuinfo("0xd0b", more="Model\t: Raspberry Pi 500+ Rev 1.0"),
            ("Cortex-A76",),
            True,
        ),
        (
            _cpuinfo("0xd08", more="Model\t: Raspberry Pi 400 Rev 1.0"),
            ("Cortex-A72",),
            False,
        ),
    ],
)
def test_processor_alone(
    tmp_path: Path, tree: Tree, names: tuple[str, ...], is_pi5: bool | None
) -> None:
    """A core tells what a board is not, and a name what it is."""
    plant_tree(tmp_path, tree)
    board = read_board(tmp_path, models=MODELS)
    assert board.cpu.names == names
    assert board.is_pi5 is is_pi5
