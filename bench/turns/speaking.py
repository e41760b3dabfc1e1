"""Saying something to a home, written or spoken, and clocking what it answers."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
import time
from typing import Any

from homeassistant.components.assist_pipeline import (
    PipelineEvent,
    PipelineEventType,
    PipelineStage,
    async_get_pipelines,
    async_update_pipeline,
)
from homeassistant.components.assist_pipeline.pipeline import PipelineInput, PipelineRun
from homeassistant.components.stt import DATA_COMPONENT
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import chat_session

from demo.errors import DemoError

from .listener import FORMAT, SAMPLES, Listener

_PIECE_SECONDS = 0.02
_QUIET = bytes(2 * round(SAMPLES * _PIECE_SECONDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was answered, and the seconds until then, from the end of the words on.

    ``first_delta`` is the first sign of an answer, which may be a tool call,
    ``first_word`` the first one that can be spoken. ``began`` is on the monotonic
    clock.
    """

    began: float
    first_delta: float
    first_word: float
    seconds: float
    reply: str
    conversation_id: str


@dataclass(slots=True)
class _Clock:
    """Notes when what happened."""

    began: float = field(default_factory=time.monotonic)
    first_delta: float | None = None
    first_word: float | None = None
    role: str = ""
    output: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def hear(self, event: PipelineEvent) -> None:
        """Take an event of a pipeline."""
        now = time.monotonic() - self.began
        data = event.data or {}
        match event.type:
            case PipelineEventType.STT_END:
                self.began = time.monotonic()
            case PipelineEventType.INTENT_PROGRESS if delta := data.get(
                "chat_log_delta"
            ):
                self._hear_delta(delta, now)
            case PipelineEventType.INTENT_END:
                self.output = data["intent_output"]
                self.first_delta = self.first_delta or now
                self.first_word = self.first_word or now
            case PipelineEventType.ERROR:
                self.error = f"{data.get('code')}: {data.get('message')}"

    def _hear_delta(self, delta: dict[str, Any], now: float) -> None:
        """Take a piece of an answer; results of tools are none."""
        self.role = delta.get("role", self.role)
        if self.role != "assistant":
            return
        if delta.get("content") or delta.get("tool_calls"):
            self.first_delta = self.first_delta or now
        if delta.get("content"):
            self.first_word = self.first_word or now


class Mouth:
    """Somebody who speaks to one agent of a home through its Assist pipeline."""

    def __init__(self, hass: HomeAssistant, agent_id: str, listener: Listener) -> None:
        """Remember home and agent."""
        self.hass = hass
        self.agent_id = agent_id
        self._listener = listener

    async def say(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        device_id: str | None = None,
        speech: float = 0,
    ) -> Heard:
        """Say something and wait for the end of the answer.

        Args:
            text: The words.
            conversation_id: The conversation to go on with, or none for a new one.
            device_id: The satellite that hears it.
            speech: Seconds that speaking takes; with none it is written.
        """
        self._listener.text = text
        clock = _Clock()
        spoken: dict[str, Any] = (
            {"stt_metadata": FORMAT, "stt_stream": _sound(speech)}
            if speech
            else {"intent_input": text}
        )
        run = PipelineRun(
            self.hass,
            context=Context(),
            pipeline=async_get_pipelines(self.hass)[0],
            start_stage=PipelineStage.STT if speech else PipelineStage.INTENT,
            end_stage=PipelineStage.INTENT,
            event_callback=clock.hear,
        )
        with chat_session.async_get_chat_session(self.hass, conversation_id) as session:
            said = PipelineInput(
                run=run, session=session, device_id=device_id, **spoken
            )
            await said.execute(validate=True)
        return _heard(text, clock)


def _heard(text: str, clock: _Clock) -> Heard:
    """Return what was heard; an answer that failed counts for nothing."""
    response = clock.output.get("response", {})
    speech = response.get("speech", {}).get("plain", {}).get("speech", "")
    if (
        clock.error
        or response.get("response_type") == "error"
        or clock.first_delta is None
        or clock.first_word is None
    ):
        raise DemoError(f'"{text}" was not answered: {clock.error or speech}')
    return Heard(
        began=clock.began,
        first_delta=clock.first_delta,
        first_word=clock.first_word,
        seconds=time.monotonic() - clock.began,
        reply=speech,
        conversation_id=clock.output["conversation_id"],
    )


async def _sound(seconds: float) -> AsyncGenerator[bytes]:
    """Yield quiet sound as fast as it is heard."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (left := until - loop.time()) > 0:
        await asyncio.sleep(min(_PIECE_SECONDS, left))
        yield _QUIET


async def open_mouth(hass: HomeAssistant, agent_id: str) -> Mouth:
    """Let the home's pipeline listen, and lead to an agent alone."""
    listener = Listener()
    await hass.data[DATA_COMPONENT].async_add_entities([listener])
    await async_update_pipeline(
        hass,
        async_get_pipelines(hass)[0],
        conversation_engine=agent_id,
        conversation_language="*",
        prefer_local_intents=False,
        stt_engine=listener.entity_id,
        stt_language=FORMAT.language,
    )
    return Mouth(hass, agent_id, listener)
