"""The worker's command line: llama-server's flags, as far as Hearth gives them."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20

# llama.cpp's numbers for the types that a KV cache can have (ggml.h).
CACHE_TYPES = {
    "bf16": 30,
    "f16": 1,
    "f32": 0,
    "iq4_nl": 20,
    "q4_0": 2,
    "q4_1": 3,
    "q5_0": 6,
    "q5_1": 7,
    "q8_0": 8,
}
FLASH_ATTENTION = {"auto": -1, "off": 0, "on": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the worker was told.

    Args:
        model: The model file.
        alias: The name that clients know the model by.
        host: The address to listen at.
        port: The port; 0 takes a free one.
        keys: The keys that clients may have; none lets everybody in.
        context: Tokens of context; 0 takes what the model was trained with.
        threads: Threads that compute.
        cache_type_k: llama.cpp's number of the type that keys are kept in.
        cache_type_v: The same for values.
        flash_attention: llama.cpp's number for on, off or as it finds best.
        slots: The folder of saved slots; without one they cannot be saved.
        cache_bytes: Host memory for prompts that are not in the context any more.
        checkpoints: Most context checkpoints.
        packages: A folder to look for llama_cpp in first.
    """

    model: Path
    alias: str
    host: str = "127.0.0.1"
    port: int = 0
    keys: tuple[str, ...] = ()
    context: int = 4096
    threads: int = 1
    cache_type_k: int = CACHE_TYPES["f16"]
    cache_type_v: int = CACHE_TYPES["f16"]
    flash_attention: int = FLASH_ATTENTION["auto"]
    slots: Path | None = None
    cache_bytes: int = 0
    checkpoints: int = 0
    packages: Path | None = None


def read_options(arguments: Sequence[str]) -> Options:
    """Read the command line; one that is wrong ends the program with status 2."""
    parser = _parser()
    given = parser.parse_args(arguments)
    flash = FLASH_ATTENTION[given.flash_attn]
    if given.cache_type_v not in {"bf16", "f16", "f32"} and given.flash_attn == "off":
        parser.error("a quantized V cache needs flash attention")
    return Options(
        model=given.model,
        alias=given.alias or given.model.stem,
        host=given.host,
        port=given.port,
        keys=_keys(given.api_key_file, parser),
        context=given.ctx_size,
        threads=given.threads,
        cache_type_k=CACHE_TYPES[given.cache_type_k],
        cache_type_v=CACHE_TYPES[given.cache_type_v],
        flash_attention=flash,
        slots=given.slot_save_path,
        cache_bytes=given.cache_ram * MIB,
        checkpoints=given.ctx_checkpoints,
        packages=given.packages,
    )


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="worker", description=__doc__, allow_abbrev=False
    )
    add = parser.add_argument
    add("--model", "-m", type=Path, required=True, metavar="FILE")
    add("--alias", default="", metavar="NAME")
    add("--host", default="127.0.0.1", metavar="ADDRESS")
    add("--port", type=_number(0, 65535), default=8080, metavar="N")
    add("--api-key-file", type=Path, metavar="FILE")
    add("--ctx-size", "-c", type=_number(0, 1 << 24), default=4096, metavar="N")
    add("--threads", "-t", type=_number(1, 512), default=1, metavar="N")
    add("--cache-type-k", choices=CACHE_TYPES, default="f16")
    add("--cache-type-v", choices=CACHE_TYPES, default="f16")
    add("--flash-attn", choices=FLASH_ATTENTION, default="auto")
    add("--slot-save-path", type=Path, metavar="FOLDER")
    add("--cache-ram", type=_number(0, 1 << 20), default=0, metavar="MIB")
    add("--ctx-checkpoints", type=_number(0, 1024), default=4, metavar="N")
    add("--packages", type=Path, metavar="FOLDER")
    return parser


class _number:  # noqa: N801 - argparse shows the name of a type in its errors
    """A whole number within limits."""

    __name__ = "number"

    def __init__(self, low: int, high: int) -> None:
        """Remember the limits."""
        self._low, self._high = low, high

    def __call__(self, written: str) -> int:
        """Return the number that is written."""
        number = int(written)
        if not self._low <= number <= self._high:
            raise argparse.ArgumentTypeError(
                f"{written} is not between {self._low} and {self._high}"
            )
        return number


def _keys(path: Path | None, parser: argparse.ArgumentParser) -> tuple[str, ...]:
    """Return the keys in a file, one a line; a file without any is an error."""
    if path is None:
        return ()
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeError) as err:
        parser.error(f"the file of the key cannot be read: {err}")
    keys = tuple(line.strip() for line in lines if line.strip())
    if not keys:
        parser.error("the file of the key is empty")
    return keys
