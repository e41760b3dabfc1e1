"""Words with which a sentence may well be no order for now.

Who says "I told her to open the gate" or "don't open it before six" wants nothing moved.
A small model misses that now and then; words like these are a sign to ask first. An
order may have them, too: then it is asked about without need, which is the smaller harm.
"""

from collections.abc import Mapping
import re

from .order import without_courtesies
from .order_words import PARTICLED, VERBS

_HOUR = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_LONG = r"(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|moments?|while)"

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_PEOPLE = (
    r"(?:kid|child|children|toddler|thief|burglar|stranger|guests|neighbou?r|dad|mum|mother"
    r"|father|wife|husband|boss|landlord|cleaner|plumber|son|daughter|brother|sister|uncle"
    r"|aunt|postman|police|handyman)s?\b(?!'?s? \w*(?:room|house|bath|toilet|wifi|network))"
)
_MOVED = r"(?:opened|closed|unlocked|locked|bolted|raised|lowered|pulled|rolled)"
_ENGLISH_DENIALS = (
    r"\b(?:not|never|nobody|none|neither|nor|nothing|cannot|avoid|refrain|spare me)\b",
    r"n't\b|\b(?:dont|cant|wont|shouldnt|mustnt)\b",
    r"\bno (?:need|reason|point|one|way|more|human|change|touching|thank|\w+ing)\b",
    r"\bhands off\b|\b(?:anything|all|everything) but\b|\binstead of\b|\brather not\b",
    r"\b(?:forget|bother|worry|skip|untouched|enough of)\b|\bhold off\b|\bdead body\b",
)
_ENGLISH = (
    # As it is.
    r"\b(?:leave|leaves|leaving|keep|keeps|keeping|stays?|remains?)\b",
    r"\b(?:pointless|useless|senseless)\b|\b(?:prepare|get ready) to\b|\breads?:",
    r"\bon purpose\b|\bfor a reason\b|\bas it (?:is|was|should)\b|\bthe way (?:it|i)\b",
    r"\blike (?:that|this)\b|\bi (?:like|love|want) it\b|\bthat's (?:good|fine|how|why)\b",
    # Not now.
    r"\b(?:if|when|whenever|unless|until|till|after(?! (?:me|us))|once|while|as soon as)\b",
    r"\bthe (?:moment|minute|second|instant|day|night) (?:that|we|i|he|she|they|it|the|every)",
    r"\b(?:provided|assuming|supposing|in the event|as long as|each time|by the time)\b",
    rf"\bbefore|\bin (?:{_MONTHS})\b|\bshows?\b|\bthat so\b",
    r"\bgive me the (?:\w+ )*(?:locked|unlocked|open|closed|shut)\b",
    r"\b(?:later|tomorrow|someday|eventually|soon|usually|always|often)\b",
    r"\b(?:in case|at bedtime|another time)\b",
    r"\b(?<!for )(?:tonight|this (?:evening|afternoon|morning))\b",
    r"\bevery (?:time|\w*day|night|morning|evening|hour|week|month|year)\b",
    r"\b(?:in|on|from) (?:the |every )?(?:morning|evening|afternoon|\w+days?)\b",
    r"\b(?:some|one|any|other) (?:day|time)\b|\bnext (?:week|time|month|year|\w+day)\b",
    rf"\b(?:in|within|after|hold on|wait) (?:\w+ ){{0,3}}{_LONG}\b",
    rf"\b(?:at|by|past|from|around) {_HOUR}\b(?! ?(?:%|per ?cent|degrees))",
    r"\b(?:daily|weekly|nightly|twice an?|christmas|easter|holidays?|weekends?)\b",
    r"\b(?:noon|midnight|dawn|dusk|sunset|sunrise|o'?clock|[ap]\.?m\.?)\b",
    # Of others, or only told, thought, quoted.
    r"\b(?:some|any|every)(?:body|one) (?!of\b)|\b(?:quick|last) check\b",
    r"\b(?:says?|said|tells?|told|asks?|asked|wants|wanted|heard|thinks?|thought)\b",
    r"\b(?:wonder|wondering|imagine|suppose|supposed|pretend|remember|remind|legend)\b",
    r"\b(?:dreamed|dreamt|wish|hope|means?|called|spell|translate|explain|describe)\b",
    r"\b(?:word|letters?|song|film|movie|book|story|poem|joke|sign|headline|lesson)\b",
    # What was, or might be.
    rf"\b(?:i|we|you|and|that|just|then) (?:\w+ly )?{_MOVED}\b",
    r"\bwould be (?!nice|good|great|lovely|fine|kind|perfect|grand|handy|helpful)",
    r"\b(?:should|might|may|must) (?!be\b)|\b(?:perhaps|maybe|allowed|dangerous)\b",
    r"\b(?:thanks|thank you|cheers) for\b",
    r"^(?:who|why(?! not)|when|where|which|is|are|does|has|have|do you(?! mind))\b",
    r"^(?:how|what)\b(?! about\b)",
    r"^\W*(?:hey \w+\W+)?would\b(?! you\b)|\bcould it be\b|\bno offen[cs]e\b",
    r"\b(?:yeah|right|correct|or not|isn't it)\W*$|\ball (?:closed|locked|shut)\W*$",
)
# Of others, and of what was: no sign of anything beside a clause that is an order, as in
# "chuck the bolt across, I've finished".
_ENGLISH_STORIES = (
    r"\b(?:nearly|almost)\b",
    rf"\b(?:he|she|they|him|her|them|who|whoever|people)\b|\b{_PEOPLE}",
    r"\b(?:my|him|her|it|our)sel(?:f|ves)\b|\bby hand\b|\bi'll\b|\bi can\b",
    r"\b(?:was|were|been|had|did|used to|yesterday|ago|already(?! now))\b|\blast \w+\b",
    r"'ve \b|\b(?:has|have) (?:just|been|\w+ed)\b|\b(?:just|only) \w+ed\b",
    r"\b(?:glad|good|nice|great|happy|lucky|sorry) (?:that|it|we|i)\b",
)
# With these it is an order after all, in spite of what is in them.
_ENGLISH_ORDERS = (
    r"\b(?:i|we) (?:said|did say|told you to|asked you to|(?:have|'ve) asked you)\b",
    r"\bwould(?:n't)? you\b|\bwon't you\b|\bwhy don't you\b|\bcan't you\b",
    r"\bright away\b|\bif (?:you (?:please|would|could|can|don't mind)|possible)\b",
    r"\bif you'd be so (?:kind|good)\b|\bwhile you(?:'re| are) at it\b|\bi tell a lie\b",
    r"\blet (?:him|her|them) in\b|\bfor (?:him|her|them)\W*$",
    r"\b(?:some(?:body|one)) (?=(?:close|draw|lock|open|raise|shut)\b)",
    r"\bnot (?:it|that|them|those)(?: ones?)? i mean(?:t)?\b",
    # Where it says how far, it is no wish that all stays as it is.
    r"\bleave\b(?=.*\b(?:crack|half(?! past)|halfway|percent|quarter(?! (?:to|past))|third)\b|.*%)",
)
_HEDGES: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "en": tuple(
        re.compile("|".join(some), re.IGNORECASE)
        for some in (
            _ENGLISH_ORDERS,
            _ENGLISH_DENIALS + _ENGLISH,
            _ENGLISH_STORIES,
            _ENGLISH,
        )
    )
}
# Where a clause ends, and verbs with which one is an order.
_CLAUSES = re.compile(
    r"[,;.!:]+\s*(?:and\b|so\b|then\b)?\s*|\s+[-\u2013\u2014]\s+"
    r"|\s+(?=(?:because|cos|since|so|i|i'm|i've|we|we're|we've|it's|there's|my)\b)",
    re.IGNORECASE,
)
_ORDERING = (
    frozenset({*PARTICLED, *VERBS}) - {"have", "get", "run", "light"}
) | frozenset(
    "bar brighten change chuck dim draw drop lift make secure set slide throw".split()
)


# How somebody, or something, is: no order, and no time of one.
_BESIDE = re.compile(
    r"^(?:and |but |well |oh )*(?:(?!(?:that|what|when|who|where|how)\b)\w+(?:'s|'re|'m|'ve)"
    r"|(?:he|she|it|there|(?:the|my|our) \w+) (?:is|has|was|needs|won't|can't|hates)"
    r"|(?:they|we|i) (?:are|have|am|can't|need|won't|don't))\b",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(
    r"^\W*(?:\w+\W+){0,2}(?:i|we|he|she|they) (?:almost|nearly)\b|\bno need (?:to|for)\b"
    r"|\b(?:never ?mind|cancel that|changed my mind|(?:kidding|joking))\b"
    r"|(?<!why )\bnot (?:right |just )?(?:now|yet|today|right away|at once)\b",
    re.IGNORECASE,
)


def may_be_no_order(said: str, language: str, *, strictly: bool = True) -> bool:
    """Return whether a sentence has words that an order for now seldom has.

    Known for English only; of other languages nothing is said to be no order.

    Args:
        said: The user's words.
        language: The user's.
        strictly: Whether what is told beside an order counts as well: "I can't sleep in
            here, turn on the fan".
    """
    known = _HEDGES.get(language.partition("-")[0].lower())
    if known is None:
        return False
    orders, hedges, stories, _ = known
    plain = orders.sub("", said.strip().replace("\u2019", "'"))
    told = ordering_clause(plain)
    if told is None or strictly:
        hedged = plain
    else:
        hedged = ", ".join(
            clause for clause in _CLAUSES.split(plain) if not _BESIDE.match(clause)
        )
    return bool(hedges.search(hedged) or stories.search(told or plain))


def is_hedged(said: str, language: str, *, denied: bool = True) -> bool:
    """Return whether there are such words, but for those of others and of what was.

    Args:
        said: The user's words.
        language: The user's.
        denied: Whether "not" and its like count, too.
    """
    known = _HEDGES.get(language.partition("-")[0].lower())
    if known is None:
        return False
    orders, hedges, _, others = known
    plain = orders.sub("", said.strip().replace("\u2019", "'"))
    return (hedges if denied else others).search(plain) is not None


def ordering_clause(said: str) -> str | None:
    """Return the only clause that begins as an order does, None where there is none."""
    clauses = [
        clause
        for clause in _CLAUSES.split(said)
        if not _ORDERING.isdisjoint(without_courtesies(clause)[:1])
    ]
    return clauses[0] if len(clauses) == 1 else None


def is_put_off(said: str, language: str) -> bool:
    """Return whether an order is said not to be for now: "the lamp off, but not yet"."""
    return language.startswith("en") and _PUT_OFF.search(said) is not None
