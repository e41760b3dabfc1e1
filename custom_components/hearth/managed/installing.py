"""Installing the worker's package, as the forms and the entries need it."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant

from ..runtimes.find import FoundPackage
from ..runtimes.installer import InstallError, InstallSource, InstallStep, async_install
from .problem import ManagedError
from .settings import ManagedSettings


async def async_install_package(
    hass: HomeAssistant, settings: ManagedSettings, progress: Callable[[float], None]
) -> FoundPackage:
    """Install what the worker needs, unless it is there; raises ManagedError.

    Where only the download has a share that can be told, it is told from 0 to 1.
    """

    def report(step: InstallStep, share: float | None) -> None:
        if share is not None:
            progress(share)

    source = InstallSource(wheel=settings.wheel, index_url=settings.index_url)
    try:
        return await async_install(hass, source, report)
    except InstallError as err:
        raise ManagedError(err.key, err.placeholders) from err
