"""Removing a model's files and all that lies beside them; blocks."""

from pathlib import Path

from ..models.download_part import remove_part
from ..models.download_places import remove
from ..models.gguf import GgufError
from ..models.gguf_split import split_parts


def remove_model(folder: Path, path: Path) -> bool:
    """Remove a model in the folder for models; return whether it is gone.

    Nothing outside of that folder is touched, also not through a link.
    """
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        return False
    if not path.is_relative_to(folder) or not path.is_file():
        return False
    try:
        files = split_parts(path)
    except GgufError:
        # One of its files lacks; the first is what is listed.
        files = (path,)
    for file in files:
        for part in file.parent.glob("*.part"):
            if part.name.startswith(f"{file.name}."):
                remove_part(part)
        remove(file, folder)
    return not path.exists()
