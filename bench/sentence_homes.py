"""The home of public test sentences as a home file, and what they mean in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.util import slugify

from demo.homes import DOMAINS
from training.effects import Effect as Meant, service_of

from .answers import required
from .held_out import abilities, seen
from .public_sentences import Case
from .utterances import Kind, Utterance

_STATES = {
    "climate": "heat",
    "cover": "closed",
    "lock": "locked",
    # What is paused or skipped has to play.
    "media_player": "playing",
    "scene": "unknown",
    "sensor": "0",
    "todo": "0",
    "vacuum": "docked",
}
# The answers "Not any" and "0", and what says the same.
_OF_NOTHING = (("any",), ("0",))
_NOTHING = ("not any", "none", "nothing", "nobody", "0")
# What is told of a value, in the slots of the intents that are measured.
_VALUES = (
    "brightness color temperature position percentage volume_level".split()
)  # fmt: skip
# The intents that act, and what they act on where a sentence does not say it.
ACTING = {
    "HassClimateSetTemperature": "climate",
    "HassFanSetSpeed": "fan",
    "HassLightSet": "light",
    "HassMediaNext": "media_player",
    "HassMediaPause": "media_player",
    "HassMediaPlayerMute": "media_player",
    "HassMediaPlayerUnmute": "media_player",
    "HassMediaPrevious": "media_player",
    "HassSetPosition": "cover",
    "HassSetVolume": "media_player",
    "HassTurnOff": None,
    "HassTurnOn": None,
    "HassVacuumReturnToBase": "vacuum",
    "HassVacuumStart": "vacuum",
}
ASKING = ("HassClimateGetTemperature", "HassGetState")


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device of a home of test sentences."""

    entity_id: str
    name: str
    state: str
    attributes: Mapping[str, Any]
    area: str | None = None

    @property
    def domain(self) -> str:
        """Return the entity's domain."""
        return self.entity_id.partition(".")[0]

    @property
    def device_class(self) -> str | None:
        """Return its device class, if it has one."""
        return self.attributes.get("device_class")

    def is_like(self, other: Device) -> bool:
        """Return whether another device could not be told from it."""
        mine, its = ((one.domain, one.name, one.device_class) for one in (self, other))
        return mine == its


class SentenceHome:
    """Floors, areas and devices, put together from what files bring."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.devices: list[Device] = []
        self._floors: dict[str, str] = {}
        self._areas: dict[str, tuple[str, str | None]] = {}

    def add(self, content: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Add what a file has, but no second device of a domain, name and class."""
        for floor in content["floors"]:
            self._floors[_id(floor)] = floor["name"]
        for area in content["areas"]:
            known = self._areas.get(_id(area), (None, None))[1]
            self._areas[_id(area)] = area["name"], area.get("floor") or known
        for raw in content["entities"]:
            domain = raw.get("domain") or str(raw.get("id")).partition(".")[0]
            name = _plain(raw["name"])
            device = self._device(raw, domain, name)
            if domain in DOMAINS and not any(d.is_like(device) for d in self.devices):
                self.devices.append(device)

    def _device(self, raw: Mapping[str, Any], domain: str, name: str) -> Device:
        state = raw.get("state")
        if isinstance(state, dict):
            state = state.get("out", state.get("in"))
        if state is None or domain == "media_player":
            state = _STATES.get(domain, "off")
        attributes = abilities(domain) | dict(raw.get("attributes") or {})
        if isinstance(volume := attributes.get("volume_level"), str):
            # Tests write it in percent.
            attributes["volume_level"] = min(1.0, float(volume) / 100)
        object_id = slugify(str(raw.get("id") or name).rpartition(".")[2])
        taken = {d.entity_id for d in self.devices}
        entity_id, number = f"{domain}.{object_id}", 2
        while entity_id in taken:
            entity_id, number = f"{domain}.{object_id}_{number}", number + 1
        return Device(
            entity_id=entity_id,
            name=name,
            state=str(state),
            attributes=attributes,
            area=self._area(raw.get("area")),
        )

    def _area(self, said: str | None) -> str | None:
        """Return an area's name, by that or by its id."""
        for key, (name, _) in self._areas.items():
            if said in (key, name):
                return name
        return said

    def names(self) -> list[str]:
        """Return all names: of devices, areas and floors."""
        areas = [name for name, _ in self._areas.values()]
        return [*(d.name for d in self.devices), *areas, *self._floors.values()]

    def as_file(self) -> dict[str, Any]:
        """Return the home as the content of a home file."""
        floors: dict[str, list[str]] = {}
        for name, floor in self._areas.values():
            if floor:
                floors.setdefault(self._floors.get(floor, floor), []).append(name)
        return {
            "floors": floors,
            "entities": [
                {
                    "entity_id": d.entity_id,
                    "name": d.name,
                    "state": d.state,
                    "attributes": dict(d.attributes),
                    **({"area": d.area} if d.area else {}),
                }
                for d in self.devices
            ],
        }

    def utterance(self, test: Case, sentence: str) -> Utterance | None:
        """Return a sentence with what must come of it; ``None`` if that is not here."""
        if test.area and test.area not in {d.area for d in self.devices}:
            return None
        if test.intent in ASKING:
            if not test.response or not self._knows(test):
                return None
            naming = not re.search(r"\b(is|are)\b", test.response)
            names = [device.name for device in self.devices]
            must = required(test.response, names, naming=naming)
            return Utterance(
                say=sentence,
                kind=Kind.STATE,
                phenomenon=test.intent,
                answers=_NOTHING if must in _OF_NOTHING else (),
                must_tell=() if must in _OF_NOTHING else must,
                area=test.area,
            )
        effects = self.effects(test)
        if effects is None:
            return None
        return Utterance(
            say=sentence,
            kind=Kind.PLAIN,
            phenomenon=test.intent,
            effects=tuple(map(seen, effects)),
            area=test.area,
        )

    def effects(self, test: Case) -> tuple[Meant, ...] | None:
        """Return what an intent does here; ``None`` where that cannot be said."""
        # Homes are metric here.
        if test.intent not in ACTING or "temperature_unit" in test.slots:
            return None
        targets = self._targets(test)
        values = {key: test.slots[key] for key in _VALUES if key in test.slots}
        by_domain: dict[str, set[str]] = {}
        for device in targets:
            by_domain.setdefault(device.domain, set()).add(device.entity_id)
        found = []
        for domain, entities in by_domain.items():
            service, data = service_of(test.intent, values, domain)
            found.append(Meant(service, frozenset(entities), data))
        return tuple(found) or None

    def _knows(self, test: Case) -> bool:
        """Return whether a question is about what is here."""
        slots = test.slots
        name, classes = slots.get("name"), _all(slots.get("device_class"))
        found = [
            d
            for d in self.devices
            if not classes or d.device_class is None or d.device_class in classes
        ]
        if name not in (None, "all"):
            wanted = _plain(str(name)).casefold()
            found = [d for d in found if wanted in (d.name.casefold(), d.entity_id)]
        domains = _all(slots.get("domain"))
        return any(not domains or d.domain in domains for d in found)

    def _targets(self, test: Case) -> list[Device]:
        """Return what a test's slots stand for."""
        slots = test.slots
        domain = slots.get("domain") or ACTING[test.intent]
        name = slots.get("name")
        if name in (None, "all") and domain is None and "device_class" not in slots:
            return []
        found = [d for d in self.devices if domain is None or d.domain in _all(domain)]
        if name not in (None, "all"):
            wanted = _plain(str(name)).casefold()
            return [d for d in found if wanted in (d.name.casefold(), d.entity_id)]
        if classes := _all(slots.get("device_class")):
            found = [d for d in found if d.device_class in classes]
        if floor := slots.get("floor"):
            areas = {n for n, f in self._areas.values() if self._is_floor(f, floor)}
            found = [d for d in found if d.area in areas]
        if area := slots.get("area") or (test.area if not floor else None):
            found = [d for d in found if d.area == self._area(area)]
        return found

    def _is_floor(self, floor: str | None, said: str) -> bool:
        return floor is not None and said in (floor, self._floors.get(floor))


def _id(raw: Mapping[str, Any]) -> str:
    return str(raw.get("id") or raw["name"])


def _all(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def _plain(name: str) -> str:
    """Return a name without what a sentence template may leave out of it."""
    return re.sub(r"\[[^\]]*\]", "", name).strip()
