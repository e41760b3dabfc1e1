"""Where the wheel of llama-cpp-python comes from: given, from an index, or ours."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
import zipfile

from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
from yarl import URL

from ..const import DOMAIN
from .find import PACKAGE_VERSION
from .install_error import InstallError
from .wheel_download import (
    HttpStatus,
    async_download,
    async_fetch_page,
    checked_url,
    file_sum,
)
from .wheel_list import (
    PACKAGE,
    Wheel,
    WheelListError,
    best_wheel,
    checked_sum,
    fits,
    parse_index,
    parse_release,
)

_INDEX_TYPES = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
_NOT_FOUND = 404

type Report = Callable[[float | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallSource:
    """Where to take llama-cpp-python from; with nothing given Hearth's release.

    Args:
        wheel: The path of a wheel on this machine, or its https address.
        sha256: What the wheel's checksum must be.
        index_url: A package index that has wheels of llama-cpp-python.
    """

    wheel: str | None = None
    sha256: str | None = None
    index_url: str | None = None

    @property
    def is_default(self) -> bool:
        """Return whether nothing was given."""
        return not (self.wheel or self.index_url)


def wheels_folder(hass: HomeAssistant) -> Path:
    """Return the folder where wheels are kept for another installation."""
    return Path(hass.config.cache_path("hearth", "wheels"))


async def async_release_url(hass: HomeAssistant) -> URL:
    """Return where the release of this version of Hearth lists its wheels."""
    integration = await async_get_integration(hass, DOMAIN)
    return URL(
        f"{integration.documentation}/releases/download/"
        f"v{integration.version}/wheels.json"
    )


async def async_get_wheel(
    hass: HomeAssistant, source: InstallSource, release: URL, report: Report
) -> Path | None:
    """Return the file of a wheel that is made for this machine.

    ``None`` where nothing was given and the release has none that fits. Raises
    :class:`InstallError`.
    """
    if source.wheel:
        path = await _async_given(hass, source.wheel, source.sha256, report)
    elif source.index_url:
        path = await _async_from_index(hass, source.index_url, report)
    elif wheel := best_wheel(await _async_released(hass, release), PACKAGE_VERSION):
        path = await async_download(hass, wheel, wheels_folder(hass), report)
    else:
        return None
    await hass.async_add_executor_job(_check_archive, path)
    return path


async def _async_given(
    hass: HomeAssistant, given: str, checksum: str | None, report: Report
) -> Path:
    """Return a wheel that a person named by its path or address."""
    given = given.strip()
    expected = _given_sum(given, checksum)
    if "://" not in given:
        path = Path(given)
        _check_name(path.name)
        await hass.async_add_executor_job(_check_file, path, expected)
        return path
    url = checked_url(given)
    _check_name(url.name)
    if expected is None and url.fragment.startswith("sha256="):
        expected = _given_sum(url.name, url.fragment.removeprefix("sha256="))
    wheel = Wheel(
        name=url.name, url=url.with_fragment(None), sha256=expected, size=None
    )
    return await async_download(hass, wheel, wheels_folder(hass), report)


def _given_sum(file: str, checksum: str | None) -> str | None:
    """Return a checksum that was typed in; one that is none fits no file."""
    if not checksum:
        return None
    try:
        return checked_sum(checksum)
    except WheelListError as err:
        raise InstallError("wheel_damaged", {"file": URL(file).name}) from err


def _check_name(name: str) -> None:
    """Raise unless a name is that of a wheel which is made for this machine."""
    try:
        fitting = fits(name)
    except WheelListError as err:
        raise InstallError("not_a_wheel", {"file": name[:100]}) from err
    if not fitting:
        raise InstallError("wheel_for_other_machine", {"file": name})


def _check_file(path: Path, checksum: str | None) -> None:
    """Raise unless a file is there and has its checksum."""
    if not path.is_absolute() or not path.is_file():
        raise InstallError("wheel_missing", {"file": str(path)})
    try:
        damaged = checksum is not None and file_sum(path) != checksum
    except OSError as err:
        raise InstallError("wheel_missing", {"file": str(path)}) from err
    if damaged:
        raise InstallError("wheel_damaged", {"file": path.name})


def _check_archive(path: Path) -> None:
    """Raise unless a file is an archive; a page of a proxy is not."""
    if not zipfile.is_zipfile(path):
        raise InstallError("wheel_damaged", {"file": path.name})


async def _async_from_index(hass: HomeAssistant, index: str, report: Report) -> Path:
    """Return the wheel that an index has for this machine."""
    url = checked_url(index)
    host = url.host or ""
    page = url.with_path(f"{url.path.rstrip('/')}/{PACKAGE}/")
    raw, content_type, found_at = await async_fetch_page(hass, page, _INDEX_TYPES)
    try:
        wheels = await hass.async_add_executor_job(
            parse_index, raw, content_type, found_at
        )
    except WheelListError as err:
        raise InstallError("wheel_list_damaged", {"host": host}) from err
    wheel = best_wheel(wheels, PACKAGE_VERSION)
    if wheel is None:
        raise InstallError(
            "no_wheel_in_index", {"host": host, "version": PACKAGE_VERSION}
        )
    # The links of an index may lead anywhere.
    checked_url(str(wheel.url))
    return await async_download(hass, wheel, wheels_folder(hass), report)


async def _async_released(hass: HomeAssistant, url: URL) -> tuple[Wheel, ...]:
    """Return the wheels of our release; those of last time where nobody answers.

    A version without a release has none.
    """
    kept = wheels_folder(hass) / f"{url.parent.name}.json"
    try:
        raw, _, _ = await async_fetch_page(hass, checked_url(str(url)))
        wheels = parse_release(raw, url)
    except WheelListError as err:
        raise InstallError("wheel_list_damaged", {"host": url.host or ""}) from err
    except InstallError as err:
        if isinstance(err, HttpStatus) and err.status == _NOT_FOUND:
            return ()
        last_time = await hass.async_add_executor_job(_read, kept, url)
        if last_time is None:
            raise
        return last_time
    await hass.async_add_executor_job(_keep, kept, raw)
    return wheels


def _read(path: Path, url: URL) -> tuple[Wheel, ...] | None:
    """Return a list that was kept, if it is whole."""
    try:
        return parse_release(path.read_bytes(), url)
    except OSError, WheelListError:
        return None


def _keep(path: Path, raw: bytes) -> None:
    """Keep a list for when nobody answers; it is no loss where that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    except OSError:
        return
