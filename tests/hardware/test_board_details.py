"""What a machine has is read from the files that tell, and from nothing else."""

from pathlib import Path

import pytest

from custom_components.hearth.hardware.accelerators import AcceleratorKind
from custom_components.hearth.hardware.board import read_board
from custom_components.hearth.hardware.board_revision import (
    Revision,
    hexadecimal,
    parse_revision,
)
from custom_components.hearth.hardware.container import ContainerKind
from custom_components.hearth.hardware.cpu_features import CpuFeature
from custom_components.hearth.hardware.swap import Swap

from .board_parts import GIB, MODELS, Tree, plant_tree

CPUINFO = "proc/cpuinfo"
KIB = 1024


def _revision(code: int, kind: str, board: str, size: int) -> Revision:
    """Return what the code of a board of the Pi 5 family says."""
    return Revision(code=code, type=kind, board=board, soc="BCM2712", memory=size * GIB)


def test_features_of_all(tmp_path: Path) -> None:
    """What only some processors can do is of no use; what is not said is unknown."""
    fast, slow = "asimddp i8mm sve sme asimdhp", "asimddp asimdhp"
    text = f"processor: 0\nFeatures: {fast}\n\nprocessor: 1\nFeatures: {slow}\n"
    plant_tree(tmp_path, Tree(files={CPUINFO: text}))
    features = read_board(tmp_path, models=MODELS).cpu.features
    assert features == {CpuFeature.DOTPROD, CpuFeature.FP16}
    (tmp_path / CPUINFO).write_text("processor: 0\n")
    assert read_board(tmp_path, models=MODELS).cpu.features is None


@pytest.mark.parametrize(
    ("flags", "features"),
    [
        ("avx512f avx512_vnni amx_int8", {"avx512", "avx512_vnni", "amx_int8"}),
        ("asimddp i8mm sve sme", {"dotprod", "i8mm", "sve", "sme"}),
        ("avx5 AVX2", set()),
    ],
)
def test_features(tmp_path: Path, flags: str, features: set[str]) -> None:
    """The kernel's names are turned into llama.cpp's."""
    plant_tree(tmp_path, Tree(files={CPUINFO: f"processor: 0\nflags: {flags}\n"}))
    assert read_board(tmp_path, models=MODELS).cpu.features == features


@pytest.mark.parametrize(
    ("status", "online", "cores", "processors"),
    [
        ("Cpus_allowed_list:\t1-2\n", "0-3\n", 2, 4),
        ("Cpus_allowed:\tf\n", "0-3\n", 4, 4),
        ("", "", 4, 4),
        ("Cpus_allowed_list:\t0,2-3,x,9999999999999999999999\n", "", 3, 4),
        ("Cpus_allowed_list:\t3-0\n", "0,1\n", 2, 2),
    ],
)
def test_cores(
    tmp_path: Path, status: str, online: str, cores: int, processors: int
) -> None:
    """Those are counted that this process may use."""
    files = {
        f"sys/devices/system/cpu/cpu{n}/topology/thread_siblings_list": f"{n}\n"
        for n in range(4)
    }
    files |= {"proc/self/status": status, "sys/devices/system/cpu/online": online}
    plant_tree(tmp_path, Tree(files=files))
    cpu = read_board(tmp_path, models=MODELS).cpu
    assert (cpu.cores, cpu.processors) == (cores, processors)


@pytest.mark.parametrize(
    ("text", "revision"),
    [
        ("d04170", _revision(0xD04170, "5B", "1.0", 8)),
        ("0xE041A1", _revision(0xE041A1, "CM5 Lite", "1.1", 16)),
        # The three highest bits say what may be done to it, and 25 what was.
        ("e2d04170", _revision(0xE2D04170, "5B", "1.0", 8)),
        # Of a type, a processor and a size that nobody knows yet.
        ("f0fff0", Revision(code=0xF0FFF0, board="1.0")),
        ("000e", Revision(code=0xE)),
        ("0000", None),
        ("", None),
        ("123456789", None),
        ("-1", None),
        ("d0_170", None),
        ("\u0661", None),
    ],
)
def test_revision(text: str, revision: Revision | None) -> None:
    """Each field is read from its bits, or unknown."""
    assert parse_revision(hexadecimal(text) or 0) == revision


def test_revision_too_long(tmp_path: Path) -> None:
    """A number of the device tree has four bytes, else it is none."""
    files = {"proc/device-tree/system/linux,revision": b"\0\xd0\x41\x70\0"}
    plant_tree(tmp_path, Tree(files=files))
    assert read_board(tmp_path, models=MODELS).revision is None
    assert read_board(tmp_path, models=MODELS).installed_memory is None


@pytest.mark.parametrize(
    ("vendor", "product", "name"),
    [
        ("ASUSTeK COMPUTER INC.", "NUC14MNK", "ASUSTeK COMPUTER INC. NUC14MNK"),
        ("To Be Filled By O.E.M.", "System Product Name", None),
        ("Default string", "GMKtec G3", "GMKtec G3"),
        ("QEMU", "", "QEMU"),
    ],
)
def test_pc(tmp_path: Path, vendor: str, product: str, name: str | None) -> None:
    """What makers forgot to fill in is no name."""
    folder = "sys/class/dmi/id"
    files = {f"{folder}/sys_vendor": vendor, f"{folder}/product_name": product}
    plant_tree(tmp_path, Tree(files=files))
    board = read_board(tmp_path, models=MODELS)
    assert board.model == name
    assert board.is_pi5 is (False if name else None)


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"run/systemd/container": "lxc\n"}, ContainerKind.LXC),
        ({"run/systemd/container": "systemd-nspawn"}, ContainerKind.SYSTEMD_NSPAWN),
        ({"run/systemd/container": "rkt"}, ContainerKind.OTHER),
        ({"run/.containerenv": ""}, ContainerKind.PODMAN),
        ({"proc/1/cgroup": "0::/\n", ".dockerenv": ""}, ContainerKind.DOCKER),
        ({"proc/1/cgroup": "9:cpu:/docker/0123abcd\n"}, ContainerKind.DOCKER),
        ({"proc/1/cgroup": "0::/machine.slice/libpod-1.scope"}, ContainerKind.PODMAN),
        ({"proc/1/cgroup": "0::/kubepods/besteffort"}, ContainerKind.KUBERNETES),
        ({"proc/1/cgroup": "1:name=systemd:/lxc/100\n"}, ContainerKind.LXC),
        ({"proc/1/cgroup": "0::/init.scope\n"}, ContainerKind.NONE),
        ({}, None),
    ],
)
def test_container(
    tmp_path: Path, files: dict[str, str], kind: ContainerKind | None
) -> None:
    """A container is known by what its maker leaves in it."""
    plant_tree(tmp_path, Tree(files=files))
    assert read_board(tmp_path, models=MODELS).container is kind


AREAS = """Filename\tType\tSize\tUsed\tPriority
/dev/zram0 partition 200 10 100
/swap\\040file file 300 20 -2
/short 1
/dev/sda3 partition -5 x -3
"""


@pytest.mark.parametrize(
    ("swaps", "swap"),
    [
        ("", None),
        ("rubbish", None),
        ("Filename Type Size Used Priority\n", Swap(total=0, used=0, compressed=0)),
        (
            AREAS,
            Swap(total=500 * KIB, used=30 * KIB, compressed=200 * KIB),
        ),
    ],
)
def test_swap(tmp_path: Path, swaps: str, swap: Swap | None) -> None:
    """All areas are added up, and those in memory too by themselves."""
    plant_tree(tmp_path, Tree(files={"proc/swaps": swaps}))
    assert read_board(tmp_path, models=MODELS).swap == swap


@pytest.mark.parametrize(
    ("vector", "size"),
    [
        (b"", None),
        (b"\6\0\0\0\0\0\0\0" + (65536).to_bytes(8, "little"), 65536),
        # A process of 32 bits.
        (b"\6\0\0\0" + (4096).to_bytes(4, "little") + bytes(8), 4096),
        (b"\6\0\0\0\0\0\0\0" + (5000).to_bytes(8, "little"), None),
        (b"\6\0\0\0\0\0\0\0\0\x40", None),
        (b"\xff" * 1000, None),
    ],
)
def test_page_size(tmp_path: Path, vector: bytes, size: int | None) -> None:
    """It is a power of two that a page can have."""
    plant_tree(tmp_path, Tree(files={"proc/self/auxv": vector}))
    assert read_board(tmp_path, models=MODELS).page_size == size


@pytest.mark.parametrize(
    ("device", "name"), [("0x2864", "Hailo-8"), ("0x43a2", "Hailo-15L"), ("0x1", None)]
)
def test_hailo(tmp_path: Path, device: str, name: str | None) -> None:
    """A chip is seen on its bus, even while nothing drives it."""
    folder = "sys/bus/pci/devices/0001:01:00.0"
    files = {f"{folder}/vendor": "0x1e60\n", f"{folder}/device": f"{device}\n"}
    files |= {"sys/bus/pci/devices/0000:00:00.0/vendor": "0x14e4\n", "dev/hailo0": ""}
    plant_tree(tmp_path, Tree(files=files))
    (chip,) = read_board(tmp_path, models=MODELS).accelerators
    assert chip.kind is AcceleratorKind.HAILO
    assert (chip.name, chip.driver, chip.usable) == (name, None, False)


def test_driver_by_its_link(tmp_path: Path) -> None:
    """A driver is known by a link to it, too."""
    device = "sys/class/drm/renderD129/device"
    tree = Tree(
        files={f"{device}/vendor": "0x1002\n", "sys/bus/pci/drivers/amdgpu/x": ""},
        links={f"{device}/driver": "../../../../bus/pci/drivers/amdgpu"},
    )
    (gpu,) = read_board(plant_tree(tmp_path, tree), models=MODELS).accelerators
    assert (gpu.name, gpu.driver, gpu.usable) == ("AMD", "amdgpu", False)
