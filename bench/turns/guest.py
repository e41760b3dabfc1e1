"""Somebody who speaks to a home in all kinds of situations."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)

from bench.in_process import home_in_process
from demo.errors import DemoError
from demo.homes import Home

from .contenders import Contender
from .measured import Measured, mean_of
from .right import Words
from .speaking import Heard, Mouth

SPEECH_SECONDS = 2.0
_COMPONENTS = ("assist_pipeline", "conversation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all contenders have in common.

    ``pause`` is the seconds that nobody speaks, after a start and after a change;
    ``speech`` those that it takes to say something with one's voice.
    """

    home: Home
    home_file: Path
    folder: Path
    words: Words
    pause: float
    speech: float = SPEECH_SECONDS

    @asynccontextmanager
    async def open(self, *, again: bool = False) -> AsyncIterator[HomeAssistant]:
        """Run the home, anew or again."""
        async with home_in_process(
            self.home_file, folder=self.folder, components=_COMPONENTS, again=again
        ) as hass:
            yield hass


class Guest:
    """Somebody who visits a home with one agent and speaks to it."""

    def __init__(self, setting: Setting, contender: Contender, mouth: Mouth) -> None:
        """Remember where and with whom."""
        self._setting = setting
        self._contender = contender
        self._mouth = mouth
        self._hass = mouth.hass
        self._renamed = 0

    async def take_turn(self, text: str, **how: Any) -> tuple[Measured, Heard]:
        """Say something and measure what it costs."""
        heard = await self._mouth.say(text, **how)
        journal = self._contender.journal
        await journal.answered()
        found = await asyncio.to_thread(journal.passes, heard.began)
        passes = [one for one in found if not one.ahead]
        if self._contender.exact:
            self._check(text, heard)
        read = [one.read for one in passes]
        cached = [one.cached for one in passes]
        return (
            Measured(
                first_delta=heard.first_delta,
                first_word=heard.first_word,
                turn=heard.seconds,
                passes=len(passes),
                read=None if None in read else sum(filter(None, read)),
                cached=None if None in cached else sum(filter(None, cached)),
            ),
            heard,
        )

    def _check(self, text: str, heard: Heard) -> None:
        """Raise when a turn did not do what it should, and so counts for nothing."""
        words = self._setting.words
        wanted = {words.on: "on", words.off: "off"}.get(text)
        state = self._hass.states.get(words.light_id)
        if wanted is not None and (state is None or state.state != wanted):
            raise DemoError(
                f'{self._contender.name} heard "{text}", said "{heard.reply}" '
                "and did something else"
            )

    async def measure(self, text: str, **how: Any) -> Measured:
        """Say something in a new conversation, to a home as its file says."""
        await self._hass.services.async_call("home_file", "reset", blocking=True)
        measured, _ = await self.take_turn(text, **how)
        return measured

    async def rest(self) -> None:
        """Let everybody do what they do while nobody speaks."""
        await asyncio.sleep(self._setting.pause)
        await self._contender.journal.idle()

    async def forget(self) -> None:
        """Have the server forget what it has read, when it is done with it."""
        await self._contender.journal.idle()
        await self._contender.forget()

    async def cold(self) -> Measured:
        """Say something that needs no tool when nothing has been read."""
        await self.forget()
        return await self.measure("good morning")

    async def warm(self) -> Measured:
        """Say something that needs no tool when all but the words was read."""
        return await self.measure("good evening")

    async def action(self) -> Measured:
        """Have a light turned on."""
        return await self.measure(self._setting.words.on)

    async def state(self) -> Measured:
        """Ask after a state."""
        return await self.measure(self._setting.words.locked)

    async def conversation(self) -> Measured:
        """Say ten things in one conversation."""
        words = self._setting.words
        turns, conversation_id = [], None
        for text in (
            *(words.on, words.locked, "thank you", words.off, "good evening"),
            *(words.on, words.locked, words.off, "thank you", words.on),
        ):
            measured, heard = await self.take_turn(
                text, conversation_id=conversation_id
            )
            conversation_id = heard.conversation_id
            turns.append(measured)
        return mean_of(turns)

    async def rename(self) -> Measured:
        """Have a light turned on some time after something else got a new name."""
        self._rename_something()
        await self.rest()
        return await self.measure(self._setting.words.on)

    def _rename_something(self) -> None:
        """Give a device in the middle of the home a name that it never had."""
        entities = self._setting.home.entities
        middle = entities[len(entities) // 2]
        self._renamed += 1
        er.async_get(self._hass).async_update_entity(
            middle.entity_id, name=f"{middle.name} {self._renamed}"
        )

    async def satellites(self) -> Measured:
        """Have a light turned on through two satellites in turn."""
        first, second, *_ = (
            self._satellite(area) for area in list(self._setting.home.areas)[:2]
        )
        text = self._setting.words.on
        await self.measure(text, device_id=first)
        return mean_of(
            [await self.measure(text, device_id=device) for device in (second, first)]
        )

    def _satellite(self, area: str) -> str:
        """Return a new device in an area."""
        agent = er.async_get(self._hass).async_get(self._mouth.agent_id)
        place = ar.async_get(self._hass).async_get_area_by_name(area)
        assert agent is not None and agent.config_entry_id is not None
        assert place is not None
        devices = dr.async_get(self._hass)
        device = devices.async_get_or_create(
            config_entry_id=agent.config_entry_id,
            identifiers={("bench", area)},
            name=f"{area} satellite",
        )
        devices.async_update_device(device.id, area_id=place.id)
        return device.id

    async def speech(self) -> Measured:
        """Say with one's voice that a light is to be on, when nothing was read.

        Something got a new name just before, so that all agents may know that what
        they have read is of no use any more.
        """
        # A reading ahead for the case before must not fall into this one.
        await self.rest()
        await self.forget()
        self._rename_something()
        return await self.measure(self._setting.words.on, speech=self._setting.speech)

    async def unprepared(self) -> Measured:
        """Do the same when the agent is not told that somebody speaks."""

        async def nothing(*_: object) -> None:
            """Tell the agent nothing."""

        with patch.object(conversation, "async_prepare_agent", nothing):
            return await self.speech()
