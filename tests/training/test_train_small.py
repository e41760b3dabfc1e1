"""The whole road from data to an answer of llama-server, in small."""

import os
from pathlib import Path
import subprocess

import pytest

ROOT = Path(__file__).parent.parent.parent
NANO = ROOT / "custom_components" / "hearth" / "models" / "nano.gguf"


# Two to three minutes; PyTorch's installation comes on top the first time.
@pytest.mark.timeout(1000)
def test_the_road_from_nothing_to_an_answer(tmp_path: Path) -> None:
    """Data, tokenizer, training, GGUF, tokens, template and answers all fit."""
    out = tmp_path / "small.gguf"
    run = subprocess.run(
        [ROOT / "training" / "train", "--small", "--out", out],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
        timeout=900,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    assert "rendered as in training" in run.stdout
    assert "all well-formed, streamed too" in run.stdout
    assert "tokens: the same for" in run.stdout
    assert out.read_bytes()[:4] == b"GGUF"
    assert out.stat().st_size < 3_000_000

    # PyTorch is there now: a model that is taken up to learn more has lost nothing.
    python = ROOT / ".cache" / "training-venv" / "bin" / "python"
    taken_up: list[str | Path] = [python, "-m", "training.take_up", NANO]
    subprocess.run([*taken_up, "--folder", tmp_path], check=True, cwd=ROOT)
    assert (tmp_path / "again.gguf").read_bytes() == NANO.read_bytes()

    # Between a model and itself there is nothing else.
    mean = tmp_path / "mean.gguf"
    averaged: list[str | Path] = [python, "-m", "training.average", NANO, NANO]
    subprocess.run(
        [*averaged, "--folder", tmp_path, "--out", mean], check=True, cwd=ROOT
    )
    assert mean.read_bytes() == NANO.read_bytes()
