"""Looking around: the machine, the engines that answer, what can be run here."""

import asyncio
from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey

from .. import board_coordinator
from ..benchmarking.store import async_benchmarks
from ..board_reading import Places
from ..const import DOMAIN, LOGGER
from ..engines.discovery import Found, discover, usual_addresses
from ..hardware.board import Board
from ..hardware.board_health import Health
from ..hardware.speed import Calibration
from ..machine import async_read_machine
from ..managed.choices import Choices, async_list_choices
from ..models.catalog import catalog
from ..recommend import recommend
from ..recommending.base import Pick, Situation
from ..steps.work import no_sooner
from .apps import async_apps
from .hosts import container_host

# Where to read of the machine instead, for tests and pictures.
PLACES: HassKey[Places] = HassKey(f"{DOMAIN}_welcome_places")

# Not "localhost", which would be asked twice where it has two addresses.
_THIS_MACHINE = "127.0.0.1"
# Seconds. A slow machine takes longer to start the programs that are asked for their
# versions; they are asked again when one of them is to be used.
RUNTIMES_WITHIN = 2.5
# Seconds for everything: a disk may hang, and then there is the form without it.
WITHIN = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen.

    Args:
        situation: The machine, the engines that answer, what is spoken.
        health: How the machine is doing.
        choices: What can be run here; None where that took too long to find out.
        picks: All that could be recommended, the best first.
    """

    situation: Situation
    health: Health
    choices: Choices | None
    picks: tuple[Pick, ...]


def machine_places(hass: HomeAssistant) -> Places:
    """Return where to read of the machine."""
    return hass.data.get(PLACES, board_coordinator.MACHINE)


async def async_look(hass: HomeAssistant) -> Sight:
    """Look around for a few seconds.

    Raises TimeoutError, or whatever keeps it from seeing the machine.
    """
    async with no_sooner():
        return await _async_see(hass)


async def _async_see(hass: HomeAssistant) -> Sight:
    """Return what there is to see."""
    places = machine_places(hass)
    apps = async_apps(hass)
    async with asyncio.timeout(WITHIN):
        around = await hass.async_add_executor_job(container_host, places.root)
        hosts = [*([around] if around else []), *apps.hosts]
        (board, health), found, choices = await asyncio.gather(
            async_read_machine(hass, places=places, apps=apps),
            discover(
                async_get_clientsession(hass),
                usual_addresses([_THIS_MACHINE, *hosts]),
            ),
            _async_choices(hass),
        )
        situation, picks = await hass.async_add_executor_job(
            _recommend,
            _Seen(
                board=board,
                found=found,
                choices=choices,
                language=hass.config.language,
                own_hosts=frozenset(hosts),
                app_offered=apps.ollama_offered,
                calibration=(await async_benchmarks(hass)).calibration,
            ),
        )
    return Sight(situation=situation, health=health, choices=choices, picks=picks)


async def _async_choices(hass: HomeAssistant) -> Choices | None:
    """Return what can be run here, None where it takes too long to find out."""
    try:
        async with asyncio.timeout(RUNTIMES_WITHIN):
            return await async_list_choices(hass)
    except OSError as err:
        # That it took too long is one of these.
        LOGGER.debug("What can be run here was not found out: %r", err)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What a recommendation follows from, without the catalogue."""

    board: Board
    found: tuple[Found, ...]
    choices: Choices | None
    language: str
    own_hosts: frozenset[str]
    app_offered: bool
    calibration: Calibration


def _recommend(seen: _Seen) -> tuple[Situation, tuple[Pick, ...]]:
    """Return what is recommended and from what; reads the catalogue, and so blocks."""
    choices = seen.choices
    situation = Situation(
        board=seen.board,
        catalog=catalog(),
        found=seen.found,
        language=seen.language,
        own_hosts=seen.own_hosts,
        app_offered=seen.app_offered,
        calibration=seen.calibration,
        files=frozenset(path.name for path in choices.files)
        if choices
        else frozenset(),
        llama_server=choices is not None and choices.server is not None,
    )
    return situation, recommend(situation)
