"""What keeps an engine of our own from running, in one word and its numbers."""

from collections.abc import Mapping


class ManagedError(Exception):
    """Something a person can do something about.

    Args:
        key: The name of the text that says it, among the errors of the forms and
            among the exceptions.
        placeholders: What the text names: sizes, paths, the engine's own words.
    """

    def __init__(self, key: str, placeholders: Mapping[str, str] | None = None) -> None:
        """Keep the name of the text and what it names."""
        super().__init__(key, dict(placeholders or {}))
        self.key = key
        self.placeholders = dict(placeholders or {})
