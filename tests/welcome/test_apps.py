"""What the Supervisor tells about apps with engines."""

from typing import Any
from unittest.mock import patch

from homeassistant.components import hassio
from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.welcome.apps import Apps, async_apps


class Supervised:
    """A Supervisor that has told something."""

    def __init__(self, installed: list[Any], offered: list[Any]) -> None:
        """Remember the short names of apps."""
        self.installed = installed
        self.offered = offered

    def ask(self, hass: HomeAssistant) -> Apps:
        """Return what follows from it."""
        hass.config.components.add("hassio")
        with (
            patch.object(
                hassio,
                "get_addons_list",
                return_value=[{"slug": slug} for slug in self.installed],
            ),
            patch.object(
                hassio,
                "get_store",
                return_value={"addons": [{"slug": slug} for slug in self.offered]},
            ),
            patch.object(
                hassio, "get_info", return_value={"machine": "raspberrypi5-64"}
            ),
        ):
            return async_apps(hass)


async def test_no_supervisor(hass: HomeAssistant) -> None:
    """Most homes of this kind have no apps."""
    assert async_apps(hass) == Apps()


async def test_not_ready(hass: HomeAssistant) -> None:
    """A Supervisor that has not told anything yet is not waited for."""
    hass.config.components.add("hassio")
    assert async_apps(hass) == Apps()


async def test_installed(hass: HomeAssistant) -> None:
    """An app is called as its network calls it; others are not asked."""
    apps = Supervised(
        ["core_mosquitto", "76e18fb5_ollama", "local_llama_cpp"], ["76e18fb5_ollama"]
    ).ask(hass)
    assert apps == Apps(
        machine="raspberrypi5-64", hosts=("76e18fb5-ollama", "local-llama-cpp")
    )


async def test_offered(hass: HomeAssistant) -> None:
    """Ollama can be had where a shop has it and nobody has installed it."""
    assert Supervised([], ["core_ssh", "76e18fb5_ollama"]).ask(hass).ollama_offered
    assert not Supervised([], ["core_ssh", "x_ollama_tools"]).ask(hass).ollama_offered


@pytest.mark.parametrize(
    "slug", [None, "", "ollama.example.com", "ollama/../x", "Ollama", "x" * 80, 7]
)
async def test_names_that_are_none(hass: HomeAssistant, slug: Any) -> None:
    """Names that could lead elsewhere are left out."""
    assert Supervised([slug], [slug]).ask(hass) == Apps(machine="raspberrypi5-64")


async def test_not_without_end(hass: HomeAssistant) -> None:
    """Only so many are asked."""
    apps = Supervised([f"a{n}_ollama" for n in range(99)], []).ask(hass)
    assert len(apps.hosts) == 16
