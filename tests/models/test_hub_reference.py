"""What people type to name a model."""

import random

import pytest

from custom_components.hearth.models.hub import Reference, parse_reference
from custom_components.hearth.models.hub_reference import (
    check_file,
    check_repository,
    check_revision,
)

HUB = "https://huggingface.co"


@pytest.mark.parametrize(
    ("text", "file", "revision", "quantization"),
    [
        ("org/repo", None, None, None),
        ("  org/repo/ \n", None, None, None),
        ("org/repo:Q4_K_M", None, None, "Q4_K_M"),
        ("org/repo:UD-Q4_K_XL", None, None, "UD-Q4_K_XL"),
        ("org/repo:latest", None, None, None),
        ("hf.co/org/repo", None, None, None),
        ("hf.co/org/repo:q8_0", None, None, "q8_0"),
        ("https://hf.co/org/repo:Q8_0", None, None, "Q8_0"),
        ("HTTPS://HuggingFace.co/org/repo", None, None, None),
        ("http://www.huggingface.co/org/repo/", None, None, None),
        ("org/repo/x.gguf", "x.gguf", None, None),
        ("org/repo/Q4/x.gguf", "Q4/x.gguf", None, None),
        (f"{HUB}/org/repo/blob/main/x.gguf", "x.gguf", "main", None),
        (f"{HUB}/org/repo/resolve/main/x.gguf?download=true", "x.gguf", "main", None),
        (f"{HUB}/org/repo/resolve/v1.0/a/b/x.GGUF#L1", "a/b/x.GGUF", "v1.0", None),
        (f"{HUB}/org/repo/blob/refs%2Fpr%2F1/x.gguf", "x.gguf", "refs/pr/1", None),
        (f"{HUB}/org/repo/blob/main/x%20y.gguf", "x y.gguf", "main", None),
        (f"{HUB}/org/repo/tree/main", None, "main", None),
        (f"{HUB}/org/repo/tree/{'a' * 40}", None, "a" * 40, None),
        (f"{HUB}/org/repo?show_file_info=x.gguf", None, None, None),
    ],
)
def test_reads(
    text: str, file: str | None, revision: str | None, quantization: str | None
) -> None:
    """Everything that a hub's page offers to be copied is understood."""
    assert parse_reference(text) == Reference(
        repository="org/repo", file=file, revision=revision, quantization=quantization
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "repo",
        "/org/repo",
        "org//repo",
        "org/",
        "../repo",
        "org/..",
        "org/re..po",
        "org/re--po",
        "org/repo.git",
        "org/re po",
        "org/re\npo",
        "órg/repo",
        "-org/repo",
        ".org/repo",
        "org/repo:",
        "org/repo:Q4 K M",
        "org/repo:../x",
        "org/repo:" + "Q" * 99,
        "org/repo/x.gguf:Q4_K_M",
        "org/repo/x.bin",
        "org/repo/../../x.gguf",
        "org/repo/.hidden.gguf",
        "o" * 97 + "/repo",
        "org/repo/" + "x" * 600 + ".gguf",
        "https://example.org/org/repo",
        "https://hf.co.example.org/org/repo",
        "https://me:secret@hf.co/org/repo",
        "https://hf.co@example.org/org/repo",
        "https://hf.co:444/org/repo",
        "ftp://hf.co/org/repo",
        "file:///etc/passwd",
        f"{HUB}/",
        f"{HUB}/org",
        f"{HUB}/org/repo/blob/main/x.txt",
        f"{HUB}/org/repo/blob/main/%2e%2e/x.gguf",
        f"{HUB}/org/repo/blob/main/a%2F..%2Fx.gguf",
        f"{HUB}/org/repo/blob/main/x%00.gguf",
        f"{HUB}/org/repo/blob/main/%ff.gguf",
        f"{HUB}/org/repo/blob/../x.gguf",
        f"{HUB}/org/repo/blob/..%2F../x.gguf",
        f"{HUB}/org/repo/tree/main/folder",
        f"{HUB}/datasets/org/repo/resolve/main/x.gguf",
        f"{HUB}/org/repo/discussions/1",
    ],
)
def test_refuses(text: str) -> None:
    """What is no model's name, or not a safe one, is a ValueError."""
    with pytest.raises(ValueError, match=r"."):
        parse_reference(text)


def test_only_value_errors() -> None:
    """Whatever is typed, either it is safe or it is a ValueError."""
    chance = random.Random(6)
    seeds = [f"{HUB}/org/repo/blob/main/x.gguf", "org/repo:Q4_K_M", "hf.co/a/b/c.gguf"]
    understood = 0
    for _ in range(20_000):
        text = list(chance.choice(seeds))
        for _ in range(chance.randint(0, 3)):
            text[chance.randrange(len(text))] = chance.choice("/.:%2e\\\0 -ü#?@\n~a")
        try:
            found = parse_reference("".join(text))
        except ValueError:
            continue
        understood += 1
        assert check_repository(found.repository).count("/") == 1
        if found.file is not None:
            assert ".." not in check_file(found.file)
            assert not found.file.startswith(("/", "."))
        if found.revision is not None:
            check_revision(found.revision)
    assert understood > 1000
