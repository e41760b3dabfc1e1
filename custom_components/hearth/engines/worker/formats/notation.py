"""How values look in the different formats, for grammars."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import json

_CHARACTER = (
    r'[^"\\\x00-\x1F\x7F] | "\\" (["\\/bfnrt] | '
    '"u" ([0-9abcefABCEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}))'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How values are written.

    Args:
        words: True, False and None.
        quote: What is around texts.
        character: The grammar of a character in texts; where it is empty, a text
            goes on to the quote whatever is in it.
        bare_keys: Whether keys are without quotes.
    """

    words: Mapping[bool | None, str] = field(
        default_factory=lambda: {True: "true", False: "false", None: "null"}
    )
    quote: str = '"'
    character: str = _CHARACTER
    bare_keys: bool = False

    def written(self, value: object) -> str:
        """Return a value as it is written."""
        if value is None or isinstance(value, bool):
            return self.words[value]
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            items = (
                f"{self.key(k)}{self.colon}{self.written(v)}" for k, v in value.items()
            )
            return f"{{{self.comma.join(items)}}}"
        if isinstance(value, list):
            return f"[{self.comma.join(map(self.written, value))}]"
        return json.dumps(value)

    def _text(self, value: str) -> str:
        """Return a text as it is written."""
        if self.character:
            return json.dumps(value, ensure_ascii=False)
        return f"{self.quote}{value}{self.quote}"

    def key(self, key: str) -> str:
        """Return a key as it is written."""
        return key if self.bare_keys else self._text(key)

    @property
    def comma(self) -> str:
        """Return what is between items."""
        return "," if self.bare_keys else ", "

    @property
    def colon(self) -> str:
        """Return what is between key and value."""
        return ":" if self.bare_keys else ": "


JSON = Notation()
PYTHON = Notation(words={True: "True", False: "False", None: "None"})


def marked(quote: str) -> Notation:
    """Return the notation in which a marker is around texts."""
    return Notation(quote=quote, character="", bare_keys=True)
