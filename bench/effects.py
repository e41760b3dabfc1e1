"""Comparing what happened with what should have happened."""

from collections.abc import Iterable, Mapping
import math
import re
from typing import Any

from demo.calls import Call

from .utterances import Effect, Utterance

BRIGHTNESS = "brightness"
BRIGHTNESS_PCT = "brightness_pct"
BRIGHTEST = 255
PERCENTAGE = "percentage"

type Done = dict[tuple[str, str], dict[str, Any]]


def is_right(utterance: Utterance, calls: Iterable[Call], reply: str) -> bool:
    """Tell whether exactly the expected effect happened and the reply fits."""
    answered = not utterance.answers or any(
        _stands(answer, reply.lower()) for answer in utterance.answers
    )
    told = all(tells(reply, text) for text in utterance.must_tell)
    return answered and told and has_effect(utterance.effects, calls)


def tells(reply: str, text: str) -> bool:
    """Tell whether a text stands in a reply, not as a part of a word or number."""
    pattern = rf"(?<![\w.,]){re.escape(text.lower())}(?!\w|[.,]\d)"
    return re.search(pattern, reply.lower()) is not None


def has_effect(effects: Iterable[Effect], calls: Iterable[Call]) -> bool:
    """Tell whether the calls have exactly the expected effects.

    The order does not matter, and it is the same whether an action was called
    once for several entities or several times.
    """
    wanted = _merge(
        (effect.service, effect.entities, effect.data) for effect in effects
    )
    done = _merge((call.service, call.entities, call.data) for call in calls)
    return wanted.keys() == done.keys() and all(
        _contains(done[key], data) for key, data in wanted.items()
    )


def _merge(
    actions: Iterable[tuple[str, Iterable[str], Mapping[str, Any]]],
) -> Done:
    """Return the data of every action on every entity; later data wins."""
    merged: Done = {}
    for service, entities, data in actions:
        for entity_id in entities:
            key = (_plainest(service, data), entity_id)
            merged.setdefault(key, {}).update(data)
    return merged


def _plainest(service: str, data: Mapping[str, Any]) -> str:
    """Return one name for actions that come to the same: a fan with a speed is on."""
    is_speed = service == "fan.turn_on" and PERCENTAGE in data
    return "fan.set_percentage" if is_speed else service


def _contains(data: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Tell whether the wanted data is among an action's data."""
    if BRIGHTNESS in data:
        percent = round(_number(data[BRIGHTNESS]) * 100 / BRIGHTEST)
        data = {BRIGHTNESS_PCT: percent, **data}
    return all(key in data and _same(data[key], value) for key, value in wanted.items())


def _same(one: Any, other: Any) -> bool:
    """Compare two values: numbers as numbers, texts without case."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other, strict=True))
    if not math.isnan(number := _number(one)):
        return math.isclose(number, _number(other), rel_tol=1e-6, abs_tol=1e-9)
    return str(one).lower() == str(other).lower()


def _number(value: Any) -> float:
    """Return a value as a number; not a number when it is none."""
    if isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except TypeError, ValueError:
        return math.nan


def _stands(answer: str, reply: str) -> bool:
    """Return whether an answer is in a reply; a nought that is no part of a number."""
    return tells(reply, answer) if answer == "0" else answer in reply
