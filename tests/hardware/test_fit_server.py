"""The arithmetic of memory agrees with a real llama-server, from header to log."""

from collections.abc import Iterator
from contextlib import contextmanager
import json
import os
from pathlib import Path
import re
from urllib.request import Request, urlopen

import pytest

from custom_components.hearth.hardware.fit import (
    CachePrecision,
    ModelShape,
    memory_needed,
)
from custom_components.hearth.models.gguf import GgufHeader, read_header
from tests.engines.llama_servers import llama_server

from . import architectures

MIB = 2**20
_SIZE = re.compile(r"(KV|RS|compute|model) buffer size = +([0-9.]+) MiB")


def _shape(header: GgufHeader) -> ModelShape:
    """Return the shape that a header describes."""
    heads = header.attention.heads
    return ModelShape(
        weights=header.tensor_bytes,
        layers=header.layers,
        kv_heads=header.memory.cached_heads,
        key_length=header.attention.key_length,
        value_length=header.attention.value_length,
        embedding_length=header.embedding_length,
        feed_forward_length=header.feed_forward_length,
        vocabulary=header.tokenizer.vocabulary,
        heads=heads if isinstance(heads, int) else max(heads),
        context_length=header.context_length,
        sliding_window=header.memory.window,
        sliding_layers=header.memory.sliding,
        sliding_key_length=header.attention.sliding_key_length,
        sliding_value_length=header.attention.sliding_value_length,
        state_bytes=header.memory.state_bytes,
    )


def _said(log: Path) -> dict[str, float]:
    """Return the sizes that the server allocated, in bytes.

    It first tries without memory, and says 0 for what it tried without. Caches and
    models may be of several buffers; there is one to compute in.
    """
    sizes = dict.fromkeys(("KV", "RS", "compute", "model"), 0.0)
    for name, size in _SIZE.findall(log.read_text(errors="replace")):
        before = sizes[name] if name in {"KV", "model"} else 0
        sizes[name] = before + float(size) * MIB
    return sizes


def _child(model: Path) -> int:
    """Return the process that runs a model."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.fsencode(model) in words:
            return int(folder.name)
    raise AssertionError("Nobody runs the model")


def _resident(pid: int) -> int:
    """Return the bytes that a process has in memory, all of what it shares included.

    Other servers that run on this machine share the program.
    """
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("The process does not tell its memory")


@contextmanager
def _served(
    folder: Path, model: Path, window: int, cache: CachePrecision
) -> Iterator[Path]:
    """Run a server, let it read a prompt of 700 tokens, and yield its log."""
    log = folder / "log"
    arguments = ["-m", str(model), "-c", str(window), "--parallel", "1", "-v"]
    arguments += ["--cache-ram", "0", "--flash-attn", "on"]
    arguments += ["--cache-type-k", cache.value, "--cache-type-v", cache.value]
    with llama_server(log, *arguments) as url:
        prompt = json.dumps({"prompt": [9 + n for n in range(700)], "n_predict": 2})
        request = Request(f"{url}/completion", prompt.encode())
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=60) as answer:
            answer.read()
        yield log


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("architecture", "window", "cache"),
    [
        ("llama", 8192, CachePrecision.F16),
        ("gemma3", 4096, CachePrecision.Q8_0),
        ("lfm2", 4096, CachePrecision.F16),
    ],
)
def test_real_server(
    tmp_path: Path, architecture: str, window: int, cache: CachePrecision
) -> None:
    """Cache, buffers and the whole process are of the size that was foreseen."""
    model = tmp_path / f"{architecture}.gguf"
    architectures.write(model, architecture)
    need = memory_needed(_shape(read_header(model)), window, cache)
    with _served(tmp_path, model, window, cache) as log:
        used = _resident(_child(model))
        said = _said(log)
    assert said["model"] == pytest.approx(need.weights, rel=0.01)
    assert said["KV"] + said["RS"] == pytest.approx(need.kv_cache, abs=0.02 * MIB)
    assert said["compute"] == pytest.approx(need.compute, rel=0.05)
    # With models this small, it is the program that is not known to the MiB.
    assert used <= need.total <= used + 20 * MIB
