"""What machine Home Assistant runs on right now, and how it is doing."""

from homeassistant.core import HomeAssistant

from . import board_coordinator
from .board_reading import Places
from .hardware.board import Board, read_board
from .hardware.board_facts import Fact, board_facts, health_facts
from .hardware.board_health import Health, read_health
from .managed.settings import models_path
from .welcome.apps import Apps, async_apps


async def async_read_machine(
    hass: HomeAssistant, *, places: Places | None = None, apps: Apps | None = None
) -> tuple[Board, Health]:
    """Look at the machine that Home Assistant runs on.

    Args:
        places: Where to read of one that is pretended.
        apps: What the Supervisor tells, where that is known already.
    """
    where = places or board_coordinator.MACHINE
    folder, machine = models_path(hass), (apps or async_apps(hass)).machine

    def read() -> tuple[Board, Health]:
        """Read of the machine; blocks."""
        board = read_board(
            where.root,
            models=where.models or folder,
            supervisor_machine=machine,
            space=where.space,
        )
        return board, read_health(where.root)

    return await hass.async_add_executor_job(read)


async def async_machine_facts(hass: HomeAssistant) -> dict[str, Fact]:
    """Return what is known of the machine and of how it is doing."""
    board, health = await async_read_machine(hass)
    return {**board_facts(board), **health_facts(health)}
