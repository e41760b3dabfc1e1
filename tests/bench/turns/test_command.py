"""The whole benchmark of turns, as one calls it."""

import asyncio
import json
from pathlib import Path
import sys

from demo.components import ROOT


async def _bench(*arguments: str) -> tuple[int | None, str]:
    """Run the benchmark; return its exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "bench.turns", *arguments),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_side_by_side(model: Path) -> None:
    """Both are played in homes of their own, with a restart, and compared."""
    status, output = await _bench(
        *("--model", str(model), "--rounds", "1", "--pause", "0", "--json"),
        *("--case", "action", "--case", "restart_at_once"),
    )
    assert status == 0, output
    data = json.loads(output.splitlines()[-1])
    assert [(row["case"], row["agent"]) for row in data["rows"]] == [
        ("action", "hearth"),
        ("action", "llama_cpp"),
        ("restart_at_once", "hearth"),
        ("restart_at_once", "llama_cpp"),
    ]
    for row in data["rows"]:
        # An action that is confirmed at once is one pass, with nothing read before.
        assert row["read"] > 0 and row["cached"] >= 0
        assert 0 < row["first_delta_s"] <= row["first_word_s"] <= row["turn_s"]
    assert set(data["ratios"]) == {"action", "restart_at_once"}


async def test_half_an_ollama() -> None:
    """An Ollama is named with its model."""
    status, output = await _bench("--ollama", "http://127.0.0.1:11434")
    assert status == 2 and "belong together" in output


async def test_a_home_without_a_lock(tmp_path: Path, model: Path) -> None:
    """A home that cannot be talked about is refused in words."""
    home = tmp_path / "home.yaml"
    home.write_text("entities: [{entity_id: light.a, name: A, state: 'off'}]")
    status, output = await _bench("--model", str(model), "--home", str(home))
    assert status == 1
    assert "needs a light and a lock" in output
