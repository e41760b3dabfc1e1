"""Which devices people use: those that they switched themselves, or by asking for it.

What is known of them changes once a day, so that a prompt that follows it is the same
all day.
"""

from collections import deque
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from homeassistant.const import ATTR_ENTITY_ID, EVENT_CALL_SERVICE
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

_VERSION = 1
_KEY = f"{DOMAIN}.uses"
# Seconds until it is written: a device is noted once a day, and it is no loss.
_DELAY = 600.0
# After so many days without being used, a device is not a used one any more.
_REMEMBERED = timedelta(days=30)
# Turns that may be at work at once, and then some.
_MOST_TURNS = 64

_USES: HassKey[Uses] = HassKey(f"{DOMAIN}_uses")


async def async_follow_uses(hass: HomeAssistant) -> None:
    """Begin to note what is used."""
    uses = Uses(hass)
    await uses.async_load()
    hass.data[_USES] = uses
    hass.bus.async_listen(EVENT_CALL_SERVICE, uses.async_note)


@callback
def async_used(hass: HomeAssistant) -> frozenset[str]:
    """Return the ids of the entities that people use, the same all day."""
    uses = hass.data.get(_USES)
    return uses.of_today() if uses else frozenset()


@callback
def async_note_turn(hass: HomeAssistant, context: Context) -> None:
    """Know that what is done in a context was asked for by a person."""
    if uses := hass.data.get(_USES):
        uses.turns.append(context.id)


async def async_forget_uses(hass: HomeAssistant) -> None:
    """Forget all that was used, and remove its file."""
    if uses := hass.data.get(_USES):
        await uses.async_forget()


class Uses:
    """The day of the last use of each entity, and those of the days before today."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Know nothing yet."""
        self._hass = hass
        self._store: Store[dict[str, Any]] = Store(hass, _VERSION, _KEY)
        self._last: dict[str, date] = {}
        self._used: frozenset[str] = frozenset()
        self._day: date | None = None
        self.turns: deque[str] = deque(maxlen=_MOST_TURNS)

    async def async_load(self) -> None:
        """Read what was kept; what cannot be understood is left out."""
        data = await self._store.async_load()
        if not isinstance(data, Mapping):
            return
        kept = data.get("last")
        if isinstance(kept, Mapping):
            days = {entity_id: _day(value) for entity_id, value in kept.items()}
            self._last = {key: day for key, day in days.items() if day is not None}
        used = data.get("used")
        if isinstance(used, list):
            self._used = frozenset(one for one in used if isinstance(one, str))
            self._day = _day(data.get("day"))

    @callback
    def async_note(self, event: Event[Any]) -> None:
        """Note what a person has done, by hand or by asking for it."""
        context = event.context
        if context.user_id is None and context.id not in self.turns:
            return
        given = event.data.get("service_data", {}).get(ATTR_ENTITY_ID)
        today = dt_util.now().date()
        for entity_id in [given] if isinstance(given, str) else given or ():
            if (
                isinstance(entity_id, str)
                and self._last.get(entity_id) != today
                and self._hass.states.get(entity_id)
            ):
                self.of_today()
                self._last[entity_id] = today
                self._store.async_delay_save(self._data, _DELAY)

    @callback
    def of_today(self) -> frozenset[str]:
        """Return what was in use when today began."""
        today = dt_util.now().date()
        if self._day != today:
            self._day = today
            self._last = {
                entity_id: day
                for entity_id, day in self._last.items()
                if today - day <= _REMEMBERED
            }
            self._used = frozenset(self._last)
            self._store.async_delay_save(self._data, _DELAY)
        return self._used

    async def async_forget(self) -> None:
        """Begin anew."""
        self._last, self._used, self._day = {}, frozenset(), None
        await self._store.async_remove()

    def _data(self) -> dict[str, Any]:
        """Return what is to be kept."""
        return {
            "day": self._day.isoformat() if self._day else None,
            "last": {
                entity_id: day.isoformat() for entity_id, day in self._last.items()
            },
            "used": sorted(self._used),
        }


def _day(value: Any) -> date | None:
    """Return a day as it was kept."""
    try:
        return date.fromisoformat(value)
    except TypeError, ValueError:
        return None
