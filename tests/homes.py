"""Homes from files in a Home Assistant under test."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component

from demo.components import ROOT, make_importable

FAMILY = ROOT / "homes" / "family.yaml"
VILLA = ROOT / "homes" / "villa.yaml"


async def async_set_up_home(hass: HomeAssistant, file: Path = FAMILY) -> None:
    """Set up the home of a file: its entities are there and exposed."""
    make_importable()
    hass.data.pop(DATA_CUSTOM_COMPONENTS, None)
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(
        hass, "home_file", {"home_file": {"file": str(file)}}
    )
    await hass.async_block_till_done()
