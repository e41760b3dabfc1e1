"""Home Assistant's own page in a real browser."""

from pathlib import Path

import aiohttp

from demo.browser import (
    add_nano,
    add_server,
    ask,
    begin_adding,
    open_assist,
    page_of,
)
from demo.home_assistant import home_assistant
from demo.processes import free_port
from demo.stage import FAMILY, Progress, StageOptions, stage

from ..engines.replay import of_ollama, replay
from ..hardware.board_parts import plant_tree
from ..hardware.board_trees import TREES

# Not every word of it is known, so that the model is asked.
DOOR = "I wonder whether the front door is locked"


async def test_from_adding_to_talking(tmp_path: Path) -> None:
    """Who adds Hearth with a few clicks can talk to the home then."""
    async with (
        aiohttp.ClientSession() as session,
        home_assistant(session, tmp_path, FAMILY, free_port()) as running,
        page_of(running.url) as page,
    ):
        await begin_adding(page, running.url)
        assert await page.get_by_text("This machine:").is_visible()
        assert await page.get_by_text("Recommended:").is_visible()
        await add_nano(page)
        await page.goto(running.url)
        await open_assist(page)
        assert "locked" in (await ask(page, DOOR)).lower()


async def test_from_an_ollama_to_talking(tmp_path: Path) -> None:
    """Who has an Ollama enters its address, takes a model and can talk to it."""
    async with (
        replay(of_ollama) as ollama,
        aiohttp.ClientSession() as session,
        home_assistant(session, tmp_path, FAMILY, free_port()) as running,
        page_of(running.url) as page,
    ):
        await begin_adding(page, running.url)
        await add_server(page, ollama.url)
        await page.goto(running.url)
        await open_assist(page)
        answer = await ask(page, "is the kitchen light on?")
        assert answer == "The kitchen light is now on."


async def test_welcome_on_a_raspberry_pi(tmp_path: Path) -> None:
    """The first form names the board and what suits it."""
    machine = plant_tree(tmp_path / "machine", TREES["pi_5_8gb"])
    async with (
        aiohttp.ClientSession() as session,
        home_assistant(
            session, tmp_path / "home", FAMILY, free_port(), machine
        ) as running,
        page_of(running.url) as page,
    ):
        await begin_adding(page, running.url)
        assert await page.get_by_text("Raspberry Pi 5 Model B").is_visible()
        assert await page.get_by_text("Qwen3 4B Instruct").first.is_visible()
        assert await page.get_by_text("tokens/s").first.is_visible()


async def test_assist_dialog_answers() -> None:
    """Who logs in and types into the Assist dialog is answered by Hearth."""
    async with (
        stage(StageOptions(), Progress("test")) as set_up,
        page_of(set_up.running.url) as page,
    ):
        await open_assist(page)
        assert await page.get_by_text("Hearth").first.is_visible()
        answer = await ask(page, DOOR)
        assert "locked" in answer.lower()
        light = await set_up.running.rest.get("/api/states/light.kitchen_ceiling")
        assert light["state"] == "off"
        assert await ask(page, "turn on the kitchen ceiling")
        light = await set_up.running.rest.get("/api/states/light.kitchen_ceiling")
        assert light["state"] == "on"
