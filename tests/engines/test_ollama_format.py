"""What Ollama's lists say of models, where they say something strange."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from custom_components.hearth.engines.faults import ProtocolError
from custom_components.hearth.engines.ollama_format import listed_model, loaded_model


@pytest.mark.parametrize(
    ("told", "until"),
    [
        (
            "2026-11-20T14:59:54.316867414Z",
            datetime(2026, 11, 20, 14, 59, 54, 316867, UTC),
        ),
        (
            "2026-11-20T15:59:54+01:00",
            datetime(2026, 11, 20, 15, 59, 54, tzinfo=timezone(timedelta(hours=1))),
        ),
        ("2319-03-02T14:42:20.114704568Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("2026-11-20T14:59:54", None),
        ("in a while", None),
        ("", None),
        (None, None),
    ],
)
def test_until(told: str | None, until: datetime | None) -> None:
    """A model that stays, and one of which nothing sensible is said, has no end."""
    assert loaded_model({"name": "x", "expires_at": told}).until == until


@pytest.mark.parametrize("item", [{"expires_at": 7}, {"name": 7}])
def test_no_texts(item: dict[str, Any]) -> None:
    """What must be a text is one."""
    with pytest.raises(ProtocolError):
        loaded_model(item)


def test_digest() -> None:
    """A model without a digest has none, and one that is no text is an error."""
    assert listed_model({"name": "x"}).digest is None
    assert listed_model({"name": "x", "digest": ""}).digest is None
    assert listed_model({"name": "x", "digest": "ab"}).digest == "ab"
    with pytest.raises(ProtocolError):
        listed_model({"name": "x", "digest": 7})
