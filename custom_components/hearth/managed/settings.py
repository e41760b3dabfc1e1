"""What is kept about an engine of our own, and where its files go."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant

from ..engines.launch import Runtime

CONF_INDEX_URL = "index_url"
CONF_MODELS_FOLDER = "models_folder"
CONF_PROGRAM = "program"
CONF_RUNTIME = "runtime"
CONF_WHEEL = "wheel"

# There is one on a machine: two would fight for its memory.
MANAGED_ID = "managed"

# Stands for the model that comes with Hearth, wherever that is installed.
NANO = "nano"
_NANO_FILE = Path(__file__).parents[1] / "models" / "nano.gguf"
_NANO_ALIAS = "hearth-nano"

# Home Assistant leaves this folder out of its backups.
_CACHE = Path(".cache", "hearth")


def is_managed(data: Mapping[str, Any]) -> bool:
    """Tell whether an entry's engine is run by Hearth itself."""
    return CONF_RUNTIME in data


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedSettings:
    """What a person chose for an engine of our own.

    Args:
        runtime: The program that runs the model.
        model: A model file, or ``NANO`` for the one that comes with Hearth.
        program: The ``llama-server`` to use, where it must be a certain one.
        models_folder: Where downloaded models go, where not to the usual folder.
        wheel: Where ``llama-cpp-python`` is installed from, as an address or a
            file.
        index_url: The package index to install it from instead.
    """

    runtime: Runtime
    model: str = NANO
    program: str | None = None
    models_folder: str | None = None
    wheel: str | None = None
    index_url: str | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read an entry's data."""
        return cls(
            runtime=Runtime(data[CONF_RUNTIME]),
            model=data.get(CONF_MODEL, NANO),
            program=data.get(CONF_PROGRAM) or None,
            models_folder=data.get(CONF_MODELS_FOLDER) or None,
            wheel=data.get(CONF_WHEEL) or None,
            index_url=data.get(CONF_INDEX_URL) or None,
        )

    def as_data(self) -> dict[str, Any]:
        """Return what to keep in an entry."""
        values = {
            CONF_INDEX_URL: self.index_url,
            CONF_MODEL: self.model,
            CONF_MODELS_FOLDER: self.models_folder,
            CONF_PROGRAM: self.program,
            CONF_RUNTIME: self.runtime.value,
            CONF_WHEEL: self.wheel,
        }
        return {key: value for key, value in values.items() if value is not None}

    @property
    def model_file(self) -> Path:
        """Return the model's file; of a split model the first one."""
        return _NANO_FILE if self.model == NANO else Path(self.model)

    @property
    def alias(self) -> str:
        """Return the name that the engine gives the model."""
        if self.model == NANO:
            return _NANO_ALIAS
        # A comma would make two names of it.
        return self.model_file.stem.partition("-00001-of-")[0].replace(",", "_")

    def models_path(self, hass: HomeAssistant) -> Path:
        """Return the folder that downloaded models go to."""
        if self.models_folder:
            return Path(self.models_folder)
        return models_path(hass)


def models_path(hass: HomeAssistant) -> Path:
    """Return the folder that downloaded models go to unless told otherwise."""
    return Path(hass.config.path(str(_CACHE / "models")))


def engine_path(hass: HomeAssistant) -> Path:
    """Return the folder for the engine's key and saved prompts."""
    return Path(hass.config.path(str(_CACHE / "engine")))
