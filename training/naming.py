"""How the people of a home name their areas and devices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import words as w
from .contract import key
from .dice import Dice
from .kinds import MEASURES, Kind
from .phrases import section
from .words import Word

# Ways to put an area and a noun together. Homes that only measure have their own.
_PATTERNS = ("{a} {n}",) * 6 + (
    "{n} {a}",
    "{n} {a}",
    "{a} - {n}",
    "{n} - {a}",
    "{a}/{n}",
)
_UNSEEN_PATTERNS = ("{a}: {n}", "{n} ({a})", "{a}, {n}")
_FLOORS = ("lower", "upper", "top", "under", "outside")


@dataclass(frozen=True, slots=True)
class Place:
    """An area as it is written, on a floor, with what people call both."""

    name: str
    floor: str | None
    word: Word
    floor_word: Word | None
    outdoor: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """The naming habits of a home."""

    case: Callable[[str], str]
    area_case: Callable[[str], str]
    prefixed: float
    odd: float
    aliases: float
    pattern: str
    language: int | None
    foreign: float
    lower_inside: bool
    namesakes: bool

    @classmethod
    def draw(cls, dice: Dice) -> Style:
        """Draw the habits."""
        case = dice.choices([_sentence, _title, str.lower, _as_is], [12, 5, 2, 2])[0]
        area_case = case
        if case is not str.lower:
            area_case = dice.choices([_title, _as_is, str.lower], [9, 9, 1])[0]
        pattern = dice.of(_PATTERNS)
        if dice.measuring and dice.often(0.3):
            pattern = dice.of(_UNSEEN_PATTERNS)
        return cls(
            case=case,
            area_case=area_case,
            prefixed=dice.of([0.1, 0.4, 0.4, 0.7]),
            odd=dice.of([0.02, 0.06, 0.3]),
            aliases=dice.of([0, 0, 0.06, 0.15]),
            pattern=pattern,
            language=dice.randrange(4) if dice.often(0.16) else None,
            foreign=dice.of([0.25, 0.6, 0.95]),
            lower_inside=dice.often(0.6),
            namesakes=dice.often(0.15),
        )


def draw_places(dice: Dice, style: Style, count: int) -> list[Place]:
    """Draw areas, on floors in every second home."""
    words: dict[str, tuple[Word, bool]] = {}
    for _ in range(20 * count):
        if len(words) >= count:
            break
        word, outdoor = _area(dice, style)
        word = Word(style.area_case(word.text), word.synonyms)
        words.setdefault(key(word.text), (word, outdoor))
    floors: list[Word | None] = [None]
    if dice.often(0.6):
        floors = [
            w.draw(dice, f"words/floors.{floor}")
            for floor in dice.sample(
                _FLOORS, dice.choices([1, 2, 3, 4], [3, 6, 4, 1])[0]
            )
        ]
        floors = [f for f in floors if f and key(f.text) not in words] or [None]
        if dice.often(0.2):
            floors.append(None)
    places = []
    for word, outdoor in words.values():
        floor = dice.of(floors)
        places.append(
            Place(word.text, floor.text if floor else None, word, floor, outdoor)
        )
    return places


def _area(dice: Dice, style: Style) -> tuple[Word, bool]:
    outdoor = dice.often(0.2)
    word = w.draw(dice, f"words/areas.{'outdoor' if outdoor else 'indoor'}")
    r = dice.random()
    if style.language is not None and dice.often(style.foreign):
        if others := w.foreign("areas").get(word.text):
            return Word(others[style.language], (word.text, *word.synonyms)), outdoor
    if r < 0.07:
        person = dice.word("words/persons")
        room = dice.of(
            ["room", "room", "office", "bedroom", "studio", "den", "bathroom"]
        )
        return Word(f"{person}'s {room}", (f"{person}s {room}",)), False
    if r < 0.11:
        strange = w.invented(dice) if dice.often(0.5) else w.ordinary(dice).capitalize()
        made = f"{strange} {dice.of(['room', 'hall', 'corner', 'suite'])}"
        return Word(made), False
    if r < 0.15:
        return Word(f"{word.text} {dice.randint(1, 3)}"), outdoor
    if r < 0.18:
        adjective = w.draw(dice, "words/adjectives").text
        return Word(
            f"{adjective.capitalize()} {word.text[0].lower()}{word.text[1:]}"
        ), outdoor
    return word, outdoor


def spoken_places(places: Sequence[Place]) -> dict[str, tuple[str, ...]]:
    """Return what people say for areas and floors where it can mean only one."""
    named = {place.name: place.word for place in places}
    named |= {p.floor_word.text: p.floor_word for p in places if p.floor_word}
    taken: dict[str, str] = {}
    for name, word in named.items():
        for said in (word.text, *word.synonyms):
            known = taken.setdefault(key(said), name)
            if known != name:
                taken[key(said)] = ""
    return {
        name: tuple(s for s in word.synonyms if taken[key(s)] == name and s)
        for name, word in named.items()
    }


def noun(dice: Dice, kind: Kind, place: Place | None) -> Word:
    """Draw what a device is."""
    if isinstance(kind.nouns, str):
        return w.draw(dice, kind.nouns)
    return dice.of(kind.nouns)


def name(dice: Dice, style: Style, kind: str, noun: Word, place: Place | None) -> str:
    """Draw a name for a device."""
    area = place.name if place else ""
    if kind == "person":
        return noun.text
    if style.lower_inside and area.isascii() and "'" not in area:
        area = area.lower()
    text = noun.text
    if style.language is not None and dice.often(style.foreign):
        text = w.foreign("devices").get(text, (text,) * 4)[style.language]
        area = place.name if place else ""
    if kind in MEASURES:
        return style.case(_measure(dice, kind, text, area))
    if dice.often(style.odd):
        return style.case(_odd(dice, text))
    if kind == "light" and area and dice.often(0.05):
        return style.case(area)
    if area and dice.often(style.prefixed):
        return style.case(_joined(style, area, text))
    return style.case(_plain(dice, text, area))


def _joined(style: Style, area: str, text: str) -> str:
    return style.pattern.replace("{a}", area).replace("{n}", text)


def _plain(dice: Dice, text: str, area: str) -> str:
    match dice.random():
        case r if r < 0.55:
            made = text
        case r if r < 0.66:
            made = f"{dice.word('words/persons')}'s {text}"
        case r if r < 0.77:
            made = f"{w.draw(dice, 'words/adjectives').text} {text}"
        case r if r < 0.85:
            made = f"{w.ordinary(dice)} {text}"
        case _:
            ends = ["left", "right", "front", "back", "1", "2", "3", "A", "B", "new"]
            made = f"{text} {dice.of(ends)}"
    return f"{area} {made}" if area and dice.often(0.1) else made


def _measure(dice: Dice, kind: str, text: str, area: str) -> str:
    owner = area
    match dice.random():
        case r if r < 0.12:
            owner = w.draw(dice, "devices/switch").text
        case r if r < 0.2:
            owner = w.invented(dice)
        case r if r < 0.25:
            owner = dice.word("words/persons")
        case r if r < 0.28:
            owner = dice.of(["outdoor", "indoor", "outside"])
        case r if r < 0.36 and kind != "battery":
            owner = ""
    return f"{owner} {text}".strip()


_ODD = (
    "{made} {n}",
    "{n} {made}",
    "{made}",
    "{made} {made2}",
    "{brand} {n}",
    "{brand} {code}",
    "{brand} {n} {digit}",
    "{area} {adjective} {n}",
    "{adjective} {made} {n}",
    "{n} {adjective}",
    "{n} ({adjective})",
    "{pet}",
    "{n} {code}",
    "{word} {n}",
    "{word} {n}",
    "{word}",
    "{n} {word}",
    "{word} {word2}",
    "{word} {word2} {n}",
)


def _odd(dice: Dice, text: str) -> str:
    """Return a name that nobody would guess."""
    return dice.of(_ODD).format(
        n=text,
        made=w.invented(dice),
        made2=w.invented(dice),
        brand=dice.word("words/brands"),
        code=w.code(dice),
        digit=dice.randint(1, 9),
        area=w.draw(dice, "words/areas.indoor").text,
        adjective=w.draw(dice, "words/adjectives").text,
        pet=dice.word("words/pets"),
        word=w.ordinary(dice),
        word2=w.ordinary(dice),
    )


_MORE = (
    "mirror",
    "shelf",
    "strip",
    "top",
    "left",
    "plug",
    "2",
    "spot",
    "corner",
    "box",
)


def longer(dice: Dice, shorter: str) -> str:
    """Return a name that has another one in it."""
    more = dice.of(_MORE)
    return f"{shorter} {more}" if dice.often(0.7) else f"{more.capitalize()} {shorter}"


def aliases(dice: Dice, style: Style, noun: Word, name: str) -> tuple[str, ...]:
    """Draw other names, mostly none."""
    if not dice.often(style.aliases):
        return ()
    adjective = w.draw(dice, "words/adjectives").text
    found = {
        dice.of([noun.text, w.invented(dice).lower(), f"{adjective} {noun.text}"])
        for _ in range(dice.choices([1, 2], [4, 1])[0])
    }
    if noun.synonyms and dice.often(0.3):
        found.add(dice.of(noun.synonyms))
    return tuple(sorted(alias for alias in found if key(alias) != key(name)))


def known_areas() -> frozenset[str]:
    """Return the words of areas that are learned, in lower case."""
    return frozenset(
        phrase.text.partition("=")[0].strip().lower()
        for part in ("indoor", "outdoor")
        for phrase in section(f"words/areas.{part}").learned
    )


def _sentence(text: str) -> str:
    """Start with a capital letter and leave the rest."""
    return text[:1].upper() + text[1:]


def _title(text: str) -> str:
    """Start every word with a capital letter."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


def _as_is(text: str) -> str:
    """Leave a text as it is."""
    return text
