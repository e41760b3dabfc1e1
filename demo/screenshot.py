"""The README's picture: Home Assistant's page with the Assist dialog answering.

With --all, the pictures of setting Hearth up, too.
"""

import argparse
import asyncio
from pathlib import Path
import sys

from .browser import ask, open_assist, page_of
from .command import run
from .components import ROOT
from .options import add_engine_options, engine_of, runtime_of
from .pictures import FOLDER as SETTING_UP, take_pictures
from .stage import Progress, StageOptions, stage

PICTURE = ROOT / "docs" / "assist.png"
# As many as the dialog shows at once.
SAID = (
    "turn on the kitchen ceiling",
    "is the front door locked?",
)
# Seconds until the dialog has stopped moving.
_STILL = 1


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/screenshot", description=__doc__)
    parser.add_argument("said", nargs="*", default=SAID, metavar="TEXT")
    parser.add_argument(
        "--picture", type=Path, default=PICTURE, metavar="FILE", help="where it goes"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="take the pictures of setting up, too, on a pretended Raspberry Pi 5",
    )
    add_engine_options(parser)
    options = parser.parse_args()
    options.engine = engine_of(options, parser)
    options.runtime = runtime_of(options)
    return options


async def _main(options: argparse.Namespace) -> None:
    """Take the picture."""
    tell = Progress("screenshot")
    async with (
        stage(
            StageOptions(engine=options.engine, runtime=options.runtime), tell
        ) as set_up,
        page_of(set_up.running.url) as page,
    ):
        await open_assist(page)
        for text in options.said:
            tell(f"{text}: {await ask(page, text)}")
        await asyncio.sleep(_STILL)
        options.picture.parent.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=options.picture)
    tell(f"{options.picture} is made")
    if options.all:
        await take_pictures(SETTING_UP, tell)


if __name__ == "__main__":
    sys.exit(run("screenshot", _main(_options())))
