"""A word of a sentence replaced by another that means the same.

Names of devices, areas and floors stay. Where the meaning of a word depends on the
others, whole phrases are listed, too.
"""

from collections.abc import Iterable
import random
import re

SYNONYMS: dict[str, tuple[str, ...]] = {
    "turn on": ("switch on", "power up", "put on", "flip on"),
    "turn off": ("switch off", "power down", "cut", "kill"),
    "switch on": ("turn on", "power up", "fire up"),
    "switch off": ("turn off", "power down", "shut off"),
    "activate": ("switch on", "enable", "power up"),
    "deactivate": ("switch off", "disable", "power down"),
    "turn": ("switch", "flip"),
    "switch": ("turn", "flip"),
    "light": ("lamp",),
    "lights": ("lamps", "lamplight"),
    "lamp": ("light",),
    "lighting": ("illumination", "lamps"),
    "light up": ("illuminate", "brighten up"),
    "illuminate": ("light up",),
    "open": ("raise", "open up"),
    "close": ("shut", "lower"),
    "shut": ("close",),
    "curtains": ("drapes",),
    "curtain": ("drape",),
    "blinds": ("shades", "shutters"),
    "shades": ("blinds",),
    "lock": ("bolt", "secure"),
    "unlock": ("unbolt", "unlatch"),
    "fan": ("ventilator", "blower"),
    "fans": ("ventilators", "blowers"),
    "set": ("put", "adjust"),
    "change": ("set", "adjust"),
    "adjust": ("set", "put"),
    "make": ("turn", "set"),
    "increase": ("raise", "boost"),
    "decrease": ("reduce", "lower"),
    "raise": ("increase", "lift"),
    "lower": ("reduce", "drop"),
    "brightness": ("light level", "intensity"),
    "temperature": ("warmth", "heat"),
    "temp": ("temperature",),
    "thermostat": ("heating",),
    "color": ("colour", "hue"),
    "volume": ("loudness", "sound level"),
    "percent": ("per cent",),
    "%": (" percent",),
    "degrees": ("°",),
    "maximum": ("full", "the highest"),
    "max": ("full", "maximum"),
    "minimum": ("the lowest",),
    "pause": ("halt", "freeze"),
    "resume": ("continue", "carry on with"),
    "stop": ("halt", "end"),
    "skip": ("jump over",),
    "next": ("following",),
    "previous": ("last", "preceding"),
    "song": ("track", "tune"),
    "track": ("song", "tune"),
    "music": ("tunes", "songs"),
    "mute": ("silence", "hush"),
    "vacuum": ("hoover",),
    "start": ("begin", "set off"),
    "return": ("go back", "head back"),
    "all": ("every one of",),
    "all the": ("each of the", "every one of the"),
    "every": ("each",),
    "room": ("chamber",),
    "house": ("place", "home"),
    "home": ("house", "place"),
    "please": ("kindly", "if you would"),
    "can you": ("could you", "would you"),
    "could you": ("would you", "can you"),
    "what is": ("what's", "tell me"),
    "what's": ("what is", "tell me"),
    "how hot": ("how warm",),
    "how many": ("what number of",),
    "which": ("what",),
    "are any": ("are there any", "have we any"),
}


def replaced(sentence: str, names: Iterable[str], seed: str = "") -> str | None:
    """Return the sentence with one word replaced; ``None`` where none can be."""
    kept = _spans(sentence, names)
    found = [
        (match.start(), match.end(), others)
        for word, others in SYNONYMS.items()
        for match in re.finditer(_pattern(word), sentence, re.IGNORECASE)
        if not any(match.start() < end and start < match.end() for start, end in kept)
    ]
    # A phrase is not torn apart by a word of it.
    whole = [
        (start, end, others)
        for start, end, others in found
        if not any(
            s <= start and end <= e and (s, e) != (start, end) for s, e, _ in found
        )
    ]
    if not whole:
        return None
    dice = random.Random(f"{seed} {sentence}")
    start, end, others = dice.choice(sorted(whole))
    return f"{sentence[:start]}{dice.choice(others)}{sentence[end:]}"


def _pattern(word: str) -> str:
    text = re.escape(word)
    return text if word == "%" else rf"(?<![\w']){text}(?![\w'])"


def _spans(sentence: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Return where names stand."""
    return [
        match.span()
        for name in names
        for match in re.finditer(_pattern(name), sentence, re.IGNORECASE)
    ]
