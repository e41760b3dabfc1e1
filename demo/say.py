"""Saying something to a home and watching what happens."""

import asyncio
from dataclasses import dataclass, field
import time
from typing import Any

from .calls import Call, calls_on_home
from .client import Event
from .flow import DOMAIN
from .home_assistant import HomeAssistant

TURN_FINISHED = "hearth_turn_finished"
# Seconds. A large model may be long about an answer.
_ANSWER_TIMEOUT = 600
# Seconds between the reply and the event with what the turn measured.
_MEASURES_TIMEOUT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said, answered and done, and what it cost.

    ``states`` are those of the entities that were acted upon, afterwards;
    ``measures`` is the data of Hearth's event, empty for other agents; with
    ``conversation_id`` more can be said in the same conversation.
    """

    said: str
    reply: str
    calls: list[Call]
    states: dict[str, str]
    seconds: float
    measures: dict[str, Any] = field(default_factory=dict)
    conversation_id: str | None = None


@dataclass(slots=True)
class _Ear:
    """The events since the last utterance."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    measures: dict[str, Any] = field(default_factory=dict)

    def hear_call(self, event: Event) -> None:
        """Note an action."""
        self.calls.append(event["data"])

    def hear_turn(self, event: Event) -> None:
        """Note what a turn measured."""
        self.measures = event["data"]
        self.turn.set()

    def forget(self) -> None:
        """Start to listen anew."""
        self.calls.clear()
        self.measures = {}
        self.turn.clear()


class Visitor:
    """Somebody who says things to a home, each in a conversation of its own.

    Who is heard in an area speaks at a satellite: Hearth's device, moved there.
    """

    def __init__(self, running: HomeAssistant, ear: _Ear) -> None:
        """Remember the home."""
        self._running = running
        self._ear = ear
        self._entity_ids = {entity.entity_id for entity in running.home.entities}
        self._satellite: str | None = None
        self._stands_in: str | None = None

    async def say(
        self,
        text: str,
        agent_id: str,
        *,
        measured: bool,
        area: str | None = None,
        conversation_id: str | None = None,
    ) -> Said:
        """Say something to an agent and wait for what it does.

        Args:
            text: The words.
            agent_id: The entity id of the agent.
            measured: Whether the agent fires Hearth's event after each turn.
            area: The area of the satellite that hears it, if one does.
            conversation_id: The conversation that it goes on with.
        """
        device_id = await self._satellite_in(area) if area else None
        running, ear = self._running, self._ear
        await running.socket.flush()
        ear.forget()
        start = time.monotonic()
        answer = await running.socket.command(
            "conversation/process",
            within=_ANSWER_TIMEOUT,
            text=text,
            agent_id=agent_id,
            language="en",
            device_id=device_id,
            conversation_id=conversation_id,
        )
        seconds = time.monotonic() - start
        if measured:
            await self._wait_for_measures()
        await running.socket.flush()
        calls = calls_on_home(ear.calls, self._entity_ids)
        return Said(
            said=text,
            reply=_speech(answer),
            calls=calls,
            states=await self._states(calls),
            seconds=seconds,
            measures=ear.measures,
            conversation_id=answer.get("conversation_id"),
        )

    async def reset(self) -> None:
        """Put the home back into the states of its file."""
        await self._running.rest.post("/api/services/home_file/reset", {})

    async def _satellite_in(self, area: str) -> str:
        """Return the device that stands in for a satellite, once it is in an area."""
        command = self._running.socket.command
        if self._satellite is None:
            devices = await command("config/device_registry/list")
            self._satellite = next(
                device["id"]
                for device in devices
                if any(domain == DOMAIN for domain, *_ in device["identifiers"])
            )
        if self._stands_in != area:
            await command(
                "config/device_registry/update",
                device_id=self._satellite,
                area_id=await self._area_id(area),
            )
            self._stands_in = area
        return self._satellite

    async def _area_id(self, name: str) -> str:
        """Return the ID of an area, which nothing but a satellite may stand in."""
        command = self._running.socket.command
        areas = await command("config/area_registry/list")
        found = [area for area in areas if area["name"] == name]
        area = (
            found[0]
            if found
            else await command("config/area_registry/create", name=name)
        )
        return str(area["area_id"])

    async def _wait_for_measures(self) -> None:
        """Wait for the event that ends a turn; a failed turn may fire none."""
        try:
            async with asyncio.timeout(_MEASURES_TIMEOUT):
                await self._ear.turn.wait()
        except TimeoutError:
            pass

    async def _states(self, calls: list[Call]) -> dict[str, str]:
        """Read the states of what was acted upon."""
        reached = sorted({one for call in calls for one in call.entities})
        states = {}
        for entity_id in reached:
            state = await self._running.rest.get(f"/api/states/{entity_id}")
            states[entity_id] = state["state"]
        return states


def _speech(answer: dict[str, Any]) -> str:
    """Return what an answer says."""
    speech = answer["response"].get("speech", {}).get("plain", {}).get("speech")
    return speech or ""


async def visit(running: HomeAssistant) -> Visitor:
    """Start to listen to a home and return who talks to it."""
    ear = _Ear()
    await running.socket.subscribe("call_service", ear.hear_call)
    await running.socket.subscribe(TURN_FINISHED, ear.hear_turn)
    return Visitor(running, ear)
