"""Numbers as people say them: digits, words, fractions, percent, degrees."""

from .dice import Dice
from .phrases import raw

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
SHARES = tuple(
    int(name.partition(".")[2]) for name in raw("values") if name.startswith("shares.")
)


def spelled(number: float, joint: str = " ") -> str:
    """Write a number from 0 to 100 (also halves and tenths) in words."""
    if number < 0:
        return f"minus {spelled(-number, joint)}"
    whole, tenth = divmod(round(number * 10), 10)
    text = _whole(whole, joint)
    if tenth == 5 and whole % 2:
        return f"{text} and a half"
    return f"{text} point {_ONES[tenth]}" if tenth else text


def _whole(number: int, joint: str) -> str:
    if number < 20:
        return _ONES[number]
    if number == 100:
        return "a hundred"
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}{joint}{_ONES[ones]}" if ones else _TENS[tens]


def number(dice: Dice, value: float) -> str:
    """Say a number, mostly in digits."""
    if value > 100 or value < 0 or dice.often(0.62):
        return f"{value:g}"
    return spelled(value, dice.of([" ", " ", "-"]))


def percent(dice: Dice) -> tuple[int, str]:
    """Draw a percentage, and how it is said."""
    r = dice.random()
    if r < 0.13:
        share = dice.of(SHARES)
        return share, dice.say(f"values/shares.{share}", 0.3)
    if r < 0.19:
        return 100, dice.say("values/maximum", 0.3)
    value = dice.of(
        [dice.randint(1, 100), dice.randint(1, 20) * 5, dice.randint(1, 10) * 10]
    )
    unit = dice.of([" percent", " percent", "%", " per cent", ""])
    said = number(dice, value)
    if unit == "%" and not said.isdigit():
        unit = " percent"
    return value, f"{said}{unit}"


def degrees(dice: Dice) -> tuple[float, str]:
    """Draw a temperature, and how it is said."""
    value: float = dice.of(
        [dice.randint(5, 30), dice.randint(16, 25), dice.randint(16, 25)]
    )
    if dice.often(0.2):
        value += 0.5
    said = number(dice, value)
    unit = dice.of([" degrees", " degrees", " degrees", "", "°", " celsius", "°C"])
    if unit.startswith("°") and any(c.isalpha() for c in said):
        unit = " degrees"
    return value, f"{said}{unit}"


def white(dice: Dice) -> tuple[int, str]:
    """Draw a color temperature, and how it is said."""
    if dice.often(0.35):
        kelvin = dice.randrange(2000, 6600, 100)
        return kelvin, f"{kelvin}{dice.of([' kelvin', ' kelvin', 'K', ' K'])}"
    kelvin = dice.of([2700, 2700, 2200, 4000, 6500, 6500, 5500])
    return kelvin, dice.say(f"values/whites.{kelvin}", 0.3)
