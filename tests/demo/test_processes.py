"""Child processes."""

from pathlib import Path
import socket
import sys

import pytest

from demo.errors import DemoError
from demo.processes import child, free_port, is_free


async def test_stopped_with_the_context(tmp_path: Path) -> None:
    """A child runs as long as its context and can write to its log."""
    log = tmp_path / "logs" / "child.log"
    code = "import os, time; print(os.environ['SAY'], flush=True); time.sleep(60)"
    async with child("sleeper", [sys.executable, "-c", code], log, {"SAY": "hi"}) as it:
        it.check()
    with pytest.raises(DemoError, match=r"sleeper ended \(exit status -15\)"):
        it.check()


async def test_ended_early(tmp_path: Path) -> None:
    """Who ended too early is named, with the end of the log."""
    log = tmp_path / "child.log"
    code = "import sys; print('what a pity'); sys.exit(3)"
    async with child("early bird", [sys.executable, "-c", code], log) as it:
        await it.wait()
        with pytest.raises(DemoError, match=r"early bird ended.*3(?s:.)*what a pity"):
            it.check()


@pytest.mark.usefixtures("socket_enabled")
def test_ports() -> None:
    """A free port is free until somebody listens on it."""
    port = free_port()
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
