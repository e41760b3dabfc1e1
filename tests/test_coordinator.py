"""Watching an engine: polls, and what the chats report."""

import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hearth.agent.line import Priority
from custom_components.hearth.coordinator import (
    INTERVAL_DOWN,
    INTERVAL_UP,
    EngineStatus,
    HearthCoordinator,
)
from custom_components.hearth.engines.base import EngineState, Health, LoadedModel
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    ContextOverflow,
    EngineError,
    ModelMissing,
    TimedOut,
    Unreachable,
)

from .fake_engine import FakeEngine


@pytest.fixture
def platform_list() -> list[str]:
    """Set up a platform that listens, so that the coordinator polls."""
    return ["binary_sensor"]


@pytest.fixture
def coordinator(setup_entry: MockConfigEntry) -> HearthCoordinator:
    """Return the coordinator of the entry."""
    found: HearthCoordinator = setup_entry.runtime_data.coordinator
    return found


@pytest.fixture
def clock(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Clock:
    """Return a clock that only moves when told."""
    return Clock(hass, freezer)


class Clock:
    """Let time pass."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Start now."""
        self._hass = hass
        self._freezer = freezer

    async def advance(self, seconds: float) -> None:
        """Let seconds pass, and what they bring about happen."""
        self._freezer.tick(seconds)
        async_fire_time_changed(self._hass)
        await self._hass.async_block_till_done(wait_background_tasks=True)


# The coordinator adds up to half a second to its intervals.
UP = INTERVAL_UP.total_seconds() + 1
DOWN = INTERVAL_DOWN.total_seconds() + 1


async def test_polls_and_notices_a_change(
    coordinator: HearthCoordinator, engine: FakeEngine, clock: Clock
) -> None:
    """What the engine has in memory is known half a minute later."""
    engine.in_memory = ()
    await clock.advance(UP)

    assert coordinator.data.loaded == ()
    assert coordinator.data.memory == 0


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Busy("503"), "http://127.0.0.1:11434 is busy or still loading: 503"),
        (TimedOut("5 s"), "http://127.0.0.1:11434 did not answer in time: 5 s"),
        (Unreachable("reset"), "Nothing answers at http://127.0.0.1:11434: reset"),
    ],
)
async def test_logs_an_outage_once_and_recovers(
    coordinator: HearthCoordinator,
    engine: FakeEngine,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    error: EngineError,
    message: str,
) -> None:
    """An outage is said once, asked about once a minute, and its end said once."""
    caplog.set_level(logging.INFO)
    engine.error = error
    await clock.advance(UP)
    assert not coordinator.last_update_success
    checks = engine.health_checks

    await clock.advance(UP)
    assert engine.health_checks == checks
    await clock.advance(DOWN)
    assert engine.health_checks == checks + 1
    assert caplog.text.count(message) == 1

    engine.error = None
    await clock.advance(DOWN)
    assert coordinator.last_update_success
    assert caplog.text.count("recovered") == 1
    await clock.advance(UP)
    assert engine.health_checks == checks + 3


async def test_poll_with_a_bad_key_starts_reauth(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    coordinator: HearthCoordinator,
    engine: FakeEngine,
    clock: Clock,
) -> None:
    """A key that is no longer accepted is asked for again."""
    engine.error = AuthFailed("401")
    await clock.advance(UP)

    assert not coordinator.last_update_success
    assert any(setup_entry.async_get_active_flows(hass, {SOURCE_REAUTH}))


@pytest.mark.parametrize("error", [Busy("503"), TimedOut("5 s")])
async def test_silence_at_work_is_no_outage(
    setup_entry: MockConfigEntry,
    coordinator: HearthCoordinator,
    engine: FakeEngine,
    clock: Clock,
    error: EngineError,
) -> None:
    """An engine that is answering somebody may be late with everything else."""
    engine.error = error
    async with setup_entry.runtime_data.line.place(Priority.VOICE):
        await clock.advance(UP)
        assert coordinator.last_update_success

    await clock.advance(UP)
    assert not coordinator.last_update_success


async def test_refused_at_work_is_an_outage(
    setup_entry: MockConfigEntry,
    coordinator: HearthCoordinator,
    engine: FakeEngine,
    clock: Clock,
) -> None:
    """An engine that is gone is gone, whatever it was doing."""
    engine.error = Unreachable("refused")
    async with setup_entry.runtime_data.line.place(Priority.VOICE):
        await clock.advance(UP)

    assert not coordinator.last_update_success


@pytest.mark.parametrize("error", [TimedOut("300 s"), Unreachable("reset")])
async def test_chat_reports_an_outage(
    coordinator: HearthCoordinator,
    engine: FakeEngine,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    error: EngineError,
) -> None:
    """A chat that finds the engine gone says so before the next poll."""
    checks = engine.health_checks
    coordinator.async_report_error(error)
    coordinator.async_report_error(error)

    assert not coordinator.last_update_success
    assert caplog.text.count(f"{error}") == 1

    await clock.advance(UP)
    assert engine.health_checks == checks
    await clock.advance(DOWN)
    assert coordinator.last_update_success


async def test_chat_reports_recovery(
    coordinator: HearthCoordinator,
    engine: FakeEngine,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A chat that gets an answer ends the outage, and the slow polls with it."""
    coordinator.async_report_error(Unreachable("reset"))
    checks = engine.health_checks

    coordinator.async_report_success()
    coordinator.async_report_success()

    assert coordinator.last_update_success
    assert caplog.text.count("answers again") == 1
    await clock.advance(UP)
    assert engine.health_checks == checks + 1


async def test_chat_reports_a_bad_key(
    hass: HomeAssistant, setup_entry: MockConfigEntry, coordinator: HearthCoordinator
) -> None:
    """A key refused in a chat is asked for again, once."""
    coordinator.async_report_error(AuthFailed("401"))
    coordinator.async_report_error(AuthFailed("401"))
    await hass.async_block_till_done()

    assert not coordinator.last_update_success
    assert len(list(setup_entry.async_get_active_flows(hass, {SOURCE_REAUTH}))) == 1


@pytest.mark.parametrize(
    "error", [Busy("503"), ContextOverflow("too long"), ModelMissing("tiny")]
)
async def test_chat_reports_no_outage(
    coordinator: HearthCoordinator, error: EngineError
) -> None:
    """What does not concern the connection leaves it up."""
    coordinator.async_report_error(error)

    assert coordinator.last_update_success


@pytest.mark.parametrize(("sizes", "memory"), [((), 0), ((1, 2), 3), ((1, None), None)])
def test_memory_of_loaded_models(
    sizes: tuple[int | None, ...], memory: int | None
) -> None:
    """The sum is known only where every part is."""
    status = EngineStatus(
        health=Health(state=EngineState.READY),
        loaded=tuple(LoadedModel(name=str(size), memory=size) for size in sizes),
    )

    assert status.memory == memory
