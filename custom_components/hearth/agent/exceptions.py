"""Exceptions in English: "all lights off, only leave the hall lamp burning"."""

import re

from .order import order, without_courtesies

# Words before what is left out, and after it.
_SPARED = re.compile(
    r"[\s,]+(?:(?:except|apart|aside)(?: for| from)?|other than|excluding|bar|save(?: for)?"
    r"|minus|(?:but|just|only|and|though)?\s*not(?! just| only)"
    r"|(?:but|and|just|only)\s+(?:leave|spare(?: me)?|skip|keep|let|(?:do not|don't) touch))"
    r"\s+(?:in |on |at |the ones? (?:in|on|at) )?",
    re.IGNORECASE,
)
_ALL_BUT = re.compile(
    r"\b(all|every|each|everything|everywhere)\b(.*?)\bbut\s+(?!leave|not|also)",
    re.IGNORECASE,
)
# What alone stays as it is comes between.
_STAYING = re.compile(
    r"[\s,]+(?:but |and )?(?:just|only)\s+(.+?)\s+(?:can |may |to )?(?:stays?|remains?)"
    r"(?: on| lit| burning| running| as it is)?$",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\s+(?:alone|out(?: of it)?|be|untouched|as (?:it is|they are)|ones?|on|off|burning"
    r"|lit|running|open|closed|so .*|she's .*|he's .*|because .*)$",
    re.IGNORECASE,
)
# "Lights off, and keep the hall off": that is no exception.
_KEPT_OFF = re.compile(r"\boff\b.*\b(?:keep|leave)\b.*\boff\W*$", re.IGNORECASE)
# Why, after what is left out.
_REASON = re.compile(
    r",\s+(?!.*\b(?:later|needed|stay|stays|too)\b)(?:(?:it|he|she|that|there)'s|(?:the |my |our )?(?:\w+ )?\w+"
    r" (?:is|are|gets?|hates?|needs?|wants?|can't))\b.*$",
    re.IGNORECASE,
)
_END = re.compile(r"\s(on|off|up|down)$")


def without_spared(said: str) -> tuple[str, tuple[str, ...] | None]:
    """Return an order without its exceptions, and the words of these.

    A particle may come after them: "all lights but the hall lamp off". None is there
    where nothing is said of what is left out: "lights off, but not now".
    """
    found = _SPARED.search(said)
    if (staying := _STAYING.search(said)) is not None:
        rest, spared = said[: staying.start()], staying[1]
    elif found is not None:
        rest, spared = said[: found.start()], said[found.end() :]
    elif (all_but := _ALL_BUT.search(said)) is not None:
        rest = said[: all_but.end(2)]
        spared = said[all_but.end() :]
    else:
        return said, ()
    if _KEPT_OFF.search(said):
        return said, None
    spared = _REASON.sub("", spared.strip(" .,!?"))
    if order(rest) is None and (end := _END.search(spared)):
        rest, spared = rest + end[0], spared[: end.start()]
    while (shorter := _LEFT.sub("", spared)) != spared:
        spared = shorter
    return rest, tuple(without_courtesies(spared)) or None
