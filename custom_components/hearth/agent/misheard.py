"""Names that a speech recognizer misheard: "disk lamp" where there is a desk lamp.

English only: in other languages other words are no names.
"""

from collections.abc import Iterator
import difflib
from functools import lru_cache
import re

from .home import ExposedEntity
from .names import singular, words

# How alike (difflib's ratio) words and a name are, written without spaces.
_ALIKE = 0.85
# Shorter names are too easily taken for other words.
_SHORTEST = 5
_MOST_WORDS = 5
# How much longer or shorter, in letters, something misheard is.
_LONGER = 3
_MOST_MENDED = 3
_MOST_KEPT = 8
_SPOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
# What people say around names, and what devices are called in general: that is
# understood as it is.
_ORDINARY = frozenset(
    singular(word)
    for word in (
        "a an the my our your this that these those all both every each any some one two"
        " three four five six seven eight nine ten twenty thirty forty fifty sixty seventy"
        " eighty ninety hundred half quarter third percent degrees degree point"
        " turn turned switch switched put set make made get got give bring take keep leave"
        " let open opened close closed shut lock locked unlock unlocked stop start pause"
        " play resume skip mute unmute raise lower dim brighten change adjust run send go"
        " come call tell show check want need like would could can will should may might"
        " must please thanks thank you me us it them they he she we i is are was were be"
        " been am do does did has have had not no yes on off up down in out at to of for"
        " from by with without into onto over under and or but so then now here there"
        " right left back front again still just only also too very really quite much more"
        " less most least bit little lot some warm warmer cold colder cool hot hotter"
        " bright brighter dark darker dimmer loud louder quiet quieter fast slow high low"
        " full empty new old good bad nice red green blue yellow orange purple pink white"
        " light lights lamp lamps bulb strip spot spotlight ceiling floor wall door doors"
        " window windows blind blinds curtain curtains shutter shutters shade shades"
        " heater heating radiator thermostat ac aircon conditioner fan fans speaker speakers tv television radio"
        " music song sound volume plug socket outlet switch device devices room rooms"
        " house home upstairs downstairs outside inside kitchen bathroom bedroom living"
        " dining hall hallway office study garage garden cellar basement attic what which"
        " who where when why how if as than temperature humidity battery time day night"
        " morning evening today tomorrow everything anything something nothing everyone"
        " anyone someone nobody anybody somebody"
    ).split()
)


def as_meant(entities: tuple[ExposedEntity, ...], said: str, language: str) -> str:
    """Return what was said, with the names in it that were surely meant.

    Words are replaced where one of them is known neither to the home nor as an
    ordinary word, and where, written together, they are nearly one name.
    """
    if not language.startswith("en"):
        return said
    home = _home(entities)
    for _ in range(_MOST_MENDED):
        mended = _mended(home, said)
        if mended == said:
            break
        said = mended
    return said


def _mended(home: _Home, said: str) -> str:
    """Return what was said with the longest misheard name in its place."""
    found = [
        (match.start(), match.end(), "".join(words(match[0])))
        for match in _SPOKEN.finditer(said)
    ]
    strange = {
        place
        for place, (_, _, word) in enumerate(found)
        if singular(word) not in _ORDINARY and singular(word) not in home.words
    }
    best = max(_alike(home, found, strange), default=None) if strange else None
    if best is None:
        return said
    _, _, first, last, name = best
    return said[: found[first][0]] + name + said[found[last][1] :]


class _Home:
    """Names of a home as they sound: by first letter, and their words."""

    def __init__(self, entities: tuple[ExposedEntity, ...]) -> None:
        self.words: set[str] = set()
        self.names: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
        known = dict.fromkeys(
            name
            for entity in entities
            for name in (*entity.names, entity.area, entity.floor)
            if name
        )
        for name in known:
            parts = words(name)
            stems = frozenset(map(singular, parts))
            self.words |= stems
            sound = "".join(parts)
            if len(sound) >= _SHORTEST:
                self.names.setdefault(sound[0], []).append((sound, name, stems))


@lru_cache(_MOST_KEPT)
def _home(entities: tuple[ExposedEntity, ...]) -> _Home:
    """Return how the names of a home sound; they are the same in each turn."""
    return _Home(entities)


def _alike(
    home: _Home, found: list[tuple[int, int, str]], strange: set[int]
) -> Iterator[tuple[int, float, int, int, str]]:
    """Yield the name's length, how alike it is, the first and last word, and the name."""
    for first in range(len(found)):
        for last in range(first, min(first + _MOST_WORDS, len(found))):
            if strange.isdisjoint(range(first, last + 1)):
                continue
            spoken = [word for _, _, word in found[first : last + 1]]
            sound = "".join(spoken)
            fixed = {
                singular(word)
                for place, word in enumerate(spoken, first)
                if place not in strange
            }
            for other, name, stems in home.names.get(sound[:1], ()):
                if (
                    abs(len(other) - len(sound)) > _LONGER
                    or not fixed <= stems
                    or (other in sound and other != sound)
                ):
                    continue
                matcher = difflib.SequenceMatcher(None, sound, other, autojunk=False)
                if matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
                    yield len(other), matcher.ratio(), first, last, name
