"""The machine's entities, on the device of the engine that runs on it."""

from unittest.mock import AsyncMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import CONF_URL, STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hearth.board_coordinator import INTERVAL
from custom_components.hearth.const import DOMAIN

from .conftest import ENTRY_ID, state_of
from .hardware.board_trees import PI_5_8GB, TREES
from .machines import HOT, WEAK, Machine

MEMORY = "sensor.127_0_0_1_available_memory"
SPACE = "sensor.127_0_0_1_free_space_for_models"
TEMPERATURE = "sensor.127_0_0_1_processor_temperature"
THROTTLED = "binary_sensor.127_0_0_1_throttled"
UNDER_VOLTAGE = "binary_sensor.127_0_0_1_under_voltage"
KEYS = {
    "available_memory",
    "cpu_temperature",
    "free_space",
    "throttled",
    "under_voltage",
}
OTHER_ID = "01JHEARTHOTHER000000000000"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the sensors of both kinds."""
    return ["binary_sensor", "sensor"]


@pytest.fixture
def pi(machine: Machine) -> Machine:
    """Run on a Raspberry Pi 5 with an Ollama whose models can be seen."""
    machine.plant(PI_5_8GB)
    (machine.root / "usr/share/ollama/.ollama/models").mkdir(parents=True)
    return machine


@pytest.fixture
def other_entry() -> MockConfigEntry:
    """Return an entry of a second engine on this machine; not yet added."""
    return MockConfigEntry(
        data={CONF_URL: "http://localhost:8080"},
        domain=DOMAIN,
        entry_id=OTHER_ID,
        title="localhost",
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Add and set up an entry."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def poll(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the next look at the machine happen."""
    freezer.tick(INTERVAL.total_seconds() + 1)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


def shown_by(hass: HomeAssistant, entry_id: str) -> set[str]:
    """Return which of the machine's entities belong to an entry."""
    entries = er.async_entries_for_config_entry(er.async_get(hass), entry_id)
    return KEYS & {entry.unique_id.removeprefix(f"{entry_id}_") for entry in entries}


async def test_shows_the_machine(
    hass: HomeAssistant, pi: Machine, setup_entry: MockConfigEntry
) -> None:
    """All that a Raspberry Pi tells is shown with the engine that runs on it."""
    assert shown_by(hass, ENTRY_ID) == KEYS
    assert state_of(hass, TEMPERATURE) == "52.85"
    assert float(state_of(hass, MEMORY)) == pytest.approx(7_100_000 / 2**20)
    assert state_of(hass, SPACE) == "64.0"
    assert state_of(hass, THROTTLED) == STATE_OFF
    assert state_of(hass, UNDER_VOLTAGE) == STATE_OFF


async def test_follows_the_machine(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The next look shows what has changed; a weak supply is not forgotten."""
    pi.write(temperature="85100\n")
    pi.slow_down(HOT | WEAK)
    pi.free //= 2
    await poll(hass, freezer)

    assert state_of(hass, TEMPERATURE) == "85.1"
    assert state_of(hass, SPACE) == "32.0"
    assert state_of(hass, THROTTLED) == STATE_ON
    assert state_of(hass, UNDER_VOLTAGE) == STATE_ON

    pi.slow_down(0)
    await poll(hass, freezer)

    assert state_of(hass, THROTTLED) == STATE_OFF
    assert state_of(hass, UNDER_VOLTAGE) == STATE_ON


async def test_remembers_over_a_reload(
    hass: HomeAssistant, pi: Machine, setup_entry: MockConfigEntry
) -> None:
    """What has happened since the start is known to the reloaded entry, too."""
    pi.slow_down(WEAK)
    await hass.config_entries.async_reload(ENTRY_ID)
    pi.slow_down(0)
    await hass.config_entries.async_reload(ENTRY_ID)
    await hass.async_block_till_done()

    assert state_of(hass, UNDER_VOLTAGE) == STATE_ON


async def test_becomes_unknown(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What cannot be read any more is unknown, and nothing else."""
    pi.write(temperature="?", meminfo="?")
    await poll(hass, freezer)

    assert state_of(hass, TEMPERATURE) == STATE_UNKNOWN
    assert state_of(hass, MEMORY) == STATE_UNKNOWN
    assert state_of(hass, SPACE) == "64.0"


@pytest.mark.parametrize(
    ("tree", "shown"),
    [
        ("nothing", set()),
        ("mini_pc", {"available_memory", "cpu_temperature"}),
        ("pi_4", KEYS - {"free_space"}),
    ],
)
async def test_shows_what_is_known(
    hass: HomeAssistant,
    machine: Machine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
    tree: str,
    shown: set[str],
) -> None:
    """What a machine does not tell has no entity."""
    machine.plant(TREES[tree])
    await set_up(hass, mock_config_entry)

    assert shown_by(hass, ENTRY_ID) == shown


async def test_another_machine(
    hass: HomeAssistant,
    pi: Machine,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    platforms: None,
) -> None:
    """The machine has nothing to do with an engine that runs on another."""
    mock_config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        mock_config_entry, data={CONF_URL: "http://192.168.1.20:11434"}
    )
    await hass.config_entries.async_setup(ENTRY_ID)
    await hass.async_block_till_done()

    assert mock_config_entry.state is ConfigEntryState.LOADED
    assert shown_by(hass, ENTRY_ID) == set()


async def test_moves_away(
    hass: HomeAssistant, pi: Machine, setup_entry: MockConfigEntry
) -> None:
    """An engine that is now reached elsewhere loses the machine's entities."""
    hass.config_entries.async_update_entry(
        setup_entry, data={CONF_URL: "http://192.168.1.20:11434"}
    )
    await hass.async_block_till_done()

    assert setup_entry.state is ConfigEntryState.LOADED
    assert shown_by(hass, ENTRY_ID) == set()
    assert hass.states.get(TEMPERATURE) is None


async def test_one_set_of_entities(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    other_entry: MockConfigEntry,
) -> None:
    """A second engine on this machine does not show it again."""
    await set_up(hass, other_entry)

    assert other_entry.state is ConfigEntryState.LOADED
    assert shown_by(hass, ENTRY_ID) == KEYS
    assert shown_by(hass, OTHER_ID) == set()


async def test_the_next_one_takes_over(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    other_entry: MockConfigEntry,
) -> None:
    """When the engine that showed the machine is removed, the other one does."""
    await set_up(hass, other_entry)
    await hass.config_entries.async_remove(ENTRY_ID)
    await hass.async_block_till_done()

    assert other_entry.state is ConfigEntryState.LOADED
    assert shown_by(hass, ENTRY_ID) == set()
    assert shown_by(hass, OTHER_ID) == KEYS
    assert state_of(hass, "sensor.localhost_processor_temperature") == "52.85"


async def test_takes_over_until_it_is_enabled_again(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    other_entry: MockConfigEntry,
    mock_probe: AsyncMock,
) -> None:
    """A disabled engine gets the machine back when it is enabled."""
    await set_up(hass, other_entry)
    assert mock_probe.await_count == 2

    await hass.config_entries.async_set_disabled_by(ENTRY_ID, ConfigEntryDisabler.USER)
    await hass.async_block_till_done()
    assert shown_by(hass, OTHER_ID) == KEYS
    assert mock_probe.await_count == 3

    await hass.config_entries.async_set_disabled_by(ENTRY_ID, None)
    await hass.async_block_till_done()
    assert mock_probe.await_count == 5
    assert state_of(hass, TEMPERATURE) == "52.85"
    assert shown_by(hass, OTHER_ID) == set()
    assert other_entry.state is ConfigEntryState.LOADED


async def test_sleeps_when_nobody_listens(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Without an engine on it the machine is not looked at."""
    await hass.config_entries.async_unload(ENTRY_ID)
    looks = len(pi.looked_at)
    await poll(hass, freezer)

    assert looks > 0
    assert len(pi.looked_at) == looks


async def test_starts_again_once(
    hass: HomeAssistant,
    pi: Machine,
    setup_entry: MockConfigEntry,
    other_entry: MockConfigEntry,
) -> None:
    """However much is heard of the disabled engine, the next one reloads once."""
    await set_up(hass, other_entry)

    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        await hass.config_entries.async_set_disabled_by(
            ENTRY_ID, ConfigEntryDisabler.USER
        )
        await hass.async_block_till_done()

    reload.assert_called_once_with(OTHER_ID)
