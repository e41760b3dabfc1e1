"""How the engines are, on Home Assistant's page about itself and its parts."""

import asyncio
from collections.abc import Iterable
from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.loader import async_get_integration

from .const import DOMAIN
from .coordinator import HearthConfigEntry
from .engines.base import Engine
from .engines.faults import EngineError
from .engines.kinds import NAMES
from .engines.managed import ManagedEngine
from .machine import async_read_machine
from .privacy import file_name

# Seconds.
PATIENCE = 5.0

_GIB = 1 << 30
_FINE = "ok"
_GONE = "unreachable"
_NONE = "none"
_UNKNOWN = "unknown"


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Offer what there is to tell."""
    register.async_register_info(async_info, "/config/integrations/integration/hearth")


async def async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return a row for each thing to know; of several engines all in one.

    Who pastes this page into a report gives away no address and no name.
    """
    entries: list[HearthConfigEntry] = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.state is ConfigEntryState.LOADED
    ]
    integration = await async_get_integration(hass, DOMAIN)
    rows: dict[str, Any] = {"version": str(integration.version)}
    if entries:
        rows |= {
            "engine": _joined(_engine(entry) for entry in entries),
            "engine_reachable": _async_reachable(entries),
            "loaded_model": _joined(_loaded(entry) for entry in entries),
            "runtime": _joined(_runtime(entry) for entry in entries),
        }
    return rows | {"machine": _async_machine(hass)}


def _joined(values: Iterable[str]) -> str:
    """Return what is to be told of each engine, in the order of the entries."""
    return "; ".join(values)


def _engine(entry: HearthConfigEntry) -> str:
    """Return the kind of an engine and its version."""
    runtime = entry.runtime_data
    version = runtime.coordinator.data.health.version
    return " ".join(filter(None, (NAMES[runtime.engine.kind], version)))


async def _async_reachable(entries: list[HearthConfigEntry]) -> str | dict[str, str]:
    """Return whether engines answer now; a failure as Home Assistant shows one."""
    answers = await asyncio.gather(
        *(_async_answers(entry.runtime_data.engine) for entry in entries)
    )
    if not any(answers):
        return {"type": "failed", "error": _GONE}
    return _joined(_FINE if answer else _GONE for answer in answers)


async def _async_answers(engine: Engine) -> bool:
    """Return whether an engine answers."""
    try:
        async with asyncio.timeout(PATIENCE):
            await engine.health()
    except EngineError, TimeoutError:
        return False
    return True


def _loaded(entry: HearthConfigEntry) -> str:
    """Return the models that an engine has in memory."""
    models = entry.runtime_data.coordinator.data.loaded
    return ", ".join(file_name(model.name) for model in models) or _NONE


def _runtime(entry: HearthConfigEntry) -> str:
    """Return the program that Hearth runs for an engine, and what that is doing."""
    engine = entry.runtime_data.engine
    if not isinstance(engine, ManagedEngine):
        return _NONE
    return f"{engine.plan.runtime}, {engine.state}"


async def _async_machine(hass: HomeAssistant) -> str:
    """Return what machine it is, and how much memory it has."""
    board, _ = await async_read_machine(hass)
    memory = board.installed_memory or board.memory.total
    facts = (board.model, board.soc, f"{memory / _GIB:.1f} GiB" if memory else None)
    return ", ".join(fact for fact in facts if fact) or _UNKNOWN
