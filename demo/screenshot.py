"""The README's picture: Home Assistant's page with the Assist dialog answering."""

import asyncio
from pathlib import Path
import sys

from .browser import ask, open_assist, page_of
from .command import run
from .components import ROOT
from .stage import Progress, StageOptions, stage

PICTURE = ROOT / "docs" / "assist.png"
# As many as the dialog shows at once.
SAID = (
    "turn on the kitchen ceiling",
    "is the front door locked?",
)
# Seconds until the dialog has stopped moving.
_STILL = 1


async def _main(picture: Path, said: tuple[str, ...]) -> None:
    """Take the picture."""
    tell = Progress("screenshot")
    async with (
        stage(StageOptions(), tell) as set_up,
        page_of(set_up.running.url) as page,
    ):
        await open_assist(page)
        for text in said:
            tell(f"{text}: {await ask(page, text)}")
        await asyncio.sleep(_STILL)
        picture.parent.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=picture)
    tell(f"{picture} is made")


if __name__ == "__main__":
    sys.exit(run("screenshot", _main(PICTURE, tuple(sys.argv[1:]) or SAID)))
