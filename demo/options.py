"""Options that the demo and the benchmarks share."""

import argparse

from .llama import EngineAddress

# Hearth's words for the runtimes, by what people call them.
LLAMA_SERVER = "llama_server"
RUNTIMES = {"llama-cpp-python": "llama_cpp_python", "llama-server": LLAMA_SERVER}


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Let another engine be named."""
    parser.add_argument(
        "--engine-url", metavar="URL", help="an engine that already runs"
    )
    parser.add_argument(
        "--runtime",
        choices=sorted(RUNTIMES),
        default="llama-server",
        help="the program that Hearth runs the tiny model with",
    )
    parser.add_argument("--model", metavar="NAME", help="the model of that engine")


def runtime_of(options: argparse.Namespace) -> str:
    """Return Hearth's word for the runtime that was chosen."""
    return RUNTIMES[options.runtime]


def engine_of(
    options: argparse.Namespace, parser: argparse.ArgumentParser
) -> EngineAddress | None:
    """Return the engine that was named, if any."""
    if bool(options.engine_url) != bool(options.model):
        parser.error("--engine-url and --model belong together")
    if not options.engine_url:
        return None
    return EngineAddress(options.engine_url, options.model)
