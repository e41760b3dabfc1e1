"""The forms for an engine of our own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from homeassistant.const import CONF_MODEL
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from probatio import Secret
import voluptuous as vol

from ..engines.launch import Runtime
from ..models.hub import RemoteModel
from .figures import size
from .settings import (
    CONF_INDEX_URL,
    CONF_MODELS_FOLDER,
    CONF_PROGRAM,
    CONF_RUNTIME,
    CONF_WHEEL,
    NANO,
    ManagedSettings,
)

CONF_ENDPOINT = "endpoint"
CONF_FILE = "file"
CONF_REFERENCE = "reference"
CONF_TOKEN = "token"
SECTION_ADVANCED = "advanced"

# Choices of a model that are no model, or none yet.
BACK = "back"
DOWNLOAD = "download"
FILE = "file"

_ADVANCED = (CONF_PROGRAM, CONF_MODELS_FOLDER, CONF_WHEEL, CONF_INDEX_URL)
_TEXT = TextSelector()
_URL = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_SECRET = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)


def settings_schema(
    runtimes: Mapping[Runtime, str], files: Sequence[Path], *, has_back: bool
) -> vol.Schema:
    """Return the form that asks what is to run.

    Args:
        runtimes: What is to be said of each runtime: where it is.
        files: The models that lie in the folder already.
        has_back: Whether there is a step before this one.
    """
    back = {BACK: BACK} if has_back else {}
    fields: dict[str, Any] = {
        CONF_INDEX_URL: _URL,
        CONF_MODELS_FOLDER: _TEXT,
        CONF_PROGRAM: _TEXT,
        CONF_WHEEL: _TEXT,
    }
    return vol.Schema(
        {
            vol.Required(CONF_MODEL, default=NANO): _choice(
                {NANO: NANO}
                | {str(file): file.name for file in files}
                | {DOWNLOAD: DOWNLOAD, FILE: FILE}
                | back,
                CONF_MODEL,
            ),
            vol.Required(CONF_RUNTIME): _choice(
                {runtime.value: label for runtime, label in runtimes.items()}
            ),
            vol.Required(SECTION_ADVANCED): section(
                vol.Schema({vol.Optional(key): fields[key] for key in _ADVANCED}),
                {"collapsed": True},
            ),
        }
    )


def _choice(labels: Mapping[str, str], words: str | None = None) -> SelectSelector:
    """Return a choice; ``words`` names the translations of its values."""
    config = SelectSelectorConfig(
        mode=SelectSelectorMode.LIST,
        options=[
            SelectOptionDict(label=label, value=value)
            for value, label in labels.items()
        ],
    )
    if words is not None:
        config["translation_key"] = words
    return SelectSelector(config)


def settings_values(settings: ManagedSettings) -> dict[str, Any]:
    """Return settings as the form shows them."""
    data = settings.as_data()
    advanced = {key: data[key] for key in _ADVANCED if key in data}
    return {
        CONF_MODEL: settings.model,
        CONF_RUNTIME: settings.runtime.value,
        SECTION_ADVANCED: advanced,
    }


def settings_from(values: Mapping[str, Any]) -> ManagedSettings:
    """Return what was entered; the model may still be ``DOWNLOAD`` or ``FILE``."""
    advanced = {key: value.strip() for key, value in values[SECTION_ADVANCED].items()}
    return ManagedSettings.of(
        {
            CONF_MODEL: values[CONF_MODEL],
            CONF_RUNTIME: values[CONF_RUNTIME],
            **advanced,
        }
    )


# Whoever leaves it empty goes back.
FILE_SCHEMA = vol.Schema({vol.Optional(CONF_FILE): _TEXT})

REFERENCE_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_REFERENCE): _TEXT,
        vol.Required(SECTION_ADVANCED): section(
            vol.Schema(
                {
                    vol.Optional(CONF_ENDPOINT): _URL,
                    vol.Optional(Secret(CONF_TOKEN)): _SECRET,
                }
            ),
            {"collapsed": True},
        ),
    }
)


def models_schema(models: Sequence[RemoteModel], suggested: RemoteModel) -> vol.Schema:
    """Return the choice among the models of a repository."""
    labels = {
        model.files[0].name: f"{model.name} · {size(model.size)}" for model in models
    }
    default = suggested.files[0].name
    choice = _choice(labels | {BACK: BACK}, CONF_MODEL)
    return vol.Schema({vol.Required(CONF_FILE, default=default): choice})
