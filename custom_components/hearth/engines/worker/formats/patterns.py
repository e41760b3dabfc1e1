"""From regular expressions, as schemas have them, to grammars."""

import re

from .gbnf import text

# What grammars have as well: classes, groups, ways, repetitions.
_PART = re.compile(
    r"""(?P<group>\((?:\?:|(?!\?)))
    | (?P<same>
        \[(?!\^)(?:[^\[\]^"\\]|\\u[0-9a-fA-F]{4})+\]
        | [)|]
        | (?:[*+?]|\{(?:\d{1,3},)?(?P<most>\d{1,3})\})(?![*+?])
    )
    | \\(?P<kind>[dw])
    | \\(?P<sign>[^\w\s"\\])
    | (?P<plain>[^\\"\x00-\x1f\x7f.^$()\[\]{}|*+?])
    """,
    re.VERBOSE,
)
_KINDS = {"d": "[0-9]", "w": "[a-zA-Z0-9_]"}
# Characters of a pattern.
_LONGEST = 500
# How often a part may come to stand in a grammar: llama.cpp writes repetitions out.
_MOST_WRITTEN = 5000


def pattern_rule(pattern: object) -> str | None:
    """Return the expression for texts that a pattern describes from end to end.

    None for what is no such pattern, has more than grammars have, or could let a
    quotation mark through.
    """
    if not isinstance(pattern, str) or len(pattern) > _LONGEST:
        return None
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return None
    try:
        re.compile(pattern)
    except re.error, RecursionError, OverflowError:
        return None
    return _expression(pattern[1:-1])


def _expression(inside: str) -> str | None:
    """Return the expression for what is between the ends of a pattern."""
    found: list[str] = []
    place, groups, characters = 0, 1, 1
    while place < len(inside):
        part = _PART.match(inside, place)
        if part is None:
            return None
        place = part.end()
        if (most := part["most"]) and found[-1] == ")":
            groups *= max(int(most), 1)
        elif most:
            characters = max(int(most), characters)
        found.append(_written(part))
    if groups * characters > _MOST_WRITTEN:
        return None
    return f"({' '.join(found)})" if found else '""'


def _written(part: re.Match[str]) -> str:
    """Return a part as a grammar has it."""
    if part["group"]:
        return "("
    if part["kind"]:
        return _KINDS[part["kind"]]
    return part["same"] or text(part["sign"] or part["plain"])
