"""Each pretended machine is exactly one board."""

from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.hearth.hardware.accelerators import Accelerator, AcceleratorKind
from custom_components.hearth.hardware.board import Board, is_pi5, read_board
from custom_components.hearth.hardware.board_revision import Revision
from custom_components.hearth.hardware.container import ContainerKind
from custom_components.hearth.hardware.cpu_features import Cpu, CpuFeature
from custom_components.hearth.hardware.memory import Memory
from custom_components.hearth.hardware.storage import Storage, StorageKind
from custom_components.hearth.hardware.swap import Swap

from .board_parts import GIB, MODELS, SPACE, plant_tree, space
from .board_trees import TREES

KIB = 1024
A76 = Cpu(
    names=("Cortex-A76",),
    processors=4,
    cores=4,
    features=frozenset({CpuFeature.DOTPROD, CpuFeature.FP16}),
)
VIDEOCORE = Accelerator(
    kind=AcceleratorKind.GPU, name="VideoCore", driver="v3d", usable=True
)
CARD = Storage(
    kind=StorageKind.SD_CARD,
    disk="mmcblk0",
    name="SN128",
    filesystem="ext4",
    read_only=False,
    space=SPACE,
)
SWAP_FILE = Swap(total=524272 * KIB, used=0, compressed=0)
ZRAM = Swap(total=2097136 * KIB, used=131072 * KIB, compressed=2097136 * KIB)


def _revision(code: int, kind: str, board: str, size: int) -> Revision:
    """Return what the code of a board of the Pi 5 family says."""
    return Revision(code=code, type=kind, board=board, soc="BCM2712", memory=size * GIB)


def _memory(total: int, available: int) -> Memory:
    """Return memory of so many KiB."""
    return Memory(total=total * KIB, available=available * KIB)


PI_5 = Board(
    model="Raspberry Pi 5 Model B",
    is_pi5=True,
    soc="BCM2712",
    revision=_revision(0xD04170, "5B", "1.0", 8),
    machine=None,
    cpu=A76,
    memory=_memory(8_256_000, 7_100_000),
    page_size=16384,
    storage=CARD,
    accelerators=(VIDEOCORE,),
    swap=SWAP_FILE,
    container=ContainerKind.NONE,
)
EXPECTED = {
    "pi_5_2gb": replace(
        PI_5,
        revision=_revision(0xB04171, "5B", "1.1", 2),
        memory=_memory(2_062_000, 1_400_000),
        swap=ZRAM,
    ),
    "pi_5_4gb": replace(
        PI_5,
        revision=_revision(0xC04170, "5B", "1.0", 4),
        memory=_memory(4_146_000, 3_300_000),
        storage=Storage(
            kind=StorageKind.USB_SSD,
            disk="sda",
            name="Portable SSD T7",
            filesystem="ext4",
            read_only=False,
            usb_speed=5000,
            space=SPACE,
        ),
    ),
    "pi_5_8gb": PI_5,
    "pi_5_16gb": replace(
        PI_5,
        revision=_revision(0xE04171, "5B", "1.1", 16),
        memory=_memory(16_599_000, 15_000_000),
        accelerators=(
            Accelerator(
                kind=AcceleratorKind.HAILO,
                name="Hailo-10H",
                driver="hailo1x",
                usable=True,
            ),
            VIDEOCORE,
        ),
    ),
    "pi_500": replace(
        PI_5,
        model="Raspberry Pi 500",
        revision=_revision(0xD04190, "500", "1.0", 8),
    ),
    "cm5_nvme": replace(
        PI_5,
        model="Raspberry Pi Compute Module 5",
        revision=_revision(0xD04180, "CM5", "1.0", 8),
        storage=replace(
            CARD, kind=StorageKind.NVME, disk="nvme0n1", name="Samsung SSD 980 500GB"
        ),
    ),
    "pi_4": Board(
        model="Raspberry Pi 4 Model B",
        is_pi5=False,
        soc="BCM2711",
        revision=Revision(
            code=0xC03115, type="4B", board="1.5", soc="BCM2711", memory=4 * GIB
        ),
        machine=None,
        cpu=Cpu(names=("Cortex-A72",), processors=4, cores=4, features=frozenset()),
        memory=_memory(3_884_000, 3_000_000),
        page_size=4096,
        storage=CARD,
        accelerators=(),
        swap=SWAP_FILE,
        container=ContainerKind.NONE,
    ),
    "pi_5_in_container": replace(
        PI_5,
        accelerators=(replace(VIDEOCORE, usable=False),),
        container=ContainerKind.DOCKER,
    ),
    "home_assistant_os": replace(
        PI_5,
        machine="raspberrypi5-64",
        storage=replace(
            CARD, kind=StorageKind.NVME, disk="nvme0n1", name="KIOXIA BG6 512GB"
        ),
        swap=ZRAM,
        container=ContainerKind.DOCKER,
    ),
    "mini_pc": Board(
        model="Beelink MINI S12 Pro",
        is_pi5=False,
        soc=None,
        revision=None,
        machine=None,
        cpu=Cpu(
            names=("Intel(R) N100",),
            processors=4,
            cores=4,
            features=frozenset(
                {
                    CpuFeature.AVX,
                    CpuFeature.AVX2,
                    CpuFeature.AVX_VNNI,
                    CpuFeature.F16C,
                    CpuFeature.FMA,
                }
            ),
        ),
        memory=_memory(16_145_000, 12_000_000),
        page_size=4096,
        storage=Storage(
            kind=StorageKind.SSD,
            disk="sda",
            name="KINGSTON SA400S3",
            filesystem="ext4",
            read_only=False,
            space=SPACE,
        ),
        accelerators=(
            Accelerator(
                kind=AcceleratorKind.GPU, name="Intel", driver="i915", usable=True
            ),
        ),
        swap=Swap(total=0, used=0, compressed=0),
        container=ContainerKind.NONE,
    ),
    "nothing": Board(
        model=None,
        is_pi5=None,
        soc=None,
        revision=None,
        machine=None,
        cpu=Cpu(),
        memory=Memory(total=None, available=None),
        page_size=None,
        storage=Storage(space=SPACE),
        accelerators=(),
        swap=None,
        container=None,
    ),
}


@pytest.mark.parametrize("name", TREES)
def test_tree(tmp_path: Path, name: str) -> None:
    """Each machine is recognized, with everything about it."""
    plant_tree(tmp_path, TREES[name])
    machine = "raspberrypi5-64" if name == "home_assistant_os" else None
    board = read_board(tmp_path, models=MODELS, supervisor_machine=machine, space=space)
    assert board == EXPECTED[name]
    assert is_pi5(tmp_path, supervisor_machine=machine) is board.is_pi5


def test_this_machine(tmp_path: Path) -> None:
    """The machine that runs the tests has a processor, memory and room."""
    board = read_board(models=tmp_path / "not" / "there")
    assert board.cpu.cores
    assert board.memory.total
    assert board.page_size
    assert board.storage.space
    assert board.storage.space.total >= board.storage.space.free > 0
