"""What was said, in the words of the home: misheard names put right, no synonyms."""

from .home import ExposedEntity
from .misheard import put_right
from .synonyms import in_own_words


def as_meant(entities: tuple[ExposedEntity, ...], said: str, language: str) -> str:
    """Return what was said in the home's own words, as far as they are beyond doubt."""
    return in_own_words(entities, put_right(entities, said, language), language)
