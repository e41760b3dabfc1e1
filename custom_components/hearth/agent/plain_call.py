"""A call of a compact tool that words mean beyond doubt."""

from dataclasses import dataclass
from typing import Any

_OPENING = frozenset({"open", "unlock"})


@dataclass(frozen=True, slots=True)
class PlainCall:
    """A call of a compact tool."""

    tool: str
    arguments: dict[str, Any]

    @property
    def opens(self) -> bool:
        """Return whether it may open something."""
        action = self.arguments.get("action")
        return action in _OPENING or "position" in self.arguments
