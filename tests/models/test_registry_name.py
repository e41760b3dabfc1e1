"""What people type to name a model of Ollama's."""

import random

import pytest

from custom_components.hearth.models.registry import ModelName, parse_name

HF = "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("qwen3", "qwen3:latest"),
        (" qwen3:0.6b \n", "qwen3:0.6b"),
        ("library/qwen3:0.6b", "qwen3:0.6b"),
        ("registry.ollama.ai/library/qwen3", "qwen3:latest"),
        ("Registry.Ollama.AI/someone/own", "someone/own:latest"),
        ("someone/own:v1.2", "someone/own:v1.2"),
        (f"{HF}:Q4_K_M", f"{HF}:Q4_K_M"),
        (HF, f"{HF}:latest"),
        ("localhost:5000/team/model:dev", "localhost:5000/team/model:dev"),
        ("https://ollama.com/library/qwen3:0.6b", "qwen3:0.6b"),
        ("https://www.ollama.com/library/qwen3/", "qwen3:latest"),
        ("https://ollama.com/someone/own", "someone/own:latest"),
        (f"https://{HF}:Q8_0", f"{HF}:Q8_0"),
    ],
)
def test_reads(text: str, listed: str) -> None:
    """A name is understood, and written as Ollama writes it; that is read alike."""
    name = parse_name(text)

    assert str(name) == listed
    assert parse_name(listed) == name


def test_parts() -> None:
    """What is not said is what Ollama takes for said."""
    assert parse_name("qwen3") == ModelName(
        host="registry.ollama.ai", owner="library", model="qwen3", tag="latest"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "qwen3:",
        ":latest",
        "/qwen3",
        "qwen3/",
        "a//b",
        "a/b/c/d",
        "..",
        "../qwen3",
        "a/../b",
        "qwen3:..",
        "qwen3:../../manifests/x",
        "qwen3:a:b",
        "qwen 3",
        "qwen3\n:x",
        "qwen3\x00",
        "qwén3",
        "-qwen3",
        ".qwen3",
        "qwen3?x=1",
        "qwen3#x",
        "qwen3%2e%2e",
        "qwen3@sha256:00",
        "a.b/qwen3",
        "http://127.0.0.1:1/lib/x",
        "https://example.org/lib/x",
        "https://ollama.com/",
        "user@host/own/x",
        "host:port/own/x",
        "q" * 81,
        "x" * 401,
    ],
)
def test_refuses(text: str) -> None:
    """What could be mistaken for something else on the way is no name."""
    with pytest.raises(ValueError, match=r"name|written"):
        parse_name(text)


def test_noise() -> None:
    """Whatever is typed, it is a name that reads the same again, or none."""
    chance = random.Random(7)
    letters = "ab./:-_@%\\ \n\tÄ0?#"
    for _ in range(3000):
        text = "".join(chance.choices(letters, k=chance.randint(0, 12)))
        try:
            name = parse_name(text)
        except ValueError:
            continue
        assert parse_name(str(name)) == name
        path = f"/v2/{name.owner}/{name.model}/manifests/{name.tag}"
        assert path.count("/") == 5
        assert not {"..", "?", "#", "%", "\\"} & set(path)
