"""The engines among Home Assistant's apps, where there is a Supervisor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.hassio import is_hassio

_OLLAMA = "ollama"
# Parts of the names of apps that run models.
_ENGINES = (_OLLAMA, "llama", "localai", "local-ai", "vllm")
# Their networks know apps by these names: letters, digits and dashes.
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)
_MOST_APPS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Apps:
    """What the Supervisor tells.

    Args:
        machine: What it calls the machine.
        hosts: Names of installed apps that may be engines.
        ollama_offered: Whether Ollama could be installed as one, and is not.
    """

    machine: str | None = None
    hosts: tuple[str, ...] = ()
    ollama_offered: bool = False


@callback
def async_apps(hass: HomeAssistant) -> Apps:
    """Return what the Supervisor tells; nothing where there is none, or not yet."""
    if not is_hassio(hass):
        return Apps()
    # It has been loaded by now, where it is of use; elsewhere it need not be.
    from homeassistant.components import hassio  # noqa: PLC0415

    try:
        installed = hassio.get_addons_list(hass)
        offered = hassio.get_store(hass).get("addons") or ()
        machine = hassio.get_info(hass).get("machine")
    except hassio.HassioNotReadyError:
        return Apps()
    slugs = _slugs(installed)
    hosts = [slug.replace("_", "-") for slug in slugs if _is_engine(slug)]
    has_ollama = any(_OLLAMA in slug for slug in slugs)
    return Apps(
        machine=machine,
        hosts=tuple(hosts[:_MOST_APPS]),
        ollama_offered=not has_ollama
        and any(slug.endswith(f"_{_OLLAMA}") for slug in _slugs(offered)),
    )


def _slugs(apps: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the short names of apps that are such names."""
    found = (str(app.get("slug") or "") for app in apps)
    return [slug for slug in found if _SLUG.fullmatch(slug)]


def _is_engine(slug: str) -> bool:
    """Return whether an app may be an engine, judging by its name."""
    return any(part in slug for part in _ENGINES)
