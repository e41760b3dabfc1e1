"""The pictures of setting up: both ways, from adding Hearth to an answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from playwright.async_api import Page

from .browser import (
    add_and_use,
    ask,
    find_hearth,
    finish,
    open_assist,
    page_of,
    pick_hearth,
    take,
    wait_for_trial,
)
from .components import ROOT
from .home_assistant import home_assistant
from .pretended import plant_pi, pretended_ollama
from .processes import free_port
from .stage import FAMILY, Progress

FOLDER = ROOT / "docs" / "setting-up"
# Seconds until a window has stopped moving.
_STILL = 1.0
# What fits a page of text, twice as fine.
_WIDTH, _HEIGHT, _FINENESS = 900, 720, 1.5

type Way = Callable[[Page, Camera], Awaitable[None]]


class Camera:
    """Takes pictures of a page, one after the other."""

    def __init__(self, page: Page, way: str, folder: Path, tell: Progress) -> None:
        """Begin with the first one."""
        self._page = page
        self._way = way
        self._folder = folder
        self._tell = tell
        self._count = 0

    async def take(self, name: str) -> None:
        """Take the next picture when nothing moves any more."""
        await asyncio.sleep(_STILL)
        self._count += 1
        path = self._folder / f"{self._way}-{self._count}-{name}.png"
        await self._page.screenshot(path=path)
        self._tell(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


async def _managed(page: Page, camera: Camera) -> None:
    """Let Hearth run the tiny model itself."""
    await camera.take("welcome")
    await take(page, "Hearth Nano ·")
    await page.get_by_text("answers a short question").first.wait_for()
    await wait_for_trial(page)
    await camera.take("works")
    await add_and_use(page)
    await camera.take("added")
    await finish(page)
    await _talk(page, camera, "is the front door locked?")


async def _ollama(page: Page, camera: Camera) -> None:
    """Let an Ollama download what is recommended."""
    await camera.take("welcome")
    await take(page, "Qwen3 4B Instruct 2507 · Ollama")
    await page.get_by_text("left").first.wait_for()
    await camera.take("downloading")
    await wait_for_trial(page)
    await camera.take("works")
    await add_and_use(page)
    await camera.take("added")
    await finish(page)
    await _talk(page, camera, "is the kitchen light on?")


async def _talk(page: Page, camera: Camera, text: str) -> None:
    """Say something to the home."""
    await page.goto(page.url.partition("/config")[0])
    await open_assist(page)
    await ask(page, text)
    await camera.take("talking")


@asynccontextmanager
async def _home(tell: Progress) -> AsyncIterator[Page]:
    """Open the page of a fresh Home Assistant on a pretended Raspberry Pi 5."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        tell("starting Home Assistant")
        running = await stack.enter_async_context(
            home_assistant(
                session, folder, FAMILY, free_port(), plant_pi(folder / "machine")
            )
        )
        page = await stack.enter_async_context(
            page_of(running.url, width=_WIDTH, height=_HEIGHT, fineness=_FINENESS)
        )
        await find_hearth(page, running.url)
        yield page


async def take_pictures(folder: Path, tell: Progress) -> None:
    """Take all pictures of both ways."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    ways: dict[str, Way] = {"managed": _managed, "ollama": _ollama}
    for name, way in ways.items():
        async with AsyncExitStack() as stack:
            if name == "ollama":
                await stack.enter_async_context(pretended_ollama())
            page = await stack.enter_async_context(_home(tell))
            camera = Camera(page, name, folder, tell)
            await camera.take("add")
            await pick_hearth(page)
            await way(page, camera)
