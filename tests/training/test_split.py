"""What is held out for measuring is never learned."""

from itertools import product

import pytest

from training import talks, words
from training.dice import Dice
from training.homes import draw_home
from training.measure import held_out_talks
from training.phrases import Phrase, raw, section
from training.turns import KINDS

_FILES = (
    "control",
    "devices",
    "followups",
    "lookalikes",
    "questions",
    "situations",
    "spoken",
    "spoken_places",
    "spoken_several",
    "talk",
    "unwanted",
    "values",
    "words",
    "world",
)


def _held() -> set[tuple[str, str]]:
    """Return the section and the text of every held-out phrase."""
    return {
        (f"{file}/{name}", phrase.text)
        for file in _FILES
        for name in raw(file)
        for phrase in section(f"{file}/{name}").held
    }


def _learned(homes: int, per_home: int) -> tuple[Dice, list[str], list[str]]:
    """Draw as the trainer does; returns the dice, utterances and names."""
    dice = Dice("split")
    dice.drawn = []
    said, names = [], []
    for _ in range(homes):
        home = draw_home(dice)
        names += [*home.areas, *(thing.name for thing in home.things)]
        for _ in range(per_home):
            try:
                said += [turn.said for turn in talks.draw_turns(dice, home)]
            except LookupError:
                break
    return dice, said, names


def test_a_tenth_is_held_out() -> None:
    """Frames, situations, questions and refusals each have held-out phrases."""
    for file in ("control", "situations", "questions", "lookalikes", "values"):
        found = [section(f"{file}/{name}") for name in raw(file)]
        held = sum(len(part.held) for part in found)
        learned = sum(len(set(part.learned)) for part in found)
        assert 0.05 < held / (held + learned) < 0.2, file
        assert sum(len(p.unseen) for part in found for p in part.partly) > 10, file


def test_what_is_held_out_is_never_learned() -> None:
    """No held-out phrase, choice or name is in what the trainer sees."""
    dice, said, names = _learned(60, 25)
    held = _held()
    assert dice.unseen == 0
    assert dice.drawn
    for name, text, made in dice.drawn:
        assert (name, text) not in held
        assert not any(
            _only(Phrase.of(text), place, choice) == made
            for place, choice in Phrase.of(text).unseen
        )
    heard = [f" {' '.join(text.lower().split())} " for text in said]
    # Short ones may be put together from other phrases, too.
    whole = [t for _, t in held if len(t) > 20 and not set("({=") & set(t)]
    assert len(whole) > 10
    for text in whole:
        assert not any(f" {text.lower()} " in utterance for utterance in heard), text
    unseen = {p.text.casefold() for p in section("words/persons").held}
    owners = {n.casefold().split("'s ")[0] for n in names if "'s " in n}
    assert unseen
    assert len(owners) > 50
    assert not owners & unseen


def _only(phrase: Phrase, place: int, choice: str) -> str:
    """Return a phrase without any other choice than an unseen one."""
    parts = [c[0] if len(c) == 1 else "?" for c in phrase.learned]
    parts[place] = choice
    return "".join(parts)


def test_what_is_measured_was_not_learned() -> None:
    """Every measured turn has something in it that is held out; all kinds come."""
    kinds, phenomena = set(), set()
    for _, turns in held_out_talks(300):
        kinds |= {turn.kind for turn in turns}
        phenomena |= {turn.phenomenon for turn in turns}
    assert kinds == set(KINDS)
    assert len(phenomena) > 50


def test_the_guard_would_notice() -> None:
    """Dice for measuring do draw what is held out."""
    dice = Dice("other", measuring=True)
    dice.drawn = []
    for _ in range(200):
        dice.say("situations/area on light")
    assert {(name, text) for name, text, _ in dice.drawn} & _held()
    assert dice.unseen > 100


def test_devices_have_synonyms_and_other_languages() -> None:
    """Each language has a word for every device that is translated."""
    for kind in ("devices", "areas"):
        table = words.foreign(kind)
        assert table
        assert all(len(others) == len(words.LANGUAGES) for others in table.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("control/on", "control/off"),
        ("control/light_on", "control/light_off"),
        ("control/on", "control/light_off"),
        ("control/off", "control/light_on"),
        ("control/open", "control/close"),
        ("control/cover_open", "control/close"),
        ("control/open", "control/cover_close"),
        ("control/valve_open", "control/valve_close"),
        ("control/lock", "control/unlock"),
        ("control/start", "control/dock"),
        ("control/play", "control/pause"),
        ("control/next", "control/previous"),
        ("control/mute", "control/unmute"),
        ("control/louder", "control/quieter"),
        ("values/brighter", "values/dimmer"),
        ("values/warmer", "values/cooler"),
    ],
)
def test_no_phrase_means_two_things(one: str, other: str) -> None:
    """The phrases for an action and for its opposite have nothing in common."""
    assert not _all_made(one) & _all_made(other)


def _all_made(action: str) -> set[tuple[str, str]]:
    """Return all that can be made of an action's phrases, with the form."""
    file, _, name = action.partition("/")
    return {
        (form, " ".join("".join(choice).split()))
        for heading in raw(file)
        if heading.startswith(f"{name}.")
        for form in (heading.partition(".")[2],)
        for phrase in map(Phrase.of, raw(file)[heading])
        for choice in product(*_choices(phrase))
    }


def _choices(phrase: Phrase) -> list[tuple[str, ...]]:
    """Return a phrase's choices, held-out ones, too."""
    return [
        (*learned, *(choice for at, choice in phrase.unseen if at == place))
        for place, learned in enumerate(phrase.learned)
    ]
