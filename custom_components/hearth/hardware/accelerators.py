"""What else than the processor could compute."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .board_revision import hexadecimal
from .kernel_files import entries, name_in, resolved, text_of


class AcceleratorKind(StrEnum):
    """What an accelerator is."""

    GPU = "gpu"
    HAILO = "hailo"


# Hailo's number among PCI vendors, and its chips, as in hailort-drivers'
# linux/pcie/src/pcie.h. The Hailo-8L of the smaller AI HAT+ says it is a Hailo-8.
_HAILO = 0x1E60
_HAILO_CHIPS = {0x2864: "Hailo-8", 0x43A2: "Hailo-15L", 0x45C4: "Hailo-10H"}

_VENDORS = {0x1002: "AMD", 0x10DE: "NVIDIA", 0x8086: "Intel"}
# The GPU of all Raspberry Pi since the 4 (drivers/gpu/drm/v3d).
_DRIVERS = {"v3d": "VideoCore", "vc4": "VideoCore"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """Something that could compute.

    Args:
        kind: What it is.
        name: The chip, or who made it; None where unknown.
        driver: The kernel's driver for it, None where there is none.
        usable: Whether there is a device file; a container has it only where it
            was handed in.
    """

    kind: AcceleratorKind
    name: str | None
    driver: str | None
    usable: bool


def read_accelerators(root: Path) -> tuple[Accelerator, ...]:
    """Return what else could compute; never raises."""
    return (*_hailos(root), *_gpus(root))


def _hailos(root: Path) -> list[Accelerator]:
    """Return Hailo's chips, which are seen without a driver too."""
    nodes = [*entries(root / "dev", "hailo"), *entries(root / "dev", "h1x-")]
    found = []
    for device in entries(root / "sys/bus/pci/devices"):
        if hexadecimal(text_of(device / "vendor")) != _HAILO:
            continue
        driver = _driver(device)
        chip = _HAILO_CHIPS.get(hexadecimal(text_of(device / "device")) or 0)
        found.append(
            Accelerator(
                kind=AcceleratorKind.HAILO,
                name=chip,
                driver=driver,
                usable=bool(driver and nodes),
            )
        )
    return found


def _gpus(root: Path) -> list[Accelerator]:
    """Return the GPUs that can compute: those with a render node."""
    found = []
    for node in entries(root / "sys/class/drm", "renderD"):
        driver = _driver(node / "device")
        vendor = _VENDORS.get(hexadecimal(text_of(node / "device/vendor")) or 0)
        found.append(
            Accelerator(
                kind=AcceleratorKind.GPU,
                name=vendor or _DRIVERS.get(driver or ""),
                driver=driver,
                usable=(root / "dev/dri" / node.name).exists(),
            )
        )
    return found


def _driver(device: Path) -> str | None:
    """Return the driver of a device: a link to it, or a line about it."""
    for line in text_of(device / "uevent").splitlines():
        name, _, value = line.partition("=")
        if name == "DRIVER":
            return name_in(value)
    driver = resolved(device / "driver")
    return name_in(driver.name) if driver else None
