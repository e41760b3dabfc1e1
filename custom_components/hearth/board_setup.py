"""Bringing an entry together with the machine, and with what may be wrong there."""

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .board_coordinator import async_board, async_owner_id, runs_here
from .board_sensors import async_remove_board_entities
from .const import DOMAIN
from .coordinator import HearthConfigEntry
from .issue_watch import IssueWatch, async_drop_stale_issues


async def async_set_up_board(hass: HomeAssistant, entry: HearthConfigEntry) -> None:
    """Watch the machine for an entry whose engine runs on it, and its problems.

    Comes after the entry's runtime data and before its platforms, which show what
    is found here.
    """
    board = None
    if runs_here(entry):
        board = async_board(hass)
        entry.async_on_unload(board.async_follow(entry))
        await board.async_refresh()
    if async_owner_id(hass) != entry.entry_id:
        async_remove_board_entities(hass, entry)
    _async_follow_owner(hass, entry)
    # What is gone from the entry, or the entry itself, is not among the valid then.
    entry.async_on_unload(lambda: async_drop_stale_issues(hass))
    IssueWatch(hass, entry, board).async_start()


@callback
def _async_follow_owner(hass: HomeAssistant, entry: HearthConfigEntry) -> None:
    """Start an entry again when its device begins or ceases to show the machine."""
    shown = async_owner_id(hass) == entry.entry_id

    @callback
    def changed(change: ConfigEntryChange, other: ConfigEntry) -> None:
        nonlocal shown
        if other.domain != DOMAIN or other.entry_id == entry.entry_id:
            return
        if (async_owner_id(hass) == entry.entry_id) is not shown:
            shown = not shown
            hass.config_entries.async_schedule_reload(entry.entry_id)

    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed)
    )
