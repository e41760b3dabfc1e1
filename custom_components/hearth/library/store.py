"""What outlasts a restart: pulls that are not finished, and what was asked when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..const import DOMAIN

_VERSION = 1
# Seconds after which what was asked is kept; it can be asked again.
_SOON = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a registry or a hub said of the newest version of a model.

    Args:
        checked: When it was asked last.
        digest: The newest version; None where nobody has the model, or where it was
            never told.
        size: Its bytes.
        missing: Whether nobody has the model.
    """

    checked: datetime
    digest: str | None = None
    size: int | None = None
    missing: bool = False


class LibraryStore:
    """What is kept about the models of an entry.

    ``unfinished`` are the models that are being pulled, by their keys: what they were
    asked for as. ``known`` are the newest versions of models, by their names.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Know nothing yet."""
        self._store = _store(hass, entry_id)
        self.unfinished: dict[str, str] = {}
        self.known: dict[str, Known] = {}
        self._is_kept = True

    async def async_load(self) -> None:
        """Read what was kept; what makes no sense is left out."""
        kept = await self._store.async_load() or {}
        self.unfinished = {
            key: name
            for key, name in _items(kept.get("unfinished"))
            if isinstance(name, str)
        }
        self.known = {
            name: known
            for name, told in _items(kept.get("known"))
            if (known := _known(told)) is not None
        }

    async def async_save(self) -> None:
        """Keep it, before anything else happens."""
        self._is_kept = True
        await self._store.async_save(self._kept())

    @callback
    def async_save_soon(self) -> None:
        """Keep it within a minute, or when Home Assistant stops."""
        self._is_kept = False
        self._store.async_delay_save(self._kept, _SOON)

    async def async_close(self) -> None:
        """Keep what was to be kept soon: the next one to read it comes now."""
        if not self._is_kept:
            await self.async_save()

    def _kept(self) -> dict[str, Any]:
        """Return what is kept."""
        return {
            "known": {
                name: {
                    "checked": known.checked.isoformat(),
                    "digest": known.digest,
                    "missing": known.missing,
                    "size": known.size,
                }
                for name, known in self.known.items()
            },
            "unfinished": dict(self.unfinished),
        }


async def async_forget(hass: HomeAssistant, entry_id: str) -> None:
    """Remove what was kept about the models of an entry."""
    await _store(hass, entry_id).async_remove()


def _store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file in which it is kept."""
    return Store(hass, _VERSION, f"{DOMAIN}.library.{entry_id}", atomic_writes=True)


def _items(kept: object) -> list[tuple[str, Any]]:
    """Return the items of an object, none of anything else."""
    return list(kept.items()) if isinstance(kept, Mapping) else []


def _known(told: object) -> Known | None:
    """Return what was kept of a version, if it makes sense."""
    if not isinstance(told, Mapping):
        return None
    checked = dt_util.parse_datetime(str(told.get("checked")))
    digest, size = told.get("digest"), told.get("size")
    if checked is None or checked.tzinfo is None:
        return None
    return Known(
        checked=checked,
        digest=digest if isinstance(digest, str) else None,
        size=size if isinstance(size, int) else None,
        missing=told.get("missing") is True,
    )
