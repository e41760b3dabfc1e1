"""From tokens' bytes to text: whole characters, and an end at stop words."""

import codecs
from collections.abc import Sequence


class Spelling:
    """Holds back characters that are not whole, and what may begin a stop word."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        """Start with nothing said."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.stopped = False

    def add(self, piece: bytes) -> str:
        """Take a token's text; return what can be said now.

        After a stop word ``stopped`` is true, and nothing more is said.
        """
        return self._pass_on(self._decoder.decode(piece), last=False)

    def finish(self) -> str:
        """Return what was held back."""
        return self._pass_on(self._decoder.decode(b"", final=True), last=True)

    def _pass_on(self, text: str, *, last: bool) -> str:
        """Return what was held back and a text, as far as it is certain."""
        if not self._stops:
            return text
        if self.stopped:
            return ""
        text = self._held + text
        places = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if places:
            self.stopped = True
            self._held = ""
            return text[: min(places)]
        kept = 0 if last else max(_begun(stop, text) for stop in self._stops)
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept]


def _begun(stop: str, text: str) -> int:
    """Return how many characters at the end of a text a stop word begins with."""
    for size in range(min(len(stop) - 1, len(text)), 0, -1):
        if stop.startswith(text[-size:]):
            return size
    return 0
