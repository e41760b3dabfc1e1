"""Fixtures for what speaks to real servers on this machine."""

from collections.abc import AsyncIterator

import aiohttp
import pytest


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session such as Home Assistant would hand in."""
    async with aiohttp.ClientSession() as client:
        yield client
