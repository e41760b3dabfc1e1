"""Watching the machine that engines run on, once for all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import override

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util.hass_dict import HassKey

from .board_hosts import is_this_host
from .board_reading import BoardReading, Places, read_machine
from .const import DOMAIN, LOGGER
from .coordinator import HearthConfigEntry
from .engines.base import EngineKind
from .hardware.board_health import remember
from .issues import MachineEvidence, Observation
from .managed.settings import NANO, ManagedSettings, is_managed

INTERVAL = timedelta(seconds=30)
# The one that Home Assistant runs on.
MACHINE = Places()

_BOARD: HassKey[BoardCoordinator] = HassKey(f"{DOMAIN}_board")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardStatus:
    """The machine when it was last looked at, and what was seen of it before."""

    reading: BoardReading
    evidence: MachineEvidence = field(default_factory=MachineEvidence)


def runs_here(entry: HearthConfigEntry) -> bool:
    """Return whether an entry's engine runs on this machine."""
    return is_managed(entry.data) or is_this_host(entry.data[CONF_URL])


@callback
def async_entries_here(hass: HomeAssistant) -> list[HearthConfigEntry]:
    """Return the entries with engines on this machine, the oldest first."""
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    return [entry for entry in entries if runs_here(entry)]


@callback
def async_owner_id(hass: HomeAssistant) -> str | None:
    """Return the id of the entry whose device shows the machine.

    It is the oldest one, so that another engine never takes the entities away.
    """
    return next((entry.entry_id for entry in async_entries_here(hass)), None)


@callback
def async_board(hass: HomeAssistant) -> BoardCoordinator:
    """Return the one that watches the machine.

    It is asleep while no entry listens, and remembers what it saw before.
    """
    if _BOARD not in hass.data:
        hass.data[_BOARD] = BoardCoordinator(hass)
    return hass.data[_BOARD]


class BoardCoordinator(DataUpdateCoordinator[BoardStatus]):
    """Look at the machine now and then, and after each turn."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Watch the machine that Home Assistant runs on."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=None,
            name="The machine",
            update_interval=INTERVAL,
            always_update=False,
        )
        self._entries: dict[str, HearthConfigEntry] = {}
        self._turn_ended = False

    @callback
    def async_follow(self, entry: HearthConfigEntry) -> Callable[[], None]:
        """Heed what an entry's engine does; returns how to stop that."""
        self._entries[entry.entry_id] = entry

        def stop() -> None:
            del self._entries[entry.entry_id]

        return stop

    @override
    async def _async_update_data(self) -> BoardStatus:
        """Read the machine's files; what cannot be read is unknown."""
        generating, self._turn_ended = self._turn_ended or self._is_generating(), False
        reading = await self.hass.async_add_executor_job(read_machine, self._places())
        before: BoardStatus | None = self.data
        if before is not None:
            health = remember(before.reading.health, reading.health)
            reading = replace(reading, health=health)
        runtimes = [entry.runtime_data for entry in self._entries.values()]
        seen = Observation(
            reading=reading,
            generating=generating,
            model_loaded=any(runtime.coordinator.data.loaded for runtime in runtimes),
            bundled_only=all(_is_bundled(entry) for entry in self._entries.values()),
        )
        evidence = before.evidence if before is not None else MachineEvidence()
        return BoardStatus(reading=reading, evidence=evidence.after(seen))

    async def async_turn_ended(self) -> None:
        """Look at the machine while it still shows how a turn was for it."""
        self._turn_ended = True
        await self.async_refresh()

    def _is_generating(self) -> bool:
        """Return whether an engine on this machine is at work for an agent."""
        return any(entry.runtime_data.line.locked() for entry in self._entries.values())

    def _places(self) -> Places:
        """Return where to read; an engine of our own knows where its models are."""
        folder: Path | None = None
        ollama = False
        for entry in self._entries.values():
            if is_managed(entry.data):
                folder = _models_folder(self.hass, ManagedSettings.of(entry.data))
            elif entry.runtime_data.engine.kind is EngineKind.OLLAMA:
                ollama = True
        return replace(MACHINE, models=folder, ollama=ollama)


def _is_bundled(entry: HearthConfigEntry) -> bool:
    """Return whether an engine runs nothing but the model that comes with Hearth."""
    return is_managed(entry.data) and ManagedSettings.of(entry.data).model == NANO


def _models_folder(hass: HomeAssistant, settings: ManagedSettings) -> Path:
    """Return where an engine's model is, or where the next one would go."""
    if settings.model == NANO:
        return settings.models_path(hass)
    return settings.model_file.parent
