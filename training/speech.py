"""How an order is put: straight, politely, as a wish, in two words, roundabout."""

from collections.abc import Sequence
from functools import cache
import re

from .dice import Dice
from .phrases import exists, section

# Tones with how often they come, and the kind of turn they make.
TONES = {
    "direct": (30, "plain"),
    "polite": (22, "plain"),
    "wish": (14, "free"),
    "elliptic": (18, "free"),
    "indirect": (13, "free"),
}
_FORM = {
    "direct": "plain",
    "polite": "plain",
    "wish": "done",
    "elliptic": "short",
    "indirect": "own",
}
_MANY = (
    ("isn't", "aren't"),
    ("is", "are"),
    ("has", "have"),
    ("needs", "need"),
    ("looks", "look"),
    ("was", "were"),
)
_SPACES = re.compile(r"\s+")
_GLUED = re.compile(r"\s+([,.?!])")


def order(
    dice: Dice, forms: Sequence[str], mention: str, **marks: str
) -> tuple[str, str]:
    """Say an order about something; returns the words and the tone.

    Args:
        dice: Chance.
        forms: Sections of phrases to draw from, such as ``control/on``.
        mention: What stands for ``{n}``.
        marks: What stands for other marks, such as ``v`` for the value.
    """
    tone = dice.choices(list(TONES), [weight for weight, _ in TONES.values()])[0]
    found = sections(forms, _FORM[tone])
    if not found:
        tone, found = "direct", sections(forms, "plain")
    said = dice.say(dice.of(found))
    if tone == "polite":
        gerunds = sections(forms, "ing")
        if gerunds and dice.often(0.25):
            said = dice.say("talk/before.ing").replace(
                "{g}", dice.say(dice.of(gerunds))
            )
        else:
            said = dice.say("talk/before.order", 0.4).replace("{c}", said)
    elif tone == "wish":
        said = dice.say("talk/before.done", 0.5).replace("{d}", said)
    for mark, text in marks.items():
        said = said.replace(f"{{{mark}}}", text)
    if mention.split(" in ", maxsplit=1)[0].endswith("s") and dice.often(0.8):
        said = _plural(said)
    return said.replace("{n}", mention), tone


def _plural(said: str) -> str:
    """Make verbs after the device fit several."""
    for one, many in _MANY:
        said = said.replace(f"{{n}} {one}", f"{{n}} {many}")
    return said.replace("is {n}", "are {n}").replace("does {n}", "do {n}")


def sections(forms: Sequence[str], form: str) -> list[str]:
    """Return the sections that there are of a form of phrases."""
    return [f"{name}.{form}" for name in forms if exists(f"{name}.{form}")]


def kind_of(tone: str) -> str:
    """Return the kind of turn that a tone makes."""
    return TONES[tone][1] if tone in TONES else "free"


def dressed(dice: Dice, said: str, *, order: bool = True) -> tuple[str, str | None]:
    """Add an opening, an ending, a reason, a filler, a slip of the recognizer.

    Endings and reasons belong to orders only.

    Returns the words, and the phenomenon if they became harder by it.
    """
    phenomenon = None
    if dice.often(0.14):
        said = f"{dice.say('talk/opening', 0.1)}{dice.of([', ', ' ', ', '])}{said}"
    if order and dice.often(0.14):
        said = f"{said}{dice.of([', ', ' ', ' '])}{dice.say('talk/closing', 0.1)}"
    r = dice.random()
    if order and r < 0.035:
        reason = dice.say("talk/reason", 0.2)
        said = dice.of(
            [f"{reason}, {said}", f"{said}, {reason}", f"{said} because {reason}"]
        )
        phenomenon = "with_reason"
    elif r < 0.08 and r > 0.035:
        said, phenomenon = _filled(dice, said), "filler"
    elif r < 0.15:
        slipped = slip(dice, said)
        if slipped != said:
            said, phenomenon = slipped, "slip"
    return finish(dice, said), phenomenon


def _filled(dice: Dice, said: str) -> str:
    """Put a filler or a repeated word between two words."""
    parts = said.split(" ")
    place = dice.randrange(len(parts))
    if dice.often(0.3):
        parts.insert(place, parts[place])
    else:
        filler = dice.say("talk/filler", 0.1)
        parts.insert(place, dice.of([f"{filler},", filler, f"{filler}"]))
    return " ".join(parts)


def slip(dice: Dice, said: str) -> str:
    """Hear one word wrongly, leave out an article, glue or split words."""
    parts = said.split(" ")
    r = dice.random()
    if r < 0.4:
        return _misheard(dice, parts)
    if r < 0.65:
        articles = [i for i, part in enumerate(parts) if part.lower() in ("the", "my")]
        if articles:
            del parts[dice.of(articles)]
        return " ".join(parts)
    if r < 0.8 and len(parts) > 2:
        place = dice.randrange(len(parts) - 1)
        if parts[place].isalpha() and parts[place + 1].isalpha():
            parts[place : place + 2] = ["".join(parts[place : place + 2])]
        return " ".join(parts)
    long = [i for i, part in enumerate(parts) if len(part) > 4 and part.isalpha()]
    if long:
        place = dice.of(long)
        parts[place] = _mistyped(dice, parts[place])
    return " ".join(parts)


def _mistyped(dice: Dice, word: str) -> str:
    """Leave out, double or swap a letter."""
    at = dice.randrange(1, len(word) - 1)
    match dice.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2:
            return f"{word[:at]} {word[at:]}"
        case _:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _misheard(dice: Dice, parts: list[str]) -> str:
    """Replace one word by another that sounds like it."""
    wrong = homophones(measuring=dice.measuring)
    places = [i for i, part in enumerate(parts) if part.lower() in wrong]
    if places:
        place = dice.of(places)
        parts[place] = dice.of(wrong[parts[place].lower()])
    return " ".join(parts)


@cache
def homophones(*, measuring: bool) -> dict[str, tuple[str, ...]]:
    """Return what a recognizer hears for a word."""
    found = section("talk/homophones")
    phrases = found.learned + (found.held if measuring else ())
    pairs = (phrase.text.partition(">") for phrase in phrases)
    return {
        word.strip(): tuple(other.strip() for other in others.split(","))
        for word, _, others in pairs
    }


def finish(dice: Dice, text: str, mark: str = ".") -> str:
    """Choose case and punctuation of a whole utterance."""
    text = _GLUED.sub(r"\1", _SPACES.sub(" ", text)).strip(" ,")
    r = dice.random()
    if r < 0.5:
        text = text[:1].upper() + text[1:]
    elif r < 0.64:
        text = text.lower()
    elif r < 0.645:
        text = text.upper()
    if text[-1:] not in "?!." and dice.often(0.3):
        text += mark
    elif text.endswith("?") and dice.often(0.4):
        text = text[:-1]
    return text


def asked(dice: Dice, text: str) -> str:
    """Finish a question, now and then with an opening."""
    if dice.often(0.1):
        text = f"{dice.say('talk/opening', 0.1)}{dice.of([', ', ' '])}{text}"
    if dice.often(0.05):
        text = _filled(dice, text)
    elif dice.often(0.05):
        text = slip(dice, text)
    return finish(dice, text, "?")


def listed(names: Sequence[str], joint: str = " and ") -> str:
    """Join names as a sentence does."""
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])}{joint}{names[-1]}"
