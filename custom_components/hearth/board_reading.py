"""What is read of the machine again and again while an engine runs on it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .hardware.board_health import Health, read_health
from .hardware.memory import Memory, read_memory
from .hardware.storage import Space, Storage, disk_space, read_storage
from .hardware.swap import Swap, read_swap

# Where Ollama keeps its models on Linux, as a service and when a person starts it
# (docs/faq.md, "Where are models stored?").
_OLLAMA_SERVICE = Path("/usr/share/ollama/.ollama/models")
_OLLAMA_IN_HOME = Path(".ollama", "models")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardReading:
    """The machine at one moment; None for what is unknown.

    Args:
        health: How hot it is, and what slows it down.
        memory: What there is, and what is left of it.
        swap: Where memory goes that is not used for long.
        storage: What holds the models.
    """

    health: Health = field(default_factory=Health)
    memory: Memory = field(default_factory=lambda: Memory(total=None, available=None))
    swap: Swap | None = None
    storage: Storage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where to read.

    Args:
        root: Where the file system begins.
        models: The folder with the models; None where the engine does not tell.
        ollama: Whether to look where Ollama usually has them, where it does not.
        space: How the room on a disk is found out.
    """

    root: Path = Path("/")
    models: Path | None = None
    ollama: bool = False
    space: Callable[[Path], Space | None] = disk_space


def read_machine(places: Places) -> BoardReading:
    """Return how the machine is; reads files, and never raises."""
    folder = places.models
    if folder is None and places.ollama:
        folder = ollama_folder(places.root)
    return BoardReading(
        health=read_health(places.root),
        memory=read_memory(places.root),
        swap=read_swap(places.root),
        storage=(
            None if folder is None else read_storage(places.root, folder, places.space)
        ),
    )


def ollama_folder(root: Path) -> Path | None:
    """Return the folder of Ollama's models, where this process can see one.

    A container sees nothing of an Ollama beside it.
    """
    folders = [_OLLAMA_SERVICE]
    # A user may have no home.
    with suppress(RuntimeError):
        folders.append(Path.home() / _OLLAMA_IN_HOME)
    for folder in folders:
        try:
            if (root / folder.relative_to("/")).is_dir():
                return folder
        except OSError, ValueError:
            continue
    return None
