"""A machine is what its kernel says, wherever it says it."""

from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.hearth.hardware.accelerators import Accelerator, AcceleratorKind
from custom_components.hearth.hardware.board import Board, read_board
from custom_components.hearth.hardware.board_revision import (
    Revision,
    hexadecimal,
    parse_revision,
)
from custom_components.hearth.hardware.container import ContainerKind
from custom_components.hearth.hardware.cpu_features import Cpu, CpuFeature
from custom_components.hearth.hardware.memory import Memory
from custom_components.hearth.hardware.storage import Storage, StorageKind
from custom_components.hearth.hardware.swap import Swap

from .board_trees import GIB, MODELS, SPACE, TREES, Tree, pi5, plant_tree, space

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


def test_this_machine(tmp_path: Path) -> None:
    """The machine that runs the tests has a processor, memory and room."""
    board = read_board(models=tmp_path / "not" / "there")
    assert board.cpu.cores
    assert board.memory.total
    assert board.page_size
    assert board.storage.space
    assert board.storage.space.total >= board.storage.space.free > 0


DEVICE_TREE = ("proc/device-tree", "sys/firmware")
CPUINFO = "proc/cpuinfo"


@pytest.mark.parametrize("name", ["pi_5_8gb", "pi_500", "cm5_nvme"])
@pytest.mark.parametrize(
    "hidden", [("proc/device-tree",), DEVICE_TREE, (CPUINFO,), (CPUINFO, "proc/device")]
)
def test_one_source_is_enough(
    tmp_path: Path, name: str, hidden: tuple[str, ...]
) -> None:
    """Each place that names the board tells its model, revision and kind."""
    plant_tree(tmp_path, TREES[name].without(*hidden))
    board = read_board(tmp_path, models=MODELS)
    expected = EXPECTED[name]
    assert (board.model, board.revision) == (expected.model, expected.revision)
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
