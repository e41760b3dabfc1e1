"""A pretended machine for Home Assistant to run on, which changes as a test wants."""

from dataclasses import dataclass, field
from pathlib import Path

from custom_components.hearth.hardware.storage import Space

from .hardware.board_parts import FIRMWARE_5, GIB, HEADER, Tree, plant_tree
from .hardware.trees import plant

# Bits of the firmware's answer.
HOT, WEAK = 0x4, 0x1


@dataclass(slots=True)
class Machine:
    """A machine below a folder.

    ``free`` is the room on its disk in bytes, ``looked_at`` are the
    folders below which that was asked, as they are called there.
    """

    root: Path
    free: int = 64 * GIB
    looked_at: list[Path] = field(default_factory=list)

    def plant(self, tree: Tree) -> None:
        """Become what a tree says."""
        plant_tree(self.root, tree)

    def write(self, **files: str) -> None:
        """Change what it says: memory and swap in KiB, degrees, bits."""
        names = {
            "meminfo": "proc/meminfo",
            "swaps": "proc/swaps",
            "temperature": "sys/class/thermal/thermal_zone0/temp",
            "throttled": FIRMWARE_5,
        }
        plant(self.root, {names[name]: text for name, text in files.items()})

    def slow_down(self, bits: int) -> None:
        """Let the firmware say what slows the machine down."""
        self.write(throttled=f"{bits:x}\n")

    def has_memory(self, total: int, available: int) -> None:
        """Have memory, in KiB."""
        self.write(meminfo=f"MemTotal: {total} kB\nMemAvailable: {available} kB\n")

    def swap(self, used: int) -> None:
        """Have swapped so much, in KiB."""
        self.write(swaps=f"{HEADER}/var/swap file 2097148 {used} -2\n")

    def space(self, folder: Path) -> Space:
        """Return the room on its disk."""
        self.looked_at.append(Path("/", folder.relative_to(self.root.resolve())))
        return Space(total=117 * GIB, free=self.free)
