"""Homes written down in a file: floors, areas and what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .errors import DemoError

# One kind of entity for each platform of the component ``home_file``.
DOMAINS = frozenset(
    {
        "binary_sensor",
        "climate",
        "cover",
        "fan",
        "light",
        "lock",
        "media_player",
        "scene",
        "sensor",
        "switch",
        "todo",
        "vacuum",
    }
)


class HomeFileError(DemoError):
    """A home file that does not say what it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeEntity:
    """An entity as the file describes it: its state at the start included."""

    entity_id: str
    name: str
    state: str
    area: str | None = None
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """Return the entity's domain."""
        return self.entity_id.partition(".")[0]

    @property
    def object_id(self) -> str:
        """Return the part of the entity id after the domain."""
        return self.entity_id.partition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A whole home; ``floors`` maps the name of a floor to its areas."""

    floors: Mapping[str, tuple[str, ...]]
    entities: tuple[HomeEntity, ...]

    @property
    def areas(self) -> dict[str, str | None]:
        """Return the floor of every area that the file names."""
        areas: dict[str, str | None] = {
            area: floor for floor, names in self.floors.items() for area in names
        }
        for entity in self.entities:
            if entity.area is not None:
                areas.setdefault(entity.area, None)
        return areas

    @property
    def domains(self) -> tuple[str, ...]:
        """Return the domains that the home's entities belong to."""
        return tuple(sorted({entity.domain for entity in self.entities}))


def load_home(path: Path | str) -> Home:
    """Read a home file; raises :class:`HomeFileError`."""
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as err:
        raise HomeFileError(
            f"{path} cannot be read: {err.strerror or 'unknown reason'}"
        ) from err
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise HomeFileError(f"{path} is no YAML file: {err}") from err
    if not isinstance(content, dict) or not isinstance(content.get("entities"), list):
        raise HomeFileError(f"{path} has no list of entities")
    home = Home(
        floors={
            str(floor): tuple(str(area) for area in areas or ())
            for floor, areas in (content.get("floors") or {}).items()
        },
        entities=tuple(_entity(path, raw) for raw in content["entities"]),
    )
    _refuse_duplicates(path, home)
    return home


def _entity(path: Path | str, raw: object) -> HomeEntity:
    """Read one entry of the list of entities."""
    if not isinstance(raw, dict):
        raise HomeFileError(f"{path}: {raw!r} is no entity")
    try:
        entity = HomeEntity(
            entity_id=str(raw["entity_id"]),
            name=str(raw["name"]),
            state=str(raw["state"]),
            area=raw.get("area"),
            aliases=tuple(str(alias) for alias in raw.get("aliases") or ()),
            attributes=dict(raw.get("attributes") or {}),
        )
    except (KeyError, TypeError, ValueError) as err:
        raise HomeFileError(f"{path}: {raw!r} lacks or garbles {err}") from err
    if entity.domain not in DOMAINS or not entity.object_id:
        raise HomeFileError(
            f"{path}: {entity.entity_id} is of a kind the demo home does not have; "
            f"it has {', '.join(sorted(DOMAINS))}"
        )
    return entity


def _refuse_duplicates(path: Path | str, home: Home) -> None:
    """Raise when two entities share an entity id."""
    seen: set[str] = set()
    for entity in home.entities:
        if entity.entity_id in seen:
            raise HomeFileError(f"{path} names {entity.entity_id} twice")
        seen.add(entity.entity_id)
