"""Pretended boards: what Linux says on them, as files and links.

Names and contents are as the boards write them; sizes of memory are those that
were seen on boards of that size.
"""

from .board_parts import (
    A72,
    A76,
    CARD,
    DOCKER,
    FIRMWARE_4,
    HAILO_10H,
    HEADER,
    HOST,
    N100,
    NVME,
    PCIE,
    SWAP_FILE,
    USB_SSD,
    V3D,
    ZRAM,
    Tree,
    described,
    disk,
    memory,
    mounted,
    processors,
    raspberry,
    throttled,
)


def pi5(
    revision: str,
    total: int,
    available: int,
    name: str = "Raspberry Pi 5 Model B Rev 1.0",
    kind: str = "5-model-b",
) -> Tree:
    """Return a board of the Raspberry Pi 5 family, without its disk."""
    tree = (
        processors(A76, most=2_400_000, now=1_500_000)
        | memory(total, available, 16384)
        | raspberry(name, f"raspberrypi,{kind}\0brcm,bcm2712", revision)
        | HOST
        | SWAP_FILE
        | V3D
        | throttled("0")
    )
    return described(tree, name, revision)


NEW_PI = "Raspberry Pi 5 Model B Rev 1.1"
CM5 = "Raspberry Pi Compute Module 5 Rev 1.0"
PI_5_8GB = pi5("d04170", 8_256_000, 7_100_000) | CARD
TREES = {
    "pi_5_2gb": pi5("b04171", 2_062_000, 1_400_000, NEW_PI) | CARD | ZRAM,
    "pi_5_4gb": pi5("c04170", 4_146_000, 3_300_000) | USB_SSD,
    "pi_5_8gb": PI_5_8GB,
    "pi_5_16gb": pi5("e04171", 16_599_000, 15_000_000, NEW_PI) | CARD | HAILO_10H,
    "pi_500": pi5("d04190", 8_256_000, 7_100_000, "Raspberry Pi 500 Rev 1.0", "500")
    | CARD,
    "cm5_nvme": pi5("d04180", 8_256_000, 7_100_000, CM5, "5-compute-module") | NVME,
    "pi_4": described(
        processors(A72, most=1_800_000, now=600_000)
        | memory(3_884_000, 3_000_000, 4096)
        | raspberry(
            "Raspberry Pi 4 Model B Rev 1.5",
            "raspberrypi,4-model-b\0brcm,bcm2711",
            "c03115",
        )
        | HOST
        | SWAP_FILE
        | throttled("50005", FIRMWARE_4)
        | CARD,
        "Raspberry Pi 4 Model B Rev 1.5",
        "c03115",
    ),
    # Docker hides the device tree, and hands in no devices.
    "pi_5_in_container": PI_5_8GB.without("sys/firmware", "proc/device-tree", "dev/")
    | DOCKER
    | mounted("179:2", "/dev/mmcblk0p2", "/config"),
    # Home Assistant's kernel for it, with the data partition on an NVMe disk.
    "home_assistant_os": pi5("d04170", 8_256_000, 7_100_000)
    | disk(
        f"{PCIE}/nvme/nvme0", "nvme0n1", "nvme0n1p8", "259:8", model="KIOXIA BG6 512GB"
    )
    | mounted("259:8", "/dev/nvme0n1p8", "/config")
    | DOCKER
    | ZRAM,
    "mini_pc": processors(N100, most=3_400_000, now=2_900_000)
    | memory(16_145_000, 12_000_000, 4096)
    | HOST
    | disk(
        "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block",
        "sda",
        "sda2",
        "8:2",
        vendor="ATA     ",
        model="KINGSTON SA400S3",
    )
    | mounted("8:2", "/dev/sda2")
    | Tree(
        files={
            "proc/swaps": HEADER,
            "sys/class/dmi/id/sys_vendor": "Beelink\n",
            "sys/class/dmi/id/product_name": "MINI S12 Pro\n",
            "sys/class/thermal/thermal_zone0/type": "acpitz\n",
            "sys/class/thermal/thermal_zone0/temp": "27800\n",
            "sys/class/thermal/thermal_zone1/type": "x86_pkg_temp\n",
            "sys/class/thermal/thermal_zone1/temp": "61000\n",
            "sys/class/drm/renderD128/device/vendor": "0x8086\n",
            "sys/class/drm/renderD128/device/uevent": "DRIVER=i915\n",
            "dev/dri/renderD128": "",
        }
    ),
    "nothing": Tree(),
}
