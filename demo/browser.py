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
# An answer that is still being spoken ends with an ellipsis.
_WHOLE = re.compile(r"[^…\s]\s*$")


@asynccontextmanager
async def page_of(
    url: str, *, width: int = 1100, height: int = 760
) -> AsyncIterator[Page]:
    """Open a fresh browser on Home Assistant's page, logged in."""
    if not BROWSER.exists():
        raise DemoError("There is no browser; scripts/setup gets one")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=BROWSER, args=list(_FLAGS)
        )
        page = await browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=2
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


async def begin_adding(page: Page, url: str) -> None:
    """Begin to add Hearth, as a person does; return at its first form."""
    await page.goto(f"{url}/config/integrations/dashboard/add?domain=hearth")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_text("What should be the voice of your home?").wait_for()


async def add_nano(page: Page) -> None:
    """Choose the tiny model in the first form; return when the entry is made."""
    await page.get_by_text("Hearth Nano ·").click()
    await page.get_by_role("button", name="Submit").click()
    await page.get_by_text(_LAST_BUTTON).click()


async def add_server(page: Page, url: str) -> None:
    """Enter an address, and take the model that is suggested there."""
    submit = page.get_by_role("button", name="Submit")
    await page.get_by_text("Connect to a server").click()
    await submit.click()
    await page.locator("input[name=url]").fill(url)
    await submit.click()
    await page.get_by_text("Choose a model").wait_for()
    await submit.click()
    await page.get_by_text(_LAST_BUTTON).click()


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
