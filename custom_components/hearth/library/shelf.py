"""The models that are installed, and the newest version of each."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from .base import InstalledModel, Library, LibraryError
from .store import Known, LibraryStore

# Models come and go seldom; where Hearth pulls or deletes one, it looks at once.
INTERVAL = timedelta(minutes=5)
# One model is asked about at a time, and each once in so long.
ASK_ONE = timedelta(minutes=5)
ASK_AGAIN = timedelta(days=1)

type Models = tuple[InstalledModel, ...]


class Shelf(DataUpdateCoordinator[Models | None]):
    """The models of an engine; None before it could be asked.

    Silence of the engine changes nothing: that is told by another coordinator.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        library: Library,
        store: LibraryStore,
    ) -> None:
        """Look at the models of an entry's engine."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title}: models",
            update_interval=INTERVAL,
            always_update=False,
        )
        self._library = library
        self._store = store

    @override
    async def _async_update_data(self) -> Models | None:
        """List the models that are there now."""
        try:
            models = await self._library.installed()
        except LibraryError as err:
            LOGGER.debug("The models of %s cannot be listed: %s", self.name, err)
            return self.data
        names = {model.name for model in models}
        for gone in self._store.known.keys() - names:
            del self._store.known[gone]
        return models

    @callback
    def async_start(self) -> None:
        """Ask for newer versions from now on, one by one, until the entry unloads."""
        if TYPE_CHECKING:
            assert self.config_entry is not None
        self.config_entry.async_on_unload(
            async_track_time_interval(
                self.hass,
                self._async_ask_one,
                ASK_ONE,
                name="Looking for newer models",
                cancel_on_shutdown=True,
            )
        )

    def model(self, name: str) -> InstalledModel | None:
        """Return the model of a name, or the one that agents call so."""
        models, key = self.data or (), self._library.key_of(name)
        return next(
            (model for model in models if model.name == key),
            next((model for model in models if model.alias == name), None),
        )

    def known(self, model: InstalledModel) -> Known | None:
        """Return what was said of the newest version of a model."""
        return self._store.known.get(model.name)

    def has_update(self, model: InstalledModel) -> bool | None:
        """Return whether there is another version; None where that is unknown."""
        known = self.known(model)
        if known is None or known.digest is None or model.digest is None:
            return None
        return known.digest != model.digest

    async def _async_ask_one(self, now: datetime) -> None:
        """Ask about the model that was not asked about for the longest time."""
        never = dt_util.utc_from_timestamp(0)
        due = [
            (known.checked if (known := self.known(model)) else never, model.name)
            for model in self.data or ()
            if model.has_versions
        ]
        checked, name = min(due, default=(now, ""))
        if now - checked >= ASK_AGAIN and (model := self.model(name)) is not None:
            await self.async_ask(model)

    async def async_ask(self, model: InstalledModel) -> None:
        """Ask for the newest version of a model; silence changes nothing."""
        before = self.known(model) or Known(checked=dt_util.utcnow())
        known = replace(before, checked=dt_util.utcnow())
        try:
            newest = await self._library.newest(model)
        except LibraryError as err:
            LOGGER.debug("The newest %s is not known: %s", model.name, err)
        else:
            known = Known(
                checked=known.checked,
                digest=newest.digest if newest else None,
                size=newest.size if newest else None,
                missing=newest is None,
            )
        self._remember(model.name, known)

    @callback
    def async_is_newest(self, name: str) -> None:
        """Note that a model was pulled a moment ago."""
        model = self.model(name)
        if model is not None and model.has_versions:
            now = dt_util.utcnow()
            known = Known(checked=now, digest=model.digest, size=model.size)
            self._remember(model.name, known)

    def _remember(self, name: str, known: Known) -> None:
        """Keep what is known, and tell everybody."""
        self._store.known[name] = known
        self._store.async_save_soon()
        self.async_update_listeners()
