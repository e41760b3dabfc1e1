"""A real llama-server with a model without sense, and an oracle before it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bench.turns.journal import Journal
from bench.turns.oracle import oracle
from bench.turns.right import Right, Words
from demo.homes import load_home

from ...engines.gguf_models import write_random
from ...engines.llama_servers import llama_server
from ...homes import FAMILY

HOME = load_home(FAMILY)
WORDS = Words.of(HOME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracled:
    """Addresses of an oracle and of the server behind it, and the oracle's journal."""

    url: str
    behind: str
    journal: Journal


@pytest.fixture(autouse=True)
def real_sockets(socket_enabled: None) -> None:
    """Let all tests of this folder open sockets."""


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small model that talks noise."""
    path = tmp_path_factory.mktemp("model") / "noise.gguf"
    write_random(path)
    return path


@pytest.fixture(scope="session")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a llama-server with one slot; return its address."""
    folder = tmp_path_factory.mktemp("server")
    with llama_server(
        folder / "log",
        *("-m", str(model), "--alias", "noise", "--parallel", "1", "-c", "8192"),
        *("--jinja", "--cache-ram", "0", "--slot-save-path", str(folder)),
    ) as url:
        yield url


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session for requests."""
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
async def oracled(
    server: str, tmp_path: Path, session: aiohttp.ClientSession
) -> AsyncIterator[Oracled]:
    """Stand before the server, which has forgotten everything."""
    async with session.post(f"{server}/slots/0?action=erase", json={}) as answer:
        assert answer.status == 200
    journal = Journal(tmp_path / "journal.jsonl")
    async with oracle(server, Right(WORDS), journal) as url:
        yield Oracled(url=url, behind=server, journal=journal)
