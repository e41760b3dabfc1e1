"""Facts about a machine are flat, for texts and diagnostics."""

from pathlib import Path

from custom_components.hearth.hardware.board import read_board
from custom_components.hearth.hardware.board_facts import board_facts, health_facts
from custom_components.hearth.hardware.board_health import read_health

from .board_parts import MODELS, plant_tree, space
from .board_trees import TREES


def test_facts(tmp_path: Path) -> None:
    """Facts are flat, and what is unknown is not among them."""
    root = plant_tree(tmp_path, TREES["pi_5_16gb"])
    board = read_board(
        root, models=MODELS, supervisor_machine="raspberrypi5-64", space=space
    )
    assert board_facts(board) == {
        "model": "Raspberry Pi 5 Model B",
        "is_pi5": True,
        "soc": "BCM2712",
        "revision": "e04171",
        "board_revision": "1.1",
        "machine": "raspberrypi5-64",
        "cpu": "Cortex-A76",
        "processors": 4,
        "cores": 4,
        "cpu_features": "dotprod, fp16",
        "memory_installed": 16 * 2**30,
        "memory_total": 16_599_000 * 1024,
        "memory_available": 15_000_000 * 1024,
        "page_size": 16384,
        "storage": "sd_card",
        "storage_name": "SN128",
        "storage_filesystem": "ext4",
        "storage_read_only": False,
        "storage_total": 117 * 2**30,
        "storage_free": 64 * 2**30,
        "gpu": "VideoCore",
        "hailo": "Hailo-10H",
        "swap_total": 524272 * 1024,
        "swap_used": 0,
        "swap_compressed": 0,
        "container": "none",
    }
    assert health_facts(read_health(root)) == {
        "temperature": 52.85,
        "frequency": 1_500_000_000,
        "frequency_most": 2_400_000_000,
        "under_voltage": False,
        "frequency_capped": False,
        "throttled": False,
        "soft_temperature_limit": False,
    }


def test_facts_of_nothing(tmp_path: Path) -> None:
    """Of an unknown machine there are no facts."""
    assert board_facts(read_board(tmp_path / "none", models=MODELS)) == {}
    assert health_facts(read_health(tmp_path)) == {}
