"""Getting lists and wheels from servers: encrypted, bounded, checked, or not at all."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
import hashlib
from ipaddress import ip_address
import os
from pathlib import Path
import tempfile
from typing import BinaryIO, cast

import aiohttp
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from yarl import URL

from .install_error import InstallError
from .wheel_list import LARGEST_WHEEL, Wheel

LONGEST_PAGE = 8 << 20
_BLOCK = 1 << 20
_MOST_REDIRECTS = 5
# Seconds without a byte.
_SILENCE = 60.0
_CONNECT = 30.0
_OK = 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class HttpStatus(InstallError):
    """A server has something else to say than what was asked for."""

    def __init__(self, host: str, status: int) -> None:
        """Keep the status."""
        super().__init__("wheel_unavailable", {"host": host, "status": str(status)})
        self.status = status


def checked_url(text: str) -> URL:
    """Return an address whose answers nobody can change on the way.

    That is https, or this machine. Raises :class:`InstallError`.
    """
    try:
        url = URL(text.strip())
    except ValueError as err:
        raise InstallError("wheel_address_invalid") from err
    if not url.host or url.scheme not in ("http", "https"):
        raise InstallError("wheel_address_invalid")
    if url.scheme == "http" and not _is_this_machine(url.host):
        raise InstallError("wheel_address_insecure", {"host": url.host})
    return url


def _is_this_machine(host: str) -> bool:
    """Return whether a host is the machine we are on."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@asynccontextmanager
async def _ask(
    hass: HomeAssistant, url: URL, accept: str
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Open what is at an address, following redirects to addresses as safe."""
    session = async_get_clientsession(hass)
    host = url.host or ""
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            async with session.get(
                url,
                allow_redirects=False,
                headers={"Accept": accept, "Accept-Encoding": "identity"},
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=_CONNECT, sock_read=_SILENCE
                ),
            ) as answer:
                if answer.status in _REDIRECTS:
                    url = _redirected(url, answer.headers.get("Location", ""))
                    continue
                if answer.status != _OK:
                    raise HttpStatus(host, answer.status)
                yield answer
                return
    except (aiohttp.ClientError, TimeoutError) as err:
        raise InstallError("no_network", {"host": host}) from err
    raise InstallError("wheel_address_insecure", {"host": host})


def _redirected(url: URL, location: str) -> URL:
    """Return where a redirect leads; never from elsewhere to this machine."""
    try:
        target = url.join(URL(location))
    except ValueError as err:
        raise InstallError("wheel_address_invalid") from err
    if url.scheme == "https" and target.scheme != "https":
        raise InstallError("wheel_address_insecure", {"host": url.host or ""})
    return checked_url(str(target))


async def async_fetch_page(
    hass: HomeAssistant, url: URL, accept: str = "*/*"
) -> tuple[bytes, str, URL]:
    """Return a short text, its kind and where it was in the end.

    Raises :class:`InstallError`; :class:`HttpStatus` where there is no such page.
    """
    page = bytearray()
    async with _ask(hass, url, accept) as answer:
        async for block in answer.content.iter_any():
            page += block
            if len(page) > LONGEST_PAGE:
                raise InstallError("wheel_list_damaged", {"host": url.host or ""})
        return bytes(page), answer.content_type, answer.url


async def async_download(
    hass: HomeAssistant,
    wheel: Wheel,
    folder: Path,
    report: Callable[[float | None], None],
) -> Path:
    """Return a wheel's file in a folder, where it may be already.

    It gets its name when all of it is there, on the disk, and what it should be.
    ``report`` is called with the share that is there, from 0 to 1, where the whole
    is known. Raises :class:`InstallError`.
    """
    path = folder / wheel.name
    if await hass.async_add_executor_job(_is_kept, path, wheel):
        return path
    part = await hass.async_add_executor_job(_new_part, folder)
    try:
        await _async_fill(hass, wheel, part, report)
        await hass.async_add_executor_job(_finish, part, path)
    except OSError as err:
        raise InstallError("wheel_not_kept", {"error": str(err.strerror)}) from err
    finally:
        await hass.async_add_executor_job(_give_up, part)
    return path


async def _async_fill(
    hass: HomeAssistant,
    wheel: Wheel,
    part: BinaryIO,
    report: Callable[[float | None], None],
) -> None:
    """Write a wheel to a file, and hold it against its size and checksum."""
    damaged = InstallError("wheel_damaged", {"file": wheel.name})
    digest, done = hashlib.sha256(), 0
    async with _ask(hass, wheel.url, "*/*") as answer:
        whole = wheel.size or answer.content_length
        if wheel.size and answer.content_length not in (None, wheel.size):
            raise damaged
        report(0.0 if whole else None)
        async for block in answer.content.iter_chunked(_BLOCK):
            done += len(block)
            if done > (wheel.size or LARGEST_WHEEL):
                raise damaged
            digest.update(block)
            await hass.async_add_executor_job(part.write, block)
            report(min(done / whole, 1.0) if whole else None)
    if wheel.size is not None and done != wheel.size:
        raise damaged
    if wheel.sha256 is not None and digest.hexdigest() != wheel.sha256:
        raise damaged


def _new_part(folder: Path) -> BinaryIO:
    """Open a new file under a name that no wheel has."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed by _give_up
            dir=folder, prefix=".part-", delete=False
        )
    except OSError as err:
        raise InstallError("wheel_not_kept", {"error": str(err.strerror)}) from err
    return cast(BinaryIO, part)


def _finish(part: BinaryIO, path: Path) -> None:
    """Give a file that is complete its name."""
    part.flush()
    os.fsync(part.fileno())
    part.close()
    Path(part.name).replace(path)


def _give_up(part: BinaryIO) -> None:
    """Remove a file that did not get its name."""
    part.close()
    Path(part.name).unlink(missing_ok=True)


def _is_kept(path: Path, wheel: Wheel) -> bool:
    """Return whether a wheel is there already; without a checksum nobody knows."""
    return (
        wheel.sha256 is not None and path.is_file() and file_sum(path) == wheel.sha256
    )


def file_sum(path: Path) -> str:
    """Return a file's sha256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
