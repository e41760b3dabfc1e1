"""Single turns: what is said in a home, and the exact right answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import re

from . import (
    commands,
    incapable,
    pairs,
    places,
    questions,
    refusals,
    relative,
    render,
    situations,
    smalltalk,
    spoken,
    spoken_places,
    spoken_questions,
    spoken_several,
    surveys,
    twins,
    unwanted,
)
from .contract import as_meant, user_message
from .dice import Dice
from .effects import WrongCall, calls_in, effects, intended, same
from .goals import Asked, Goal
from .heldout import is_measured
from .homes import Home
from .questions import Question
from .refusals import Refusal
from .told import answered, looked_up, states, told

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_MINUTES = 5 * 365 * 24 * 60
# How many ways to say something are tried, and how often each.
_DRAWERS, _TRIES = 60, 8

type Asking = Callable[[Dice, Home, str | None], Asked | None]
type Questioning = Callable[[Dice, Home, str | None], Question | None]
type Refusing = Callable[[Dice, Home, str | None], Refusal | None]

_ACTING: dict[str, tuple[float, Asking]] = {
    "one": (24, commands.one),
    "several": (10, commands.several),
    "both": (4, pairs.both),
    "two_acts": (8, commands.two_acts),
    "group": (16, places.group),
    "two_places": (4, places.two_places),
    "area_temperature": (4, places.temperature),
    "situation": (44, situations.situation),
    "twin": (6, twins.twin),
    "brighter": (5, relative.brighter),
    "warmer": (3, relative.warmer),
    "spoken": (40, spoken.one),
    "spoken_place": (20, spoken_places.place),
    "spoken_several": (30, spoken_several.several),
    "corrected": (8, spoken_several.corrected),
}
_ASKING: dict[str, tuple[float, Questioning]] = {
    "yes_or_no": (10, questions.yes_or_no),
    "done": (5, questions.done),
    "value": (8, questions.value),
    "climate_at": (1.5, questions.climate_at),
    "sensed": (2.5, questions.sensed),
    "state": (4, questions.state),
    "survey": (9, surveys.survey),
    "anything": (3, surveys.anything),
    "presence": (2, surveys.presence),
    "compare": (3, surveys.compare),
    "extreme": (2, surveys.extreme),
    "spoken_question": (16, spoken_questions.asked),
}
_REFUSED: dict[str, tuple[float, Refusing]] = {
    "absent": (11, refusals.absent),
    "absent_question": (2.5, refusals.absent_question),
    "no_place": (2, refusals.no_place),
    "wrong_area": (8, refusals.wrong_area),
    "no_light": (1, refusals.no_light),
    "wrong_capability": (6, incapable.wrong_capability),
    "look_alike": (15, smalltalk.look_alike),
    "later": (7, smalltalk.later),
    "cannot": (1.5, smalltalk.cannot),
    "world": (4, smalltalk.world),
    "talk": (5, smalltalk.talk),
    "which": (2, smalltalk.which),
    "unwanted": (22, unwanted.unwanted),
}
MIX = {
    name: weight
    for table in (_ACTING, _ASKING, _REFUSED)
    for name, (weight, _) in table.items()
} | {"clock": 2.0}
# How much oftener, or more seldom, something is learned than it is measured: what is
# meant by a situation has to be known by heart, what names its device is soon understood.
_LEARNED = {
    **dict.fromkeys(("situation", "unwanted"), 3.0),
    **dict.fromkeys(("spoken", "twin"), 1.75),
    **dict.fromkeys(("spoken_place", "look_alike", "talk", "world", "later"), 1.25),
    **dict.fromkeys(("one", "group", "yes_or_no", "survey", "several"), 0.5),
    **dict.fromkeys(("both", "two_acts", "done", "value", "absent", "clock"), 0.7),
}
KINDS = ("plain", "free", "state", "none")


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: what was said, and what the model is to write.

    ``user`` is the whole user message; ``first`` the model's first message, as
    text of the template; ``rest`` the pieces after it. ``kind`` is plain (an order as a
    template has it), free (any other), state or none; ``goals`` is what is meant to happen.
    """

    kind: str
    phenomenon: str
    said: str
    user: str
    first: str
    rest: tuple[render.Piece, ...] = ()
    calls: tuple[render.Call, ...] = ()
    goals: tuple[Goal, ...] = ()
    here: str | None = None
    question: Question | None = None

    @property
    def pieces(self) -> list[render.Piece]:
        """Return the exchange as text, with what is to be learned marked."""
        return [(render.user(self.user), False), (self.first, True), *self.rest]


def draw_turn(dice: Dice, home: Home, drawer: str | None = None) -> Turn:
    """Draw one exchange about a home.

    Raises:
        LookupError: the home has nothing that could be asked in this way.
    """
    for _ in range(_DRAWERS):
        weights = _WEIGHTS if dice.measuring else _LEARNING
        name = drawer or dice.choices(_NAMES, weights)[0]
        for _ in range(_TRIES):
            here = dice.of(home.areas) if home.areas and dice.often(0.35) else None
            unseen = dice.unseen
            turn = _draw(dice, home, name, now(dice), here)
            if turn is None or not is_usable(home, turn):
                continue
            if not dice.measuring or dice.unseen > unseen:
                return turn
    raise LookupError(drawer or "nothing to say")


def is_usable(home: Home, turn: Turn) -> bool:
    """Return whether a turn is right, and not one of those that are measured."""
    return not is_measured(turn.said) and is_right(home, turn)


_POLITE = re.compile(
    r"\b(?:can|could|would|will|won't) (?:you|we|i)\b|\byou mind\b|\bany (?:chance|way)\b"
    r"|\b(?:is it|be) possible\b|\bare you able\b|\bmay i\b|\b(?:what|how) about\b"
    r"|\bdo you think\b",
    re.IGNORECASE,
)
# An order as a template has it begins with an ordinary verb, or ends with what is to be.
_TEMPLATE = re.compile(
    r"^\W*(?:please |(?:can|could|would|will) you (?:please )?)?(?:(?:turn|switch|set|open|close"
    r"|shut|lock|unlock|dim|brighten|start|stop|pause|mute|unmute|change|make|raise|lower"
    r"|increase|decrease|adjust|activate|deactivate)\b|(?:[^\W\d_]+\W+){1,6}(?:on|off)\W*$)",
    re.IGNORECASE,
)
_NAMES, _WEIGHTS = list(MIX), list(MIX.values())
_LEARNING = [weight * _LEARNED.get(name, 1.0) for name, weight in MIX.items()]


def now(dice: Dice) -> datetime:
    """Draw a time."""
    return _EPOCH + timedelta(minutes=dice.randrange(_MINUTES))


def _draw(
    dice: Dice, home: Home, name: str, at: datetime, here: str | None
) -> Turn | None:
    if name in _ACTING:
        asked = _ACTING[name][1](dice, home, here)
        if asked:
            asked = replace(asked, said=_marked(dice, asked.said))
        return asked and acting(home, asked, at, here)
    if name in _ASKING:
        question = _ASKING[name][1](dice, home, here)
        return question and answering(home, question, at, here)
    if name == "clock":
        said, answer, _ = smalltalk.clock(dice, at)
        user = user_of(home, said, at, here)
        return Turn("state", "clock", said, user, render.sentence(answer), here=here)
    refused = _REFUSED[name][1](dice, home, here)
    if refused:
        refused = (_marked(dice, refused[0]), *refused[1:])
    return refused and refusing(home, refused, at, here)


def _marked(dice: Dice, said: str) -> str:
    """Put a question mark after a polite order, as a writer does."""
    if _POLITE.search(said) and said[-1:] not in "?!" and dice.often(0.45):
        return f"{said.rstrip('.')}?"
    return said


def user_of(home: Home, said: str, at: datetime, here: str | None) -> str:
    """Build the user message exactly as the agent does."""
    said = as_meant(home.entities, said, "en")
    known = [(thing.name, thing.told) for thing in told(home, said)]
    return user_message(said, now=at, area=here, states=known)


def acting(home: Home, asked: Asked, at: datetime, here: str | None) -> Turn:
    """Return the turn in which calls do what was asked."""
    user = user_of(home, asked.said, at, here)
    first = render.calls(asked.lookup or asked.calls)
    rest: tuple[render.Piece, ...] = ()
    if asked.lookup:
        rest = (_results(home, asked.lookup), (render.calls(asked.calls), True))
    is_free = asked.kind == "plain" and not _TEMPLATE.search(asked.said)
    return Turn(
        "free" if is_free else asked.kind,
        asked.phenomenon,
        asked.said,
        user,
        first,
        rest,
        asked.lookup or asked.calls,
        asked.goals,
        here,
    )


def _results(home: Home, lookup: tuple[render.Call, ...]) -> render.Piece:
    """Return what ``state`` calls tell, which is not to be learned."""
    found = (render.result(states(things)) for things in looked_up(home, lookup))
    return "".join(found) + "<|assistant|>", False


def answering(home: Home, question: Question, at: datetime, here: str | None) -> Turn:
    """Look up what was asked; Hearth says what it comes to, where it can."""
    said = question.said
    told_by_hearth = answered(home, question.lookup, said)
    answer = render.sentence(told_by_hearth or question.answer)
    return Turn(
        "state",
        question.phenomenon,
        said,
        user_of(home, said, at, here),
        render.calls(question.lookup),
        (_results(home, question.lookup), (answer, told_by_hearth is None)),
        question.lookup,
        here=here,
        question=question,
    )


def refusing(home: Home, refused: Refusal, at: datetime, here: str | None) -> Turn:
    """Return the turn in which nothing is done."""
    said, answer, phenomenon = refused
    user = user_of(home, said, at, here)
    return Turn("none", phenomenon, said, user, render.sentence(answer), here=here)


def is_right(home: Home, turn: Turn) -> bool:
    """Return whether the agent's own tools make of the answer what was meant.

    The calls are read from the text that the model is to write.
    """
    written = [turn.first, *(text for text, learned in turn.rest if learned)]
    calls = tuple(call for text in written for call in calls_in(text))
    try:
        done = effects(home, calls, turn.here)
    except WrongCall:
        return False
    if not same(done, intended(turn.goals)):
        return False
    looked: Sequence[object] = [
        thing
        for things in looked_up(home, tuple(c for c in calls if c[0] == "state"))
        for thing in things
    ]
    question = turn.question
    return not question or not turn.calls or all(t in looked for t in question.about)
