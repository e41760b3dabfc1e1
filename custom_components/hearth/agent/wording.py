"""What was said, in the words of the home: misheard words put right, no synonyms."""

import re

from .home import ExposedEntity
from .misheard import put_right
from .synonyms import in_own_words

# So a recognizer writes "turn off".
_TURN_OF = re.compile(
    r"(?<!whose )(?<!my )(?<!your )(?<!his )(?<!her )(?<!the )(?<!a )"
    r"\b(turn|turned|switch|switched) of\b",
    re.IGNORECASE,
)
# What is said in other words, or heard as other words, and plainly.
_PLAINLY = (
    (
        re.compile(r"^((?:please )?)clothes (?=the|my|our)\b", re.IGNORECASE),
        r"\1close ",
    ),
    (re.compile(r"\bper[- ]?(?:cent|sent)s?\b", re.IGNORECASE), "percent"),
    (re.compile(r"\b(?:every|each) (?:single )?one of\b", re.IGNORECASE), "all of"),
    (re.compile(r"\bwhat (?:is the )?number of\b", re.IGNORECASE), "how many"),
)


def tidy(said: str) -> str:
    """Return what was said with single spaces and straight apostrophes."""
    return " ".join(said.replace("\u2019", "'").split())


def as_meant(entities: tuple[ExposedEntity, ...], said: str, language: str) -> str:
    """Return what was said in the home's own words, as far as they are beyond doubt."""
    if not language.startswith("en"):
        return said
    said = _TURN_OF.sub(r"\1 off", tidy(said))
    for other, own in _PLAINLY:
        said = other.sub(own, said)
    return in_own_words(entities, put_right(entities, said, language), language)
