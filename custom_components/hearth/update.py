"""A newer version of each model that is installed, where its maker has one."""

from typing import Any, override

from homeassistant.components.update import (
    DOMAIN as UPDATE,
    UpdateEntity,
    UpdateEntityFeature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HearthConfigEntry
from .entity import HearthEngineEntity
from .library.base import InstalledModel, LibraryError
from .library.notes import async_notes
from .library.problem import said
from .library.store import Known

# Who waits for its turn is decided elsewhere, for all pulls together.
PARALLEL_UPDATES = 0

# As many digits of a digest as Ollama shows.
_SHORT = 12


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Let an entity come and go with each model."""
    shelf = entry.runtime_data.shelf
    present: set[str] = set()

    @callback
    def models_changed() -> None:
        if shelf.data is None:
            return
        names = {model.name for model in shelf.data if _is_shown(entry, model)}
        _async_remove_others(hass, entry, names)
        async_add_entities(
            HearthModelUpdate(entry, name) for name in sorted(names - present)
        )
        present.clear()
        present.update(names)

    models_changed()
    entry.async_on_unload(shelf.async_add_listener(models_changed))


def _is_shown(entry: HearthConfigEntry, model: InstalledModel) -> bool:
    """Return whether a model may have a newer version, as far as is known."""
    known = entry.runtime_data.shelf.known(model)
    return model.has_versions and not (known and known.missing)


@callback
def _async_remove_others(
    hass: HomeAssistant, entry: HearthConfigEntry, names: set[str]
) -> None:
    """Remove the entities of models that are not there any more."""
    registry = er.async_get(hass)
    valid = {_unique_id(entry, name) for name in names}
    for found in er.async_entries_for_config_entry(registry, entry.entry_id):
        if found.domain == UPDATE and found.unique_id not in valid:
            registry.async_remove(found.entity_id)


def _key(name: str) -> str:
    """Return what tells the entity of a model from others of its engine."""
    return f"model_{name}"


def _unique_id(entry: HearthConfigEntry, name: str) -> str:
    """Return the id of a model's entity among all of Hearth's."""
    return f"{entry.entry_id}_{_key(name)}"


class HearthModelUpdate(HearthEngineEntity, UpdateEntity):
    """A model, and the newest version of it."""

    _attr_supported_features = (
        UpdateEntityFeature.INSTALL
        | UpdateEntityFeature.PROGRESS
        | UpdateEntityFeature.RELEASE_NOTES
    )
    _attr_translation_key = "model"

    def __init__(self, entry: HearthConfigEntry, name: str) -> None:
        """Show the model of a name."""
        super().__init__(entry, _key(name))
        self._attr_title = name
        self._attr_translation_placeholders = {"model": name}
        self._name = name
        self._runtime = entry.runtime_data

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the models and the pulls."""
        await super().async_added_to_hass()
        runtime = self._runtime
        self.async_on_remove(
            runtime.shelf.async_add_listener(self.async_write_ha_state)
        )
        self.async_on_remove(runtime.pulls.subscribe(self.async_write_ha_state))

    @property
    def _model(self) -> InstalledModel | None:
        """Return the model, None in the moment between its end and that of this."""
        return self._runtime.shelf.model(self._name)

    @property
    def _known(self) -> Known | None:
        """Return what was said of its newest version."""
        model = self._model
        return self._runtime.shelf.known(model) if model else None

    @property
    @override
    def installed_version(self) -> str | None:
        """Return the beginning of the digest of what is installed."""
        return _short(self._model.digest) if self._model else None

    @property
    @override
    def latest_version(self) -> str | None:
        """Return the beginning of the newest digest, None before it was asked for."""
        return _short(self._known.digest) if self._known else None

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        """Return whether it is another one: a digest has no order."""
        return latest_version != installed_version

    @property
    @override
    def in_progress(self) -> bool:
        """Return whether it is being pulled, or waits for that."""
        return self._runtime.pulls.find(self._name) is not None

    @property
    @override
    def update_percentage(self) -> int | None:
        """Return how much of it is there."""
        pull = self._runtime.pulls.find(self._name)
        if pull is None or pull.percentage is None:
            return None
        return int(pull.percentage)

    @override
    async def async_update(self) -> None:
        """Ask for the newest version now, because a person wants to know."""
        if (model := self._model) is not None:
            await self._runtime.shelf.async_ask(model)

    @override
    async def async_release_notes(self) -> str | None:
        """Return in plain words what the newest version changes."""
        if (model := self._model) is None:
            return None
        return await async_notes(self.hass, model, self._known)

    @override
    async def async_install(
        self, version: str | None, backup: bool, **kwargs: Any
    ) -> None:
        """Pull the newest version, and wait for it."""
        try:
            pull = await self._runtime.pulls.async_start(self._name)
            await pull.wait()
        except LibraryError as err:
            raise said(HomeAssistantError, err) from err


def _short(digest: str | None) -> str | None:
    """Return as much of a digest as people compare."""
    return digest[:_SHORT] if digest else None
