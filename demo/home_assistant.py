"""A Home Assistant of our own: started, onboarded, logged in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import sys

import aiohttp

from .client import RestClient, SocketClient, connect
from .components import ROOT
from .errors import DemoError
from .folder import make_folder
from .homes import Home, load_home
from .processes import LOOPBACK, Child, child

USER = "demo"
PASSWORD = "demo"
_START_TIMEOUT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAssistant:
    """A running Home Assistant and the ways to talk to it."""

    home: Home
    process: Child
    rest: RestClient
    socket: SocketClient

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return self.rest.url


@asynccontextmanager
async def home_assistant(
    session: aiohttp.ClientSession,
    folder: Path,
    home_file: Path,
    port: int,
    machine: Path | None = None,
) -> AsyncIterator[HomeAssistant]:
    """Run Home Assistant with the home of a file as long as the context lasts.

    Hearth takes ``machine``, where it is given, for the root of the machine.
    """
    home = load_home(home_file)
    make_folder(folder / "config", home=home_file, port=port, machine=machine)
    command = [sys.executable, "-m", "homeassistant", "--skip-pip"]
    command += ["--config", str(folder / "config")]
    rest = RestClient(session, f"http://{LOOPBACK}:{port}")
    async with AsyncExitStack() as stack:
        process = await stack.enter_async_context(
            child(
                "Home Assistant",
                command,
                folder / "home-assistant.log",
                {"PATH": _path(), "PYTHONPATH": str(ROOT)},
            )
        )
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                await _wait_for_page(rest, process)
                await _onboard(rest)
                await _wait_until_running(rest, process)
        except TimeoutError:
            raise DemoError(
                f"Home Assistant did not start in {_START_TIMEOUT} s; "
                f"its log is {process.log}"
            ) from None
        socket = await stack.enter_async_context(connect(rest))
        await _remove_other_areas(socket, home)
        yield HomeAssistant(home=home, process=process, rest=rest, socket=socket)


def _path() -> str:
    """Return the PATH, led by the llama-server that scripts/setup made."""
    return f"{ROOT / '.cache' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"


async def _wait_for_page(rest: RestClient, process: Child) -> None:
    """Wait until the web server answers."""
    while True:
        process.check()
        try:
            async with rest.session.get(f"{rest.url}/api/onboarding") as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.05)


async def _onboard(rest: RestClient) -> None:
    """Make the first user, as the page of a new Home Assistant does, and log in."""
    client_id = f"{rest.url}/"
    made = await rest.post(
        "/api/onboarding/users",
        {
            "client_id": client_id,
            "name": "Demo",
            "username": USER,
            "password": PASSWORD,
            "language": "en",
        },
    )
    tokens = await rest.post_form(
        "/auth/token",
        {
            "grant_type": "authorization_code",
            "code": made["auth_code"],
            "client_id": client_id,
        },
    )
    rest.token = tokens["access_token"]


async def _wait_until_running(rest: RestClient, process: Child) -> None:
    """Wait until every component has been set up."""
    while (await rest.get("/api/config"))["state"] != "RUNNING":
        process.check()
        await asyncio.sleep(0.05)


async def _remove_other_areas(socket: SocketClient, home: Home) -> None:
    """Remove the areas that the onboarding adds to every new home."""
    for area in await socket.command("config/area_registry/list"):
        if area["name"] not in home.areas:
            await socket.command("config/area_registry/delete", area_id=area["area_id"])
