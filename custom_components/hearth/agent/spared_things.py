"""What an exception spares: "all lights but the ones in the hall". English only."""

from collections.abc import Sequence
from dataclasses import dataclass

from .home import ExposedEntity
from .named_things import KINDS
from .names import singular, stems

# Words between two exceptions, and such as say nothing of what is spared.
_BETWEEN = frozenset({"and", "or", "nor"})
_EMPTY = frozenset("the my our in on at of for from one single a s".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Spared:
    """What is spared.

    Args:
        devices: All of it.
        name: What a call can say for all of it: a device's name or a place.
    """

    devices: frozenset[ExposedEntity]
    name: str | None


def spared_of(there: Sequence[ExposedEntity], spoken: Sequence[str]) -> Spared | None:
    """Return what words spare of some devices, None where one is not understood.

    Args:
        there: All that an order is about.
        spoken: Words in lower case.
    """
    found = [_spared(there, part) for part in _parts(spoken)]
    known = [one for one in found if one is not None]
    devices = frozenset[ExposedEntity]().union(*(one.devices for one in known))
    if len(known) < len(found) or not known or len(devices) == len(there):
        return None
    return known[0] if len(known) == 1 else Spared(devices=devices, name=None)


def _parts(spoken: Sequence[str]) -> list[list[str]]:
    """Return the words of each exception."""
    parts: list[list[str]] = [[]]
    for word in spoken:
        if word in _BETWEEN:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]


def _spared(there: Sequence[ExposedEntity], spoken: Sequence[str]) -> Spared | None:
    """Return what one exception spares: a device, or all in a place."""
    heard = frozenset(map(singular, spoken)) - _EMPTY
    kinds = {word for word in heard if KINDS.get(word) in {e.domain for e in there}}
    exact = [e for e in there if any(stems(name) == heard for name in e.names)]
    if len(exact) == 1:
        return _device(there, exact[0])
    heard -= kinds
    if not heard:
        return None
    places = list(dict.fromkeys(p for e in there for p in (e.area, e.floor) if p))
    meant = [place for place in places if stems(place) - KINDS.keys() == heard] or [
        place for place in places if heard <= stems(place)
    ]
    if len(meant) == 1:
        devices = frozenset(e for e in there if meant[0] in (e.area, e.floor))
        return Spared(devices=devices, name=meant[0])
    fitting = [e for e in there if heard <= _words(e)]
    return _device(there, fitting[0]) if len(fitting) == 1 else None


def _device(there: Sequence[ExposedEntity], device: ExposedEntity) -> Spared:
    """Return one device, by its name where that is not another one's, too."""
    names = [entity for entity in there if device.name in entity.names]
    name = device.name if len(names) == 1 else None
    return Spared(devices=frozenset({device}), name=name)


def _words(entity: ExposedEntity) -> frozenset[str]:
    """Return the words of a device's names and places."""
    places = (place for place in (entity.area, entity.floor) if place)
    return frozenset[str]().union(*map(stems, (*entity.names, *places)))
