"""What keeps a package from being installed, in one word and what it is about."""

from collections.abc import Mapping


class InstallError(Exception):
    """An installation that did not come about; what was there before still is.

    Args:
        key: The name of the text that says why.
        placeholders: What the text names: hosts, files, sizes. Never an address
            with a password.
    """

    def __init__(self, key: str, placeholders: Mapping[str, str] | None = None) -> None:
        """Keep the name of the text and what it names."""
        super().__init__(key, dict(placeholders or {}))
        self.key = key
        self.placeholders = dict(placeholders or {})
