"""Heat, clock, and what slows a Raspberry Pi down."""

from pathlib import Path

import pytest

from custom_components.hearth.hardware.board_health import (
    Health,
    read_health,
    remember,
)
from custom_components.hearth.hardware.thermal import Clock
from custom_components.hearth.hardware.throttling import Throttling

from .board_parts import FIRMWARE_4, FIRMWARE_5, Tree, plant_tree, throttled
from .board_trees import TREES

FINE = Throttling(
    under_voltage=False,
    frequency_capped=False,
    throttled=False,
    soft_temperature_limit=False,
)


def _files(files: dict[str, str], root: Path) -> Health:
    """Return the health of a machine with these files."""
    return read_health(plant_tree(root, Tree(files=files)))


@pytest.mark.parametrize(
    ("name", "health"),
    [
        (
            "pi_5_8gb",
            Health(
                temperature=52.85,
                clock=Clock(now=1_500_000_000, most=2_400_000_000),
                now=FINE,
            ),
        ),
        (
            "pi_4",
            Health(
                temperature=52.85,
                clock=Clock(now=600_000_000, most=1_800_000_000),
                now=Throttling(
                    under_voltage=True,
                    frequency_capped=False,
                    throttled=True,
                    soft_temperature_limit=False,
                ),
                since_boot=Throttling(under_voltage=True, throttled=True),
            ),
        ),
        (
            "mini_pc",
            Health(
                temperature=61.0, clock=Clock(now=2_900_000_000, most=3_400_000_000)
            ),
        ),
        ("nothing", Health()),
    ],
)
def test_tree(tmp_path: Path, name: str, health: Health) -> None:
    """Each machine is as well as it says."""
    assert read_health(plant_tree(tmp_path, TREES[name])) == health


def test_this_machine() -> None:
    """The health of the machine that runs the tests can be read."""
    assert isinstance(read_health(), Health)


ZONE = "sys/class/thermal/thermal_zone"
HWMON = "sys/class/hwmon/hwmon"


@pytest.mark.parametrize(
    ("files", "temperature"),
    [
        ({f"{ZONE}0/type": "cpu-thermal", f"{ZONE}0/temp": "-5000"}, -5.0),
        ({f"{ZONE}0/type": "cpu-thermal", f"{ZONE}0/temp": "1000000"}, None),
        ({f"{ZONE}0/type": "cpu-thermal", f"{ZONE}0/temp": "--5"}, None),
        ({f"{ZONE}0/type": "cpu-thermal", f"{ZONE}0/temp": ""}, None),
        ({f"{ZONE}0/type": "iwlwifi_1", f"{ZONE}0/temp": "40000"}, None),
        ({f"{ZONE}0/temp": "40000"}, None),
        # Of two processors, the hotter one.
        (
            {
                f"{ZONE}0/type": "x86_pkg_temp",
                f"{ZONE}0/temp": "50000",
                f"{ZONE}1/type": "x86_pkg_temp",
                f"{ZONE}1/temp": "70000",
            },
            70.0,
        ),
        # Where one says nothing, the next best.
        (
            {
                f"{ZONE}0/type": "cpu-thermal",
                f"{ZONE}0/temp": "rubbish",
                f"{HWMON}3/name": "k10temp",
                f"{HWMON}3/temp1_input": "48125",
                f"{ZONE}1/type": "acpitz",
                f"{ZONE}1/temp": "27800",
            },
            48.125,
        ),
        ({f"{ZONE}1/type": "acpitz", f"{ZONE}1/temp": "27800"}, 27.8),
    ],
)
def test_temperature(
    tmp_path: Path, files: dict[str, str], temperature: float | None
) -> None:
    """The processor's own sensor is the one that counts."""
    assert _files(files, tmp_path).temperature == temperature


def test_fast_and_slow_cores(tmp_path: Path) -> None:
    """The fastest core counts, by what it does and by what it could."""
    files: dict[str, str] = {}
    for number, (now, most) in enumerate([("900", "1800"), ("x", "2400"), ("0", "")]):
        folder = f"sys/devices/system/cpu/cpu{number}/cpufreq"
        files |= {f"{folder}/scaling_cur_freq": now}
        files |= {f"{folder}/cpuinfo_max_freq": most}
    files |= {"sys/devices/system/cpu/cpu3/cpufreq/scaling_cur_freq": "9" * 15}
    assert _files(files, tmp_path).clock == Clock(now=900_000, most=2_400_000)


@pytest.mark.parametrize(
    ("bits", "now", "since_boot"),
    [
        ("0", FINE, Throttling()),
        ("0x0", FINE, Throttling()),
        (
            "f000f",
            Throttling(
                under_voltage=True,
                frequency_capped=True,
                throttled=True,
                soft_temperature_limit=True,
            ),
            Throttling(
                under_voltage=True,
                frequency_capped=True,
                throttled=True,
                soft_temperature_limit=True,
            ),
        ),
        ("50000", FINE, Throttling(under_voltage=True, throttled=True)),
        (
            "80008",
            Throttling(
                under_voltage=False,
                frequency_capped=False,
                throttled=False,
                soft_temperature_limit=True,
            ),
            Throttling(soft_temperature_limit=True),
        ),
        # What is the case now has happened, whatever was forgotten.
        (
            "2",
            Throttling(
                under_voltage=False,
                frequency_capped=True,
                throttled=False,
                soft_temperature_limit=False,
            ),
            Throttling(frequency_capped=True),
        ),
        ("", Throttling(), Throttling()),
        ("throttled=0x0", Throttling(), Throttling()),
        ("fffffffff", Throttling(), Throttling()),
    ],
)
def test_firmware(
    tmp_path: Path, bits: str, now: Throttling, since_boot: Throttling
) -> None:
    """Each bit of the firmware's answer has its meaning."""
    health = read_health(plant_tree(tmp_path, throttled(bits)))
    assert health.now == now
    assert health.since_boot == since_boot


@pytest.mark.parametrize(
    "place",
    [
        FIRMWARE_4,
        FIRMWARE_5,
        "sys/devices/platform/firmware/get_throttled",
        "sys/bus/platform/drivers/raspberrypi-firmware/soc:firmware/get_throttled",
    ],
)
def test_place(tmp_path: Path, place: str) -> None:
    """The firmware's driver is found wherever a kernel puts it."""
    assert read_health(plant_tree(tmp_path, throttled("4", place))).now.throttled


@pytest.mark.parametrize(
    ("alarm", "bits", "low"),
    [
        ("1", None, True),
        ("0", None, False),
        ("", None, None),
        ("1", "0", True),
        ("0", "1", True),
        ("0", "0", False),
    ],
)
def test_alarm(tmp_path: Path, alarm: str, bits: str | None, low: bool | None) -> None:
    """The sensor of the voltage tells too, where the firmware is not seen."""
    files = {
        f"{HWMON}0/name": "nvme",
        f"{HWMON}0/in0_lcrit_alarm": "1",
        f"{HWMON}1/name": "rpi_volt\n",
        f"{HWMON}1/in0_lcrit_alarm": alarm,
    }
    tree = Tree(files=files) | (throttled(bits) if bits else Tree())
    health = read_health(plant_tree(tmp_path, tree))
    assert health.now.under_voltage is low
    assert health.since_boot.under_voltage is (low or None)
    assert (health.now.throttled is None) == (bits is None)


def test_remember() -> None:
    """What was seen once is not forgotten when the firmware has forgotten it."""
    low = Throttling(under_voltage=True)
    before = Health(now=low, since_boot=low)
    later = Health(temperature=50.0, now=FINE, since_boot=Throttling(throttled=True))
    both = remember(before, later)
    assert both.since_boot == Throttling(under_voltage=True, throttled=True)
    assert (both.now, both.temperature) == (FINE, 50.0)
