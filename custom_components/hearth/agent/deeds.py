"""What was done: the intents of Home Assistant that tool calls became."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import State
from homeassistant.helpers import intent, llm

# Intents that only act. Their answer says all there is to say; that of any other may
# tell something that was asked for.
_LISTS = frozenset(
    f"Hass{where}{what}Item"
    for where in ("List", "ShoppingList")
    for what in ("Add", "Complete", "Remove")
)
_TIMERS = frozenset(
    {
        intent.INTENT_CANCEL_ALL_TIMERS,
        intent.INTENT_CANCEL_TIMER,
        intent.INTENT_DECREASE_TIMER,
        intent.INTENT_INCREASE_TIMER,
        intent.INTENT_PAUSE_TIMER,
        intent.INTENT_START_TIMER,
        intent.INTENT_UNPAUSE_TIMER,
    }
)
# Those that change no device, so that there is none to name.
PLACELESS = _LISTS | _TIMERS
ACTING = PLACELESS | frozenset(
    {
        intent.INTENT_SET_POSITION,
        intent.INTENT_STOP_MOVING,
        intent.INTENT_TURN_OFF,
        intent.INTENT_TURN_ON,
        "HassClimateSetFanMode",
        "HassClimateSetTemperature",
        "HassFanSetSpeed",
        "HassLawnMowerDock",
        "HassLawnMowerStartMowing",
        "HassLightSet",
        "HassMediaNext",
        "HassMediaPause",
        "HassMediaPlayerMute",
        "HassMediaPlayerUnmute",
        "HassMediaPrevious",
        "HassMediaUnpause",
        "HassSetVolume",
        "HassSetVolumeRelative",
        "HassVacuumReturnToBase",
        "HassVacuumStart",
    }
)
# A timer of 5 minutes is not one of 0 hours and 5 minutes.
_DURATION = frozenset({"hours", "minutes", "seconds"})
_PLACES = ("area", "floor")
# Home Assistant knows colors by their English names.
_COLOR = "color"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An intent that was carried out, and for what.

    Args:
        intent: Home Assistant's name of the intent.
        slots: What a template may say: its values as text, names, and what its
            handler adds.
        changed: What was changed, by the name that it has for people; its state
            where that is known.
        domain: The domain of what was changed.
        place: The slot of the place that was meant as a whole, ``area`` or ``floor``;
            None where things were named, or where it was the whole home.
        named: Whether things were named.
        given: The names of all its values, also of those that cannot be said.
    """

    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, State | None] = field(default_factory=dict)
    domain: str | None = None
    place: str | None = None
    named: bool = False
    given: frozenset[str] = frozenset()


def deeds_of(result: llm.ToolResult) -> tuple[Deed, ...] | None:
    """Return what a tool call has done; None where it was not only that."""
    if result.error:
        return None
    if (deeds := getattr(result.data, "deeds", None)) is not None:
        return tuple(deeds) or None
    response = getattr(result.data, "original", None)
    if not isinstance(response, intent.IntentResponse):
        return None
    deed = deed_of(response)
    return None if deed is None else (deed,)


def deed_of(
    response: intent.IntentResponse,
    said: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
) -> Deed | None:
    """Return what an intent has done, None where it did not only act, and well.

    Args:
        response: What the intent's handler returned.
        said: What was said to it, where that is known: handlers put other things in
            the place of names.
        names: Names of what it was for, by entity id.
    """
    if (
        response.intent is None
        or response.intent.intent_type not in ACTING
        or response.response_type is not intent.IntentResponseType.ACTION_DONE
        or response.failed_results
        or response.speech
    ):
        return None
    slots = _texts(
        {name: slot.get("value") for name, slot in response.intent.slots.items()}
    )
    for found in response.success_results:
        if found.type in _PLACES:
            slots[found.type.value] = found.name
    slots |= _texts(said or {})
    placeless = response.intent.intent_type in PLACELESS
    named = "name" in slots and not placeless
    changed = {} if placeless else _changed(response, slots, names or {})
    return Deed(
        intent=response.intent.intent_type,
        slots={**slots, **response.speech_slots},
        changed=changed,
        domain=_domain(changed.values(), slots),
        place=next((place for place in _PLACES if place in slots and not named), None),
        named=named,
        given=frozenset(response.intent.slots),
    )


def _texts(slots: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of slots that can be said."""
    texts = {}
    for name, given in slots.items():
        value = given[0] if isinstance(given, list) and len(given) == 1 else given
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        text = value if isinstance(value, str) else f"{value:g}"
        if text and name != _COLOR and not (name in _DURATION and text == "0"):
            texts[name] = text
    return texts


def _changed(
    response: intent.IntentResponse,
    slots: Mapping[str, str],
    names: Mapping[str, str],
) -> dict[str, State | None]:
    """Return what an intent has changed; not every handler tells it."""
    states = {state.entity_id: state for state in response.matched_states}
    found = {
        target.id: target.name
        for target in response.success_results
        if target.type is intent.IntentResponseTargetType.ENTITY and target.id
    } or {state.entity_id: state.name for state in states.values()}
    changed = {
        names.get(entity_id, name): states.get(entity_id)
        for entity_id, name in found.items()
    }
    if not changed and "name" in slots:
        return {slots["name"]: None}
    return changed


def _domain(states: Iterable[State | None], slots: Mapping[str, str]) -> str | None:
    """Return the one domain of all that was changed."""
    domains = {state.domain for state in states if state is not None}
    return domains.pop() if len(domains) == 1 else slots.get("domain")
