"""What a model says, taken apart while it is being said.

Content goes on at once, except for what may be the beginning of a marker. A call is
given when it is whole. What looks like a call and is none is content in the end:
nothing a model says is ever lost, but for white space before answers and thoughts and
between calls. A call of a tool that was not offered is a call all the same; who
offered the tools can tell the model about its mistake.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
import re

from .formats import JsonObject, NotACall, Reading, Source, ToolFormat, Tools

# Characters handled at once, so that a long text is never copied again and again.
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer."""

    content: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """A piece of the model's thoughts."""

    content: str


@dataclass(frozen=True, slots=True)
class Call:
    """A whole call: the arguments are the text of a JSON object, the first is 0."""

    index: int
    name: str
    arguments: str


type Piece = Text | Thinking | Call


class _Mode(StrEnum):
    """What is being read."""

    CALL = "call"
    CONTENT = "content"
    THOUGHT = "thought"


def tools_by_name(tools: Iterable[JsonObject]) -> Tools:
    """Return the parameters of tools, given as OpenAI writes tools."""
    functions = [tool.get("function", tool) for tool in tools]
    return {f["name"]: f.get("parameters") or {"type": "object"} for f in functions}


def ends_in_thought(fmt: ToolFormat, prompt: str) -> bool:
    """Return whether a prompt ends with the beginning of a thought."""
    return fmt.thoughts is not None and prompt.rstrip().endswith(
        fmt.thoughts.start.rstrip()
    )


class OutputParser:
    """Takes an answer apart, piece by piece."""

    def __init__(
        self,
        fmt: ToolFormat,
        *,
        tools: Sequence[JsonObject] = (),
        thinking_open: bool = False,
    ) -> None:
        """Start with nothing said.

        Args:
            fmt: The model's format.
            tools: The tools offered, as OpenAI writes them; without any, calls are
                not looked for.
            thinking_open: Whether the prompt ended inside a thought.
        """
        self._format = fmt
        self._tools = tools_by_name(tools)
        self._markers = fmt.markers if self._tools else ()
        self._thoughts = fmt.thoughts
        self._mode = _Mode.THOUGHT if thinking_open and fmt.thoughts else _Mode.CONTENT
        # Whether nothing but white space was said since the beginning or a marker.
        self._fresh = True
        self._held = ""
        self._source = Source()
        self._reading: Reading | None = None
        self._calls = 0

    def feed(self, text: str) -> list[Piece]:
        """Take what was said next; return what is known now."""
        pieces: list[Piece] = []
        for at in range(0, len(text), _CHUNK):
            self._take(text[at : at + _CHUNK])
            self._work(pieces, last=False)
        return pieces

    def finish(self) -> list[Piece]:
        """Return what was held back until now."""
        pieces: list[Piece] = []
        self._source.close()
        self._work(pieces, last=True)
        return pieces

    def _take(self, text: str) -> None:
        """Keep text where it will be looked for."""
        if self._mode is _Mode.CALL:
            self._source.add(text)
        else:
            self._held += text

    def _work(self, pieces: list[Piece], *, last: bool) -> None:
        """Go on until more text is needed."""
        going = True
        while going:
            if self._mode is _Mode.CALL:
                going = self._read_calls(pieces)
            elif self._mode is _Mode.THOUGHT:
                going = self._read_thought(pieces, last)
            else:
                going = self._read_content(pieces, last)

    def _read_content(self, pieces: list[Piece], last: bool) -> bool:
        """Pass content on; return whether something else began."""
        thought = self._thoughts.start if self._thoughts else ""
        markers = self._markers
        if self._thoughts and self._thoughts.anywhere:
            markers = (*markers, thought)
        if self._fresh:
            self._held = self._held.lstrip()
            if thought and self._held.startswith(thought):
                self._begin_thought(thought)
                return True
            if self._begin_call_without_marker():
                return True
            if thought.startswith(self._held) and not last:
                return False
        if found := _first(markers, self._held):
            if content := self._cut(found.start()):
                pieces.append(Text(content))
            if found[0] in self._markers:
                self._begin_call(self._cut(len(found[0])))
            else:
                self._begin_thought(thought)
            return True
        self._pass_on(pieces, Text, () if last else markers)
        return False

    def _begin_thought(self, marker: str) -> None:
        """Begin to read a thought."""
        self._cut(len(marker))
        self._mode = _Mode.THOUGHT
        self._fresh = True

    def _read_thought(self, pieces: list[Piece], last: bool) -> bool:
        """Pass thoughts on; return whether they ended."""
        assert self._thoughts is not None
        if self._fresh:
            self._held = self._held.lstrip()
        also = self._markers if self._format.calls_end_thoughts else ()
        ends = (self._thoughts.end, *also)
        if found := _first(ends, self._held):
            if thought := self._cut(found.start()):
                pieces.append(Thinking(thought))
            if found[0] == self._thoughts.end:
                self._cut(len(found[0]))
            self._mode = _Mode.CONTENT
            self._fresh = True
            return True
        self._pass_on(pieces, Thinking, () if last else ends)
        return False

    def _pass_on(
        self,
        pieces: list[Piece],
        kind: type[Text | Thinking],
        markers: tuple[str, ...],
    ) -> None:
        """Pass on what is held, but for an end that may begin one of the markers."""
        if passed := self._cut(len(self._held) - _begun(markers, self._held)):
            pieces.append(kind(passed))
            self._fresh = False

    def _cut(self, size: int) -> str:
        """Return the beginning of what is held, and hold it no longer."""
        cut, self._held = self._held[:size], self._held[size:]
        return cut

    def _begin_call_without_marker(self) -> bool:
        """Begin to read a call where the answer begins like one."""
        opening = self._format.opening
        if not (self._tools and opening and self._held.startswith(opening)):
            return False
        self._begin_call("")
        return True

    def _begin_call(self, marker: str) -> None:
        """Begin to read calls in what is held."""
        self._source = Source(marker)
        self._source.add(self._cut(len(self._held)))
        self._reading = self._format.read(marker, self._source, self._tools)
        self._mode = _Mode.CALL

    def _read_calls(self, pieces: list[Piece]) -> bool:
        """Read calls; return whether something else follows."""
        assert self._reading is not None
        try:
            for call in self._reading:
                if call is None:
                    return False
                self._source.take_read()
                pieces.append(Call(self._calls, call.name, call.arguments))
                self._calls += 1
            self._fresh = True
        except NotACall:
            if content := self._source.take_read():
                pieces.append(Text(content))
            self._fresh = False
        self._mode = _Mode.CONTENT
        self._held = self._source.take_rest()
        return True


def _first(markers: tuple[str, ...], text: str) -> re.Match[str] | None:
    """Return the first marker in a text."""
    if not markers:
        return None
    return re.search("|".join(map(re.escape, markers)), text)


def _begun(markers: tuple[str, ...], text: str) -> int:
    """Return the length of the longest end of a text that a marker begins with."""
    longest = max(map(len, markers), default=1) - 1
    for size in range(min(longest, len(text)), 0, -1):
        if any(marker.startswith(text[-size:]) for marker in markers):
            return size
    return 0
