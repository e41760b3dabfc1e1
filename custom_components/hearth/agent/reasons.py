"""Reasons that people give for an English order, and the order without them.

"My head is pounding, take all lights to a quarter", "kill the big light it's doing my
head in": what names nothing of the home and asks for nothing else says only why.
"""

from collections.abc import Iterator
import re

from .corrections import corrects
from .heard import spoken_names
from .hedges import is_hedged
from .home import ExposedEntity
from .named_things import KINDS
from .names import singular, words
from .order_words import ENDS, PARTICLED, VERBS
from .orders import LONGEST
from .spoken_numbers import numbers_in, spoken_words
from .synonyms import THINGS

# Where an order may begin after its reason, and where a reason may begin after it.
_BEFORE_ORDER = re.compile(
    r"[,.;!:\u2013\u2014-]+\s*(?:so|and|then)?\s+|\s+so\s+(?!that\b)", re.IGNORECASE
)
_BEFORE_REASON = re.compile(
    r"[,.;!:\u2013\u2014-]+\s*|\s+(?=(?:because|since|cause|cos|so|i|i'm|we|we're|we've|it"
    r"|it's|its|there's|my|that's|this|everyone|everybody)\b)",
    re.IGNORECASE,
)
# Longer ones may be anything.
_MOST_WORDS = 14
_MOST_SPOKEN = 40
# Words of orders, of doubt, and such as mean what was named before.
_NO_REASON = frozenset(
    "not no never dont don but except unless only just leave keep also too again else other"
    " instead if when until then back set make same".split()
) | {*PARTICLED, *VERBS} - {"get", "have", "let", "run", "open", "light"}

# With one of these it is told how something is; "play some jazz" has none.
_TELLING = frozenset("i m we re ve it is are s am was there".split())
# Small words that a name may have, too.
_EMPTY = frozenset("a an the my our of in on at to for with and s is it".split())


def without_reasons(entities: tuple[ExposedEntity, ...], said: str) -> Iterator[str]:
    """Yield what may be an order in what was said, without a reason before or after it.

    Args:
        entities: What is exposed.
        said: The user's words.
    """
    said = " ".join(said.split())
    if len(words(said)) > _MOST_SPOKEN or len(said) > LONGEST:
        return
    known = spoken_names(entities)
    names = (parts for own in known.names.values() for parts in own)
    named = frozenset[str]().union(*known.places.values(), *names) - _EMPTY
    for cut in _BEFORE_REASON.finditer(said):
        if _is_reason(named, said[cut.end() :]):
            yield said[: cut.start()]
    for cut in _BEFORE_ORDER.finditer(said):
        if _is_reason(named, said[: cut.start()]):
            yield said[cut.end() :]


def _is_reason(named: frozenset[str], part: str) -> bool:
    """Return whether words name nothing of the home, and are neither order nor doubt."""
    spoken = words(part)
    if not 1 < len(spoken) <= _MOST_WORDS or "?" in part:
        return False
    heard = frozenset(map(singular, spoken))
    return (
        heard.isdisjoint(named)
        and heard.isdisjoint(KINDS)
        and _NO_REASON.isdisjoint(spoken)
        and not _TELLING.isdisjoint(spoken)
        and ENDS.keys().isdisjoint(spoken[-1:])
        and not numbers_in(spoken_words(part))[0]
        and not is_hedged(part, "en")
        and heard.isdisjoint(THINGS)
        and not corrects(part)
    )
