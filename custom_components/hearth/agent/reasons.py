"""Reasons that people give for an English order, and the order without them.

"My head is pounding, take all lights to a quarter", "kill the big light it's doing my
head in": what names nothing of the home and asks for nothing else says only why.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
import re

from .corrections import corrects
from .heard import heard_by_name, spoken_names
from .hedges import is_hedged
from .home import ExposedEntity
from .named_things import KINDS
from .names import singular, stems, words
from .order_words import BEGINNING, BRINGING, ENDS, PARTICLED, VERBS
from .orders import LONGEST
from .spoken_numbers import numbers_in, spoken_words
from .synonyms import THINGS

# Where an order may begin after its reason, and where a reason may begin after it.
_BEFORE_ORDER = re.compile(
    r"[,.;!\u2013\u2014-]+\s*(?:so|and|then)?\s+|\s+so\s+(?!that\b)",
    re.IGNORECASE,
)
_BEFORE_REASON = re.compile(
    r"[,.;!:\u2013\u2014-]+\s*|\s+(?=(?:because|since|cause|cos|so|i|i'm|we|we're|we've"
    r"|it (?:is|was|has|had|will|\w+s)|it's|its|there's|my|that's|that'll|this|everyone|everybody|while (?:i|we|i'm|we're)"
    r"|for (?:the|our|my|his|her|their|a)|(?:the|\w+'s|our|his|her) \w+(?:'s| is| are| has))\b)",
    re.IGNORECASE,
)
# What something is for, but for how long; and what goes on meanwhile.
_PURPOSE = re.compile(
    r"^for (?!.*\b(?:all|everyone|lot|us|bit|day|hour|minute|min|moment|sec|second|while|week)s?\b)",
    re.IGNORECASE,
)
# Orders that are told of, and what takes an order back.
_QUOTING = re.compile(
    r"\blike\W*$|\b(?:asking|note|quote|recipe|rule|said|say|says|scream"
    r"|screaming|shout|shouting|sign|tell|telling|texting|told|yell|yelling)\b",
    re.IGNORECASE,
)
_TAKING_BACK = re.compile(
    r"\b(?:cancel|changed|ignore|joking|kidding|mind|misspoke|mistake|nah|nope|oops|still"
    r"|talking|wrong)\b",
    re.IGNORECASE,
)
_OH = re.compile(r"^\W*(?:oh|ah)\b", re.IGNORECASE)
# Somebody is spoken to.
_CALLING = re.compile(r"^\W*(\w+),")
_YOU = re.compile(r"\b(?:you|your|yours)\b(?! guys)", re.IGNORECASE)
_INTERJECTIONS = BEGINNING | frozenset(
    "ack arre ay blimey boy brr crikey god goodness gosh jeez lord lordy man now oof ooh ouch"
    " phew please ugh wow yikes yo".split()
)
_OF_PURPOSE = re.compile(
    r"\b(?:book|evening|film|game|morning|movie|night|song|story)\b", re.IGNORECASE
)
# That it is about this room is no reason.
_HERE = re.compile(r"\bin here\b|\bthis room\b", re.IGNORECASE)
# "I'm giving it an hour, then ...": that is for later.
_LATER = re.compile(
    r"\b(?:an? (?:day|hour|minute|moment|week)|(?:day|hour|minute|week)s)\b",
    re.IGNORECASE,
)
_MEANWHILE = re.compile(r"^while (?=i\b)(?!.*\b(?:at|away|off|out)\b)", re.IGNORECASE)
# Somebody of whom something is told: "Walt's hard of hearing".
_SUBJECT = re.compile(
    r"^(\w+)(?:['\u2019]s| is| has| wants| needs) (\w+)", re.IGNORECASE
)
# A verb may begin an order without a mark: "i'm done here bring it down".
_BEFORE_VERB = re.compile(
    r"(?<=\w)\s+(?=(?:"
    + "|".join(
        {*PARTICLED, *VERBS, *BRINGING} - {"get", "have", "let", "light", "open", "run"}
    )
    + r"|let's|skip|give (?:me|us))\b)",
    re.IGNORECASE,
)
# After one of these it is told, asked or wished, and in a part with one of those, too.
_NO_END = frozenset(
    "a all almost always and barely be can cannot cant could d did do does dont ever gonna got"
    " gotta had hardly has have he her him i it just let ll may me might must my myself nearly"
    " need never no nobody none not one or our please rather re shall she should so sometimes t"
    " that the them then they to us ve wanna want we which who will wont would you".split()
)
# With one of these anywhere before it, it is told, too.
_NO_TELLING = frozenset(
    "afraid anybody anyone did do does glad had has hate having how important insist"
    " getting letting love make makes making prefer rather said sang saw saying says see shouting"
    " singing somebody someone sure told watch watched watching whether who yelling".split()
)
# Words of the home's names and places, and the people that things belong to.
type _Known = tuple[frozenset[str], frozenset[str]]
# Longer ones may be anything.
_MOST_WORDS = 14
_LONGEST_SAID = 40
# Nobody gives more reasons; what is cut more often is no speech.
_MOST_CUTS = 6
# Words of orders, of doubt, and such as mean what was named before.
_NO_REASON = frozenset(
    "not no never dont don but except unless only just leave keep also too again else other"
    " instead if when until then back set make same".split()
) | {*PARTICLED, *VERBS} - {"get", "have", "let", "run", "open", "light"}

_DENYING = frozenset({"not", "never", "no"})
# Homes of some agents, as they are and as they were.
_MOST_KEPT = 8
# With one of these it is told how something is; "play some jazz" has none.
_TELLING = frozenset("i m we re ve it is are s am was there time".split())
# Where somebody goes: "that's us for the night", "we're off to bed".
_TO_BED = re.compile(r"\b(?:for|to|in) (?:the night|bed)\b", re.IGNORECASE)
_OWNER = re.compile(r"\b(\w+)['\u2019]s\b")
# Small words that a name may have, too.
_EMPTY = frozenset("a an the my our of in on at to for with and s is it".split())


def without_reasons(
    entities: tuple[ExposedEntity, ...], said: str, *, naming: bool = False
) -> Iterator[str]:
    """Yield what may be an order in what was said, without a reason before or after it.

    Args:
        entities: What is exposed.
        said: The user's words.
        naming: Whether the reason may have words of the home in it. Then the order
            has to say by itself what it is of.
    """
    said = speakable(said)
    for cut in islice(_BEFORE_REASON.finditer(said), _MOST_CUTS):
        reason = said[cut.end() :]
        is_back = _TAKING_BACK.search(reason) or _OH.match(reason)
        if not is_back and _is_reason(entities, reason, naming=naming, denied=False):
            yield said[: cut.start()]
    for before, order in before_orders(said):
        if not _is_for_others(before) and _is_reason(
            entities, before, naming=naming, denied=naming
        ):
            yield order


def after_telling(
    entities: tuple[ExposedEntity, ...], said: str, *, naming: bool = False
) -> Iterator[str]:
    """Yield what may be an order that begins with its verb, without a mark before it.

    Args:
        entities: What is exposed.
        said: The user's words.
        naming: As for ``without_reasons``.
    """
    said = speakable(said)
    for before, order in before_verbs(said):
        if not _is_for_others(before) and _is_reason(
            entities, before, naming=naming, denied=False
        ):
            yield order


def speakable(said: str) -> str:
    """Return words with single spaces, nothing where nobody gives such long orders."""
    said = " ".join(said.split())
    is_short = len(said) <= LONGEST and len(words(said)) <= _LONGEST_SAID
    return said if is_short else ""


def before_orders(said: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to cut words where an order may begin: what is before, and it."""
    for cut in islice(_BEFORE_ORDER.finditer(said), _MOST_CUTS):
        yield said[: cut.start()], said[cut.end() :]


def before_verbs(said: str) -> Iterator[tuple[str, str]]:
    """Yield the same where an order begins with its verb, without a mark before it."""
    for cut in islice(_BEFORE_VERB.finditer(said), _MOST_CUTS):
        before = words(said[: cut.start()])
        last = before[-1] if before else "a"
        is_whole = last not in _NO_END and not last.endswith("ly")
        if is_whole and _NO_TELLING.isdisjoint(before):
            yield said[: cut.start()], said[cut.end() :]


@lru_cache(_MOST_KEPT)
def _known(entities: tuple[ExposedEntity, ...]) -> _Known:
    """Return the words of the home's names and places, and its people."""
    known = spoken_names(entities)
    names = (parts for own in known.names.values() for parts in own)
    named = frozenset[str]().union(*known.places.values(), *names) - _EMPTY
    return named, _owners(entities)


def _owners(entities: tuple[ExposedEntity, ...]) -> frozenset[str]:
    """Return the people that things belong to: "Walt's lamp"."""
    names = " ".join(name for entity in entities for name in entity.names)
    return frozenset(owner.casefold() for owner in _OWNER.findall(names))


def _is_reason(
    entities: tuple[ExposedEntity, ...], part: str, *, naming: bool, denied: bool
) -> bool:
    """Return whether words only say why, and name nothing of the home.

    Args:
        entities: What is exposed.
        part: The words.
        naming: Whether they may have words of names in them, but no whole name.
        denied: Whether they may deny something.
    """
    part = _TO_BED.sub("asleep", _MEANWHILE.sub("", part))
    if not _only_tells(part, denied=denied):
        return False
    heard = stems(part)
    if naming:
        return heard.isdisjoint(KINDS) and not heard_by_name(entities, heard)
    named, owners = _known(entities)
    subject = _SUBJECT.match(part)
    if subject and subject[1].casefold() in owners and subject[2] not in named:
        named -= {singular(subject[1].casefold())}
    return all(map(heard.isdisjoint, (named, KINDS, THINGS)))


def _only_tells(part: str, *, denied: bool) -> bool:
    """Return whether words are neither an order nor in doubt."""
    spoken = words(part)
    if not 1 < len(spoken) <= _MOST_WORDS or "?" in part:
        return False
    is_purpose = _PURPOSE.match(part) is not None
    is_told = not _TELLING.isdisjoint(spoken) or is_purpose
    # Of a story, and in the morning, something may be done now.
    plain = _OF_PURPOSE.sub("it", part) if is_purpose else part
    return (
        is_told
        and _NO_REASON.isdisjoint(set(spoken) - (_DENYING if denied else set()))
        and ENDS.keys().isdisjoint(spoken[-1:])
        and not numbers_in(spoken_words(part))[0]
        and not is_hedged(plain, "en", denied=not denied)
        and not corrects(part)
        and not any(found.search(part) for found in (_LATER, _HERE, _QUOTING))
    )


def _is_for_others(part: str) -> bool:
    """Return whether words are for somebody else: "Ben, my hands are full"."""
    called = _CALLING.match(part)
    return bool(called and called[1].lower() not in _INTERJECTIONS) or bool(
        _YOU.search(part)
    )
