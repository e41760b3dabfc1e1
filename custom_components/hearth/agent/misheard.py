"""Names that a speech recognizer misheard: "disk lamp" where there is a desk lamp.

English only: in other languages other words are no names.
"""

from collections.abc import Iterator
import difflib
from functools import lru_cache
import re

from .home import ExposedEntity
from .homophones import HOMOPHONES
from .names import singular, words
from .sounds import sound
from .spoken_numbers import numbers_in

# How alike (difflib's ratio) words and a name are, written without spaces.
_ALIKE = 0.85
# The same of a single word, which is more often another one: "printed", "Printer".
_ALIKE_ALONE = 0.9
# The same of what is left without the words that were heard right. Otherwise a word
# that says more is lost in a long name: "living room toy lamp".
_ALIKE_APART = 0.6
# The same of words that sound like a name: "die son" and "Dyson".
_ALIKE_IN_SOUND = 0.6
# The same where an ordinary word is among them that the name does not have, and how many
# words nobody knows there are then.
_ALIKE_AMONG_OTHERS = 0.78
_FEWEST_UNKNOWN = 2
# Shorter sounds are those of too many words.
_SHORTEST_SOUND = 3
# A name that is so much less alike may have been meant as well.
_RIVAL = 0.05
# Shorter names are too easily taken for other words.
_SHORTEST = 5
_MOST_WORDS = 5
# How much longer or shorter, in letters, something misheard is.
_LONGER = 3
_MOST_MENDED = 3
_MOST_KEPT = 8
# Nobody gives longer orders.
_MOST_SPOKEN = 60
# Shorter words say too little by themselves: "lamp B" is no misheard "Lamp A".
_SHORTEST_WORD = 3
# A name's length, how alike it is, the first and the last word that sound so, the name.
type _Alike = tuple[int, float, int, int, str]
# A name without spaces, the name, and its words.
type _Name = tuple[str, str, tuple[str, ...]]

_SPOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
# What people say around names, and what devices are called in general: that is
# understood as it is.
ORDINARY = frozenset(
    singular(word)
    for word in (
        "a an the my our your this that these those all both every each any some one "
        "two three four five six seven eight nine ten twenty thirty forty fifty sixty "
        "seventy eighty ninety hundred half quarter third percent degrees degree point "
        "turn turned switch switched put set make made get got give bring take keep "
        "leave let open opened close closed shut lock locked unlock unlocked stop start "
        "pause play resume skip mute unmute raise lower dim brighten change adjust run "
        "send go come call tell show check charged charging want need like would could can will should "
        "may might must please thanks thank you me us it them they he she we i is are "
        "was were be been am do does did has have had not no yes on off up down in out "
        "at to of for from by with without into onto over under and or but so then now "
        "here there right left back front again still just only also too very really "
        "quite much more less most least bit little lot some warm warmer cold colder "
        "cool hot hotter bright brighter dark darker dimmer loud louder quiet quieter "
        "fast slow high low full empty new old good bad nice red green blue yellow "
        "orange purple pink white light lights lamp lamps bulb strip spot spotlight "
        "ceiling floor wall door doors window windows blind blinds curtain curtains "
        "shutter shutters shade shades heater heating radiator thermostat ac aircon "
        "conditioner fan fans speaker speakers tv television radio music song sound "
        "volume plug socket outlet switch device devices room rooms house home upstairs "
        "downstairs outside inside kitchen bathroom bedroom living dining hall hallway "
        "office study garage garden cellar basement attic what which who where when why "
        "how if as than temperature humidity battery time day night morning evening "
        "today tomorrow halfway midway move star partly everything anything something "
        "nothing everyone anyone someone nobody anybody somebody north south east west "
        "upper top bottom middle inner outer main small big large side first second "
        "next last other another rather except until unless before after while when "
        "once later soon tonight yesterday always never said told asked charge clean "
        "cleaned heated machine maker dont doesnt didnt isnt arent wasnt werent cant "
        "couldnt wont wouldnt shouldnt mustnt hasnt havent im ive ill id youre its "
        "thats lets tap bin lid pot pan phone computer laptop key bag cup plate bottle"
    ).split()
)


def put_right(entities: tuple[ExposedEntity, ...], said: str, language: str) -> str:
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
    return _SPOKEN.sub(lambda word: _meant(home, word[0]), said)


def _meant(home: _Home, word: str) -> str:
    """Return a word of the home that sounds like another one, else the word itself."""
    if singular(word.lower()) in home.words:
        return word
    meant = HOMOPHONES.get(word.lower(), word)
    return meant if singular(meant) in home.words else word


def _mended(home: _Home, said: str) -> str:
    """Return what was said with the longest misheard name in its place."""
    found = [
        (match.start(), match.end(), "".join(words(match[0])))
        for match in _SPOKEN.finditer(said)
    ]
    strange = {
        place for place, (_, _, word) in enumerate(found) if _is_strange(home, word)
    }
    if not strange or len(found) > _MOST_SPOKEN:
        return said
    alike = list(_alike(home, found, strange))
    best = max(alike, default=None)
    if best is None or any(_are_rivals(best, other) for other in alike):
        return said
    _, _, first, last, name = best
    return said[: found[first][0]] + name + said[found[last][1] :]


def _is_strange(home: _Home, word: str) -> bool:
    """Return whether a word may be a misheard one: nobody knows it."""
    return (
        singular(word) not in ORDINARY
        and singular(word) not in home.words
        and word.isalpha()
        and not numbers_in((word,))[0]
    )


def _are_rivals(best: _Alike, other: _Alike) -> bool:
    """Return whether the same words are about as much like another name."""
    return (
        other[2:4] == best[2:4] and other[4] != best[4] and other[1] > best[1] - _RIVAL
    )


class _Home:
    """Names of a home: by first letter, by their sound; and all words of them."""

    def __init__(self, entities: tuple[ExposedEntity, ...]) -> None:
        self.words: set[str] = set()
        self.names: dict[str, list[_Name]] = {}
        self.sounds: dict[str, list[_Name]] = {}
        known = dict.fromkeys(
            name
            for entity in entities
            for name in (*entity.names, entity.area, entity.floor)
            if name
        )
        for name in known:
            parts = words(name)
            self.words.update(map(singular, parts))
            joined = "".join(parts)
            if len(joined) >= _SHORTEST:
                self.names.setdefault(joined[0], []).append((joined, name, parts))
                self.sounds.setdefault(sound(joined), []).append((joined, name, parts))
        whole = {words(name) for name in known}
        for word in {word for parts in whole for word in parts}:
            if len(word) >= _SHORTEST and (word,) not in whole:
                self.sounds.setdefault(sound(word), []).append((word, word, (word,)))


@lru_cache(_MOST_KEPT)
def _home(entities: tuple[ExposedEntity, ...]) -> _Home:
    """Return how the names of a home sound; they are the same in each turn."""
    return _Home(entities)


def _alike(
    home: _Home, found: list[tuple[int, int, str]], strange: set[int]
) -> Iterator[_Alike]:
    """Yield the name's length, how alike it is, the first and last word, and the name."""
    for first in range(len(found)):
        for last in range(first, min(first + _MOST_WORDS, len(found))):
            if strange.isdisjoint(range(first, last + 1)):
                continue
            spoken = [word for _, _, word in found[first : last + 1]]
            unknown = [
                found[place][2] for place in sorted(strange) if first <= place <= last
            ]
            for other, name, parts in home.names.get(spoken[0][:1], ()):
                least = _ALIKE if first < last else _ALIKE_ALONE
                ratio = _ratio("".join(spoken), other, least)
                if ratio and _is_slip(spoken, unknown, parts):
                    yield len(other), ratio, first, last, name
            for ratio, name in _of_one_sound(home, spoken, unknown):
                yield len("".join(words(name))), ratio, first, last, name


def _of_one_sound(
    home: _Home, spoken: list[str], unknown: list[str]
) -> Iterator[tuple[float, str]]:
    """Yield names that sound like several words, and how alike the letters are."""
    joined = "".join(spoken)
    heard = sound(joined)
    if len(heard) < _SHORTEST_SOUND:
        return
    if len(spoken) == 1 or heard in map(
        sound, (joined[len(spoken[0]) :], "".join(spoken[:-1]))
    ):
        return
    for other, name, parts in home.sounds.get(heard, ()):
        ratio = difflib.SequenceMatcher(None, joined, other, autojunk=False).ratio()
        is_mixed = not {*spoken} <= {*unknown, *parts}
        if is_mixed and len(unknown) < _FEWEST_UNKNOWN:
            continue
        if ratio >= (_ALIKE_AMONG_OTHERS if is_mixed else _ALIKE_IN_SOUND):
            yield ratio, name


def _ratio(one: str, other: str, least: float) -> float:
    """Return how alike two sounds are, 0 where it is less than that."""
    if abs(len(other) - len(one)) > _LONGER or (other in one and other != one):
        return 0.0
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.quick_ratio() < least:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= least else 0.0


def _is_slip(spoken: list[str], unknown: list[str], parts: tuple[str, ...]) -> bool:
    """Return whether words that nobody knows stand for the rest of a name.

    "Record" is another word than "recorder", and no slip of it.
    """
    fixed = {singular(word) for word in spoken if word not in unknown}
    if not fixed <= set(map(singular, parts)) or all(
        len(word) < _SHORTEST_WORD for word in unknown
    ):
        return False
    if len(spoken) == 1 and "".join(parts).startswith(spoken[0]):
        return False
    rest = "".join(word for word in parts if singular(word) not in fixed)
    return _ratio("".join(unknown), rest, _ALIKE_APART) > 0
