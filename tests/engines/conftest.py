"""Fixtures for clients that speak to real servers on this machine."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest

from .gguf_models import BY_HEART, THINKS, THINKS_NOT, Shape, write_random, write_table
from .llama_servers import llama_server

CALL = [
    "<tool_call>\n",
    '{"name": "Hass',
    'TurnOn", ',
    '"arguments": {"name": ',
    '"kitchen light"',
    "}}\n</tool_call>",
]
TWO_CALLS = [
    "Sure, ",
    "I will ",
    "do that.",
    '\n<tool_call>\n{"name": "HassTurnOn", ',
    '"arguments": {"name": "hall light"}}\n</tool_call>',
    '\n<tool_call>\n{"name": "GetLiveContext", "arguments": {}}\n</tool_call>',
]
# Three characters, none of which is in one token.
SPLIT = [b"Gr\xc3", b"\xbcn b", b"is \xf0\x9f", b"\x94\xa5 caf\xc3", b"\xa9!"]
THOUGHT = ["<think>\n", "The user ", "wants light.", "\n</think>\n\n"]


@pytest.fixture(autouse=True)
def real_sockets(socket_enabled: None) -> None:
    """Let all tests of this folder open sockets."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session such as Home Assistant would hand in."""
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of small models."""
    folder = tmp_path_factory.mktemp("models")
    either = THINKS + THINKS_NOT
    write_random(folder / "random.gguf")
    slow = Shape(width=256, layers=4, heads=8, heads_kv=4, hidden=1024)
    write_random(folder / "slow.gguf", slow)
    write_table(folder / "caller.gguf", (either, CALL))
    write_table(folder / "two_calls.gguf", (either, TWO_CALLS))
    write_table(folder / "by_heart.gguf", (either, CALL), template=BY_HEART)
    write_table(folder / "two_by_heart.gguf", (either, TWO_CALLS), template=BY_HEART)
    write_table(
        folder / "thinker.gguf",
        (THINKS, [*THOUGHT, "The light ", "is on."]),
        (THINKS_NOT, ["It is ", "on now."]),
    )
    write_table(folder / "loop.gguf", (either, ["la "]), loop=True)
    write_table(folder / "split.gguf", (either, SPLIT))
    return folder


type Serve = Callable[[str], str]


@pytest.fixture(scope="session")
def serve(
    models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serve]:
    """Return a function from a model's name to the address of its llama-server."""
    logs = tmp_path_factory.mktemp("logs")
    running: dict[str, str] = {}
    with ExitStack() as servers:

        def address(model: str) -> str:
            if model not in running:
                running[model] = servers.enter_context(
                    llama_server(
                        logs / f"{model}.log",
                        *("-m", str(models_dir / f"{model}.gguf"), "--alias", model),
                        # Between two batches it looks who still wants an answer.
                        *("-c", "32768", "-np", "1", "--metrics", "-b", "256"),
                    )
                )
            return running[model]

        yield address
