"""Sentences in the home's language that stand within other texts."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN

_CATEGORY = "selector"
# Where they are among the translations.
_GROUPS = ("advice", "budget", "reason", "result", "sight")


async def async_texts(hass: HomeAssistant) -> Mapping[str, str]:
    """Return the sentences by their names, in English where there are no others."""
    found = await async_get_translations(
        hass, hass.config.language, _CATEGORY, [DOMAIN]
    )
    starts = tuple(f"component.{DOMAIN}.{_CATEGORY}.{group}." for group in _GROUPS)
    return {
        key.rpartition(".")[2]: text
        for key, text in found.items()
        if key.startswith(starts)
    }


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with values in it, which mean nothing to what draws the text."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
