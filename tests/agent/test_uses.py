"""What counts as used, and since when."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.hearth.agent.uses import (
    async_follow_uses,
    async_forget_uses,
    async_note_turn,
    async_used,
)

PERSON = Context(user_id="0123")
LAMP, FAN = "light.lamp", "fan.fan"


@pytest.fixture(autouse=True)
async def _home(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Follow a home of two devices."""
    freezer.move_to("2026-11-02 12:00:00+00:00")
    assert await async_setup_component(hass, "homeassistant", {})
    hass.states.async_set(LAMP, "off")
    hass.states.async_set(FAN, "off")
    hass.services.async_register("test", "do", lambda _: None)
    await async_follow_uses(hass)


async def use(hass: HomeAssistant, entity_id: Any, context: Context) -> None:
    """Do something with an entity."""
    await hass.services.async_call(
        "test", "do", {"entity_id": entity_id}, blocking=True, context=context
    )


async def next_day(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let a day pass, after what was noted was written."""
    freezer.tick(timedelta(days=1))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


async def test_from_the_next_day_on(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What a person does today changes nothing today."""
    await use(hass, LAMP, PERSON)
    assert async_used(hass) == frozenset()
    await next_day(hass, freezer)
    assert async_used(hass) == {LAMP}
    await use(hass, [FAN, "light.unknown", "all"], PERSON)
    assert async_used(hass) == {LAMP}
    await next_day(hass, freezer)
    assert async_used(hass) == {FAN, LAMP}


async def test_not_what_happens_by_itself(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Automations are nobody; a turn of talk is somebody."""
    turn = Context()
    async_note_turn(hass, turn)
    await use(hass, LAMP, Context())
    await use(hass, FAN, turn)
    await hass.services.async_call("test", "do", {}, blocking=True, context=PERSON)
    await use(hass, [7, None, {}], PERSON)
    await next_day(hass, freezer)
    assert async_used(hass) == {FAN}


async def test_forgotten_after_a_month(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What nobody uses any more is not used."""
    await use(hass, LAMP, PERSON)
    freezer.tick(timedelta(days=30))
    assert async_used(hass) == {LAMP}
    freezer.tick(timedelta(days=1))
    assert async_used(hass) == frozenset()


async def test_outlasts_a_restart(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> None:
    """It is the same all day, also after a restart in the middle of it."""
    await use(hass, LAMP, PERSON)
    await next_day(hass, freezer)
    assert async_used(hass) == {LAMP}
    await use(hass, FAN, PERSON)
    freezer.tick(timedelta(minutes=11))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert hass_storage["hearth.uses"]["data"] == {
        "day": "2026-11-03",
        "last": {FAN: "2026-11-03", LAMP: "2026-11-02"},
        "used": [LAMP],
    }
    await async_follow_uses(hass)
    assert async_used(hass) == {LAMP}
    await next_day(hass, freezer)
    assert async_used(hass) == {FAN, LAMP}


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"day": 5, "last": [LAMP], "used": LAMP},
        {"day": "never", "last": {LAMP: "never", FAN: None}, "used": [7]},
    ],
)
async def test_a_broken_file(
    hass: HomeAssistant, hass_storage: dict[str, Any], data: Any
) -> None:
    """What cannot be understood is not known."""
    hass_storage["hearth.uses"] = {"version": 1, "key": "hearth.uses", "data": data}
    await async_follow_uses(hass)
    assert async_used(hass) == frozenset()


async def test_forgotten_with_the_last_entry(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> None:
    """Nothing is left behind."""
    await use(hass, LAMP, PERSON)
    await next_day(hass, freezer)
    assert "hearth.uses" in hass_storage
    await async_forget_uses(hass)
    assert "hearth.uses" not in hass_storage
    assert async_used(hass) == frozenset()


async def test_nobody_follows(hass: HomeAssistant) -> None:
    """Where nothing is followed, nothing is used."""
    hass.data.clear()
    async_note_turn(hass, PERSON)
    await async_forget_uses(hass)
    assert async_used(hass) == frozenset()
