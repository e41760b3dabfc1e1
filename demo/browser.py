"""Home Assistant's own page in a headless browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import re

from playwright.async_api import Page, async_playwright

from .components import ROOT
from .errors import DemoError
from .home_assistant import PASSWORD, USER

BROWSER = ROOT / ".cache" / "bin" / "browser"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Milliseconds. A busy machine takes a while to draw the first page.
_PATIENCE = 60_000
# The name has the key that does the same behind it.
_ASSIST_BUTTON = re.compile(r"^Assist\b")
# Home Assistant asks for the areas of new devices last.
_LAST_BUTTON = re.compile(r"^\s*(Skip and )?[Ff]inish\s*$")
_ADD_AND_USE = re.compile(r"^Add it, and talk ")
# An answer that is still being spoken ends with an ellipsis.
_WHOLE = re.compile(r"[^…\s]\s*$")


@asynccontextmanager
async def page_of(
    url: str, *, width: int = 1100, height: int = 760, fineness: float = 2
) -> AsyncIterator[Page]:
    """Open a fresh browser on Home Assistant's page, logged in.

    ``fineness`` is how many dots there are to a unit of width and height.
    """
    if not BROWSER.exists():
        raise DemoError("There is no browser; scripts/setup gets one")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=BROWSER, args=list(_FLAGS)
        )
        page = await browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=fineness
        )
        page.set_default_timeout(_PATIENCE)
        try:
            await _log_in(page, url)
            yield page
        finally:
            await browser.close()


async def _log_in(page: Page, url: str) -> None:
    """Log in as the demo's user."""
    await page.goto(url)
    await page.locator("input[name=username]").fill(USER)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("home-assistant-main").wait_for()


async def find_hearth(page: Page, url: str) -> None:
    """Look for Hearth among the integrations that can be added."""
    await page.goto(f"{url}/config/integrations/dashboard")
    await page.get_by_role("button", name="Add integration").click()
    await page.get_by_placeholder("Search for a brand name").fill("Hearth")
    await page.locator("ha-integration-list-item").first.wait_for()


async def pick_hearth(page: Page) -> None:
    """Take Hearth from the list; return at its first form."""
    await page.locator("ha-integration-list-item").first.click()
    await _welcome(page)


async def begin_adding(page: Page, url: str) -> None:
    """Begin to add Hearth by a link; return at its first form."""
    await page.goto(f"{url}/config/integrations/dashboard/add?domain=hearth")
    await page.get_by_role("button", name="OK").click()
    await _welcome(page)


async def _welcome(page: Page) -> None:
    """Wait until Hearth has looked around."""
    await page.get_by_text("What should be the voice of your home?").wait_for()


async def take(page: Page, label: str) -> None:
    """Choose from a list by the beginning of a label, and submit."""
    await page.get_by_text(label).first.click()
    await submit(page)


async def submit(page: Page) -> None:
    """Submit a form."""
    await page.get_by_role("button", name="Submit").click()


async def wait_for_trial(page: Page) -> None:
    """Wait until the model has answered."""
    await page.get_by_text("has answered a short question").wait_for()


async def add_and_use(page: Page) -> None:
    """Keep the engine, and let the voice assistant answer with it."""
    await page.get_by_text(_ADD_AND_USE).click()
    await page.get_by_text(_LAST_BUTTON).wait_for()


async def finish(page: Page) -> None:
    """Leave the last window, and with it the new devices without areas."""
    await page.get_by_text(_LAST_BUTTON).click()
    await page.get_by_text(_LAST_BUTTON).wait_for(state="hidden")


async def add_nano(page: Page) -> None:
    """Choose the tiny model in the first form, and go on to the end."""
    await take(page, "Hearth Nano ·")
    await wait_for_trial(page)
    await add_and_use(page)
    await finish(page)


async def add_server(page: Page, url: str) -> None:
    """Enter an address, take the model that is suggested, and go on to the end."""
    await take(page, "Connect to a server")
    await page.locator("input[name=url]").fill(url)
    await submit(page)
    await page.get_by_text("Choose a model").wait_for()
    await submit(page)
    await wait_for_trial(page)
    await add_and_use(page)
    await finish(page)


async def open_assist(page: Page) -> None:
    """Open the dialog that a person talks to the home with."""
    await page.get_by_role("button", name=_ASSIST_BUTTON).click()
    await page.locator("ha-assist-chat input").wait_for()


async def ask(page: Page, text: str) -> str:
    """Type something into the open dialog and return the answer."""
    answers = page.locator("ha-assist-chat .message.hass")
    before = await answers.count()
    await page.locator("ha-assist-chat input").fill(text)
    await page.keyboard.press("Enter")
    spoken = answers.nth(before).locator("ha-markdown-element")
    answer = spoken.filter(has_text=_WHOLE)
    await answer.wait_for()
    return (await answer.inner_text()).strip()
