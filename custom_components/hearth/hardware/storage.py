"""What the models lie on: how fast it is, and how much room there is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
import os
from pathlib import Path, PurePosixPath
import re

from .kernel_files import entries, name_of, number_of, resolved
from .storage_mount import Mount, mount_of

# Disks of disks: LVM, encryption, RAID.
_DEEPEST = 8
_SYS_DEPTH = 40


class StorageKind(StrEnum):
    """What a folder lies on."""

    # Gone when the container is replaced.
    CONTAINER = "container"
    EMMC = "emmc"
    HARD_DISK = "hard_disk"
    # Gone when the machine restarts.
    MEMORY = "memory"
    NETWORK = "network"
    NVME = "nvme"
    SD_CARD = "sd_card"
    SSD = "ssd"
    # A stick or a hard disk, or an SSD in a case that does not say so.
    USB_DISK = "usb_disk"
    USB_SSD = "usb_ssd"
    VIRTUAL = "virtual"


_FILESYSTEMS = {
    "9p": StorageKind.VIRTUAL,
    "ceph": StorageKind.NETWORK,
    "cifs": StorageKind.NETWORK,
    "fuse-overlayfs": StorageKind.CONTAINER,
    "fuse.glusterfs": StorageKind.NETWORK,
    "fuse.sshfs": StorageKind.NETWORK,
    "glusterfs": StorageKind.NETWORK,
    "nfs": StorageKind.NETWORK,
    "nfs4": StorageKind.NETWORK,
    "overlay": StorageKind.CONTAINER,
    "ramfs": StorageKind.MEMORY,
    "smb3": StorageKind.NETWORK,
    "tmpfs": StorageKind.MEMORY,
    "virtiofs": StorageKind.VIRTUAL,
}
# Names of disks, up to their number.
_DISKS = {
    "nbd": StorageKind.NETWORK,
    "nvme": StorageKind.NVME,
    "ram": StorageKind.MEMORY,
    "rbd": StorageKind.NETWORK,
    "vd": StorageKind.VIRTUAL,
    "xvd": StorageKind.VIRTUAL,
    "zram": StorageKind.MEMORY,
}
_CARDS = {"MMC": StorageKind.EMMC, "SD": StorageKind.SD_CARD}
# Makers of disks that are none.
_PRETENDED = ("QEMU", "VMware", "Msft", "VBOX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Room in a file system, in bytes.

    Args:
        total: All of it.
        free: What this process may still fill.
    """

    total: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """What holds a folder; None for what is unknown.

    Args:
        kind: What it is.
        disk: The kernel's name of the disk, ``nvme0n1``.
        name: What its maker calls it.
        filesystem: ``ext4`` and the like.
        read_only: Whether nothing can be written.
        usb_speed: Megabits per second of its USB port.
        space: Its room.
    """

    kind: StorageKind | None = None
    disk: str | None = None
    name: str | None = None
    filesystem: str | None = None
    read_only: bool | None = None
    usb_speed: int | None = None
    space: Space | None = None


def disk_space(folder: Path) -> Space | None:
    """Return the room where a folder lies, None where the system does not say."""
    try:
        found = os.statvfs(folder)
    except OSError, ValueError:
        return None
    block = found.f_frsize
    return Space(total=found.f_blocks * block, free=found.f_bavail * block)


def read_storage(
    root: Path, folder: Path, space: Callable[[Path], Space | None] = disk_space
) -> Storage:
    """Return what holds a folder, or will once it exists; never raises.

    Args:
        root: Where the file system begins.
        folder: An absolute path below it, written as if it were the root.
        space: How the room is found out.
    """
    real = _existing(root, folder)
    inside = _inside(root, real)
    mount = mount_of(root, inside)
    room = space(real)
    if mount is None:
        return Storage(space=room)
    kind = _FILESYSTEMS.get(mount.filesystem)
    disk = None if kind else _disk_of(root, mount)
    return Storage(
        kind=kind or (_kind_of(disk) if disk else None),
        disk=disk.name if disk else None,
        name=_name_of(disk) if disk else None,
        filesystem=mount.filesystem or None,
        read_only=mount.read_only,
        usb_speed=_usb_speed(disk) if disk else None,
        space=room,
    )


def _existing(root: Path, folder: Path) -> Path:
    """Return the folder, or the nearest above it that exists."""
    try:
        relative = folder.relative_to("/")
    except ValueError:
        relative = folder
    if ".." in relative.parts:
        return root
    for candidate in (relative, *relative.parents):
        if (real := resolved(root / candidate)) is not None:
            return real
    return root


def _inside(root: Path, real: Path) -> PurePosixPath:
    """Return a path as it is called below the root."""
    top = resolved(root) or root
    try:
        return PurePosixPath("/", real.relative_to(top))
    except ValueError:
        return PurePosixPath("/")


def _disk_of(root: Path, mount: Mount) -> Path | None:
    """Return the kernel's folder of the disk that a file system is on."""
    device = resolved(root / "sys/dev/block" / mount.device)
    if device is None and mount.source.startswith("/dev/"):
        # The numbers of Btrfs are its own, but it names one of its disks.
        name = PurePosixPath(mount.source).name
        device = resolved(root / "sys/class/block" / name)
    for _ in range(_DEEPEST):
        if device is None:
            return None
        if (device / "partition").exists():
            device = device.parent
        below = entries(device / "slaves")
        if not below:
            return device
        device = resolved(below[0])
    return None


def _kind_of(disk: Path) -> StorageKind | None:
    """Return what a disk is."""
    name = disk.name
    rotates = number_of(disk / "queue/rotational")
    if any(re.fullmatch(r"usb\d+", part, re.ASCII) for part in disk.parts):
        # Only a disk that says that it does not rotate is known for an SSD.
        return StorageKind.USB_SSD if rotates == 0 else StorageKind.USB_DISK
    if name.startswith("mmcblk"):
        return _CARDS.get(name_of(disk / "device/type") or "")
    for prefix, kind in _DISKS.items():
        if name.startswith(prefix):
            return kind
    if not name.startswith("sd"):
        return None
    if (name_of(disk / "device/vendor") or "").startswith(_PRETENDED):
        return StorageKind.VIRTUAL
    kinds = {0: StorageKind.SSD, 1: StorageKind.HARD_DISK}
    return kinds.get(-1 if rotates is None else rotates)


def _name_of(disk: Path) -> str | None:
    """Return what a disk's maker calls it; cards have a name of another kind."""
    return name_of(disk / "device/model") or name_of(disk / "device/name")


def _usb_speed(disk: Path) -> int | None:
    """Return the speed of the USB device that a disk is in."""
    for folder in disk.parents[:_SYS_DEPTH]:
        if (folder / "idVendor").exists():
            return number_of(folder / "speed")
    return None
