"""The parsed objects of an answer that streams, one by one."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Self, override

import aiohttp

from .chat import Deadlines
from .faults import EngineError, ProtocolError, TimedOut, Unreachable
from .values import JsonObject, parse_object

# No engine sends a token in more; a tool call that comes whole may be long.
LONGEST_EVENT = 1 << 20

# After the last event only the end of the answer is to come. With it the
# connection can be used again, but it is not worth a noticeable wait.
_LAST_WORDS_SECONDS = 0.05
_LONGEST_LAST_WORDS = 1 << 16


@contextmanager
def only_engine_errors() -> Iterator[None]:
    """Translate what aiohttp raises."""
    try:
        yield
    except EngineError:
        raise
    except aiohttp.ConnectionTimeoutError as err:
        raise Unreachable("Nothing answers at this address") from err
    except TimeoutError as err:
        raise TimedOut("The engine was silent for too long") from err
    except (aiohttp.ClientPayloadError, aiohttp.ServerConnectionError) as err:
        raise Unreachable("The connection to the engine broke") from err
    except (aiohttp.ClientConnectionError, OSError) as err:
        raise Unreachable(f"The engine cannot be reached: {err}") from err
    except (aiohttp.ClientError, ValueError) as err:
        raise ProtocolError("What answers does not speak HTTP properly") from err


class Lines:
    """The lines of an answer, whatever pieces it arrives in."""

    def __init__(self, content: aiohttp.StreamReader) -> None:
        """Start with nothing read."""
        self._content = content
        self._buffer = bytearray()
        self._searched = 0

    async def next(self) -> bytes | None:
        """Return the next line without its end, None after the last."""
        while (end := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            if self._searched > LONGEST_EVENT:
                raise ProtocolError("The engine sent a line that does not end")
            piece = await self._content.readany()
            if not piece:
                rest = bytes(self._buffer)
                self._buffer.clear()
                self._searched = 0
                return rest or None
            self._buffer += piece
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return line.removesuffix(b"\r")


class Events(ABC):
    """An iterator over the objects of one answer.

    The deadlines are for whole events: a server that drips bytes, or comments
    that keep a proxy content, is still silent.
    """

    def __init__(
        self, content: aiohttp.StreamReader, deadlines: Deadlines, first: float
    ) -> None:
        """Begin to read; ``first`` is the time left for the first event."""
        self._lines = Lines(content)
        self._content = content
        self._between = deadlines.between
        self._patience = first
        self._first_until = monotonic() + first

    def __aiter__(self) -> Self:
        """Return the iterator that this is."""
        return self

    async def __anext__(self) -> JsonObject:
        """Return the next object."""
        with only_engine_errors():
            async with asyncio.timeout(self._patience):
                event = await self._next_event()
        self._patience = self._between
        if event is None:
            raise StopAsyncIteration
        return parse_object(event)

    def still_reading(self) -> None:
        """Know that the newest event only says how far the prompt has been read.

        What is waited for is the first word, as long as that may take.
        """
        self._patience = self._first_until - monotonic()

    async def finish(self) -> None:
        """Read what little comes after the last event that matters."""
        heard = 0
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                while heard < _LONGEST_LAST_WORDS:
                    piece = await self._content.readany()
                    if not piece:
                        return
                    heard += len(piece)

    @abstractmethod
    async def _next_event(self) -> bytes | None:
        """Return the next event's JSON, None after the last."""


class Ndjson(Events):
    """One JSON object a line."""

    @override
    async def _next_event(self) -> bytes | None:
        while (line := await self._lines.next()) is not None:
            if line.strip():
                return line
        return None


class ServerSentEvents(Events):
    """Server-sent events, of which only the data counts."""

    @override
    async def _next_event(self) -> bytes | None:
        data: list[bytes] = []
        size = 0
        while (line := await self._lines.next()) is not None:
            if not line:
                if data:
                    break
                continue
            field, _, value = line.partition(b":")
            # Older llama-servers say "error" instead of "data".
            if field not in {b"data", b"error"}:
                continue
            data.append(value.removeprefix(b" "))
            size += len(value)
            if size > LONGEST_EVENT:
                raise ProtocolError("The engine sent an event that does not end")
        event = b"\n".join(data)
        return None if not data or event == b"[DONE]" else event
