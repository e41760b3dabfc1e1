"""Reading fields of a request: what has the wrong type is refused."""

from collections.abc import Mapping
import json
import math
from typing import Any

from .errors import bad_request

type JsonObject = dict[str, Any]

_LARGEST = 1 << 31


def parse_body(raw: bytes) -> JsonObject:
    """Parse the JSON object that a body is."""
    try:
        # Also half a surrogate pair ends here: it is no text.
        found = json.loads(raw.decode(), parse_constant=_refuse_constant)
        if b"\\u" in raw:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as err:
        raise bad_request(f"parse error: {err}") from err
    if not isinstance(found, dict):
        raise bad_request("the body must be a JSON object")
    return found


def _refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which are not JSON."""
    raise ValueError(name)


def _wrong(key: str, wanted: str) -> Exception:
    """Return the refusal of a field of the wrong type."""
    return bad_request(f"Field '{key}': type must be {wanted}")


def number(body: Mapping[str, Any], key: str, default: float) -> float:
    """Return a number."""
    found = body.get(key)
    if found is None:
        return default
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise _wrong(key, "number")
    if not math.isfinite(found) or abs(found) >= _LARGEST:
        raise bad_request(f"Field '{key}': the number is too large")
    return found


def integer(body: Mapping[str, Any], key: str) -> int | None:
    """Return a whole number; None where there is none."""
    if body.get(key) is None:
        return None
    return int(number(body, key, 0))


def flag(body: Mapping[str, Any], key: str, default: bool) -> bool:
    """Return true or false."""
    found = body.get(key)
    if found is None:
        return default
    if not isinstance(found, bool):
        raise _wrong(key, "boolean")
    return found


def text(body: Mapping[str, Any], key: str) -> str:
    """Return a text; empty where there is none."""
    found = body.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise _wrong(key, "string")
    return found


def mapping(body: Mapping[str, Any], key: str) -> JsonObject:
    """Return an object; empty where there is none."""
    found = body.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _wrong(key, "object")
    return found


def objects(body: Mapping[str, Any], key: str) -> list[JsonObject]:
    """Return a list of objects; empty where there is none."""
    found = body.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise bad_request(f"Expected '{key}' to be an array")
    if not all(isinstance(item, dict) for item in found):
        raise bad_request(f"Expected '{key}' to be an array of objects")
    return found


def texts(body: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a text, or those of a list."""
    found = body.get(key)
    if found is None:
        return ()
    if isinstance(found, str):
        return (found,)
    if not isinstance(found, list) or not all(isinstance(t, str) for t in found):
        raise _wrong(key, "string or array of strings")
    return tuple(found)
