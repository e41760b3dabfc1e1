"""What is read of the machine, and where."""

from pathlib import Path
from unittest.mock import patch

from custom_components.hearth.board_reading import BoardReading, Places, read_machine
from custom_components.hearth.hardware.storage import StorageKind

from .hardware.board_parts import MODELS, SPACE, plant_tree, space
from .hardware.board_trees import PI_5_8GB, TREES

SERVICE = Path("usr/share/ollama/.ollama/models")


def test_reads_a_pi(tmp_path: Path) -> None:
    """Everything that a Raspberry Pi tells is there."""
    root = plant_tree(tmp_path, PI_5_8GB)

    reading = read_machine(Places(root=root, models=MODELS, space=space))

    assert reading.health.temperature == 52.85
    assert reading.health.now.throttled is False
    assert reading.memory.available == 7_100_000 * 1024
    assert reading.swap is not None and reading.swap.used == 0
    assert reading.storage is not None
    assert reading.storage.kind is StorageKind.SD_CARD
    assert reading.storage.space == SPACE


def test_reads_nothing(tmp_path: Path) -> None:
    """A machine that tells nothing is unknown."""
    root = plant_tree(tmp_path, TREES["nothing"])

    assert read_machine(Places(root=root, ollama=True)) == BoardReading()


def test_finds_the_models_of_a_service(tmp_path: Path) -> None:
    """Ollama's folder is looked for only where there is an Ollama."""
    (tmp_path / SERVICE).mkdir(parents=True)
    seen: list[Path] = []

    def remember(folder: Path) -> None:
        seen.append(folder)

    read_machine(Places(root=tmp_path, space=remember))
    assert seen == []
    read_machine(Places(root=tmp_path, ollama=True, space=remember))
    assert seen == [tmp_path / SERVICE]


def test_finds_the_models_at_home(tmp_path: Path) -> None:
    """One that a person started keeps its models in their home."""
    folder = tmp_path / "home/sam/.ollama/models"
    folder.mkdir(parents=True)
    seen: list[Path] = []

    def remember(folder: Path) -> None:
        seen.append(folder)

    with patch.object(Path, "home", return_value=Path("/home/sam")):
        read_machine(Places(root=tmp_path, ollama=True, space=remember))

    assert seen == [folder]


def test_a_user_without_a_home(tmp_path: Path) -> None:
    """A user that has no home has no models there."""
    with patch.object(Path, "home", side_effect=RuntimeError):
        reading = read_machine(Places(root=tmp_path, ollama=True))

    assert reading.storage is None


def test_a_home_that_is_no_path(tmp_path: Path) -> None:
    """A home that stands nowhere is passed over."""
    with patch.object(Path, "home", return_value=Path("somewhere")):
        reading = read_machine(Places(root=tmp_path, ollama=True))

    assert reading.storage is None
