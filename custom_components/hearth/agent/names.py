"""Recognizing a name although it was said or written a little differently."""

from collections.abc import Iterable
from functools import lru_cache
import re
import unicodedata

# Articles and possessives that people put before a name, in the languages that
# Home Assistant's voice assistants are used in most.
ARTICLES = frozenset(
    "a an the my our your "
    "der die das den dem ein eine einen mein meine unser unsere "
    "le la les l un une des mon ma mes notre nos "
    "el los las una mi mis nuestro nuestra "
    "il lo i gli mio mia "
    "de het een mijn ons onze "
    "o os as um uma meu minha "
    "en et den det min mitt mina".split()
)

_WORD = re.compile(r"[^\W_]+")
# Names of a large home and the words of a few turns: they are the same in each turn.
_REMEMBERED = 4096


@lru_cache(_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """Split a text into words without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(_WORD.findall(letters))


def singular(word: str) -> str:
    """Take the commonest plural endings off a word; good enough to compare."""
    if len(word) > 4 and word.endswith("es") and word[-3] in "sxzh":
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


@lru_cache(_REMEMBERED)
def stems(text: str) -> frozenset[str]:
    """Return the words of a text, without plural endings."""
    return frozenset(singular(word) for word in words(text))


@lru_cache(_REMEMBERED)
def key(text: str) -> str:
    """Return what two spellings of a name have in common.

    Case, accents, spacing, punctuation, articles and plural endings are gone:
    ``"the Kitchen-Lights"`` and ``"kitchen light"`` have the same key.
    """
    found = words(text)
    kept = tuple(word for word in found if word not in ARTICLES) or found
    return "".join(singular(word) for word in kept)


def best_match(said: str, names: Iterable[str]) -> str | None:
    """Return the one name that has the same key as what was said.

    ``None`` where no name or more than one different name has it.
    """
    wanted = key(said)
    found = {name for name in names if key(name) == wanted} if wanted else set()
    return found.pop() if len(found) == 1 else None
