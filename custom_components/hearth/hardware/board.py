"""What machine this is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
import re

from .accelerators import Accelerator, read_accelerators
from .board_revision import Revision, hexadecimal, parse_revision
from .container import ContainerKind, read_container
from .cpu_features import Cpu, cpuinfo, read_cpu
from .kernel_files import bytes_of, name_in, name_of, strings_of
from .memory import Memory, read_memory
from .page_size import read_page_size
from .storage import Space, Storage, disk_space, read_storage
from .swap import Swap, read_swap

_ROOT = Path("/")

# The one is a link to the other; a container may hide either.
_DEVICE_TREES = ("proc/device-tree", "sys/firmware/devicetree/base")
# The processor of the Pi 5, 500, 500+, Compute Module 5 and 5 Lite, and of no other
# board (Raspberry Pi's documentation, "BCM2712").
_PI_5 = "BCM2712"
_PI_5_CORE = "Cortex-A76"
_SOC = re.compile(r"brcm,(bcm\d{4})[a-z]?\d?", re.ASCII)
_MODELS = {
    re.compile(r"Raspberry Pi (5|500|Compute Module 5)\b", re.ASCII): _PI_5,
    re.compile(r"Raspberry Pi (4|400|Compute Module 4S?)\b", re.ASCII): "BCM2711",
}
# Home Assistant's own names of machines. A "yellow" may have a module of either.
_MACHINES = {
    "raspberrypi3": "BCM2837",
    "raspberrypi3-64": "BCM2837",
    "raspberrypi4": "BCM2711",
    "raspberrypi4-64": "BCM2711",
    "raspberrypi5-64": _PI_5,
}
_BOARD_REVISION = re.compile(r" Rev (\d{1,2}(?:\.\d{1,2})?)$", re.ASCII)
# What makers of mainboards leave standing where a name belongs.
_NO_NAMES = re.compile(
    r"default string|to be filled|system (product name|manufacturer)|not applicable"
    r"|not specified|o\.?e\.?m|none$|n/a$|unknown|0+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The machine; None for what is unknown.

    Args:
        model: What it is called, without its revision.
        is_pi5: Whether it is of the Raspberry Pi 5 family.
        soc: The processor with all around it, ``BCM2712``.
        revision: What a Raspberry Pi's revision code says.
        machine: What Home Assistant's Supervisor calls it.
        cpu: The processor.
        memory: What this process may use.
        page_size: Bytes of a page.
        storage: What holds the models.
        accelerators: What else could compute.
        swap: Where memory goes that is not used for long.
        container: What this process runs in.
    """

    model: str | None
    is_pi5: bool | None
    soc: str | None
    revision: Revision | None
    machine: str | None
    cpu: Cpu
    memory: Memory
    page_size: int | None
    storage: Storage
    accelerators: tuple[Accelerator, ...]
    swap: Swap | None
    container: ContainerKind | None

    @property
    def installed_memory(self) -> int | None:
        """Return the bytes that a Raspberry Pi was sold with."""
        return self.revision.memory if self.revision else None


def read_board(
    root: Path = _ROOT,
    *,
    models: Path,
    supervisor_machine: str | None = None,
    space: Callable[[Path], Space | None] = disk_space,
) -> Board:
    """Return what machine this is; reads files, and never raises.

    Args:
        root: Where the file system begins.
        models: The folder with the models, or that will have them.
        supervisor_machine: What Home Assistant's Supervisor calls the machine.
        space: How the room on a disk is found out.
    """
    cpu = read_cpu(root)
    machine = name_in(supervisor_machine or "")
    revision = _revision(root)
    name = _name(root)
    soc = _soc(root, revision, name, machine)
    return Board(
        model=_BOARD_REVISION.sub("", name) if name else None,
        is_pi5=_is_pi5(soc, name, cpu),
        soc=soc,
        revision=revision,
        machine=machine,
        cpu=cpu,
        memory=read_memory(root),
        page_size=read_page_size(root),
        storage=read_storage(root, models, space),
        accelerators=read_accelerators(root),
        swap=read_swap(root),
        container=read_container(root),
    )


def is_pi5(root: Path = _ROOT, *, supervisor_machine: str | None = None) -> bool | None:
    """Return whether this is of the Pi 5 family, None where it may be; never raises.

    Args:
        root: Where the file system begins.
        supervisor_machine: What Home Assistant's Supervisor calls the machine.
    """
    name, machine = _name(root), name_in(supervisor_machine or "")
    return _is_pi5(_soc(root, _revision(root), name, machine), name, read_cpu(root))


def _is_pi5(soc: str | None, name: str | None, cpu: Cpu) -> bool | None:
    """Return whether a machine is of the Pi 5 family, None where it may be."""
    if soc is not None:
        return soc == _PI_5
    if name is not None or (cpu.names and set(cpu.names) != {_PI_5_CORE}):
        return False
    return None


def _name(root: Path) -> str | None:
    """Return what the machine is called, from wherever that is."""
    return _device_tree_name(root) or _cpuinfo_fact(root, "Model") or _dmi_name(root)


def _device_tree_name(root: Path) -> str | None:
    """Return the name of the board in the device tree."""
    found = (name_of(root / tree / "model") for tree in _DEVICE_TREES)
    return next((name for name in found if name), None)


def _cpuinfo_fact(root: Path, wanted: str) -> str | None:
    """Return what Raspberry Pi's kernel says of the board below its processors."""
    for block in cpuinfo(root):
        if wanted in block:
            return name_in(block[wanted])
    return None


def _dmi_name(root: Path) -> str | None:
    """Return what a PC's maker calls it."""
    folder = root / "sys/class/dmi/id"
    names = (name_of(folder / fact) for fact in ("sys_vendor", "product_name"))
    real = [name for name in names if name and not _NO_NAMES.match(name)]
    return name_in(" ".join(real))


def _revision(root: Path) -> Revision | None:
    """Return what the revision code says, from wherever it is."""
    code = hexadecimal(_cpuinfo_fact(root, "Revision") or "")
    if code and (revision := parse_revision(code)):
        return revision
    for tree in _DEVICE_TREES:
        # Numbers in device trees have their highest byte first.
        content = bytes_of(root / tree / "system/linux,revision")
        if len(content) == 4:
            return parse_revision(int.from_bytes(content, "big"))
    return None


def _soc(
    root: Path, revision: Revision | None, name: str | None, machine: str | None
) -> str | None:
    """Return the processor with all around it."""
    for tree in _DEVICE_TREES:
        for compatible in strings_of(root / tree / "compatible"):
            if match := _SOC.fullmatch(compatible):
                return match[1].upper()
    if revision and revision.soc:
        return revision.soc
    for pattern, soc in _MODELS.items():
        if name and pattern.match(name):
            return soc
    return _MACHINES.get(machine or "")
