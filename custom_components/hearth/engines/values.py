"""Reading values out of JSON that somebody else wrote.

What an answer cannot do without raises ProtocolError where it has the wrong
type; a number that is only good to know counts as not told.
"""

from collections.abc import Mapping
import json
from typing import Any

from .faults import ProtocolError

type JsonObject = dict[str, Any]

NANOSECONDS = 1e9
MILLISECONDS = 1e3

# More than any count of bytes, tokens or nanoseconds.
_LARGEST = 1e18


def parse_object(raw: bytes) -> JsonObject:
    """Parse a JSON object, strictly."""
    try:
        found = json.loads(raw.decode(), parse_constant=_refuse_constant)
        if b"\\u" in raw:
            # Half a surrogate pair is no text: it could not be written anywhere.
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeError as err:
        raise ProtocolError("The engine sent text that is not UTF-8") from err
    except (ValueError, RecursionError) as err:
        raise ProtocolError(f"The engine sent no JSON: {shown(raw)}") from err
    if not isinstance(found, dict):
        raise ProtocolError(f"The engine sent no JSON object: {shown(raw)}")
    return found


def _refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which are not JSON."""
    raise ValueError(name)


def shown(raw: bytes | str, limit: int = 80) -> str:
    """Return the beginning of something foreign, safe to be shown."""
    if isinstance(raw, bytes):
        raw = raw[:limit].decode(errors="replace")
    text = "".join(c if c.isprintable() else " " for c in raw[:limit])
    return " ".join(text.split())


def text(values: Mapping[str, Any], key: str) -> str:
    """Return a text; empty where it is missing."""
    found = values.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise ProtocolError(f"The engine sent a {key} that is no text")
    return found


def mapping(values: Mapping[str, Any], key: str) -> JsonObject:
    """Return an object; empty where it is missing."""
    found = values.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ProtocolError(f"The engine sent a {key} that is no object")
    return found


def objects(values: Mapping[str, Any], key: str) -> list[JsonObject]:
    """Return a list of objects; empty where it is missing."""
    found = values.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(o, dict) for o in found):
        raise ProtocolError(f"The engine sent {key} that are no list of objects")
    return found


def texts(values: Mapping[str, Any], key: str) -> frozenset[str]:
    """Return the texts of a list; none where it is missing or no list."""
    found = values.get(key)
    if not isinstance(found, list):
        return frozenset()
    return frozenset(item for item in found if isinstance(item, str))


def integers(values: Mapping[str, Any], key: str) -> list[int]:
    """Return a list of whole numbers; none where it is missing or holds others."""
    found = values.get(key)
    if not isinstance(found, list) or not all(type(item) is int for item in found):
        return []
    return found


def number(values: Mapping[str, Any], key: str) -> float | None:
    """Return a number that is not negative, where there is one."""
    found = values.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return found if 0 <= found <= _LARGEST else None


def count(values: Mapping[str, Any], key: str) -> int | None:
    """Return a whole number, where there is one."""
    found = number(values, key)
    return None if found is None else int(found)


def seconds(values: Mapping[str, Any], key: str, per_second: float) -> float | None:
    """Return a duration, told in parts of a second, in seconds."""
    found = number(values, key)
    return None if found is None else found / per_second
