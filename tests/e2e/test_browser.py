"""Home Assistant's own page in a real browser."""

from demo.browser import ask, open_assist, page_of
from demo.stage import Progress, StageOptions, stage


async def test_assist_dialog_answers() -> None:
    """Who logs in and types into the Assist dialog is answered by Hearth."""
    async with (
        stage(StageOptions(), Progress("test")) as set_up,
        page_of(set_up.running.url) as page,
    ):
        await open_assist(page)
        assert await page.get_by_text("Hearth").first.is_visible()
        answer = await ask(page, "is the front door locked?")
        assert "locked" in answer.lower()
        light = await set_up.running.rest.get("/api/states/light.kitchen_ceiling")
        assert light["state"] == "off"
        assert await ask(page, "turn on the kitchen ceiling")
        light = await set_up.running.rest.get("/api/states/light.kitchen_ceiling")
        assert light["state"] == "on"
