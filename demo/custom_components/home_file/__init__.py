"""A home read from a file: real entities whose state follows actions.

Only the demo, the benchmarks and the tests use this component::

    home_file:
      file: homes/family.yaml
      machine: folder  # Hearth reads of the machine below this one instead of /
"""

from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.discovery import async_load_platform
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from custom_components.hearth.board_reading import Places
from custom_components.hearth.welcome.look import PLACES
from demo.homes import HomeFileError, load_home

from .entity import DATA_HOME, HomeData
from .registries import async_register

DOMAIN: Final = "home_file"
CONF_FILE: Final = "file"
CONF_MACHINE: Final = "machine"
SERVICE_RESET: Final = "reset"

# Where the models would be on a pretended machine.
_MODELS = Path("/config/hearth/models")

CONFIG_SCHEMA = vol.Schema(
    {
        DOMAIN: vol.Schema(
            {vol.Required(CONF_FILE): cv.string, vol.Optional(CONF_MACHINE): cv.string}
        )
    },
    extra=vol.ALLOW_EXTRA,
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Read the file, make the registries' entries and start the platforms."""
    path = hass.config.path(config[DOMAIN][CONF_FILE])
    try:
        home = await hass.async_add_executor_job(load_home, path)
    except HomeFileError as err:
        raise HomeAssistantError(str(err)) from err
    hass.data[DATA_HOME] = data = HomeData(home=home)
    async_register(hass, home)
    if CONF_MACHINE in config[DOMAIN]:
        hass.data[PLACES] = Places(
            root=Path(config[DOMAIN][CONF_MACHINE]), models=_MODELS
        )

    async def async_reset(call: ServiceCall) -> None:
        """Put every entity back into the state that the file gives it."""
        for entity in data.entities:
            entity.async_reset()

    hass.services.async_register(DOMAIN, SERVICE_RESET, async_reset)
    for domain in home.domains:
        hass.async_create_task(
            async_load_platform(hass, domain, DOMAIN, {}, config),
            f"home_file {domain}",
        )
    return True
