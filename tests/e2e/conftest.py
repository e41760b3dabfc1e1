"""Fixtures of the end-to-end tests."""

import pytest


@pytest.fixture(autouse=True)
def real_sockets(socket_enabled: None) -> None:
    """Let the tests talk to what they start."""
