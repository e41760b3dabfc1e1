"""What a person sees of the room in a context window."""

from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)

from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines.chat import Role
from custom_components.hearth.engines.faults import Unreachable
from custom_components.hearth.issue_watch import issue_id
from custom_components.hearth.issues import Fault

from .conftest import AGENT_ID, ENTRY_ID, state_of
from .fake_engine import STATS, FakeEngine, says, words_of
from .homes import VILLA, async_set_up_home
from .test_read_ahead import pause, say, settle

SIZE = "sensor.tiny_prompt_size"
ISSUE = issue_id(Fault.HOME_TOO_BIG, AGENT_ID)


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the agent and its sensors."""
    return ["conversation", "sensor"]


async def set_up(hass: HomeAssistant, entry: MockConfigEntry, **home: Any) -> None:
    """Set up a home and an agent, and wait until it has read."""
    assert await async_setup_component(hass, "conversation", {})
    await async_set_up_home(hass, **home)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)


@pytest.fixture
async def family(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    engine: FakeEngine,
) -> MockConfigEntry:
    """Return the entry of an agent that knows its home."""
    engine.counts = True
    await set_up(hass, mock_config_entry)
    return mock_config_entry


@pytest.fixture
def small(agent_data: dict[str, Any]) -> None:
    """Give the agent a window that is too small for any home."""
    agent_data["context_window"] = 1024


def attributes(hass: HomeAssistant) -> dict[str, Any]:
    """Return the numbers beside the size."""
    state = hass.states.get(SIZE)
    assert state is not None
    return dict(state.attributes)


def issue(hass: HomeAssistant) -> ir.IssueEntry | None:
    """Return the issue about the home, if it stands."""
    return ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)


async def test_size_after_reading(
    hass: HomeAssistant, family: MockConfigEntry, engine: FakeEngine
) -> None:
    """The parts are those of the prompt that was read, and make up the window."""
    (read,) = engine.read
    assert state_of(hass, SIZE) == str(len(words_of(read).split()))
    seen = attributes(hass)
    assert seen["estimated"] is False
    assert min(seen[part] for part in ("instructions", "home", "tools")) > 10
    parts = ("conversation", "home", "instructions", "tools")
    assert sum(seen[part] for part in parts) == seen["context_window"] == 4096
    assert issue(hass) is None


async def test_changes_with_the_home_only(
    hass: HomeAssistant,
    family: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A turn changes nothing; a device that is gone makes it shorter."""
    counted, before = len(engine.counted), int(state_of(hass, SIZE))
    events = async_capture_events(hass, "state_changed")
    engine.script(says("Hello."))
    await say(hass, "hello")
    await settle(hass)
    assert len(engine.counted) == counted
    assert all(event.data["entity_id"] != SIZE for event in events)

    async_expose_entity(hass, "conversation", "light.kitchen_ceiling", False)
    await pause(hass, freezer)
    assert int(state_of(hass, SIZE)) < before


async def test_unknown_until_it_was_found_out(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """An engine that never answers has no numbers; one that is gone neither."""
    runtime = setup_entry.runtime_data
    runtime.budgets[AGENT_ID].last = None
    runtime.coordinator.async_update_listeners()
    assert state_of(hass, SIZE) == STATE_UNKNOWN
    assert "home" not in attributes(hass)
    runtime.coordinator.async_report_error(Unreachable("reset"))
    assert state_of(hass, SIZE) == STATE_UNAVAILABLE


async def test_estimated_from_turns(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    engine: FakeEngine,
) -> None:
    """Where nobody counts, the first turn tells how long a token is."""
    await set_up(hass, mock_config_entry)
    assert attributes(hass)["estimated"] is True
    before = int(state_of(hass, SIZE))
    engine.script(says("Hello."))
    await say(hass, "hello")
    await settle(hass)
    (turn,) = engine.requests
    # The engine says that it was 700 tokens, of which some were the words.
    assert int(state_of(hass, SIZE)) != before
    assert int(state_of(hass, SIZE)) == pytest.approx(
        700 * len(words_of(engine.read[-1])) / len(words_of(turn)), rel=0.05
    )


async def test_form(hass: HomeAssistant, family: MockConfigEntry) -> None:
    """The agent's form says it in words; a new agent's says nothing."""
    seen = attributes(hass)
    changing = await hass.config_entries.subentries.async_init(
        (ENTRY_ID, "conversation"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": AGENT_ID},
    )
    placeholders = changing["description_placeholders"]
    assert placeholders is not None
    assert placeholders["budget"] == (
        "\n\nOf the 4096 tokens that the model can keep in mind, "
        f"{seen['instructions']} are used by instructions, {seen['home']} by your home "
        f"and {seen['tools']} by tools; {seen['conversation']} are left for talking."
    )
    new = await hass.config_entries.subentries.async_init(
        (ENTRY_ID, "conversation"), context={"source": "user"}
    )
    assert new["description_placeholders"] == {"budget": ""}


@pytest.mark.usefixtures("small")
async def test_home_too_big(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is told of as long as it is so, in the form too, and gone when it fits."""
    await set_up(hass, mock_config_entry, file=VILLA)
    found = issue(hass)
    assert found is not None
    assert found.severity is ir.IssueSeverity.WARNING
    assert not found.is_fixable
    words = found.translation_placeholders
    assert words is not None
    assert 100 < int(words["left_out"]) <= int(words["devices"])
    assert words["window"] == "1024"
    assert "There is more than is listed here" in engine.read[-1].messages[0].content

    form = await hass.config_entries.subentries.async_init(
        (ENTRY_ID, "conversation"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": AGENT_ID},
    )
    assert form["description_placeholders"] is not None
    text = form["description_placeholders"]["budget"]
    assert "about " in text
    assert f"{words['left_out']} of your {words['devices']} devices" in text

    for entity_id in hass.states.async_entity_ids():
        async_expose_entity(hass, "conversation", entity_id, False)
    await pause(hass, freezer)
    assert issue(hass) is None


@pytest.mark.usefixtures("small")
async def test_turns_of_a_big_home_share_their_prompt(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    engine: FakeEngine,
    hass_admin_user: MockUser,
) -> None:
    """What was read ahead is what is sent, whatever is learned and used meanwhile."""
    await set_up(hass, mock_config_entry, file=VILLA)
    ready = engine.read[-1].messages[0]
    for _ in range(3):
        engine.script(says("Hello."))
        await say(hass, "hello")
        await settle(hass)
        await hass.services.async_call(
            "homeassistant",
            "turn_on",
            {"entity_id": hass.states.async_entity_ids("light")[-1]},
            blocking=True,
            context=Context(user_id=hass_admin_user.id),
        )
    sent = {request.messages[0].content for request in engine.requests[1:]}
    assert len(sent) == 1
    assert engine.requests[0].messages[0] == ready


async def test_a_count_makes_room(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    engine: FakeEngine,
    agent_data: dict[str, Any],
) -> None:
    """An engine that cannot count before it has loaded counts after reading."""
    agent_data["context_window"] = 1300
    engine.counts_once_read = True
    await set_up(hass, mock_config_entry)
    first, second = (request.messages[0].content for request in engine.read)
    assert "There is more than is listed here" in first
    assert "There is more than is listed here" not in second
    assert issue(hass) is None
    assert attributes(hass)["estimated"] is False


async def test_more_of_the_talk_is_remembered(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    engine: FakeEngine,
    agent_data: dict[str, Any],
) -> None:
    """Where it is known what a prompt takes, no room is lost to caution."""
    agent_data |= {"context_window": 1400, "max_tokens": 700}
    await set_up(hass, mock_config_entry)
    stats = replace(STATS, prompt_tokens=500)
    engine.script(says("Hello.", stats=stats), says("Noon.", stats=stats))
    first = await say(hass, "hello")
    await conversation.async_converse(
        hass,
        "what time is it",
        first.conversation_id,
        Context(),
        language="en",
        agent_id="conversation.tiny",
    )
    await settle(hass)
    assert [message.role for message in engine.requests[1].messages] == [
        Role.SYSTEM,
        Role.USER,
        Role.ASSISTANT,
        Role.USER,
    ]
