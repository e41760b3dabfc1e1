"""Home Assistant's own answers to intents, as its built-in agent gives them.

They come with ``home_assistant_intents``: templates by intent and key, and for each
way to say an intent the key of its answer. A way is a combination of slots, such as
``name_only`` or ``area_domain``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from home_assistant_intents import get_intents, get_languages
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.util import language as language_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

# Begins an answer that nobody has translated yet, where it is not the English one.
_TO_DO = "TODO"
_ENGLISH = "en"
# Parts of combinations that say more than what something is done to.
_SPECIAL = frozenset({"class", "command"})
# What is switched like a light, although nobody has written a sentence for it.
_LIKE_SWITCHES = frozenset({"humidifier", "remote", "siren", "water_heater"})
_SWITCHING = frozenset({intent.INTENT_TURN_OFF, intent.INTENT_TURN_ON})
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to say an intent: for which domains (None: any), and how it is answered."""

    combination: str
    domains: frozenset[str] | None
    key: str


class Responses:
    """The answers of one language."""

    def __init__(
        self, data: Mapping[str, Any], english: Mapping[str, Any] | None = None
    ) -> None:
        """Take what is needed of a language's data.

        Args:
            data: The language's.
            english: That of English, if the language is another one.
        """
        foreign = _texts(english or {})
        self._texts = {
            name: {
                key: text
                for key, text in answers.items()
                if text
                and not text.startswith(_TO_DO)
                and text != foreign.get(name, {}).get(key)
            }
            for name, answers in _texts(data).items()
        }
        self._ways = {
            name: tuple(_ways(said.get("data", ())))
            for name, said in data.get("intents", {}).items()
        }

    def find(
        self, name: str, beginning: str, *, domain: str | None, value: str = ""
    ) -> Iterator[str]:
        """Yield the templates that fit, those of the likeliest way first.

        Args:
            name: The intent.
            beginning: What the combination of slots begins with.
            domain: What it is done to.
            value: What the combination has in it, where that matters.
        """
        texts = self._texts.get(name, {})
        for way in self._ways.get(name, ()):
            parts = way.combination.split("_")
            if (
                way.combination.startswith(beginning)
                and (way.domains is None or domain in way.domains)
                and (not value or value in parts)
                and _SPECIAL.isdisjoint(set(parts) - {beginning})
                and way.key in texts
            ):
                yield texts[way.key]
        if domain in _LIKE_SWITCHES and name in _SWITCHING and _DEFAULT in texts:
            yield texts[_DEFAULT]


def _texts(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the templates of a language's data, by intent and key."""
    texts: dict[str, dict[str, str]] = data.get("responses", {}).get("intents", {})
    return texts


def _ways(data: list[dict[str, Any]]) -> Iterator[_Way]:
    """Yield the ways to say an intent."""
    for block in data:
        combination = block.get("metadata", {}).get("slot_combination")
        if combination is None or (key := block.get("response")) is None:
            continue
        domains = block.get("slots", {}).get("domain")
        if domains is None:
            domains = block.get("requires_context", {}).get("domain")
        if isinstance(domains, str):
            domains = [domains]
        yield _Way(
            combination, frozenset(domains) if isinstance(domains, list) else None, key
        )


_RESPONSES: HassKey[dict[str, Responses | None]] = HassKey(f"{DOMAIN}_responses")


async def async_responses(hass: HomeAssistant, language: str) -> Responses | None:
    """Return the answers of a language, None where it is not among the 65."""
    known = hass.data.setdefault(_RESPONSES, {})
    if language not in known:
        known[language] = await hass.async_add_executor_job(_load, language)
    return known[language]


def _load(language: str) -> Responses | None:
    """Read a language's answers, or those of the nearest variant; blocks."""
    matches = language_util.matches(language, get_languages())
    data = get_intents(matches[0]) if matches else None
    if not data:
        return None
    is_english = matches[0].partition("-")[0] == _ENGLISH
    return Responses(data, None if is_english else get_intents(_ENGLISH))
