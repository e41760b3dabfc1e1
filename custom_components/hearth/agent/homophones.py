"""Words that sound like those of a home, as a recognizer writes them instead."""

from collections.abc import Mapping

# What is meant, by what is heard. Where the home has no such word, it was none.
HOMOPHONES: Mapping[str, str] = {
    "gait": "gate",
    "haul": "hall",
    "isle": "island",
    "lite": "light",
    "lites": "lights",
    "mane": "main",
    "pendents": "pendants",
    "pendent": "pendant",
    "porsche": "porch",
    "rite": "right",
    "sealing": "ceiling",
    "seller": "cellar",
    "stares": "stairs",
    "sync": "sink",
    "wright": "right",
    "write": "right",
}
