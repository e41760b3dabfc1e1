"""Whether a Raspberry Pi slows itself down, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from .board_revision import hexadecimal
from .kernel_files import entries, name_of, number_of, text_of

# Bits of the firmware's answer, in Raspberry Pi's documentation of ``vcgencmd
# get_throttled``; the same ones 16 higher say that it has happened.
_UNDER_VOLTAGE = 1 << 0
_FREQUENCY_CAPPED = 1 << 1
_THROTTLED = 1 << 2
_SOFT_TEMPERATURE_LIMIT = 1 << 3
_HAPPENED = 16

_SENSOR = "rpi_volt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttling:
    """What slows a Raspberry Pi down, None where unknown.

    Args:
        under_voltage: The power supply is too weak.
        frequency_capped: The clock is held down.
        throttled: The clock is lowered, for heat or for lack of power.
        soft_temperature_limit: It is too hot to run at its best.
    """

    under_voltage: bool | None = None
    frequency_capped: bool | None = None
    throttled: bool | None = None
    soft_temperature_limit: bool | None = None


def read_throttling(root: Path) -> tuple[Throttling, Throttling]:
    """Return what is the case now, and what was since the machine started.

    The second is true or unknown, never false: to see what is new, the kernel makes
    the firmware forget every two seconds (``drivers/hwmon/raspberrypi-hwmon.c``).
    Never raises.
    """
    bits = _firmware_bits(root)
    alarm = _voltage_alarm(root)
    now, before = _of_bits(bits), _of_bits(bits and bits >> _HAPPENED)
    if alarm is not None:
        now = replace(now, under_voltage=alarm or bool(now.under_voltage))
    return now, _only_true(now, before)


def _only_true(now: Throttling, before: Throttling) -> Throttling:
    """Return what is or was the case, the rest unknown."""
    names = [field.name for field in fields(Throttling)]
    return Throttling(
        **{n: True for n in names if getattr(now, n) or getattr(before, n)}
    )


def _of_bits(bits: int | None) -> Throttling:
    """Return what four bits say."""
    if bits is None:
        return Throttling()
    return Throttling(
        under_voltage=bool(bits & _UNDER_VOLTAGE),
        frequency_capped=bool(bits & _FREQUENCY_CAPPED),
        throttled=bool(bits & _THROTTLED),
        soft_temperature_limit=bool(bits & _SOFT_TEMPERATURE_LIMIT),
    )


def _firmware_bits(root: Path) -> int | None:
    """Return the firmware's answer, which its driver shows as a number of 16 digits."""
    for folder in _firmware_folders(root):
        bits = hexadecimal(text_of(folder / "get_throttled"))
        if bits is not None:
            return bits
    return None


def _firmware_folders(root: Path) -> Iterator[Path]:
    """Return the places of the firmware's driver.

    Its name is that of its node in the device tree: ``soc:firmware`` up to the
    Pi 4, ``soc@107c000000:firmware`` on the Pi 5. Some kernels have no such file.
    """
    yield from entries(root / "sys/bus/platform/drivers/raspberrypi-firmware")
    platform = root / "sys/devices/platform"
    for folder in (*entries(platform, "soc"), platform):
        yield from (entry for entry in entries(folder) if "firmware" in entry.name)


def _voltage_alarm(root: Path) -> bool | None:
    """Return whether the voltage was too low in the last two seconds.

    Documentation/hwmon/raspberrypi-hwmon.rst; None without such a sensor.
    """
    for sensor in entries(root / "sys/class/hwmon", "hwmon"):
        if name_of(sensor / "name") == _SENSOR:
            alarm = number_of(sensor / "in0_lcrit_alarm")
            return None if alarm is None else alarm > 0
    return None
