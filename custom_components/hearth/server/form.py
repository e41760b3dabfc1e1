"""The forms about a server and its models."""

from collections.abc import Iterator, Mapping, Sequence

from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
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

from ..engines.base import ModelInfo
from ..engines.values import shown
from ..managed.figures import size
from ..recommending.base import Pick, ReasonKey
from ..steps.labels import costs, joined
from ..steps.texts import filled

CONF_NAME = "name"
# Choices that are no model; no model has such a name.
BACK = "hearth_back"
OTHER = "hearth_other"

_WORDS = "server_model"
# What is said of a model beside its numbers, by the names of texts.
_WARNINGS = {
    ReasonKey.CLOUD: "warns_of_cloud",
    ReasonKey.NO_TOOLS: "warns_of_no_tools",
    ReasonKey.TOO_LITTLE_MEMORY: "warns_of_memory",
    ReasonKey.TOO_SLOW: "warns_of_speed",
}
_KEY = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)

KEY_SCHEMA = vol.Schema({vol.Optional(Secret(CONF_API_KEY)): _KEY})
# Whoever leaves it empty goes back.
NAME_SCHEMA = vol.Schema({vol.Optional(CONF_NAME): TextSelector()})


def server_schema(*, has_back: bool) -> vol.Schema:
    """Return the form for an address and a key.

    Args:
        has_back: Whether one goes back with an empty address.
    """
    address = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
    needed = vol.Optional if has_back else vol.Required
    return vol.Schema(
        {needed(CONF_URL): address, vol.Optional(Secret(CONF_API_KEY)): _KEY}
    )


def models_schema(
    offered: Sequence[Pick],
    models: Sequence[ModelInfo],
    texts: Mapping[str, str],
    *,
    chosen: str | None,
    can_pull: bool,
) -> vol.Schema:
    """Return the choice among the models of a server.

    Args:
        offered: What can be chosen, the best first.
        models: What the server has.
        texts: Sentences in the home's language, by their names.
        chosen: What was chosen before.
        can_pull: Whether the server can download models.
    """
    sizes = {model.name: model.size for model in models}
    labels = {pick.model: _label(pick, sizes, texts) for pick in offered}
    if can_pull:
        labels[OTHER] = OTHER
    labels[BACK] = BACK
    default = chosen if chosen in labels else next(iter(labels))
    choice = SelectSelector(
        SelectSelectorConfig(
            mode=SelectSelectorMode.LIST,
            options=[
                SelectOptionDict(label=label, value=value)
                for value, label in labels.items()
            ],
            translation_key=_WORDS,
        )
    )
    return vol.Schema({vol.Required(CONF_MODEL, default=default): choice})


def _label(
    pick: Pick, sizes: Mapping[str, int | None], texts: Mapping[str, str]
) -> str:
    """Return what a model is called, what it costs and what is wrong with it."""
    name = shown(pick.model)
    if pick.name != pick.model:
        name = f"{shown(pick.name)} ({name})"
    return joined(
        name,
        [
            _source(pick, sizes.get(pick.model), texts),
            *costs(pick, texts),
            *_warnings(pick, texts),
        ],
    )


def _source(pick: Pick, bytes_there: int | None, texts: Mapping[str, str]) -> str:
    """Return whether a model is there, and how large it is."""
    if pick.download:
        return filled(texts["to_download"], {"size": size(pick.download)})
    if bytes_there:
        return filled(texts["installed_size"], {"size": size(bytes_there)})
    return texts["installed"]


def _warnings(pick: Pick, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what speaks against a model."""
    for reason in pick.reasons:
        if name := _WARNINGS.get(reason.key):
            yield f"⚠ {texts[name]}"
