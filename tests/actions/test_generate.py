"""Texts, by an action."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.hearth.engines.chat import Delta, Role, TurnStats
from custom_components.hearth.engines.faults import ModelMissing

from ..conftest import AGENT_ID
from ..fake_engine import FakeEngine, says


@pytest.fixture
def platform_list() -> list[str]:
    """Set up no platform."""
    return []


async def generate(hass: HomeAssistant, **data: Any) -> Any:
    """Run the action and return its answer."""
    return await hass.services.async_call(
        "hearth",
        "generate",
        {"prompt": "A rhyme"} | data,
        blocking=True,
        return_response=True,
    )


async def test_a_text_and_its_cost(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The text comes back with what it cost, without thoughts."""
    engine.script(
        [Delta(thinking="hm"), *says("<think>so</think> Snow", " glow. ")],
    )
    assert await generate(hass) == {
        "finish_reason": "stop",
        "generated_tokens": 20,
        "prompt_tokens": 700,
        "seconds": 6.5,
        "text": "Snow glow.",
        "tokens_per_second": 10.0,
    }
    (request,) = engine.requests
    assert [message.role for message in request.messages] == [Role.USER]
    assert (request.model, request.max_tokens, request.think) == ("tiny", 512, False)
    assert request.context_window == 4096


async def test_options(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Everything can be said; what the engine does not tell is unknown."""
    engine.script(says("Yes", stats=TurnStats()))
    answer = await generate(
        hass,
        instructions="Be short.",
        model="other",
        max_tokens=7,
        temperature=0.5,
        think=True,
    )
    assert answer["tokens_per_second"] is None
    assert answer["seconds"] is None
    (request,) = engine.requests
    assert request.messages[0].content == "Be short."
    assert (request.model, request.max_tokens) == ("other", 7)
    assert (request.temperature, request.think) == (0.5, True)


async def test_failures(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """What is wrong is said in words."""
    engine.script([ModelMissing("gone")], says(" "))
    with pytest.raises(HomeAssistantError) as caught:
        await generate(hass)
    assert caught.value.translation_key == "model_missing"
    with pytest.raises(HomeAssistantError) as caught:
        await generate(hass)
    assert caught.value.translation_key == "task_no_answer"
    with pytest.raises(vol.Invalid):
        await generate(hass, prompt="")
    hass.config_entries.async_remove_subentry(setup_entry, AGENT_ID)
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError) as refused:
        await generate(hass)
    assert refused.value.translation_key == "model_not_named"


async def test_nobody_waits_any_more(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """An automation that was stopped leaves nothing running."""
    engine.script([asyncio.Event()])
    task = asyncio.create_task(generate(hass))
    while not engine.requests:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert engine.closed_early == engine.requests
    assert not setup_entry.runtime_data.line.locked()
