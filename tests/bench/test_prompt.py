"""What a prompt costs, counted with a real tokenizer."""

from pathlib import Path

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from bench.prompt import hearth_prompt
from bench.tokenizer import Tokenizer, tokenizer

from ..homes import FAMILY, VILLA, async_set_up_home

# Tokens that a home of 40 devices may cost, and each device more.
FAMILY_DEVICES, FAMILY_TOKENS, DEVICE_TOKENS = 40, 800, 7


async def _cost(hass: HomeAssistant, home: Path, counter: Tokenizer) -> int:
    """Return the tokens of the prompt for a home."""
    assert await async_setup_component(hass, "conversation", {})
    assert await async_setup_component(hass, "hearth", {})
    await async_set_up_home(hass, home)
    prompt = await hearth_prompt(hass)
    return await counter.count(prompt.messages, prompt.tools)


@pytest.mark.parametrize(("home", "most"), [(FAMILY, 800), (VILLA, 1_900)])
async def test_budget(
    hass: HomeAssistant, socket_enabled: None, home: Path, most: int
) -> None:
    """The family's 40 devices take fewer than 800 tokens, each more at most seven."""
    async with tokenizer() as counter:
        cost = await _cost(hass, home, counter)

    devices = sum(
        async_should_expose(hass, "conversation", entity_id)
        for entity_id in hass.states.async_entity_ids()
    )
    assert cost <= most
    assert cost <= FAMILY_TOKENS + DEVICE_TOKENS * (devices - FAMILY_DEVICES)
