"""Roundabout ways to say an order, and the plain ones. English only.

"Send Robbie out", "take the sound off the telly", "the pump can rest now".
"""

import re

_SHOWN = r"(?:film|movie|match|show|programme|program|series|game|video)"
_PLAYED = r"(?:music|song|tune|radio play|podcast|album)"
_STARTED = r"(?:started|spinning|warming|heating|warmed|heated)"
_DOCK = r"(?: to (?:its|his|her|the) (?:dock|charger|base|station))?"
# Words of small letters with a space between them, and what is said instead. A name
# that is none, or of what cannot do that, is found out later.
_WAYS: tuple[tuple[str, str], ...] = (
    (
        r"^(?:set|change|switch|turn) the (?:status|state|power) of (.+) to (on|off)$",
        r"turn \2 \1",
    ),
    (r"^make (.+) stop(?: shining| glowing| running)?$", r"stop \1"),
    (
        r"^(?:increase|raise) the (?:volume|sound) (?:of|on) (?!.* (?:to|by) )",
        "turn up ",
    ),
    (
        r"^(?:decrease|lower|reduce) the (?:volume|sound) (?:of|on) (?!.* (?:to|by) )",
        "turn down ",
    ),
    # Going, resting.
    (r"^off with (.+)$", r"turn off \1"),
    (r"^(.+) (?:can|may|could)(?: both| all)? (?:go|come) (on|off)$", r"turn \2 \1"),
    (
        r"^(.+) (?:can|may)(?: both| all)?(?: as well)? (?:rest|stop|quit)$",
        r"stop \1",
    ),
    (r"^(?:set|have) (.+?) (?:going|running)$", r"start \1"),
    (rf"^(?:set|get|have) (.+?) {_STARTED}(?: up)?$", r"start \1"),
    (r"^(?:send|let) (.+?) out(?: on it| to work)?$", r"start \1"),
    (r"^(?:send|let|set|turn) (.+?) loose(?: on it| to work)?$", r"start \1"),
    (
        rf"^(?:call|send|bring|get|tell) (.+?) (?:to (?:go|come) )?home{_DOCK}$",
        r"dock \1",
    ),
    (rf"^(?:send|bring) (.+?) back{_DOCK}$", r"dock \1"),
    # Sound.
    (r"^(?:have|put|get|set) (.+) on mute$", r"mute \1"),
    (r"^(?:no sound on|take the sound off) (.+)$", r"mute \1"),
    (r"^give (.+?) (?:s )?(?:its|the|his|her) sound back$", r"unmute \1"),
    (r"^hit (pause|play|mute|stop) on (.+)$", r"\1 \2"),
    (
        rf"^(?:freeze|hold|stop) the (?:{_SHOWN}|{_PLAYED})(?: right there)? on (.+)$",
        r"pause \1",
    ),
    (rf"^carry on with the (?:{_SHOWN}|{_PLAYED}) (?:on )?(.+)$", r"resume \1"),
    # Dark, and lit. Who says that it is dark wants the contrary.
    (
        r"^(?:make|get|have|leave) (?:the )?(?:whole )?(.+?)(?: all)? dark(?: all)?$",
        r"turn off the lights in \1",
    ),
    (
        r"^(?:the )?whole (.+?)(?<! is)(?<! s) dark(?: all)?$",
        r"turn off the lights in \1",
    ),
    (r"^(.+?) (?:can|may|to) go dark(?: all)?$", r"turn off the lights in \1"),
    (r"^light up (?:the )?(?:whole |entire )(.+)$", r"turn on the lights in the \1"),
    # Places and values.
    (r"\b(?:all over|(?:right )?through(?:out)?) the\b", "in the whole"),
    (r"(?<!skip )(?<!go )\b(?:up|down|back) to\b", "to"),
    (r"\b(?:right )?where it is$|\bright there$", ""),
)
_PATTERNS = tuple((re.compile(said), plain) for said, plain in _WAYS)


def straight(said: str) -> str:
    """Return a plain order for one that is said in a roundabout way."""
    for roundabout, plain in _PATTERNS:
        said = roundabout.sub(plain, said)
    return said
