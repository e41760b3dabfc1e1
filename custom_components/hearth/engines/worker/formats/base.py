"""What the formats in which models write tool calls have in common."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any, Protocol

from .notation import Notation
from .source import NotACall, Source

if TYPE_CHECKING:
    from .schema import Rules

type JsonObject = dict[str, Any]

# The parameters of every tool, as a JSON schema, by the tool's name.
type Tools = Mapping[str, JsonObject]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCall:
    """A call that a model wrote; the arguments are the text of a JSON object."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thoughts:
    """What a model writes around its thoughts.

    Args:
        start: What is before a thought.
        end: What is after it.
        anywhere: Whether a thought may follow content, too.
    """

    start: str
    end: str
    anywhere: bool = False


# A grammar allows no more calls in one answer: weak models never stop by themselves.
MOST_CALLS = 32
MORE_CALLS = f"{{0,{MOST_CALLS - 1}}}"

# A reader of calls: yields None where it needs more text, and calls once whole.
type Reading = Generator[FoundCall | None]


class ToolFormat(Protocol):
    """How a model writes tool calls, and its thoughts."""

    @property
    def name(self) -> str:
        """Return what the format is called in logs."""

    @property
    def thoughts(self) -> Thoughts | None:
        """Return what is around thoughts, where the model writes any."""

    @property
    def notation(self) -> Notation:
        """Return how the model writes values."""

    @property
    def markers(self) -> tuple[str, ...]:
        """Return the texts that begin calls wherever they are."""

    @property
    def opening(self) -> str:
        """Return the character that may begin calls where an answer begins, if any."""

    @property
    def specials(self) -> tuple[str, ...]:
        """Return all texts that are often one token and must not get lost."""

    @property
    def calls_end_thoughts(self) -> bool:
        """Return whether a model calls tools in the middle of its thoughts."""

    def read(self, marker: str, source: Source, tools: Tools) -> Reading:
        """Read the calls after a marker, or at an opening where it is empty.

        Raises:
            NotACall: It is none; what was read since the last call is plain text.
        """

    def calls(self, rules: Rules, tools: Tools, *, parallel: bool) -> str:
        """Add rules for calls, marker and all; return the expression for them."""

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return patterns that find where calls begin."""


def parsed(written: str) -> Any:
    """Parse JSON as models write it, with line breaks in texts.

    Raises:
        NotACall: It is no JSON.
    """
    try:
        return json.loads(written, parse_constant=_refuse_constant, strict=False)
    except (ValueError, RecursionError) as err:
        raise NotACall from err


def _refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which are not JSON."""
    raise ValueError(name)


def written_call(name: object, arguments: object) -> FoundCall:
    """Return a call, with arguments that are an object or the text of one.

    Raises:
        NotACall: The name is no name or the arguments are no object.
    """
    if not isinstance(name, str) or not name:
        raise NotACall
    if isinstance(arguments, str):
        arguments = parsed(arguments) if arguments.strip() else {}
    if arguments is None:
        arguments = {}
    if not isinstance(arguments, dict):
        raise NotACall
    return FoundCall(name=sound(name), arguments=as_json(arguments))


def as_json(value: object) -> str:
    """Return a value as JSON."""
    return sound(json.dumps(value, ensure_ascii=False))


def sound(text: str) -> str:
    """Return a text that can be sent: half a surrogate pair becomes a mark."""
    return text.encode(errors="replace").decode()
