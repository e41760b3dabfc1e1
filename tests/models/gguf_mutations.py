"""Reads thousands of broken headers with little memory; a program of its own.

``python -m tests.models.gguf_mutations READER COUNT`` prints what came of it, as
JSON: which errors, the slowest header's seconds, and the most bytes that Python
had taken at a time, the broken file included. Memory beyond a limit makes reading
fail, and a header that takes too long ends the program.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
import json
from pathlib import Path
import random
import resource
import signal
import struct
import sys
import time
import tracemalloc

from custom_components.hearth.models.gguf import GgufError, read_stream

from . import gguf_files as made

NANO = Path(__file__).parents[2] / "custom_components/hearth/models/nano.gguf"
MEMORY = 64 * 2**20
SECONDS = 2.0

# Numbers at which sizes and signs turn over.
_LIMITS = (
    0,
    1,
    255,
    2**16,
    2**20,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**40,
    2**63,
    2**64 - 1,
)


def careless(stream: BytesIO) -> None:
    """Read a header as one must not: take the memory it asks for, and stumble."""
    head = stream.read(24)
    _, tensors, keys = struct.unpack("<8sQQ", head)
    bytearray(min(tensors + keys, 2**40))
    stream.read()[2000]


def patient(stream: BytesIO) -> None:
    """Read a header as one must not: count as far as it says."""
    if len(head := stream.read(24)) == 24:
        for _ in range(struct.unpack("<8sQQ", head)[1]):
            pass


READERS: dict[str, Callable[[BytesIO], object]] = {
    "careless": careless,
    "patient": patient,
    "read_stream": read_stream,
}


def _header_of(data: bytes) -> bytes:
    """Return a file without most of its tensors' data."""
    header = read_stream(BytesIO(data))
    return data[: len(data) - header.tensor_bytes + 64]


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one to four things wrong in it."""
    broken = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        # Most of a file is vocabulary: more often than by chance, break the rest.
        end = chance.choice((24, 200, 700, len(broken)))
        at = chance.randrange(max(min(end, len(broken)), 1))
        match chance.randrange(7):
            case 0:
                broken[at : at + 1] = chance.randbytes(1)
            case 1:
                broken[at : at + 1] = bytes([(broken[at : at + 1] or b"\0")[0] ^ 128])
            case 2:
                size, form = chance.choice(((4, "<I"), (8, "<Q")))
                number = chance.choice(_LIMITS) % 2 ** (8 * size)
                broken[at : at + size] = struct.pack(form, number)
            case 3:
                del broken[at : at + chance.randrange(1, 64)]
            case 4:
                broken[at:at] = chance.randbytes(chance.randrange(1, 64))
            case 5:
                broken[at:at] = broken[at : at + chance.randrange(1, 4096)]
            case _:
                del broken[chance.randrange(at, len(broken) + 1) :]
    return bytes(broken)


def _files() -> Iterator[bytes]:
    """Return files to break: most small, each thousandth real."""
    kinds = made.llama(
        made.numbers("llama.attention.sliding_window_pattern", [1, 0]),
        made.strings("tokenizer.ggml.merges", ["a b"] * 40),
        made.number("split.count", 1, made.U16),
    )
    hybrid = [key.replace(b"llama", b"lfm2 ") for key in kinds]
    small = made.file(kinds, [made.EMBEDDING, made.NORM], data=64)
    tensors = [made.tensor(f"blk.{n}.weight", (32, 4), 0, 512 * n) for n in range(40)]
    many = made.file(hybrid, tensors, data=64)
    nano = _header_of(NANO.read_bytes())
    while True:
        for _ in range(4):
            yield small
            yield many
        yield nano


def _late(_number: int, _frame: object) -> None:
    """End the program at once: a header took too long."""
    print(json.dumps({"late": True}), flush=True)
    raise SystemExit(3)


def main(name: str, count: int) -> None:
    """Break headers, read them, and say how often which error came."""
    reader, chance, files = READERS[name], random.Random(20261120), _files()
    outcomes: Counter[str] = Counter()
    slowest, first = 0.0, next(files)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    signal.signal(signal.SIGALRM, _late)
    tracemalloc.start()
    for _ in range(count):
        broken = _mutated(first, chance)
        first = next(files)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        begin = time.perf_counter()
        try:
            reader(BytesIO(broken))
            outcomes["read"] += 1
        except GgufError as error:
            outcomes[type(error).__name__] += 1
        except Exception as error:  # noqa: BLE001
            outcomes[f"crash: {type(error).__name__}"] += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
        slowest = max(slowest, time.perf_counter() - begin)
    memory = tracemalloc.get_traced_memory()[1]
    print(json.dumps({"outcomes": outcomes, "slowest": slowest, "memory": memory}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
