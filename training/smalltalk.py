"""Talk that asks for nothing that could be done, near devices and far from them."""

from datetime import datetime
from functools import cache
import re

from . import numbers, speech
from .commands import actions, asked_for
from .dice import Dice
from .homes import Home, Thing, word_set
from .mentions import inside, the
from .phrases import raw
from .refusals import Refusal
from .situations import near_thing

CANNOT = "I don't know that. I only know this home."
NOTHING = "I see. I changed nothing."
_QUESTION = re.compile(
    r"(?:who|what|where|when|why|how|which|would|could|can|should|shall|is|are|was|does"
    r"|did|do you|do i|do we|may|isn't|could|have)\b"
)
AS_IT_IS = "All right, I changed nothing."
NOW_ONLY = "I cannot do that later, only now."


def look_alike(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Talk about a device without wanting anything of it."""
    section = dice.choices(
        ["statement", "past", "hypothetical", "reported", "negation", "how", "idiom"],
        [5, 4, 4, 3, 9, 3, 4],
    )[0]
    found = near_thing(dice, home, here)
    if found is None:
        return None
    thing, n = found
    verbs = _verbs(thing)
    said = dice.say(f"lookalikes/{section}")
    if any(mark in said for mark in ("{do}", "{did}", "{doing}", "{be}")):
        if not verbs:
            return None
        do, did, doing, be = dice.of(verbs)
        for mark, text in (("do", do), ("did", did), ("doing", doing), ("be", be)):
            said = said.replace(f"{{{mark}}}", text)
    place = the(dice, home, thing.area) if thing.area else "the hall"
    said = said.replace("{n}", n).replace("{p}", place)
    answer = {"negation": AS_IT_IS, "how": CANNOT}.get(section, NOTHING)
    return _spoken(dice, said, section), answer, f"look_alike_{section}"


def _spoken(dice: Dice, said: str, section: str) -> str:
    """Finish what is no order as orders are finished, with all that goes with them."""
    mark = "?" if _QUESTION.match(said) else "."
    r = dice.random()
    if r < 0.12:
        said = f"{dice.say('talk/opening', 0.1)}{dice.of([', ', ' '])}{said}"
    elif r < 0.18 and section == "negation":
        said = f"{said}{dice.of([', ', ' '])}{dice.say('talk/closing', 0.1)}"
    elif r < 0.23:
        said = speech.slip(dice, said)
    elif r < 0.26 and section == "negation":
        said = f"{said}, {dice.say('talk/reason', 0.1)}"
    return speech.finish(dice, said, mark)


def _verbs(thing: Thing) -> list[tuple[str, str, str, str]]:
    """Return the forms of verbs that fit a device."""
    wanted = {
        "cover": ("open", "close"),
        "valve": ("open", "close"),
        "lock": ("lock", "unlock"),
        "vacuum": ("start",),
        "lawn_mower": ("start",),
    }.get(thing.domain, ("on", "off"))
    return [forms for action, forms in _verb_table() if action in wanted]


@cache
def _verb_table() -> list[tuple[str, tuple[str, str, str, str]]]:
    rows = []
    for line in raw("lookalikes")["verbs"]:
        action, _, forms = line.partition(":")
        do, did, doing, be = (form.strip() for form in forms.split(","))
        rows.append((action, (do, did, doing, be)))
    return rows


def later(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Order something for another time, or on a condition."""
    found = near_thing(dice, home, here)
    if found is None:
        return None
    thing, n = found
    forms, _, marks, _ = asked_for(dice, thing, dice.of(actions(thing)))
    form = dice.of(["plain", "plain", "plain", "plain", "short", "done", "done"])
    having = speech.sections(forms, form)
    if not having:
        form, having = "plain", speech.sections(forms, "plain")
    order = dice.say(dice.of(having), 0.4)
    r = dice.random()
    if r < 0.3:
        form, order = "plain", dice.say("world/later.order", 0.4)
        if r < 0.1 and home.areas:
            order = f"{order} {inside(dice, home, dice.of(home.areas), here)}"
    frame = dice.say("world/later.done" if form == "done" else "world/later")
    while form == "short" and not frame.startswith(("{o}", "{t}", "{u}")):
        frame = dice.say("world/later", 0.2)
    said = frame.replace("{o}", order).replace("{b}", order)
    for mark, text in marks.items():
        said = said.replace(f"{{{mark}}}", text)
    said = said.replace("{t}", dice.say("world/later.when", 0.5))
    said = when(dice, said.replace("{u}", dice.say("world/later.if", 0.5)))
    said = said.replace("{n}", n)
    if dice.often(0.15) and form == "plain" and said.startswith(order[:4]):
        said = f"{dice.of(['please ', 'can you ', 'could you ', 'hey, '])}{said}"
    elif dice.often(0.1):
        said = f"{dice.say('talk/opening', 0.1)}, {said}"
    if dice.often(0.07):
        said = speech.slip(dice, said)
    return speech.finish(dice, said), NOW_ONLY, "later"


def when(dice: Dice, said: str) -> str:
    """Put hours, durations and days into a phrase."""
    for mark, draw in (("{h}", clock_time), ("{d}", duration), ("{day}", _day)):
        while mark in said:
            said = said.replace(mark, draw(dice), 1)
    return said


def _day(dice: Dice) -> str:
    day = dice.word("world/day").lstrip("+")
    return day if dice.often(0.5) else day.lower()


def clock_time(dice: Dice) -> str:
    """Say an hour of the day in one of the ways that people have."""
    hour = dice.randint(1, 12)
    part = dice.of(["", "", "", " am", " pm", " a.m.", " p.m."])
    spelled = numbers.spelled(hour)
    match dice.randrange(9):
        case 0:
            return f"{hour}{part}"
        case 1:
            return f"{spelled}{part}"
        case 2:
            return f"{hour}:{dice.of(('00', '15', '30', '45', '10', '20'))}{part}"
        case 3:
            before = dice.of(["half past", "quarter past", "quarter to", "ten to"])
            return f"{before} {spelled}"
        case 4:
            return f"{spelled} {dice.of(['thirty', 'fifteen', 'forty five'])}{part}"
        case 5:
            return f"{spelled} o'clock"
        case 6:
            return f"{dice.randint(0, 23)}:{dice.randrange(0, 60, 5):02}"
        case 7:
            return f"{hour} o'clock"
    night = dice.of([" in the morning", " tonight", " in the evening", " sharp"])
    return f"{dice.of([str(hour), spelled])}{night}"


def duration(dice: Dice) -> str:
    """Say a span of time."""
    r = dice.random()
    if r < 0.25:
        return dice.of(
            [
                "half an hour",
                "an hour",
                "a minute",
                "a few minutes",
                "a couple of hours",
                "an hour and a half",
                "a quarter of an hour",
                "a couple of minutes",
                "two and a half hours",
                "a few hours",
            ]
        )
    count = dice.of([dice.randint(2, 60), dice.randint(1, 12) * 5])
    unit = dice.of(["minutes", "minutes", "minutes", "hours", "seconds"])
    if unit == "hours":
        count = dice.randint(2, 12)
    said = str(count) if dice.often(0.5) else numbers.spelled(count)
    return f"{said} {unit}"


def cannot(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Ask for a timer or for something on a list."""
    section = dice.of(("cannot I cannot set timers.", "cannot I keep no lists."))
    said = dice.say(f"world/{section}").replace("{a}", str(dice.randint(2, 60)))
    said = said.replace("{f}", dice.word("world/f"))
    answer = section.removeprefix("cannot ")
    return speech.finish(dice, said), answer, "no_timer_or_list"


def world(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Ask about the world."""
    said = dice.say("world/world")
    for mark in "xyzf":
        if f"{{{mark}}}" in said:
            said = said.replace(f"{{{mark}}}", dice.word(f"world/{mark}"))
    said = said.replace("{w}", dice.word("world/z"))
    for mark in ("{a}", "{b}"):
        said = said.replace(mark, str(dice.randint(2, 99)))
    return speech.asked(dice, said), CANNOT, "world"


@cache
def _talk() -> tuple[str, ...]:
    return tuple(name for name in raw("world") if name.startswith("say "))


def talk(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Say hello, thanks, nothing in particular, or no sentence at all."""
    section = dice.of(_talk())
    said = dice.say(f"world/{section}")
    while any(mark in said for mark in ("{w1}", "{w2}", "{w3}")):
        for mark in ("{w1}", "{w2}", "{w3}"):
            said = said.replace(mark, dice.word("world/w1"), 1)
    answer = section.removeprefix("say ")
    phenomenon = "nonsense" if answer.startswith("Sorry") else "talk"
    return speech.finish(dice, said), answer, phenomenon


def clock(dice: Dice, now: datetime) -> Refusal:
    """Ask for the time or the day."""
    section, answer = dice.of(
        [
            ("time", f"It is {now:%H:%M}."),
            ("weekday", f"It is {now:%A}."),
            ("date", f"It is {now:%A %Y-%m-%d}."),
        ]
    )
    return speech.asked(dice, dice.say(f"questions/{section}")), answer, "clock"


def which(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Name nothing in particular where it is not clear what is meant."""
    section, domain, names, ask = dice.of(
        [
            ("which", "light", ("light", "lamp"), "Which light do you mean?"),
            (
                "which_cover",
                "cover",
                ("blind", "shutter", "curtain"),
                "Which one do you mean?",
            ),
            ("which_lock", "lock", ("door",), "Which door do you mean?"),
        ]
    )
    mine = home.of(domain)
    if here or len(mine) < 2 or any(home.is_a_name(name) for name in names):
        return None
    if section != "which" and sum(_has(t, names) for t in mine) == 1:
        return None
    text, _ = speech.dressed(dice, dice.say(f"world/{section}"))
    return text, ask, "unclear"


def _has(thing: Thing, names: tuple[str, ...]) -> bool:
    return any(word_set(n) <= word_set(thing.name) for n in names)
