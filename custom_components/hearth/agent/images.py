"""Pictures that go along with a task."""

from collections.abc import Sequence
from pathlib import Path

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant

# Bytes. Cameras' pictures are below 5 MB; more only costs memory.
MOST_BYTES = 20 << 20
MOST_IMAGES = 8


class ImageError(Exception):
    """A picture cannot be sent; ``key`` says why, ``file`` which."""

    def __init__(self, key: str, file: str) -> None:
        """Keep what to tell."""
        super().__init__(f"{key}: {file}")
        self.key = key
        self.file = file


async def async_read_images(
    hass: HomeAssistant, attachments: Sequence[conversation.Attachment]
) -> tuple[bytes, ...]:
    """Return the files of attachments, byte for byte; raises :class:`ImageError`."""
    if len(attachments) > MOST_IMAGES:
        raise ImageError("too_many_images", str(len(attachments)))
    for attachment in attachments:
        if not attachment.mime_type.startswith("image/"):
            raise ImageError("not_an_image", attachment.path.name)
    paths = [attachment.path for attachment in attachments]
    return await hass.async_add_executor_job(_read, paths)


def _read(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """Read files; blocks."""
    return tuple(_read_one(path) for path in paths)


def _read_one(path: Path) -> bytes:
    """Read one file, but no more than may be sent."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as err:
        raise ImageError("image_unreadable", path.name) from err
    if not data:
        raise ImageError("image_unreadable", path.name)
    if len(data) > MOST_BYTES:
        raise ImageError("image_too_large", path.name)
    return data
