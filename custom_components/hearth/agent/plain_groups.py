"""Orders for all of a kind in a place, for a group, for the player here. English only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from .compact import CONTROL
from .home import ExposedEntity, kind_of
from .named_things import KINDS, SCREENS, Entities, group_in, left_of
from .names import key, singular, stems
from .order import Order
from .order_calls import call_of, of_devices, told
from .plain_call import PlainCall
from .spared_things import Spared, spared_of
from .targets import MEDIA_ACTIONS, PASSAGES

_EVERYWHERE = frozenset(
    "all every each everything everywhere house home apartment flat whole entire rooms".split()
)
_EACH = frozenset("all any each every".split())
_ALL_THERE = frozenset({"everything", "anything"})
_NONE = frozenset[str]()
# "The kitchen to red": what has a color.
_KIND_OF: Mapping[frozenset[str], frozenset[str]] = {
    frozenset({field}): frozenset({kind})
    for field, kind in (
        ("brightness", "light"),
        ("color", "light"),
        ("temperature", "temperature"),
    )
}
# "Make it twenty degrees in the hall".
_IT = "it"
# "This room"; "this" is an article.
_HERE = frozenset("here room space area".split())
# What a player plays, and what is set of it.
_SOUND = frozenset("volume sound".split())
_HEARD = _SOUND | frozenset("media music player song track playback playing".split())
_VOLUME = frozenset({"volume"})
_OF_VOLUME = {"raise": "louder", "lower": "quieter"}
_OF_SOUND = {**_OF_VOLUME, "on": "unmute", "off": "mute"}
# These are of the whole home, where this room has none.
_OF_HOME = frozenset({"heating", "temp", "temperature"})
# Who locks the doors means those that can be locked, and not only of this room.
_DOOR, _LOCK = "door", "lock"
# What a call has for the whole home.
_HOME = "home"
# Device classes that are called by each other's names; None is of what tells none.
_ALIKE = frozenset({None, "blind", "curtain", "receiver", "shade", "shutter"})
_CLASS_OF = {"drape": "curtain"}
# What a word for all of a kind does not mean, where a name says so.
_OTHERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("blind", "shutter", "curtain", "shade", "drape"), PASSAGES),
    "speaker": SCREENS,
    **dict.fromkeys(
        ("heating", "heater", "radiator"), frozenset({"ac", "aircon", "conditioner"})
    ),
}
# These may be of several devices without a plural.
_OF_SEVERAL = frozenset(
    "heating illumination lamplight light lighting temp temperature".split()
)
# "Bedside lamps" are two or three; more are found by their place.
_LARGEST_GROUP = 6


def of_player(
    wanted: Order, entities: Entities, here: str | None
) -> tuple[PlainCall, ...]:
    """Return the call for the only player of this room, else of the home: "next song"."""
    places, left = left_of(entities, wanted.rest)
    is_heard = (
        wanted.action in MEDIA_ACTIONS
        or wanted.fields == _VOLUME
        or not _SOUND.isdisjoint(left)
    )
    if wanted.spared or not is_heard or not left <= _HEARD | _HERE:
        return ()
    players = [entity for entity in entities if entity.domain == "media_player"]
    if places or not left.isdisjoint(_HERE):
        there = places or ([here] if here else [])
        players = [e for e in players if e.area in there or e.floor in there]
    else:
        players = [e for e in players if here and e.area == here] or players
    if len(players) != 1:
        return ()
    # It is the volume that goes up, not the player.
    sounding = _OF_SOUND if "sound" in left else _OF_VOLUME
    action = sounding.get(wanted.action or "", wanted.action)
    return of_devices(replace(wanted, action=action), players, entities)


def of_kind(
    wanted: Order, entities: Entities, here: str | None
) -> tuple[PlainCall, ...]:
    """Return calls for all of a kind in a place, or at home, but for what is spared."""
    meant = _meant(wanted, entities, here)
    if meant is None:
        return ()
    kind, place, everywhere = meant
    there = _of(kind, entities, place)
    what = told(wanted, there)
    if what is None:
        return ()
    if not _are_called(kind, there):
        return _of_called(wanted, kind, there, entities)
    # A temperature is set. It is one lamp of several that is meant, but of all a light.
    is_said = not {kind, _DOOR}.isdisjoint(wanted.rest)
    is_one = is_said and kind not in _OF_SEVERAL and not everywhere
    if (is_one and len(there) > 1) or (wanted.action and kind.startswith("temp")):
        return ()
    target = {"area": place or _HOME}
    if what[0] == CONTROL.name:
        target["domain"] = kind_of(KINDS[kind])
    if not wanted.spared:
        return (call_of(what, target),)
    spared = spared_of(there, wanted.spared)
    return _but(what, target, there, spared) if spared else ()


def _meant(
    wanted: Order, entities: Entities, here: str | None
) -> tuple[str, str | None, bool] | None:
    """Return the kind that is meant, the place, and whether it was said to be all.

    No place is the whole home. None is returned where a word says something else.
    """
    places, left = left_of(entities, wanted.rest)
    everywhere = bool(_EVERYWHERE.intersection(wanted.rest))
    is_here = _says_here(wanted.rest, left)
    if places and wanted.value is not None:
        left -= {_IT}
    before = frozenset(map(singular, wanted.before)) & KINDS.keys()
    kinds = left - _HERE - _EVERYWHERE or before or _KIND_OF.get(wanted.fields, _NONE)
    if len(kinds) != 1 or len(places) > 1 or (is_here and (places or not here)):
        return None
    # What is unlocked by its kind takes a place that was said.
    if wanted.action == "unlock" and not places:
        return None
    (kind,) = kinds
    is_of_home = kind in _OF_HOME
    if kind == _DOOR and wanted.action == _LOCK:
        kind, is_of_home, here = _LOCK, True, here if is_here else None
    place = places[0] if places else here if is_here or not everywhere else None
    if is_of_home and place and not (places or is_here or _of(kind, entities, place)):
        place = None
    if (
        place == here
        and not (places or is_here)
        and _is_elsewhere(kind, entities, place)
    ):
        return None
    return (kind, place, everywhere) if place or everywhere or is_of_home else None


def _is_elsewhere(kind: str, entities: Entities, place: str | None) -> bool:
    """Return whether something elsewhere is called just like a kind: it may be meant."""
    there = _of(kind, entities, place)
    return any(
        stems(name) == {kind}
        for entity in _of(kind, entities, None)
        if entity not in there
        for name in entity.names
    )


def _of(kind: str, entities: Entities, place: str | None) -> tuple[ExposedEntity, ...]:
    """Return all of a kind that are in a place, or at home where that is None."""
    return tuple(
        entity
        for entity in entities
        if entity.domain == KINDS.get(kind)
        and entity.device_class not in PASSAGES
        and (place is None or place in (entity.area, entity.floor))
    )


def of_group(wanted: Order, entities: Entities) -> tuple[PlainCall, ...]:
    """Return calls for devices that have a part of their names in common."""
    group = group_in(entities, wanted.rest)
    if not 1 < len(group) <= _LARGEST_GROUP or wanted.spared:
        return ()
    return of_devices(wanted, group, entities)


def of_everything(wanted: Order, entities: Entities) -> tuple[PlainCall, ...]:
    """Return the call that turns all off in the only place: "everything off in there"."""
    places, left = left_of(entities, wanted.rest)
    is_all = bool(left) and left <= _ALL_THERE
    if wanted.action != "off" or len(places) != 1 or not is_all or wanted.spared:
        return ()
    return (PlainCall(CONTROL.name, {"action": "off", "area": places[0]}),)


def _of_called(
    wanted: Order, kind: str, there: Sequence[ExposedEntity], entities: Entities
) -> tuple[PlainCall, ...]:
    """Return calls for those of a place that are called so: "the curtains" are no shade."""
    of_class = _CLASS_OF.get(kind, kind)
    called = [e for e in there if e.device_class == of_class or kind in stems(e.name)]
    if not 0 < len(called) <= _LARGEST_GROUP or wanted.spared or kind in wanted.rest:
        return ()
    return of_devices(wanted, called, entities)


def _but(
    what: tuple[str, dict[str, Any]],
    target: dict[str, str],
    there: Sequence[ExposedEntity],
    spared: Spared,
) -> tuple[PlainCall, ...]:
    """Return a call with an exception; where a call cannot say it, one for each thing."""
    if spared.name is not None:
        return (call_of(what, target | {"except": spared.name}),)
    meant = [entity for entity in there if entity not in spared.devices]
    names = [key(entity.name) for entity in there]
    if any(names.count(key(entity.name)) > 1 for entity in meant):
        return ()
    return tuple(call_of(what, {"name": entity.name}) for entity in meant)


def _are_called(kind: str, devices: Sequence[ExposedEntity]) -> bool:
    """Return whether all that a call would reach is what a word calls it.

    All speakers are no television, and where there are blinds and curtains, curtains
    are only some of it.
    """
    kind = _CLASS_OF.get(kind, kind)
    classes = {device.device_class for device in devices}
    names = [stems(device.name) for device in devices]
    others = _OTHERS.get(kind, frozenset())
    if any(kind not in name and name & others for name in names):
        return False
    return classes <= ({None, kind} if kind in classes else _ALIKE)


def _says_here(spoken: Sequence[str], left: Collection[str]) -> bool:
    """Return whether a word says that it is about this room: "in here", "in this space".

    "Every room" does not.
    """
    followed = pairwise(["", *spoken])
    return any(
        word in _HERE and word in left and before not in _EACH
        for before, word in followed
    )
