"""Ten thousand broken headers: no crash, no hang, little memory."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Any

from .gguf_mutations import MEMORY, SECONDS

ROOT = Path(__file__).parents[2]


def _run(reader: str, count: int) -> Any:
    """Let a reader read broken headers; return what came of it."""
    done = subprocess.run(
        [sys.executable, "-m", f"{__package__}.gguf_mutations", reader, str(count)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert done.stdout, done.stderr.decode()
    return json.loads(done.stdout)


def test_broken_headers() -> None:
    """Every broken header is read or refused, in time and with little memory."""
    result = _run("read_stream", 10_000)
    outcomes = result["outcomes"]
    assert sum(outcomes.values()) == 10_000
    assert not [name for name in outcomes if name.startswith("crash")], outcomes
    # They are broken in every way there is, and some only where it does not matter.
    for name in (
        "Malformed",
        "NotGguf",
        "TooMuch",
        "Truncated",
        "Unsupported",
        "read",
    ):
        assert outcomes[name] >= 50, outcomes
    assert result["slowest"] < SECONDS
    assert result["memory"] < MEMORY


def test_that_it_would_be_seen() -> None:
    """Readers that crash, take memory or time are found out by the same program."""
    outcomes = _run("careless", 1000)["outcomes"]
    assert outcomes["crash: MemoryError"]
    assert outcomes["crash: IndexError"]
    assert _run("patient", 1000) == {"late": True}
