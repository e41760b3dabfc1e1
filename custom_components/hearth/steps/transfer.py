"""How far a download is, wherever it goes, for people to read."""

from ..managed.figures import duration, size
from ..models.download import DownloadProgress


def transfer_texts(
    name: str, total: int, state: DownloadProgress | None
) -> dict[str, str]:
    """Return what the text about a download names.

    Args:
        name: What is downloaded.
        total: Bytes of it, as far as known before the first one comes.
        state: How far it is.
    """
    texts = {"done": size(0), "model": name, "total": size(total)}
    if state is not None:
        texts["done"] = size(state.completed)
        texts["total"] = size(state.total or total)
        if state.speed is not None and state.seconds_left is not None:
            texts["speed"] = f"{size(state.speed)}/s"
            texts["left"] = duration(state.seconds_left)
    return texts


def transfer_action(action: str, texts: dict[str, str]) -> str:
    """Return the name of the text: its speed is not known from the beginning."""
    return action if "speed" in texts else f"{action}_begins"
