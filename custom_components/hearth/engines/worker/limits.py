"""What chat templates do with texts, without texts that no memory holds."""

from collections.abc import Callable, Iterable, Iterator
import json
from typing import Any

from jinja2 import TemplateError as JinjaError

# Characters of one text: twice a context of 128k tokens.
LONGEST_TEXT = 1_000_000
_MOST_VALUES = 200_000
_MOST_INDENT = 16


class TooMuch(JinjaError):
    """A template does more than a chat can need."""


def check(size: float) -> None:
    """Refuse a text or list that is too long."""
    if size > LONGEST_TEXT:
        raise TooMuch("it makes too long a text")


def weigh(value: object) -> None:
    """Refuse a value that holds too many others, one of them perhaps again and again."""
    seen, waiting = 0, [value]
    while waiting:
        found = waiting.pop()
        seen += 1
        if isinstance(found, dict):
            waiting += [*found, *found.values()]
        elif isinstance(found, list | tuple):
            waiting += found
        if seen + len(waiting) > _MOST_VALUES:
            raise TooMuch("it makes too long a text")


def size_of(value: object) -> float:
    """Return what a value counts for in a product."""
    if isinstance(value, str | list | tuple):
        return len(value)
    return abs(value) if isinstance(value, int | float) else 1


def replaced(text: object, old: str, new: str, count: int = -1) -> str:
    """Replace a text within another."""
    text = str(text)
    check(len(text) + (text.count(old) if count < 0 else count) * len(new))
    return text.replace(old, new, -1 if count is None else count)


def as_string(value: object) -> str:
    """Return a value as a text."""
    weigh(value)
    return str(value)


def _join(separator: str, parts: Iterable[Any]) -> str:
    """Join texts."""
    texts = list(parts)
    check(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


GUARDED_METHODS: dict[str, Callable[..., str]] = {"join": _join, "replace": replaced}


def join_values(value: Iterable[Any], d: str = "", attribute: str | None = None) -> str:
    """Join values, or an attribute of each."""
    value = list(value)
    weigh(value)
    if attribute is not None:
        value = [item.get(attribute, "") for item in value]
    return _join(str(d), map(str, value))


def indented(
    text: str, width: int = 4, first: bool = False, blank: bool = False
) -> str:
    """Indent the lines of a text, but for the first unless that is wanted."""
    if not 0 <= width <= _MOST_INDENT:
        raise TooMuch("it asks for a very wide text")
    start, *lines = text.split("\n")
    margin = " " * width
    lines = [margin + line if line or blank else line for line in lines]
    return _join("\n", [margin + start if first else start, *lines])


def tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Return a value as JSON, without what Jinja does for HTML."""
    if indent is not None and not 0 <= indent <= _MOST_INDENT:
        raise TooMuch("it asks for a very wide text")
    weigh(value)
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
        default=_listed,
    )


def _listed(value: object) -> list[Any]:
    """Return the items of what a filter makes, which JSON does not know."""
    if not isinstance(value, Iterator):
        raise TypeError(f"{type(value).__name__} is no JSON")
    items = list(value)
    weigh(items)
    return items
