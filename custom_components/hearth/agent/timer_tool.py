"""The compact tool for timers, in place of eight of Assist's."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent, llm
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from .assist import async_call_assist
from .compact import TIMER
from .results import failure, original_of, shortened
from .spec_tool import SpecTool

_INTENTS = {
    "add": intent.INTENT_INCREASE_TIMER,
    "cancel": intent.INTENT_CANCEL_TIMER,
    "cancel all": intent.INTENT_CANCEL_ALL_TIMERS,
    "pause": intent.INTENT_PAUSE_TIMER,
    "resume": intent.INTENT_UNPAUSE_TIMER,
    "start": intent.INTENT_START_TIMER,
    "status": intent.INTENT_TIMER_STATUS,
    "subtract": intent.INTENT_DECREASE_TIMER,
}
TIMER_TOOLS = frozenset(_INTENTS.values())
_DURATION = ("hours", "minutes", "seconds")
# Where a duration is how long the timer is to run; elsewhere it says which one.
_TAKE_DURATION = frozenset({"add", "start", "subtract"})


class TimerTool(SpecTool):
    """Starts, changes and tells of the timers of the device that heard the words."""

    def __init__(self, assist: llm.APIInstance) -> None:
        """Remember what it works with."""
        super().__init__(TIMER)
        self._assist = assist

    @override
    async def async_call(
        self,
        hass: HomeAssistant,
        tool_input: llm.ToolInput,
        llm_context: llm.LLMContext,
    ) -> llm.ToolResult:
        """Do what is asked with the timer that is meant."""
        arguments: dict[str, Any] = self.parameters(tool_input.tool_args)
        action, slots = arguments["action"], _slots(arguments)
        if action in _TAKE_DURATION and not any(unit in slots for unit in _DURATION):
            return failure("Say how long")
        try:
            result = await async_call_assist(
                self._assist, llm_context, _INTENTS[action], slots
            )
        except (HomeAssistantError, vol.Invalid) as err:
            return failure(_reason(err))
        response = original_of(result)
        if action != "status" or response is None:
            return shortened(result, action, slots)
        told = [_told(timer) for timer in response.speech_slots.get("timers", ())]
        return llm.ToolResult(data={"timers": list[JsonValueType](told)})


def _slots(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the slots of Assist for a call."""
    action = arguments["action"]
    if action == "cancel all":
        return {}
    before = "" if action in _TAKE_DURATION else "start_"
    # A timer of no hours is one of minutes.
    slots: dict[str, Any] = {
        f"{before}{unit}": arguments[unit]
        for unit in _DURATION
        if arguments.get(unit, 0) > 0
    }
    if name := arguments.get("name", "").strip():
        slots["name"] = name
    command = arguments.get("command", "").strip()
    if command and action == "start":
        slots["conversation_command"] = command
    return slots


def _reason(err: Exception) -> str:
    """Return why a timer could not be used, in words that a model understands."""
    match getattr(err, "response_key", None):
        case "timer_not_found":
            return "There is no such timer"
        case "multiple_timers_matched":
            return "There are several; say the name of one, or how long it was"
        case _:
            return str(err) or type(err).__name__


def _told(timer: Mapping[str, Any]) -> dict[str, JsonValueType]:
    """Return what is to be told of a timer."""
    told: dict[str, JsonValueType] = {
        "left": _clock(timer, "{}_left"),
        "of": _clock(timer),
    }
    if timer["name"]:
        told["name"] = timer["name"]
    if not timer["is_active"]:
        told["paused"] = True
    return told


def _clock(timer: Mapping[str, Any], names: str = "start_{}") -> str:
    """Return a duration as on a clock, such as ``0:05:00``."""
    hours, minutes, seconds = (timer[names.format(unit)] for unit in _DURATION)
    return f"{hours}:{minutes:02}:{seconds:02}"
