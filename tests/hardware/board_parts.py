"""What pretended boards are made of, as the files and links that Linux would have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
import struct

from custom_components.hearth.hardware.storage import Space

from .trees import plant

GIB = 2**30
MODELS = Path("/config/hearth/models")
SPACE = Space(total=117 * GIB, free=64 * GIB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What one machine says.

    Args:
        files: Contents by name.
        links: Where links lead, by name; relative as in ``/sys``.
    """

    files: Mapping[str, str | bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: Tree) -> Tree:
        """Return both; what the other says counts more."""
        return Tree(
            files={**self.files, **other.files}, links={**self.links, **other.links}
        )

    def without(self, *beginnings: str) -> Tree:
        """Return what is left where a container hides folders."""
        return Tree(
            files={n: c for n, c in self.files.items() if not n.startswith(beginnings)},
            links={n: t for n, t in self.links.items() if not n.startswith(beginnings)},
        )


def plant_tree(root: Path, tree: Tree) -> Path:
    """Write a machine below a folder, with a folder for the models; return it."""
    plant(root, tree.files)
    (root / MODELS.relative_to("/")).mkdir(parents=True, exist_ok=True)
    for name, target in tree.links.items():
        link = root / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    return root


def space(_folder: Path) -> Space:
    """Return the room that all pretended disks have."""
    return SPACE


A76 = """processor\t: {number}
BogoMIPS\t: 108.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid \
asimdrdm lrcpc dcpop asimddp
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x4
CPU part\t: 0xd0b
CPU revision\t: 1

"""
A72 = """processor\t: {number}
BogoMIPS\t: 108.00
Features\t: fp asimd evtstrm crc32 cpuid
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x0
CPU part\t: 0xd08
CPU revision\t: 3

"""
N100 = """processor\t: {number}
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 190
model name\t: Intel(R) N100
physical id\t: 0
siblings\t: 4
core id\t\t: {number}
cpu cores\t: 4
flags\t\t: fpu vme sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand fma bmi1 avx2 \
bmi2 sha_ni avx_vnni vaes vpclmulqdq

"""


def processors(text: str, *, most: int, now: int, count: int = 4) -> Tree:
    """Return so many cores of a kind, with their clock in kHz."""
    files = {
        "proc/cpuinfo": "".join(text.format(number=n) for n in range(count)),
        "proc/self/status": f"Name:\tpython3\nCpus_allowed_list:\t0-{count - 1}\n",
        "sys/devices/system/cpu/online": f"0-{count - 1}\n",
    }
    for number in range(count):
        core = f"sys/devices/system/cpu/cpu{number}"
        files |= {
            f"{core}/topology/thread_siblings_list": f"{number}\n",
            f"{core}/cpufreq/scaling_cur_freq": f"{now}\n",
            f"{core}/cpufreq/cpuinfo_max_freq": f"{most}\n",
        }
    return Tree(files=files)


def memory(total: int, available: int, page: int) -> Tree:
    """Return memory in KiB, and the size of a page."""
    # AT_SYSINFO_EHDR, AT_HWCAP, AT_PAGESZ, AT_CLKTCK and AT_NULL of a process.
    pairs = ((33, 0x7FFF9CD2C000), (16, 0x119FFF), (6, page), (17, 100), (0, 0))
    return Tree(
        files={
            "proc/meminfo": f"MemTotal: {total} kB\nMemAvailable: {available} kB\n",
            "proc/self/auxv": b"".join(struct.pack("=QQ", *pair) for pair in pairs),
            "proc/self/cgroup": "0::/\n",
        }
    )


def raspberry(name: str, compatible: str, revision: str) -> Tree:
    """Return what a Raspberry Pi says of itself beside its processors."""
    tree = "sys/firmware/devicetree/base"
    return Tree(
        files={
            f"{tree}/model": f"{name}\0".encode(),
            f"{tree}/compatible": f"{compatible}\0".encode(),
            f"{tree}/system/linux,revision": int(revision, 16).to_bytes(4, "big"),
            "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
            "sys/class/thermal/thermal_zone0/temp": "52850\n",
            "sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
            "sys/class/hwmon/hwmon0/temp1_input": "52850\n",
            "sys/class/hwmon/hwmon2/name": "rpi_volt\n",
            "sys/class/hwmon/hwmon2/in0_lcrit_alarm": "0\n",
        },
        links={"proc/device-tree": "../sys/firmware/devicetree/base"},
    )


def described(tree: Tree, name: str, revision: str) -> Tree:
    """Add what Raspberry Pi's kernel writes below the processors."""
    cpuinfo = tree.files["proc/cpuinfo"]
    assert isinstance(cpuinfo, str)
    board = f"Revision\t: {revision}\nSerial\t\t: 1000000000000000\nModel\t\t: {name}\n"
    return tree | Tree(files={"proc/cpuinfo": cpuinfo + board})


def mounted(numbers: str, source: str, point: str = "/", kind: str = "ext4") -> Tree:
    """Return mounts with one of that device."""
    lines = (
        f"29 1 0:27 / /proc rw,nosuid - proc proc rw\n"
        f"30 1 {numbers} / {point} rw,noatime shared:1 - {kind} {source} rw\n"
    )
    if point != "/":
        overlay = (
            "lowerdir=/var/lib/docker/overlay2/l/A,upperdir=/var/lib/docker/b/diff"
        )
        lines = f"28 1 0:52 / / rw,relatime - overlay overlay rw,{overlay}\n{lines}"
    return Tree(files={"proc/self/mountinfo": lines})


def disk(
    place: str,
    name: str,
    partition: str,
    numbers: str,
    /,
    *,
    rotational: int = 0,
    **facts: str,
) -> Tree:
    """Return a disk at a place below ``/sys/devices``, with one partition."""
    folder = f"sys/devices/{place}/{name}"
    files = {
        f"{folder}/queue/rotational": f"{rotational}\n",
        f"{folder}/{partition}/partition": "2\n",
        f"{folder}/{partition}/dev": f"{numbers}\n",
    }
    files |= {f"{folder}/device/{fact}": f"{text}\n" for fact, text in facts.items()}
    up = "../../devices"
    return Tree(
        files=files,
        links={
            f"sys/dev/block/{numbers}": f"{up}/{place}/{name}/{partition}",
            f"sys/class/block/{partition}": f"{up}/{place}/{name}/{partition}",
        },
    )


CARD_PLACE = "platform/axi/1000fff000.mmc/mmc_host/mmc0/mmc0:aaaa/block"
PCIE = "platform/axi/1000110000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0"
USB = "platform/axi/1000120000.pcie/1f00300000.usb/xhci-hcd.1/usb4/4-1"

CARD = disk(
    CARD_PLACE, "mmcblk0", "mmcblk0p2", "179:2", type="SD", name="SN128"
) | mounted("179:2", "/dev/mmcblk0p2")
NVME = disk(
    f"{PCIE}/nvme/nvme0",
    "nvme0n1",
    "nvme0n1p2",
    "259:2",
    model="Samsung SSD 980 500GB                   ",
) | mounted("259:2", "/dev/nvme0n1p2")
USB_SSD = (
    disk(
        f"{USB}/4-1:1.0/host0/target0:0:0/0:0:0:0/block",
        "sda",
        "sda2",
        "8:2",
        vendor="Samsung ",
        model="Portable SSD T7 ",
    )
    | Tree(
        files={f"sys/devices/{USB}/idVendor": "04e8\n"}
        | {f"sys/devices/{USB}/speed": "5000\n"}
    )
    | mounted("8:2", "/dev/sda2")
)

HEADER = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
SWAP_FILE = Tree(
    files={
        "proc/swaps": f"{HEADER}/var/swap                               file"
        "\t\t524272\t\t0\t\t-2\n"
    }
)
ZRAM = Tree(
    files={
        "proc/swaps": f"{HEADER}/dev/zram0                              partition"
        "\t2097136\t\t131072\t\t100\n"
    }
)
HOST = Tree(files={"proc/1/cgroup": "0::/init.scope\n"})
DOCKER = Tree(files={"proc/1/cgroup": "0::/\n", ".dockerenv": ""})
# In every Raspberry Pi 5: it draws, and can compute a little.
V3D = Tree(
    files={
        "sys/devices/platform/axi/1002000000.v3d/uevent": (
            "DRIVER=v3d\nOF_NAME=v3d\nOF_COMPATIBLE_0=brcm,2712-v3d\n"
        ),
        "dev/dri/renderD128": "",
    },
    links={
        "sys/class/drm/renderD128/device": (
            "../../../devices/platform/axi/1002000000.v3d"
        )
    },
)
HAILO_10H = Tree(
    files={
        "sys/bus/pci/devices/0000:01:00.0/vendor": "0x1e60\n",
        "sys/bus/pci/devices/0000:01:00.0/device": "0x45c4\n",
        "sys/bus/pci/devices/0000:01:00.0/uevent": "DRIVER=hailo1x\nPCI_ID=1E60:45C4\n",
        "dev/hailo0": "",
    }
)
FIRMWARE_5 = "sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled"
FIRMWARE_4 = "sys/devices/platform/soc/soc:firmware/get_throttled"


def throttled(bits: str, place: str = FIRMWARE_5) -> Tree:
    """Return the firmware's answer."""
    return Tree(files={place: f"{bits}\n"})
