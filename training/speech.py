"""How people speak: politeness, case, punctuation, numbers as words."""

from random import Random

_BEFORE = (
    "please ",
    "hey, ",
    "ok, ",
    "okay, ",
    "could you ",
    "can you ",
    "can you please ",
    "could you please ",
    "would you ",
    "would you please ",
    "i need you to ",
    "go ahead and ",
    "now ",
    "quickly ",
    "i want you to ",
    "just ",
    "also ",
    "will you ",
    "hi, ",
    "um, ",
    "so, ",
    "and ",
    "then ",
    "hey hearth, ",
    "you can ",
    "don't forget to ",
    "i'd like you to ",
    "be so kind and ",
    "let's ",
    "kindly ",
    "alright, ",
    "hello, ",
    "uh ",
    "if you could ",
)
_AFTER = (
    " please",
    ", please",
    " now",
    " thanks",
    ", thanks",
    " for me",
    " right now",
    " right away",
    " would you",
    " will you",
    ", thank you",
    " again",
    " for a moment",
    " at once",
    " tonight",
    " if you can",
    " quickly",
    ", ok?",
    " immediately",
    " today",
    " then",
    " for now",
    " too",
)
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelled(number: float) -> str:
    """Write a number from 0 to 100 (also halves and tenths) in words."""
    whole, tenth = divmod(round(number * 10), 10)
    text = _whole(whole)
    if tenth == 5 and whole % 2:
        return f"{text} and a half"
    return f"{text} point {_ONES[tenth]}" if tenth else text


def _whole(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number == 100:
        return "a hundred" if number else ""
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]} {_ONES[ones]}".removesuffix(" zero")


def number(rng: Random, value: float) -> str:
    """Say a number, mostly in digits."""
    if value > 100 or value < 0 or rng.random() < 0.68:
        return f"{value:g}"
    return spelled(value)


def decorate(rng: Random, command: str) -> str:
    """Say a command as people do: please, now, this case or that."""
    if rng.random() < 0.3:
        command = rng.choice(_BEFORE) + command
    if rng.random() < 0.18:
        command += rng.choice(_AFTER)
    return finish(rng, command, "." if rng.random() < 0.8 else "!")


def finish(rng: Random, text: str, mark: str = ".") -> str:
    """Choose case and punctuation of a whole utterance."""
    r = rng.random()
    if r < 0.5:
        text = text[:1].upper() + text[1:]
    elif r < 0.62:
        text = text.lower()
    elif r < 0.63:
        text = text.upper()
    if rng.random() < 0.3:
        text += mark
    return text


def listed(names: list[str]) -> str:
    """Join names as a sentence does."""
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
