"""How far a download is, for people to read."""

from custom_components.hearth.models.download import DownloadProgress
from custom_components.hearth.steps.transfer import transfer_action, transfer_texts


def progress(**facts: float | None) -> DownloadProgress:
    """Return how far a download of a gigabyte is."""
    values = {"speed": None, "seconds_left": None} | facts
    return DownloadProgress(
        completed=250_000_000,
        total=1_000_000_000,
        speed=values["speed"],
        seconds_left=values["seconds_left"],
    )


def test_before_the_first_byte() -> None:
    """Its size is known before anything else."""
    texts = transfer_texts("m", 2_000_000, None)
    assert texts == {"done": "0 B", "model": "m", "total": "2 MB"}
    assert transfer_action("pull", texts) == "pull_begins"


def test_before_the_speed_is_known() -> None:
    """What is there is told, and the server's own size counts."""
    texts = transfer_texts("m", 2_000_000, progress(speed=0.0))
    assert texts == {"done": "250 MB", "model": "m", "total": "1.0 GB"}
    assert transfer_action("pull", texts) == "pull_begins"


def test_on_its_way() -> None:
    """Speed and time left are told when they are known."""
    texts = transfer_texts("m", 0, progress(speed=10_000_000.0, seconds_left=75.0))
    assert texts["speed"] == "10 MB/s"
    assert texts["left"] == "1:15"
    assert transfer_action("pull", texts) == "pull"
