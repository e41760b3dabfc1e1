"""Words for rooms and devices that mean the same: the lounge is the living room. English.

A word that nothing at home is called is put into the home's own words, so that neither
the names nor a small model have to know all of them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
import re

from .home import ExposedEntity
from .names import singular, words

# Homes of some agents, as they are and as they were.
_MOST_KEPT = 8
# Of each line the words mean the same. The nearest come first: where a home has several,
# the first of the line is taken only if it is the only one.
_PLACES: tuple[tuple[str, ...], ...] = (
    ("living room", "lounge", "sitting room", "family room", "front room", "parlour"),
    ("bathroom", "washroom", "restroom", "shower room", "ensuite"),
    ("toilet", "loo", "wc", "lavatory", "powder room", "guest toilet", "half bath"),
    ("hallway", "hall", "corridor", "entrance hall", "entryway", "foyer", "entrance"),
    ("office", "study", "home office", "den", "workroom"),
    ("cellar", "basement"),
    ("attic", "loft"),
    ("garden", "yard", "back garden", "backyard"),
    ("terrace", "patio", "deck", "veranda"),
    ("nursery", "kids room", "childrens room", "playroom"),
    ("bedroom", "main bedroom", "master bedroom"),
    ("utility room", "laundry room", "laundry"),
    ("stairs", "staircase", "stairway", "stairwell"),
    ("ground floor", "downstairs", "ground level"),
    ("upstairs", "first floor", "upper floor", "second floor"),
    ("outside", "outdoors", "outdoor"),
)
_THINGS: tuple[tuple[str, ...], ...] = (
    ("tv", "telly", "television"),
    ("sofa", "couch", "settee"),
    ("fridge", "refrigerator"),
    ("vacuum", "hoover", "vacuum cleaner", "robot vacuum"),
    ("speaker", "stereo", "soundbar", "hifi"),
    ("heater", "radiator"),
    ("blind", "shade", "shutter", "roller blind", "roller shutter"),
    ("curtain", "drape"),
    ("fan", "ventilator", "blower"),
    ("oven", "cooker", "stove"),
    ("coffee machine", "coffee maker", "espresso machine"),
    ("washing machine", "washer", "laundry machine"),
    ("dryer", "tumble dryer", "tumble drier"),
    ("ev charger", "wallbox", "car charger", "charging station"),
    ("mower", "lawnmower", "lawn mower", "robot mower", "mowing robot"),
    ("led strip", "light strip", "strip light", "strip"),
    ("spot", "spotlight", "downlight"),
    ("irrigation", "sprinkler"),
    ("ac", "aircon", "air conditioner", "air conditioning"),
    ("bedside lamp", "nightstand lamp", "night table lamp"),
    ("socket", "outlet", "plug"),
    ("hot tub", "jacuzzi", "whirlpool"),
    ("radio", "wireless"),
    ("kettle", "jug"),
)
# Devices that are called by a single word.
THINGS = frozenset(word for line in _THINGS for word in line if " " not in word)
# The first floor is upstairs in some countries, and in others not.
_OF_THEIR_OWN = frozenset({"first floor", "second floor"})
# These are meant by their line's shorter word only where that is a whole name.
_OF_ONE_SORT = frozenset({"tumble dryer", "tumble drier"})
_ADVERBS = ("downstairs", "upstairs", "outdoors")
# A whole word, and no verb: "to study".
_SPOKEN = r"(?<![^\W_])(?<!\bto )(?<!\bdish ){}(?![^\W_])"


def in_own_words(entities: tuple[ExposedEntity, ...], said: str, language: str) -> str:
    """Return what was said, with the home's own words for rooms and devices."""
    if not language.startswith("en"):
        return said
    for spoken, own in _own_words(entities):
        said = spoken.sub(own.replace("\\", r"\\"), said)
    return said


@lru_cache(_MOST_KEPT)
def _own_words(
    entities: tuple[ExposedEntity, ...],
) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what is said elsewhere, and what it is called here; the longest first."""
    places = {place for e in entities for place in (e.area, e.floor) if place}
    names = {name for entity in entities for name in entity.names}
    rooms = {_key(place): place for place in places}
    parts = {
        part: " ".join(part) for name in (*names, *places) for part in _parts(name)
    }
    found = [
        *_replaced(_PLACES, known=rooms, taken=parts),
        *_replaced(_THINGS, known=parts, taken=parts, whole={_key(n) for n in names}),
    ]
    found.sort(key=lambda pair: -len(pair[0]))
    return tuple(
        (re.compile(_SPOKEN.format(spoken), re.IGNORECASE), own)
        for spoken, own in found
    )


def _key(said: str) -> tuple[str, ...]:
    """Return words without plural endings."""
    return tuple(map(singular, words(said)))


def _parts(name: str) -> Iterator[tuple[str, ...]]:
    """Yield each one, two and three words of a name that are next to each other."""
    spoken = _key(name)
    for length in (1, 2, 3):
        for first in range(len(spoken) - length + 1):
            yield spoken[first : first + length]


def _replaced(
    lines: Sequence[Sequence[str]],
    known: Mapping[tuple[str, ...], str],
    taken: Collection[tuple[str, ...]],
    whole: Collection[tuple[str, ...]] = (),
) -> Iterator[tuple[str, str]]:
    """Yield what a home has not, with the only one that it has instead.

    A tumble dryer is no boot dryer.
    """
    for line in lines:
        keys = {_key(said) for said in line if _key(said) in known}
        # What is called "Robot vacuum" has a vacuum in its name, too.
        here = [one for one in keys if not any(set(one) < set(two) for two in keys)]
        if len(here) != 1:
            continue
        own = known[here[0]]
        for other in line:
            if _key(other) in taken or other in _OF_THEIR_OWN:
                continue
            if other in _OF_ONE_SORT and here[0] not in whole:
                continue
            spoken = r"\s+".join(other.split())
            if other in _ADVERBS:
                yield rf"(?<!the ){spoken}", f"on the {own}"
            yield spoken, own
            if known is taken:
                yield spoken + "s", own + "s"
