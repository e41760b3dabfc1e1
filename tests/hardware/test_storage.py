"""A folder lies on the disk that the kernel says, through all that is between."""

import os
from pathlib import Path

import pytest

from custom_components.hearth.hardware.storage import (
    Space,
    Storage,
    StorageKind,
    disk_space,
    read_storage,
)

from .board_parts import (
    CARD,
    CARD_PLACE,
    MODELS,
    NVME,
    SPACE,
    USB,
    USB_SSD,
    Tree,
    disk,
    mounted,
    plant_tree,
    space,
)


def _read(root: Path, tree: Tree, folder: Path = MODELS) -> Storage:
    """Return what a machine's folder lies on."""
    return read_storage(plant_tree(root, tree), folder, space)


def _usb(rotational: int) -> Tree:
    """Return a disk in a USB 2 port."""
    place = f"{USB}/4-1:1.0/host0/target0:0:0/0:0:0:0/block"
    return (
        disk(place, "sda", "sda1", "8:1", rotational=rotational)
        | Tree(files={f"sys/devices/{USB}/idVendor": "0781\n"})
        | Tree(files={f"sys/devices/{USB}/speed": "480\n"})
        | mounted("8:1", "/dev/sda1")
    )


ATA = "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block"


@pytest.mark.parametrize(
    ("tree", "kind", "name"),
    [
        (CARD, StorageKind.SD_CARD, "mmcblk0"),
        (
            disk(CARD_PLACE, "mmcblk0", "mmcblk0p2", "179:2", type="MMC")
            | mounted("179:2", "/dev/mmcblk0p2"),
            StorageKind.EMMC,
            "mmcblk0",
        ),
        (
            disk(CARD_PLACE, "mmcblk0", "mmcblk0p2", "179:2")
            | mounted("179:2", "/dev/mmcblk0p2"),
            None,
            "mmcblk0",
        ),
        (NVME, StorageKind.NVME, "nvme0n1"),
        (USB_SSD, StorageKind.USB_SSD, "sda"),
        (_usb(1), StorageKind.USB_DISK, "sda"),
        (
            disk(ATA, "sda", "sda1", "8:1", rotational=1) | mounted("8:1", "/dev/sda1"),
            StorageKind.HARD_DISK,
            "sda",
        ),
        (
            disk(ATA, "sda", "sda1", "8:1", rotational=1, vendor="QEMU")
            | mounted("8:1", "/dev/sda1"),
            StorageKind.VIRTUAL,
            "sda",
        ),
        (
            disk("pci0000:00/virtio2/block", "vda", "vda1", "254:1")
            | mounted("254:1", "/dev/vda1"),
            StorageKind.VIRTUAL,
            "vda",
        ),
        (
            disk("virtual/block", "loop0", "loop0p1", "259:9")
            | mounted("259:9", "/dev/loop0p1"),
            None,
            "loop0",
        ),
        (
            disk("virtual/block", "zram1", "zram1p1", "252:1")
            | mounted("252:1", "/dev/zram1"),
            StorageKind.MEMORY,
            "zram1",
        ),
    ],
)
def test_disks(tmp_path: Path, tree: Tree, kind: StorageKind | None, name: str) -> None:
    """Each kind of disk is known by where it is, and what it says."""
    storage = _read(tmp_path, tree)
    assert (storage.kind, storage.disk) == (kind, name)
    assert storage.space == SPACE


def test_disk_that_does_not_say(tmp_path: Path) -> None:
    """Whether a disk rotates is not guessed."""
    tree = disk(ATA, "sda", "sda1", "8:1") | mounted("8:1", "/dev/sda1")
    plant_tree(tmp_path, tree.without(f"sys/devices/{ATA}/sda/queue"))
    assert read_storage(tmp_path, MODELS, space).kind is None


def test_usb_speed(tmp_path: Path) -> None:
    """The port that a disk is in tells how fast it may be."""
    assert _read(tmp_path, _usb(0)).usb_speed == 480


def test_whole_disk(tmp_path: Path) -> None:
    """A disk without partitions is one, too."""
    tree = disk(ATA, "sda", "sda1", "8:1") | mounted("8:0", "/dev/sda")
    links = {"sys/dev/block/8:0": f"../../devices/{ATA}/sda"}
    assert _read(tmp_path, tree | Tree(links=links)).disk == "sda"


@pytest.mark.parametrize(
    ("filesystem", "kind"),
    [
        ("overlay", StorageKind.CONTAINER),
        ("tmpfs", StorageKind.MEMORY),
        ("nfs4", StorageKind.NETWORK),
        ("cifs", StorageKind.NETWORK),
        ("virtiofs", StorageKind.VIRTUAL),
        ("zfs", None),
    ],
)
def test_no_disk(tmp_path: Path, filesystem: str, kind: StorageKind | None) -> None:
    """Some file systems have no disk of this machine."""
    storage = _read(tmp_path, mounted("0:50", "something", "/config", filesystem))
    assert (storage.kind, storage.disk) == (kind, None)
    assert storage.filesystem == filesystem


def test_btrfs(tmp_path: Path) -> None:
    """A file system with numbers of its own names its disk."""
    tree = NVME | mounted("0:31", "/dev/nvme0n1p2", kind="btrfs")
    assert _read(tmp_path, tree).kind is StorageKind.NVME


def test_encrypted(tmp_path: Path) -> None:
    """Below what encrypts lies the disk."""
    folder = "sys/devices/virtual/block/dm-0"
    tree = NVME | mounted("253:0", "/dev/mapper/root")
    tree |= Tree(
        files={f"{folder}/queue/rotational": "0\n"},
        links={
            "sys/dev/block/253:0": "../../devices/virtual/block/dm-0",
            f"{folder}/slaves/nvme0n1p2": "../../../../../class/block/nvme0n1p2",
        },
    )
    storage = _read(tmp_path, tree)
    assert (storage.kind, storage.disk) == (StorageKind.NVME, "nvme0n1")


def test_disks_in_a_circle(tmp_path: Path) -> None:
    """Disks that are made of themselves are none."""
    folder = "sys/devices/virtual/block/dm-0"
    links = {
        "sys/dev/block/253:0": "../../devices/virtual/block/dm-0",
        f"{folder}/slaves/dm-0": "../../dm-0",
        "sys/class/block/x": "x",
    }
    storage = _read(tmp_path, mounted("253:0", "/dev/x") | Tree(links=links))
    assert (storage.kind, storage.disk) == (None, None)


def test_innermost_mount(tmp_path: Path) -> None:
    """The mount that is nearest counts, and of two the one on top."""
    lines = (
        "20 1 179:2 / / rw - ext4 /dev/mmcblk0p2 rw\n"
        "21 20 8:2 / /conf rw - ext4 /dev/sda2 rw\n"
        "22 20 0:9 / /config rw - tmpfs none rw\n"
        "23 20 259:2 / /config ro,noatime shared:7 master:1 - ext4 /dev/nvme0n1p2 rw\n"
    )
    tree = CARD | NVME | USB_SSD | Tree(files={"proc/self/mountinfo": lines})
    storage = _read(tmp_path, tree)
    assert storage.disk == "nvme0n1"
    assert storage.read_only


def test_name_with_a_space(tmp_path: Path) -> None:
    """Names in mountinfo have numbers for some characters."""
    tree = USB_SSD | mounted("8:2", "/dev/sda2", "/my\\040disk")
    folder = tmp_path / "my disk"
    folder.mkdir()
    assert _read(tmp_path, tree, Path("/my disk/models")).disk == "sda"


def test_link(tmp_path: Path) -> None:
    """A folder that is a link lies where that leads."""
    tree = CARD | Tree(links={"config/link": "../media/usb", "media/usb/x": "y"})
    lines = str(tree.files["proc/self/mountinfo"])
    lines += "31 1 8:2 / /media/usb rw - ext4 /dev/sda2 rw\n"
    tree = USB_SSD | tree | Tree(files={"proc/self/mountinfo": lines})
    assert _read(tmp_path, tree, Path("/config/link/models")).disk == "sda"
    assert read_storage(tmp_path, MODELS, space).disk == "mmcblk0"


@pytest.mark.parametrize(
    "line",
    [
        "20 1 179:2 / / rw ext4 /dev/mmcblk0p2 rw",
        "20 1 179:2 / - ext4 /dev/mmcblk0p2 rw",
        "20 1 179:2 / / rw - ext4",
        "20 1 ../..:2 / / rw - ext4 /dev/mmcblk0p2 rw",
        "20 1 1:\u0661 / / rw - ext4 /dev/mmcblk0p2 rw",
        "20 1 179:2 / relative rw - ext4 /dev/mmcblk0p2 rw",
        "20 1 9999999999:9999999999 / / rw - ext4 /dev/../../x rw",
        "20 1 1:1 / / rw - ext4 /dev/ rw",
        "20 1 1:1 / / rw - ext4 /dev/\\000 rw",
    ],
)
def test_rubbish(tmp_path: Path, line: str) -> None:
    """A line of another form is as good as none, and names lead nowhere."""
    files = {"proc/self/mountinfo": f"{line}\n"}
    storage = _read(tmp_path, CARD | Tree(files=files))
    assert (storage.kind, storage.disk) == (None, None)


@pytest.mark.parametrize("folder", ["relative/models", "/a/../../../etc", "/\0"])
def test_odd_folder(tmp_path: Path, folder: str) -> None:
    """A folder of an odd name lies where the root does."""
    assert _read(tmp_path, CARD, Path(folder)).disk == "mmcblk0"


def test_link_out_of_the_root(tmp_path: Path) -> None:
    """A link that leads out of the root is not followed on disks."""
    root = tmp_path / "root"
    tree = CARD | Tree(links={"config/out": "../../../elsewhere"})
    (tmp_path.parent / "elsewhere").mkdir(exist_ok=True)
    assert _read(root, tree, Path("/config/out")).disk == "mmcblk0"


def test_no_root(tmp_path: Path) -> None:
    """Where there is nothing at all, nothing is known."""
    nothing = read_storage(tmp_path / "none", MODELS)
    assert nothing == Storage()


def test_real_space(tmp_path: Path) -> None:
    """Room is what the system says of the nearest folder that exists."""
    found = disk_space(tmp_path)
    assert found is not None
    system = os.statvfs(tmp_path)
    assert found.total == system.f_blocks * system.f_frsize
    assert 0 < found.free <= found.total
    assert disk_space(tmp_path / "none") is None
    real = read_storage(Path("/"), tmp_path / "not" / "yet")
    assert isinstance(real.space, Space)
    assert real.filesystem
