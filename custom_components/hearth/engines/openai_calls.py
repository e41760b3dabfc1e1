"""Tool calls of ``/v1/chat/completions``, which mostly arrive in fragments."""

from dataclasses import dataclass, field
import json

from .chat import ToolCall
from .events import LONGEST_EVENT
from .faults import ProtocolError
from .sureness import Sureness, of_whole
from .tool_calls import read_arguments
from .values import JsonObject, count, mapping, text


@dataclass(slots=True)
class _PartialCall:
    """A call whose arguments are still on their way."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class CallAssembler:
    """Puts together tool calls that arrive in fragments."""

    def __init__(self) -> None:
        """Start with no calls."""
        self._current: _PartialCall | None = None
        self._index: int | None = None
        self._done = 0
        self._size = 0
        self._sureness = Sureness()

    def weigh(self, choice: JsonObject) -> None:
        """Take the probabilities of the newest fragments, or of what begins a call."""
        self._sureness.add(choice)

    def add(self, fragments: list[JsonObject]) -> tuple[ToolCall, ...]:
        """Take fragments; return the calls that are whole now."""
        whole: list[ToolCall] = []
        for fragment in fragments:
            index, call_id = count(fragment, "index"), text(fragment, "id")
            function = mapping(fragment, "function")
            name, written = text(function, "name"), _written(function)
            if self._is_another(index, call_id):
                whole += self.finish()
            if self._current is None:
                self._current, self._index = _PartialCall(), index
            self._current.id = self._current.id or call_id
            self._current.name += name
            self._current.arguments.append(written)
            self._size += len(written) + len(name)
            if self._size > LONGEST_EVENT:
                raise ProtocolError("The engine sent a tool call that does not end")
        return tuple(whole)

    def finish(self) -> tuple[ToolCall, ...]:
        """Return the call that nothing can be added to any more."""
        if (call := self._current) is None:
            return ()
        self._current = None
        self._done += 1
        return (
            ToolCall(
                id=call.id or f"call_{self._done}",
                name=call.name,
                arguments=read_arguments("".join(call.arguments)),
                confidence=self._sureness.take(),
            ),
        )

    def _is_another(self, index: int | None, call_id: str) -> bool:
        """Return whether a fragment is of another call than the one before.

        Servers that send calls whole number them all 0, or not at all.
        """
        if self._current is None:
            return False
        if index != self._index:
            return True
        return bool(call_id and self._current.id) and call_id != self._current.id


def whole_calls(
    listed: list[JsonObject], choice: JsonObject, content: str
) -> tuple[ToolCall, ...]:
    """Return the calls of an answer that came as a whole, and how sure they are."""
    functions = [mapping(call, "function") for call in listed]
    names = [text(function, "name") for function in functions]
    sure = of_whole(choice, content, names)
    return tuple(
        ToolCall(
            id=text(call, "id") or f"call_{number}",
            name=name,
            arguments=read_arguments(_written(function)),
            confidence=confidence,
        )
        for number, (call, function, name, confidence) in enumerate(
            zip(listed, functions, names, sure, strict=True), 1
        )
    )


def _written(function: JsonObject) -> str:
    """Return arguments as they were written; some servers have parsed them."""
    if isinstance(parsed := function.get("arguments"), dict):
        return json.dumps(parsed)
    return text(function, "arguments")
