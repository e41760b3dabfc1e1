"""A call of a compact tool that words mean beyond doubt."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PlainCall:
    """A call of a compact tool."""

    tool: str
    arguments: dict[str, Any]
