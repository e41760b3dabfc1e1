"""When an agent's prompt is read ahead, through a real Home Assistant."""

import asyncio
from datetime import timedelta
import logging
from unittest.mock import AsyncMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.intent import async_register_timer_handler
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Context, CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hearth.agent.line import Priority
from custom_components.hearth.engines.base import Capabilities, LoadedModel
from custom_components.hearth.engines.chat import Pace, Role, TurnStats
from custom_components.hearth.engines.faults import Unreachable
from custom_components.hearth.read_ahead import COOLDOWN

from .conftest import AGENT_ID, state_of
from .fake_engine import FakeEngine, says
from .homes import async_set_up_home

AGENT = "conversation.tiny"
READY = "binary_sensor.tiny_prompt_ready"
# Ten minutes of a home in which much happens.
CHANGES_A_SECOND = 50
STATE_CHANGES = 10 * 60 * CHANGES_A_SECOND
SHARE = "sensor.tiny_cached_share_of_the_prompt"
LIGHT = "light.kitchen_ceiling"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the agent, what shows how it is, and the button."""
    return ["binary_sensor", "button", "conversation", "sensor"]


@pytest.fixture
async def home(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> MockConfigEntry:
    """Set up the reference home and an agent, and wait until it has read."""
    assert await async_setup_component(hass, "conversation", {})
    await async_set_up_home(hass)
    mock_config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(mock_config_entry.entry_id)
    await settle(hass)
    return mock_config_entry


async def settle(hass: HomeAssistant) -> None:
    """Let everything be done that was begun, in the background too."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def pause(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the while pass that nothing may change in."""
    freezer.tick(timedelta(seconds=COOLDOWN + 1))
    async_fire_time_changed(hass)
    await settle(hass)


async def say(
    hass: HomeAssistant, text: str, *, device_id: str | None = None
) -> conversation.ConversationResult:
    """Say something, in the text chat or to a device."""
    return await conversation.async_converse(
        hass, text, None, Context(), "en", AGENT, device_id
    )


def satellite_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Add a satellite that can ring; return its device."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("test", "satellite")}
    )
    er.async_get(hass).async_get_or_create(
        "assist_satellite", "test", "satellite", device_id=device.id
    )
    async_register_timer_handler(hass, device.id, lambda *_: None)
    return device.id


async def prepare(hass: HomeAssistant) -> None:
    """Do what a pipeline does when a person begins to speak."""
    agent = conversation.async_get_agent(hass, AGENT)
    assert agent is not None
    await agent.async_prepare("en")
    await settle(hass)


async def test_after_setting_up(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """What every turn begins with is read, with tools, and up to a user's words."""
    (read,) = engine.read
    assert read.max_tokens == 0
    assert [message.role for message in read.messages] == [Role.SYSTEM, Role.USER]
    assert "Kitchen ceiling" in read.messages[0].content
    assert state_of(hass, READY) == STATE_ON

    engine.script(says("Hello."))
    await say(hass, "hello")
    (turn,) = engine.requests
    assert turn.messages[0] == read.messages[0]
    assert turn.tools == read.tools
    assert turn.context_window == read.context_window
    assert turn.keep_alive == read.keep_alive
    await prepare(hass)
    assert len(engine.read) == 1
    assert float(state_of(hass, SHARE)) == pytest.approx(100 * 600 / 700)


async def test_not_before_everything_is_there(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    engine: FakeEngine,
) -> None:
    """While Home Assistant starts, its entities are still coming."""
    assert await async_setup_component(hass, "conversation", {})
    hass.set_state(CoreState.starting)
    mock_config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(mock_config_entry.entry_id)
    await async_set_up_home(hass)
    await settle(hass)
    assert engine.read == []
    await hass.async_start()
    await settle(hass)
    assert len(engine.read) == 1


async def test_a_new_name(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Several changes in a row are read once, a moment after the last."""
    entities = er.async_get(hass)
    entities.async_update_entity(LIGHT, aliases=["big light"])
    await pause(hass, freezer)
    assert len(engine.read) == 2
    assert "big light" in engine.read[1].messages[0].content

    entities.async_update_entity(LIGHT, aliases=["sun"])
    (area,) = (
        one for one in ar.async_get(hass).async_list_areas() if one.name == "Kitchen"
    )
    ar.async_get(hass).async_update(area.id, name="Galley")
    await pause(hass, freezer)
    assert len(engine.read) == 3
    assert "Galley" in engine.read[2].messages[0].content
    assert state_of(hass, READY) == STATE_ON


async def test_exposure(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What is not exposed any more is not told any more."""
    async_expose_entity(hass, "conversation", LIGHT, False)
    await pause(hass, freezer)
    assert len(engine.read) == 2
    assert "Kitchen ceiling" not in engine.read[1].messages[0].content


async def test_what_makes_no_difference(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """States that change all the time, and an icon, are not in the prompt."""
    for number in range(STATE_CHANGES):
        hass.states.async_set(LIGHT, STATE_ON if number % 2 else STATE_OFF)
        if number % CHANGES_A_SECOND == 0:
            freezer.tick(timedelta(seconds=1))
            async_fire_time_changed(hass)
            await hass.async_block_till_done()
    er.async_get(hass).async_update_entity(LIGHT, icon="mdi:lamp")
    await pause(hass, freezer)
    assert len(engine.read) == 1
    assert state_of(hass, READY) == STATE_ON


async def test_entities_come_and_go(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A device that is new is told, and one that is gone is not."""
    hass.states.async_set("light.new", STATE_OFF, {"friendly_name": "New lamp"})
    await pause(hass, freezer)
    assert "New lamp" in engine.read[-1].messages[0].content
    hass.states.async_remove("light.new")
    await pause(hass, freezer)
    assert "New lamp" not in engine.read[-1].messages[0].content
    assert len(engine.read) == 3


async def test_the_engine_was_started_again(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """What was lost is read again when the model is there again."""
    coordinator = home.runtime_data.coordinator
    engine.in_memory = ()
    await coordinator.async_refresh()
    await settle(hass)
    assert state_of(hass, READY) == STATE_OFF
    assert len(engine.read) == 1

    engine.in_memory = (LoadedModel(name="tiny", instance=1),)
    await coordinator.async_refresh()
    await settle(hass)
    assert state_of(hass, READY) == STATE_ON
    assert len(engine.read) == 2

    # So fast that nobody saw it missing.
    engine.in_memory = (LoadedModel(name="tiny", instance=2),)
    await coordinator.async_refresh()
    await settle(hass)
    assert len(engine.read) == 3


async def test_a_model_that_was_let_go(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A new name is no reason to load it; a person who begins to speak is."""
    engine.in_memory = ()
    await home.runtime_data.coordinator.async_refresh()
    er.async_get(hass).async_update_entity(LIGHT, aliases=["big light"])
    await pause(hass, freezer)
    assert len(engine.read) == 1
    await prepare(hass)
    assert "big light" in engine.read[1].messages[0].content


async def test_an_engine_that_lets_nothing_go(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A server that does not tell what is in memory always has its model there."""
    engine.capabilities = Capabilities()
    engine.in_memory = ()
    await home.runtime_data.coordinator.async_refresh()
    er.async_get(hass).async_update_entity(LIGHT, aliases=["big light"])
    await pause(hass, freezer)
    assert len(engine.read) == 2


async def test_another_model_is_none_of_ours(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """Other models in memory are no reason to read."""
    engine.in_memory = (LoadedModel(name="a"), LoadedModel(name="b"))
    await home.runtime_data.coordinator.async_refresh()
    await settle(hass)
    assert state_of(hass, READY) == STATE_OFF
    assert len(engine.read) == 1


async def test_while_somebody_begins_to_speak(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """A pipeline that hears something has a cold prompt read; once is enough."""
    ahead = home.runtime_data.read_ahead[AGENT_ID]
    ahead.warm_up.forget()
    engine.read_step = asyncio.Event()
    agent = conversation.async_get_agent(hass, AGENT)
    assert agent is not None
    await agent.async_prepare("en")
    await agent.async_prepare("en")
    while len(engine.read) < 2:
        await asyncio.sleep(0)
    engine.read_step.set()
    await settle(hass)
    assert len(engine.read) == 2
    assert state_of(hass, READY) == STATE_ON


async def test_the_message_that_is_being_spoken_is_begun(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Time and place are read before the words are there; no turn reads them again."""
    satellite = satellite_of(hass, home)
    kitchen = ar.async_get(hass).async_get_area_by_name("Kitchen")
    assert kitchen is not None
    dr.async_get(hass).async_update_device(satellite, area_id=kitchen.id)
    home.runtime_data.read_ahead[AGENT_ID].warm_up.forget()
    engine.read.clear()
    await prepare(hass)
    begun = engine.read[0].messages[-1].content.strip()
    assert begun.startswith("Now: ")
    assert begun.endswith(" Here: Kitchen.")

    engine.script(says("It is."))
    await say(hass, "is it on", device_id=satellite)
    (turn,) = engine.requests
    assert turn.messages[-1].content.startswith(begun)


async def test_what_is_needed_now_comes_first(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """Who begins to speak does not wait for a prompt that nobody needs now."""
    satellite_of(hass, home)
    await prepare(hass)
    ahead = home.runtime_data.read_ahead[AGENT_ID]
    ahead.warm_up.forget()
    engine.read.clear()
    engine.read_step = asyncio.Event()
    ahead.async_request()
    while len(engine.read) < 1:
        await asyncio.sleep(0)
    agent = conversation.async_get_agent(hass, AGENT)
    assert agent is not None
    await agent.async_prepare("en")
    await agent.async_prepare("en")
    while len(engine.read) < 2:
        await asyncio.sleep(0)
    engine.read_step.set()
    await settle(hass)
    rings = [[tool.name for tool in read.tools][-1] == "timer" for read in engine.read]
    assert rings == [False, True, False, True]
    paces = [read.pace for read in engine.read]
    assert paces == [Pace.SMALL, Pace.LARGE, Pace.SMALL, Pace.WHOLE]
    assert ahead.warm_up.is_done


async def test_two_agents_are_read_gently(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """Who speaks to one agent does not wait for the other's prompt."""
    agents = home.runtime_data.read_ahead
    agents["another"] = ahead = agents[AGENT_ID]
    ahead.warm_up.forget()
    ahead.async_request()
    await settle(hass)
    assert [read.pace for read in engine.read] == [Pace.WHOLE, Pace.SMALL]
    ahead.warm_up.forget()
    await prepare(hass)
    assert engine.read[2].pace is Pace.LARGE
    del agents["another"]


async def test_satellites_and_the_text_chat(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """Both prompts are kept read; what is needed now is read first, and last."""
    satellite = satellite_of(hass, home)
    await prepare(hass)
    (text, *_, voice) = engine.read
    assert "timer" not in [tool.name for tool in text.tools]
    assert voice.tools[: len(text.tools)] == text.tools
    assert [tool.name for tool in voice.tools[len(text.tools) :]] == ["timer"]
    reads = len(engine.read)

    for device_id in (None, satellite, None):
        engine.script(says("Hello."))
        await say(hass, "hello", device_id=device_id)
        assert state_of(hass, READY) == STATE_ON
        await prepare(hass)
    assert [request.tools for request in engine.requests] == [
        text.tools,
        voice.tools,
        text.tools,
    ]
    assert len(engine.read) == reads

    home.runtime_data.read_ahead[AGENT_ID].warm_up.forget()
    await prepare(hass)
    assert [read.tools for read in engine.read[reads:]] == [
        text.tools,
        voice.tools,
        text.tools,
    ]


async def test_an_engine_that_keeps_one_prompt(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """It has only the likeliest read, and knows what every turn throws out."""
    engine.capabilities = Capabilities()
    satellite = satellite_of(hass, home)
    await prepare(hass)
    assert len(engine.read) == 2
    assert "timer" in [tool.name for tool in engine.read[1].tools]

    engine.script(says("Hello."), says("Hello."))
    await say(hass, "hello")
    await prepare(hass)
    assert len(engine.read) == 2
    await say(hass, "hello", device_id=satellite)
    await prepare(hass)
    assert len(engine.read) == 2
    home.runtime_data.read_ahead[AGENT_ID].warm_up.forget()
    await prepare(hass)
    assert len(engine.read) == 3
    assert engine.read[2].tools == engine.read[1].tools


async def test_an_engine_that_keeps_prompts_in_files(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What a turn was the first to read is read ahead once, to be kept."""
    engine.capabilities = Capabilities(prompt_cache=True, prompt_files=True)
    home.runtime_data.read_ahead[AGENT_ID].warm_up.forget()
    engine.script(says("Hello."), says("Hello."))
    for _ in range(2):
        await say(hass, "hello")
        assert state_of(hass, READY) == STATE_ON
        await pause(hass, freezer)
        assert len(engine.read) == 2


async def test_people_go_first(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """A turn stops the reading at once, and what it has read itself is not read again."""
    ahead = home.runtime_data.read_ahead[AGENT_ID]
    ahead.warm_up.forget()
    engine.read_step = asyncio.Event()
    ahead.async_request()
    while len(engine.read) < 2:
        await asyncio.sleep(0)
    engine.script(says("Nine."))
    await say(hass, "what time is it")
    assert len(engine.requests) == 1
    await settle(hass)
    assert len(engine.read) == 2
    assert state_of(hass, READY) == STATE_ON


async def test_others_are_always_first(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """A prompt that cannot be read in peace is left alone after a while."""
    ahead = home.runtime_data.read_ahead[AGENT_ID]
    ahead.warm_up.forget()
    engine.read_step = asyncio.Event()
    before = len(engine.read)
    task = hass.async_create_task(ahead.warm_up.run())
    for tries in range(1, 11):
        while len(engine.read) < before + tries:
            await asyncio.sleep(0)
        async with home.runtime_data.line.place(Priority.VOICE):
            pass
    with pytest.raises(Exception, match="always first"):
        await task
    assert state_of(hass, READY) == STATE_OFF


async def test_an_engine_that_fails(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody is told, for nobody asked; who asks is told."""
    ahead = home.runtime_data.read_ahead[AGENT_ID]
    ahead.warm_up.forget()
    caplog.clear()
    engine.error = Unreachable("gone")
    ahead.async_request()
    await settle(hass)
    assert state_of(hass, READY) == STATE_OFF
    assert not [
        record
        for record in caplog.records
        if record.levelno >= logging.WARNING and "hearth" in record.name
    ]
    with pytest.raises(HomeAssistantError) as caught:
        await hass.services.async_call("hearth", "warm_up", {}, blocking=True)
    assert caught.value.translation_key == "not_read_ahead"

    engine.error = None
    await hass.services.async_call("hearth", "warm_up", {}, blocking=True)
    assert state_of(hass, READY) == STATE_ON
    reads = len(engine.read)
    await hass.services.async_call(
        "button", "press", {"entity_id": "button.tiny_read_ahead"}, blocking=True
    )
    assert len(engine.read) == reads + 1


@pytest.mark.parametrize(
    "agent_data",
    [{"llm_hass_api": ["hearth"], "model": "tiny", "prompt": "", "keep_alive": 0}],
)
async def test_a_model_that_does_not_stay(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """What leaves memory at once need not be read ahead."""
    assert engine.read == []
    assert state_of(hass, READY) == STATE_OFF


@pytest.mark.parametrize(
    "agent_data", [{"llm_hass_api": ["gone"], "model": "tiny", "prompt": ""}]
)
async def test_an_agent_that_does_not_work(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine
) -> None:
    """What is wrong with an agent is said when somebody talks to it."""
    assert engine.read == []


async def test_nothing_goes_on_after_unloading(
    hass: HomeAssistant,
    home: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An entry that is unloaded listens no more."""
    await hass.config_entries.async_unload(home.entry_id)
    er.async_get(hass).async_update_entity(LIGHT, aliases=["sun"])
    await pause(hass, freezer)
    assert len(engine.read) == 1


@pytest.mark.parametrize("stats", [TurnStats(), TurnStats(prompt_tokens=10)])
async def test_a_share_that_nobody_knows(
    hass: HomeAssistant, home: MockConfigEntry, engine: FakeEngine, stats: TurnStats
) -> None:
    """An engine that does not count what it had read gives no share."""
    engine.script(says("Hello.", stats=stats))
    await say(hass, "hello")
    assert state_of(hass, SHARE) == "unknown"
