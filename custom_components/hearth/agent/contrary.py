"""Actions that words speak against: who says "on" does not mean "off". English only.

A very small model takes one for the other now and then, where an order is put in a way
that it never met.
"""

from collections.abc import Mapping, Sequence
import re

from .names import words
from .order_words import BEFORE_PLACES, PARTICLED

# With these it is said how things are, and the contrary may be wanted: "it's still on".
_AS_IT_IS = re.compile(
    r"\b(?:is|are|was|were|still|left|been|why|who|whose|again|forgot|forgotten|already|not"
    r"|never|stop|without|instead|leave|keep|dont|no (?:need|reason|point|longer))\b|n['\u2019]t\b"
    r"|\w['\u2019](?:s|re) (?:on|off|up|down|open|closed|shut|locked|unlocked|muted)\b",
    re.IGNORECASE,
)
# What is said, what else would have to be said for the contrary, and the contrary.
_SAID: tuple[tuple[frozenset[str], frozenset[str], frozenset[str]], ...] = (
    (
        frozenset({"close", "shut", "closed"}),
        frozenset("open opened off down unlock unlocked".split()),
        frozenset({"open", "unlock"}),
    ),
    (
        frozenset({"open", "opened"}),
        frozenset("close shut closed lock locked bolt".split()),
        frozenset({"close", "lock"}),
    ),
    (
        frozenset({"lock", "locked", "bolt"}),
        frozenset({"unlock", "unlocked", "open"}),
        frozenset({"unlock", "open"}),
    ),
    (
        frozenset({"unlock", "unlocked", "unbolt"}),
        frozenset({"lock", "locked", "close"}),
        frozenset({"lock", "close"}),
    ),
    (frozenset({"mute", "silence"}), frozenset({"unmute"}), frozenset({"unmute"})),
    (frozenset({"unmute"}), frozenset({"mute"}), frozenset({"mute"})),
    (
        frozenset({"louder"}),
        frozenset({"quieter", "mute"}),
        frozenset({"quieter", "mute"}),
    ),
    (
        frozenset({"quieter"}),
        frozenset({"louder", "unmute"}),
        frozenset({"louder", "unmute"}),
    ),
)
# Words of these that say nothing about what is wanted: "off the lock", "louder than".
_NO_VERBS = re.compile(
    r"\b(?:the|a|that|this) (?:lock|bolt)\b|\b(?:louder|quieter) than\b", re.IGNORECASE
)
_SWITCHED: Mapping[str, str] = {"on": "off", "off": "on"}
_ON_AT_AN_END = re.compile(r"(?<!hold )(?<!come )(?<!go )\bon\s*[,;.!]", re.IGNORECASE)
# Other words for the contrary of "on" and of "off".
_ELSE: Mapping[str, frozenset[str]] = {
    "on": frozenset(
        "kill out douse extinguish disable deactivate dark cut shut".split()
    ),
    "off": frozenset("activate enable start started run running going play".split()),
}
# What comes after a whole order.
_AFTER_ALL = frozenset("please now and then so for thanks right but mate love".split())
# What comes after "off" where nothing is switched: "off to bed", "off you go"; and, but
# for after a verb, "take the chill off the room".
_AWAY = frozenset("to you work on".split())
_OFF_WHAT = frozenset("it the my our his her their this".split())


def contrary(said: str, language: str) -> frozenset[str]:
    """Return the actions of `control` that somebody does not mean."""
    spoken = words(_NO_VERBS.sub(" ", said))
    if not language.startswith("en") or _AS_IT_IS.search(said):
        return frozenset()
    found = frozenset[str]().union(
        *(
            against
            for heard, others, against in _SAID
            if not heard.isdisjoint(spoken) and others.isdisjoint(spoken)
        )
    )
    switched = {
        word for place, word in enumerate(spoken) if _is_switched(spoken, place)
    }
    if _ON_AT_AN_END.search(said):
        switched.add("on")
    if len(switched) == 1 and _ELSE[(word := switched.pop())].isdisjoint(spoken):
        found |= {_SWITCHED[word]}
    return found


def _is_switched(spoken: Sequence[str], place: int) -> bool:
    """Return whether "on" or "off" says what is to be done, and not where."""
    word, after = spoken[place], [*spoken, ""][place + 1]
    before = spoken[place - 1] if place else ""
    if word == "off":
        is_of = after in _OFF_WHAT and word not in PARTICLED.get(before, {})
        return after not in _AWAY and not is_of
    ends = not after or after in BEFORE_PLACES or after in _AFTER_ALL
    return word == "on" and (ends or word in PARTICLED.get(before, {}))
