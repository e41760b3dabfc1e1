"""Actions on the home, from the events that Home Assistant fires for them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

ENTITY_ID = "entity_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One action, what it reached and the rest of its data."""

    service: str
    entities: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


def calls_on_home(
    events: Iterable[Mapping[str, Any]], entity_ids: Collection[str]
) -> list[Call]:
    """Return the actions on entities of the home; equal ones are made one.

    ``homeassistant.turn_on`` and the like are left out: Home Assistant fires
    the actions of the domains that it turns them into, too.
    """
    found: list[Call] = []
    for event in events:
        call = _call(event)
        reached = tuple(one for one in call.entities if one in entity_ids)
        if call.service.startswith("homeassistant.") or not reached:
            continue
        same = next((old for old in found if _alike(old, call)), None)
        if same is not None:
            found.remove(same)
            reached = tuple(sorted({*same.entities, *reached}))
        found.append(Call(service=call.service, entities=reached, data=call.data))
    return found


def _call(event: Mapping[str, Any]) -> Call:
    """Read the data of an event ``call_service``."""
    data = dict(event.get("service_data") or {})
    entities = data.pop(ENTITY_ID, None) or ()
    if isinstance(entities, str):
        entities = [one.strip() for one in entities.split(",")]
    return Call(
        service=f"{event['domain']}.{event['service']}",
        entities=tuple(sorted(entities)),
        data=data,
    )


def _alike(one: Call, other: Call) -> bool:
    """Tell whether two actions differ at most in what they reach."""
    return one.service == other.service and one.data == other.data
