"""Reading a GGUF header piece by piece, without believing its numbers.

Memory is taken only for what was really read: a window of the file, and texts
and lists with a limit of their own. Everything else is skipped.
"""

from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO

from .gguf_errors import TooMuch, Truncated

# Bytes. The longest headers of real models are those of large vocabularies: 6 MB
# for Qwen's, 8 MB for Llama 3's, 15 MB where a tokenizer's own file is included.
HEADER_LIMIT = 128 * 2**20

_WINDOW = 64 * 2**10
_U32 = Struct("<I")
_U64 = Struct("<Q")


@dataclass(frozen=True, slots=True)
class TextList:
    """Where a list of texts is in the file.

    ``marks`` are the places of some of the texts, in order: (which one, where).
    """

    count: int
    marks: tuple[tuple[int, int], ...]


class HeaderReader:
    """Reads forward through a header; raises Truncated and TooMuch."""

    def __init__(self, stream: BinaryIO, size: int, limit: int = HEADER_LIMIT) -> None:
        """Begin at the stream's start.

        Args:
            stream: Can be read and sought; its first byte is the file's.
            size: Length of the file in bytes. The stream may hold less of it.
            limit: Most bytes that a header may have.
        """
        self._stream = stream
        self._size = size
        self._limit = limit
        self._window = b""
        self._start = 0
        self._at = 0

    @property
    def position(self) -> int:
        """Return how many bytes of the file are behind."""
        return self._start + self._at

    def seek(self, position: int) -> None:
        """Go to a place of the header, forward or back."""
        if position > self._size:
            raise Truncated("The file ends inside its header")
        if position > self._limit:
            raise TooMuch(f"The header is longer than {self._limit >> 20} MiB")
        at = position - self._start
        if 0 <= at <= len(self._window):
            self._at = at
        else:
            self._window, self._start, self._at = b"", position, 0

    def skip(self, size: int) -> None:
        """Pass over some bytes."""
        self.seek(self.position + size)

    def take(self, size: int) -> bytes:
        """Read some bytes; ``size`` is no number of the file's own."""
        end = self._at + size
        if end > len(self._window):
            self._fill(size)
            end = size
        taken = self._window[self._at : end]
        self._at = end
        return taken

    def _fill(self, least: int) -> None:
        """Move the window to where the reader is."""
        self.seek(self.position + least)
        self.seek(self.position - least)
        self._start, self._at = self.position, 0
        self._stream.seek(self._start)
        wanted = max(least, _WINDOW)
        self._window = self._stream.read(wanted)
        if len(self._window) < least:
            raise Truncated("The file ends inside its header")

    def number(self, form: Struct) -> int:
        """Read one whole number, or a truth."""
        value: int = form.unpack(self.take(form.size))[0]
        return value

    def u32(self) -> int:
        """Read a whole number of 32 bits."""
        return self.number(_U32)

    def u64(self) -> int:
        """Read a whole number of 64 bits."""
        return self.number(_U64)

    def text(self, limit: int, what: str) -> str:
        """Read a text of at most ``limit`` bytes; wrong UTF-8 is replaced."""
        size = self.u64()
        if size > limit:
            raise TooMuch(f"{what} is longer than {limit} bytes")
        return self.take(size).decode(errors="replace")

    def skip_text(self) -> None:
        """Pass over a text."""
        self.skip(self.u64())

    def skip_texts(self, count: int) -> TextList:
        """Pass over texts, and remember where some of them are."""
        marks = []
        done = 0
        while done < count:
            marks.append((done, self.position))
            # The length of the next text has to be in the window.
            self.take(8)
            self._at -= 8
            done += self._skip_texts_in_window(count - done)
        return TextList(count, tuple(marks))

    def _skip_texts_in_window(self, most: int) -> int:
        """Pass over the texts whose lengths are in the window; return how many.

        A vocabulary has some 100,000 texts: this loop is what reading a header
        costs.
        """
        window, at, done = self._window, self._at, 0
        last = len(window) - 8
        unpack = _U64.unpack_from
        while done < most and at <= last:
            at += 8 + unpack(window, at)[0]
            done += 1
        self.seek(self._start + at)
        return done

    def text_of(self, texts: TextList, index: int, limit: int) -> str | None:
        """Return one of the texts that were passed over; None for a long one."""
        if not 0 <= index < texts.count:
            return None
        first, position = max(mark for mark in texts.marks if mark[0] <= index)
        self.seek(position)
        for _ in range(index - first):
            self.skip_text()
        if (size := self.u64()) > limit:
            return None
        return self.take(size).decode(errors="replace")
