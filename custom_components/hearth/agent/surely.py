"""Which devices somebody means beyond doubt: those whose whole name was said.

A very small model takes the wrong one of them now and then, so it gets no other to
choose from. In simple sentences only: in "turn on all lights except the hall lamp" and
"the hall lamp, then the one at my bed" a name says little about what else is meant.
Of 517 generated calls in such sentences, in homes and words that such a model never
learned and in those that it did, 512 were for what was named with two words or more.
English only.
"""

from .heard import heard_by_name, heard_places
from .home import ExposedEntity
from .names import stems, words

# Words of more than one thing, of exceptions, and of who corrects himself.
_NOT_SIMPLE = frozenset(
    "afterwards all also and apart besides both but correction each every everything"
    " except excepted excluding hold instead leaving mean meant minus neither no nor not"
    " or other others plus rather save sorry than then uh uhm um wait well without".split()
)
# A single word may be a room's name, or what several devices are.
_FEWEST_WORDS = 2


def surely_named(
    entities: tuple[ExposedEntity, ...], said: str, language: str
) -> tuple[ExposedEntity, ...]:
    """Return the only devices that can be meant; none where it may be any."""
    if not language.startswith("en") or _NOT_SIMPLE.intersection(words(said)):
        return ()
    heard = stems(said)
    named = heard_by_name(entities, heard)
    if any(len(parts) < _FEWEST_WORDS for parts in named.values()):
        return ()
    found = tuple(entity for entity in entities if entity.entity_id in named)
    used = frozenset[str]().union(*named.values())
    here = {place for entity in found for place in (entity.area, entity.floor)}
    is_elsewhere = any(
        place not in here and not parts <= used
        for place, parts in heard_places(entities, heard).items()
    )
    return () if is_elsewhere else found
