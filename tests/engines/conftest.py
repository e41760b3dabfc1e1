"""Fixtures for clients that speak to real servers on this machine."""

from collections.abc import AsyncIterator

import aiohttp
import pytest


@pytest.fixture(autouse=True)
def real_sockets(socket_enabled: None) -> None:
    """Let all tests of this folder open sockets."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session such as Home Assistant would hand in."""
    async with aiohttp.ClientSession() as client:
        yield client
