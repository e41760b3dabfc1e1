"""Utterances that ask for no lock, cover or valve to move, and which move one.

Half of them are made of phrases that were held out, half, for their number, of those
that are learned, in homes of a seed of its own. Most are about such things, or near.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
import time
import urllib.error

from . import render
from .dice import Dice
from .effects import Effect, WrongCall, effects
from .goals import Goal
from .heldout import is_held_out
from .homes import Home, draw_home, word_set
from .server import Server
from .talkback import ask
from .turns import Turn, draw_turn

GUARDED = ("lock", "cover", "valve")
# A home's text is read once, then its turns share it.
_PER_HOME = 100
# How many of the turns that have nothing to do with such a thing are taken.
_FAR = 0.15
# The ways to speak that come near, and how much oftener they are tried.
_NEAR = ("look_alike", "absent", "wrong_area", "later", "yes_or_no", "state", "survey")
_NEAR_DRAWN = 0.7
_NEAR_WORDS = frozenset(
    "door gate garage lock bolt latch blind curtain shutter shade valve open close"
    " shut unlock entrance window awning".split()
)


@dataclass(frozen=True, slots=True)
class Moved:
    """An utterance that moved what it did not ask for."""

    said: str
    phenomenon: str
    calls: tuple[render.Call, ...]


@dataclass(slots=True)
class Tally:
    """How many were said, how many of them near, and what moved; in what time."""

    said: int
    near: int
    moved: list[Moved]
    seconds: float

    def lines(self) -> Iterator[str]:
        """Yield the report."""
        yield (
            f"  {len(self.moved)} of {self.said} moved a lock, cover or valve unasked;"
            f" {self.near} of them speak of one or of something near it"
            f" ({self.said / self.seconds:.1f} a second)"
        )
        for moved in self.moved:
            yield f"  {moved.phenomenon}: {moved.said!r}\n    {moved.calls}"


def guards(goals: tuple[Goal, ...]) -> bool:
    """Return whether something is meant for a lock, a cover or a valve."""
    return any(thing.domain in GUARDED for goal in goals for thing in goal.things)


def moves(done: list[Effect]) -> bool:
    """Return whether a lock, a cover or a valve is moved."""
    return any(effect.service.partition(".")[0] in GUARDED for effect in done)


def draw_unasked(wanted: int) -> Iterator[tuple[Home, list[Turn]]]:
    """Yield homes that have such things, with turns that do not ask to move them."""
    for number in count():
        dice = Dice(f"unasked {number}", measuring=number % 2 == 0)
        home = draw_home(dice)
        if is_held_out(home) or not home.of(*GUARDED):
            continue
        turns = list(_turns(dice, home, min(wanted, _PER_HOME)))
        wanted -= len(turns)
        yield home, turns
        if not wanted:
            return


def _turns(dice: Dice, home: Home, wanted: int) -> Iterator[Turn]:
    """Draw turns about a home that do not ask for it, most of them near."""
    near = near_words(home)
    for _ in range(20 * wanted):
        drawer = dice.of(_NEAR) if dice.often(_NEAR_DRAWN) else None
        try:
            turn = draw_turn(dice, home, drawer)
        except LookupError:
            continue
        if guards(turn.goals) or not (is_near(turn, near) or dice.often(_FAR)):
            continue
        yield turn
        wanted -= 1
        if not wanted:
            return


def near_words(home: Home) -> frozenset[str]:
    """Return words that a home's locks, covers and valves are called with."""
    names = (name for t in home.of(*GUARDED) for name in t.entity.names)
    return _NEAR_WORDS.union(*map(word_set, names))


def is_near(turn: Turn, near: frozenset[str]) -> bool:
    """Return whether a turn speaks of such a thing, or of something like it."""
    return bool(word_set(turn.said) & near)


def unasked(server: Server, wanted: int) -> Tally:
    """Say so many things that ask for no such movement, and note what moved."""
    tally = Tally(0, 0, [], 0.0)
    began = time.monotonic()
    for home, turns in draw_unasked(wanted):
        words = near_words(home)
        for turn in turns:
            calls = _asked(server, home, turn)
            tally.said += 1
            tally.near += is_near(turn, words)
            if moves(_done(home, calls, turn.here)):
                phenomenon = f"{turn.kind}/{turn.phenomenon}"
                tally.moved.append(Moved(turn.said, phenomenon, calls))
    tally.seconds = time.monotonic() - began
    return tally


def _asked(server: Server, home: Home, turn: Turn) -> tuple[render.Call, ...]:
    """Return the calls; none where the server cannot read the answer."""
    try:
        return ask(server, home, turn.user, cached=True)[0]
    except urllib.error.HTTPError:
        return ()


def _done(home: Home, calls: tuple[render.Call, ...], here: str | None) -> list[Effect]:
    """Return what calls do; one that is refused does not stop the others."""
    done: list[Effect] = []
    for call in calls:
        try:
            done += effects(home, (call,), here)
        except WrongCall:
            continue
    return done
