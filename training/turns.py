"""Talks: one or more turns about a home, as pieces of text."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from . import commands, places, questions, refusals, render, situations
from .contract import named, user_message
from .heldout import is_measured
from .homes import Home, Thing
from .speech import decorate, listed
from .words import phrases

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_MINUTES = 5 * 365 * 24 * 60
_ERRORS = phrases("""
        The device did not answer.; Timeout; No device of that name.
        Failed to call service; Device unavailable; not supported
        Unexpected error during intent handling; Connection lost; MatchFailedError
        That did not work.
        """)
_DONE = {
    "on": "Turned on",
    "off": "Turned off",
    "open": "Opened",
    "close": "Closed",
    "lock": "Locked",
    "unlock": "Unlocked",
    "stop": "Stopped",
    "start": "Started",
    "dock": "Sent home",
    "play": "Playing",
    "pause": "Paused",
    "next": "Skipped on",
    "previous": "Went back on",
    "mute": "Muted",
    "unmute": "Unmuted",
    "louder": "Turned up",
    "quieter": "Turned down",
}
_UNITS = {
    "brightness": " %",
    "volume": " %",
    "position": " %",
    "speed": " %",
    "kelvin": " K",
    "temperature": " °C",
    "color": "",
}

# Kinds of turns with how often they come.
MIX = {
    "one": 42,
    "several": 16,
    "place": 10,
    "place_values": 4,
    "everything": 5,
    "situation": 10,
    "yes_or_no": 11,
    "value": 9,
    "state_of": 4,
    "of_area": 2,
    "unknown": 16,
    "nonsense": 1,
    "world": 3,
    "talk": 4,
    "clock": 3,
    "which": 1,
}
_ACTING = {
    "one": commands.one,
    "several": commands.several,
    "place": places.place_wide,
    "place_values": places.place_values,
    "everything": places.everything,
    "situation": situations.situation,
}
_ASKING = {
    "yes_or_no": questions.yes_or_no,
    "value": questions.value,
    "state_of": questions.state_of,
    "of_area": questions.of_area,
}
_REFUSED = {
    "unknown": refusals.unknown,
    "nonsense": refusals.nonsense,
    "world": refusals.world,
    "talk": refusals.talk,
    "which": refusals.which,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: what was said, and what the model is to write.

    ``user`` is the whole user message; ``first`` the model's first message, as
    text of the template; ``rest`` the pieces after it, if a tool was called.
    """

    kind: str
    said: str
    user: str
    first: str
    rest: tuple[render.Piece, ...] = ()
    calls: tuple[render.Call, ...] = ()

    @property
    def pieces(self) -> list[render.Piece]:
        """Return the exchange as text, with what is to be learned marked."""
        return [(render.user(self.user), False), (self.first, True), *self.rest]


def draw_turn(rng: Random, home: Home, kind: str | None = None) -> Turn:
    """Draw one exchange about a home."""
    while True:
        drawn = kind or rng.choices(list(MIX), list(MIX.values()))[0]
        now = _EPOCH + timedelta(minutes=rng.randrange(_MINUTES))
        here = rng.choice(home.areas) if home.areas and rng.random() < 0.35 else None
        turn = _draw(rng, home, drawn, now, here)
        if turn is not None and not is_measured(turn.said):
            return turn
        if kind and rng.random() < 0.05:
            kind = None


def _draw(
    rng: Random, home: Home, kind: str, now: datetime, here: str | None
) -> Turn | None:
    if kind in _ACTING:
        asked = _ACTING[kind](rng, home, here)
        if asked is None:
            return None
        user = _user(home, asked.said, now, here)
        rest = _after(rng, home, asked.calls) if rng.random() < 0.25 else ()
        return Turn(
            kind, asked.said, user, render.calls(asked.calls), rest, asked.calls
        )
    if kind in _ASKING:
        question = _ASKING[kind](rng, home, here)
        return question and _answered(rng, home, kind, question, now, here)
    if kind == "clock":
        refused: refusals.Refusal | None = refusals.clock(rng, now)
    else:
        refused = _REFUSED[kind](rng, home, here)
    if refused is None:
        return None
    said, answer = refused
    return Turn(kind, said, _user(home, said, now, here), render.sentence(answer))


def _answered(
    rng: Random,
    home: Home,
    kind: str,
    question: questions.Question,
    now: datetime,
    here: str | None,
) -> Turn:
    """Answer from what was told, or look it up first."""
    user = _user(home, question.said, now, here)
    known = {t.entity.entity_id for t in questions.told(home, question.said)}
    if all(t.entity.entity_id in known for t in question.about):
        return Turn(kind, question.said, user, render.sentence(question.answer))
    lookup: tuple[render.Call, ...] = (("state", question.lookup),)
    found = question.about
    if kind != "of_area" and rng.random() < 0.2:
        found = tuple(rng.sample(home.things, min(2, len(home.things)))) + found
        found = tuple(dict.fromkeys(t.name for t in found)) and tuple(
            {t.name: t for t in found}.values()
        )
    states = "; ".join(f"{t.name} = {t.told}" for t in found)
    rest = (
        (render.result({"states": states}) + "<|assistant|>", False),
        (render.sentence(question.answer), True),
    )
    return Turn(kind, question.said, user, render.calls(lookup), rest, lookup)


def _user(home: Home, said: str, now: datetime, here: str | None) -> str:
    """Build the user message exactly as the agent does."""
    by_id: dict[str, Thing] = {t.entity.entity_id: t for t in home.things}
    states = [(e.name, by_id[e.entity_id].told) for e in named(home.entities, said)]
    return user_message(said, now=now, area=here, states=states)


def _after(
    rng: Random, home: Home, made: tuple[render.Call, ...]
) -> tuple[render.Piece, ...]:
    """Tell the tools' results and confirm, or say that it failed."""
    failed = rng.random() < 0.25
    results, sentences = [], []
    for tool, arguments in made:
        done = _reached(home, arguments)
        if failed or not done:
            results.append(render.result({"error": rng.choice(_ERRORS)}))
        else:
            results.append(render.result({"done": [t.name for t in done]}))
            sentences.append(_confirm(tool, arguments, [t.name for t in done]))
    said = (
        " ".join(sentences)
        if len(sentences) == len(made)
        else "Sorry, that did not work."
    )
    return (("".join(results) + "<|assistant|>", False), (render.sentence(said), True))


def _reached(home: Home, arguments: dict[str, object]) -> list[Thing]:
    """Return the things that a call reaches."""
    name, area, domain = (arguments.get(k) for k in ("name", "area", "domain"))
    if name:
        return [t for t in home.things if t.name == name]
    wanted = domain or (
        "climate"
        if "temperature" in arguments
        else "cover"
        if "position" in arguments
        else "light"
    )
    return [
        t
        for t in home.things
        if t.domain == wanted and (not area or area in (t.area, t.entity.floor))
    ]


def _confirm(tool: str, arguments: dict[str, object], names: list[str]) -> str:
    """Confirm in one short sentence what a call did."""
    what = listed(names) if len(names) <= 3 else f"{len(names)} devices"
    if tool == "set":
        field, value = next((k, v) for k, v in arguments.items() if k in _UNITS)
        return f"Set {what} to {value}{_UNITS[field]}."
    return f"{_DONE[str(arguments['action'])]} {what}."


def draw_talk(rng: Random, home: Home) -> list[render.Piece]:
    """Draw a talk of one to three exchanges."""
    pieces: list[render.Piece] = []
    before: Turn | None = None
    for _ in range(rng.choices([1, 2, 3], [84, 12, 4])[0]):
        if pieces and not pieces[-1][0].endswith("<|end|>"):
            break
        turn = (
            before and rng.random() < 0.4 and _again(rng, home, before)
        ) or draw_turn(rng, home)
        pieces += turn.pieces
        if turn.calls and not turn.rest:
            break
        before = turn
    return pieces


_UNDONE = {
    "on": "off",
    "off": "on",
    "open": "close",
    "close": "open",
    "lock": "unlock",
    "unlock": "lock",
}


def _again(rng: Random, home: Home, before: Turn) -> Turn | None:
    """Undo or repeat what was done just before, without naming the device."""
    if len(before.calls) != 1 or before.calls[0][1].get("action") not in _UNDONE:
        return None
    tool, arguments = before.calls[0]
    action = _UNDONE[str(arguments["action"])]
    verb = {"on": "turn it on", "off": "turn it off"}.get(action, f"{action} it")
    said = decorate(
        rng,
        rng.choice(
            [
                f"{verb} again",
                f"{verb}",
                f"now {verb}",
                f"ok, {verb} again",
                f"{action} again",
                f"and {verb} again",
                f"no, {verb}",
                "undo that",
            ]
        ),
    )
    calls = ((tool, arguments | {"action": action}),)
    now = _EPOCH + timedelta(minutes=rng.randrange(_MINUTES))
    return Turn(
        "again", said, _user(home, said, now, None), render.calls(calls), (), calls
    )
