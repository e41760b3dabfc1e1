"""How hot the processor is, and how fast it runs."""

from dataclasses import dataclass
from pathlib import Path

from .kernel_files import entries, name_of, number_of, text_of, whole

# What zones of the processor are called: Raspberry Pi, other ARM boards, Intel.
_ZONES = ("cpu-thermal", "cpu_thermal", "x86_pkg_temp", "soc-thermal", "soc_thermal")
# The same of sensors, where there is no such zone: AMD and Intel.
_SENSORS = ("k10temp", "coretemp", "zenpower")
# The mainboard; better than nothing.
_ZONES_NEARBY = ("acpitz",)
_COLDEST, _HOTTEST = -40.0, 150.0
_FASTEST = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock of the processor in Hz, None where unknown.

    Args:
        now: That of the core that is fastest right now.
        most: That of the fastest core at its best.
    """

    now: int | None = None
    most: int | None = None


def read_temperature(root: Path) -> float | None:
    """Return how hot the processor is in °C, None where unknown; never raises.

    The hottest of several parts of it counts.
    """
    zones = entries(root / "sys/class/thermal", "thermal_zone")
    named = [(name_of(zone / "type"), zone / "temp") for zone in zones]
    sensors = entries(root / "sys/class/hwmon", "hwmon")
    inputs = [(name_of(sensor / "name"), sensor / "temp1_input") for sensor in sensors]
    choices = (
        *((zone, named) for zone in _ZONES),
        *((sensor, inputs) for sensor in _SENSORS),
        *((zone, named) for zone in _ZONES_NEARBY),
    )
    for wanted, places in choices:
        found = [_degrees(path) for name, path in places if name == wanted]
        if known := [degrees for degrees in found if degrees is not None]:
            return max(known)
    return None


def _degrees(path: Path) -> float | None:
    """Return what a sensor says, which is in thousandths of a °C."""
    text = text_of(path).strip()
    number = whole(text.removeprefix("-"))
    if number is None:
        return None
    degrees = (-number if text.startswith("-") else number) / 1000
    return degrees if _COLDEST <= degrees <= _HOTTEST else None


def read_clock(root: Path) -> Clock:
    """Return the clock of the processor now and at its best; never raises."""
    cores = entries(root / "sys/devices/system/cpu", "cpu")
    folders = [core / "cpufreq" for core in cores]
    return Clock(
        now=_fastest(folders, "scaling_cur_freq"),
        most=_fastest(folders, "cpuinfo_max_freq"),
    )


def _fastest(folders: list[Path], name: str) -> int | None:
    """Return the highest of all cores' clocks, which files say in kHz."""
    clocks = [number_of(folder / name) for folder in folders]
    known = [clock for clock in clocks if clock and clock <= _FASTEST]
    return max(known) * 1000 if known else None
