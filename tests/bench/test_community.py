"""What the community's benchmark prints."""

from bench.community import published, table

ROW = {
    "model": "tiny",
    "engine": "llama-server",
    "generated_per_second": 12.345,
    "read_per_second": 100.0,
    "first_token_seconds": 0.5,
    "load_seconds": None,
    "memory": 2_210_000_000,
}


def test_table() -> None:
    """Each number stands below its name; what was not measured is a question mark."""
    head, row = table([ROW])
    assert head.split()[:2] == ["model", "engine"]
    assert row.split() == [
        "tiny",
        "llama-server",
        "12.35",
        "100.00",
        "0.50",
        "?",
        "2.21",
    ]


def test_published() -> None:
    """The community's own numbers are said to be that."""
    lines = published()
    assert "Published" in lines[1]
    assert any(line.split() == ["Ollama", "5.20", "3.00", "2.27"] for line in lines)
