"""Both runtimes, started with the same flags and the same models."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from enum import StrEnum
from pathlib import Path

import aiohttp
import pytest

from custom_components.hearth.engines.llama_server import LlamaServerEngine

from ..llama_servers import llama_server, worker
from .site import KEY, Site

type Run = Callable[..., AbstractContextManager[str]]


class Runtime(StrEnum):
    """What can run a model."""

    LLAMA_SERVER = "llama-server"
    WORKER = "worker"


type Start = Callable[[Runtime, str], str]

_RUN: dict[Runtime, Run] = {
    Runtime.LLAMA_SERVER: llama_server,
    Runtime.WORKER: worker,
}
# Ways to say to llama-server what the worker does anyway. It looks who still wants
# an answer between two batches.
_ONLY_SERVER = ("--parallel", "1", "--metrics", "--slots", "--batch-size", "256")


@pytest.fixture(scope="session")
def start(
    models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """Return a function from a runtime and a model to the address of its server."""
    folder = tmp_path_factory.mktemp("runtimes")
    key = folder / "key"
    key.write_text(f"{KEY}\n")
    running: dict[tuple[Runtime, str], str] = {}
    with ExitStack() as servers:

        def address(runtime: Runtime, model: str) -> str:
            if (runtime, model) not in running:
                # A head of the other models is smaller than a block of q8_0.
                cache = "q8_0" if model == "slow" else "f16"
                slots = folder / f"{runtime}-{model}"
                slots.mkdir(exist_ok=True)
                more = _ONLY_SERVER if runtime is Runtime.LLAMA_SERVER else ()
                running[runtime, model] = servers.enter_context(
                    _RUN[runtime](
                        folder / f"{runtime}-{model}.log",
                        *("--model", str(models_dir / f"{model}.gguf")),
                        *("--alias", model, "--api-key-file", str(key)),
                        *("--ctx-size", "32768", "--threads", "1"),
                        *("--cache-type-k", cache, "--cache-type-v", cache),
                        *("--flash-attn", "on", "--cache-ram", "0"),
                        *("--ctx-checkpoints", "4", "--slot-save-path", f"{slots}/"),
                        *more,
                    )
                )
            return running[runtime, model]

        yield address


@pytest.fixture(params=Runtime)
def runtime(request: pytest.FixtureRequest) -> Runtime:
    """Return a runtime; every test that asks for it runs with each."""
    found: Runtime = request.param
    return found


type At = Callable[[str], Site]


@pytest.fixture
def at(session: aiohttp.ClientSession, start: Start, runtime: Runtime) -> At:
    """Return a function from a model to the site that has it."""
    return lambda model: Site(session, start(runtime, model))


@pytest.fixture
def both(session: aiohttp.ClientSession, start: Start) -> Callable[[str], list[Site]]:
    """Return a function from a model to its sites in all runtimes."""
    return lambda model: [Site(session, start(each, model)) for each in Runtime]


@pytest.fixture
def talk(session: aiohttp.ClientSession, at: At) -> Callable[[str], LlamaServerEngine]:
    """Return a function from a model to the client that Hearth has for it."""
    return lambda model: LlamaServerEngine(session, at(model).url, KEY)
