"""What is measured, and how it is played with each contender."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
import time

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant

from bench.in_process import find_agent

from .contenders import Contender
from .guest import Guest, Setting
from .measured import Measured
from .speaking import open_mouth

_START_SECONDS = 120


class Case(StrEnum):
    """The situations, in the order in which they are played."""

    COLD = "cold"
    WARM = "warm"
    ACTION = "action"
    STATE = "state"
    CONVERSATION = "conversation"
    RENAME = "rename"
    SATELLITES = "satellites"
    SPEECH = "speech"
    UNPREPARED = "speech_unprepared"
    RESTART_AT_ONCE = "restart_at_once"
    RESTART = "restart"


class Part(StrEnum):
    """One run of Home Assistant."""

    ONE_HOME = "one_home"
    BEFORE_RESTART = "before_restart"
    AT_ONCE = "at_once"
    LATER = "later"


IN_ONE_HOME: Mapping[Case, Callable[[Guest], Awaitable[Measured]]] = {
    Case.COLD: Guest.cold,
    Case.WARM: Guest.warm,
    Case.ACTION: Guest.action,
    Case.STATE: Guest.state,
    Case.CONVERSATION: Guest.conversation,
    Case.RENAME: Guest.rename,
    Case.SATELLITES: Guest.satellites,
    Case.SPEECH: Guest.speech,
    Case.UNPREPARED: Guest.unprepared,
}
_AFTER_RESTART = frozenset({Case.RESTART, Case.RESTART_AT_ONCE})


def parts_of(wanted: frozenset[Case]) -> tuple[Part, ...]:
    """Return the runs of Home Assistant that some cases need."""
    parts: list[Part] = []
    if wanted & IN_ONE_HOME.keys():
        parts.append(Part.ONE_HOME)
    if wanted & _AFTER_RESTART:
        parts.append(Part.BEFORE_RESTART)
    if Case.RESTART_AT_ONCE in wanted:
        parts.append(Part.AT_ONCE)
    if Case.RESTART in wanted:
        parts.append(Part.LATER)
    return tuple(parts)


async def play(
    part: Part, setting: Setting, contender: Contender, wanted: frozenset[Case]
) -> dict[Case, Measured]:
    """Play one run of Home Assistant."""
    measured: dict[Case, Measured] = {}
    again = part in (Part.AT_ONCE, Part.LATER)
    if not again:
        await contender.forget()
    async with setting.open(again=again) as hass:
        started = time.monotonic()
        if not again:
            await contender.join(hass)
        guest = await _visit(setting, contender, hass)
        waited = time.monotonic() - started
        match part:
            case Part.ONE_HOME:
                await guest.rest()
                for case, played in IN_ONE_HOME.items():
                    if case in wanted:
                        measured[case] = await played(guest)
            case Part.BEFORE_RESTART:
                await guest.action()
            case Part.AT_ONCE:
                # Who speaks then waits until the agent is there, too.
                action = await guest.action()
                measured[Case.RESTART_AT_ONCE] = action.after(waited)
            case Part.LATER:
                await guest.rest()
                measured[Case.RESTART] = await guest.action()
        await guest.rest()
    return measured


async def _visit(setting: Setting, contender: Contender, hass: HomeAssistant) -> Guest:
    """Return who speaks to an agent, as soon as that is there."""
    async with asyncio.timeout(_START_SECONDS):
        while (agent_id := _agent_that_is_there(hass, contender.name)) is None:
            await asyncio.sleep(0.02)
    return Guest(setting, contender, await open_mouth(hass, agent_id))


def _agent_that_is_there(hass: HomeAssistant, integration: str) -> str | None:
    """Return an integration's agent, when it can be spoken to."""
    agent_id = find_agent(hass, integration)
    state = None if agent_id is None else hass.states.get(agent_id)
    if state is None or state.state == STATE_UNAVAILABLE:
        return None
    return agent_id
