"""A llama-server with the tiny model, on loopback."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import shutil

import aiohttp

from .components import HEARTH, ROOT
from .errors import DemoError
from .processes import LOOPBACK, Child, child, free_port

MODEL = HEARTH / "models" / "nano.gguf"
# Tokens. The prompt of a large home and some turns of talk fit in.
CONTEXT = 8192
_START_TIMEOUT = 60


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where an engine answers, and the model to ask it for."""

    url: str
    model: str


def llama_server() -> Path:
    """Return the program: the one that scripts/setup made, or the PATH's."""
    ours = ROOT / ".cache" / "bin" / "llama-server"
    if ours.exists():
        return ours
    if found := shutil.which("llama-server"):
        return Path(found)
    raise DemoError("There is no llama-server; scripts/setup gets one")


@asynccontextmanager
async def llama(
    session: aiohttp.ClientSession,
    log: Path,
    model: Path = MODEL,
    extra: Sequence[str] = (),
) -> AsyncIterator[EngineAddress]:
    """Serve a model as long as the context lasts."""
    if not model.exists():
        raise DemoError(
            f"{model} is not there. training/train makes the tiny model; "
            "or use an engine that already runs: --engine-url URL --model NAME"
        )
    port = free_port()
    address = EngineAddress(f"http://{LOOPBACK}:{port}", model.stem)
    command: list[str | Path] = [llama_server(), "--model", model]
    command += ["--alias", address.model, "--host", LOOPBACK, "--port", str(port)]
    command += ["--ctx-size", str(CONTEXT), "--parallel", "1", "--jinja"]
    # Prompts of a tiny model are read faster than kept.
    command += ["--cache-ram", "0", "--metrics", "--no-webui", *extra]
    async with child("llama-server", command, log) as process:
        await _wait(session, address.url, process)
        yield address


async def _wait(session: aiohttp.ClientSession, url: str, process: Child) -> None:
    """Wait until the model is loaded."""
    try:
        async with asyncio.timeout(_START_TIMEOUT):
            while not await _is_ready(session, url):
                process.check()
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise DemoError(
            f"llama-server did not load its model in {_START_TIMEOUT} s; "
            f"its log is {process.log}"
        ) from None


async def _is_ready(session: aiohttp.ClientSession, url: str) -> bool:
    """Tell whether the server answers that it is ready."""
    try:
        async with session.get(f"{url}/health") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False
