"""Scenes that somebody wants by their name: "let's have film night". English only."""

import re

from .named_things import Entities, only_one
from .names import stems, words
from .order import Order
from .order_calls import of_devices
from .plain_call import PlainCall

_WANTED = re.compile(
    r"^\W*(?:(?:right|ok|okay|so|well|and|oh|then)\b\W*)*"
    r"(?:(?:let's|let us|could we|can we|can you) (?:do|have|make it|go (?:for|with))"
    r"|do|give (?:me|us)|time for|it's time for|make it|run|start|launch|go (?:for|with))\s+(?P<name>.+?)"
    r"(?:\s+(?:thing|scene|mode|mood|routine))?(?:\s+(?:please|now|for us|then|again))*\W*$",
    re.IGNORECASE,
)
_PLEASE = re.compile(r"^(?:the )?(?P<name>.+?),? please\W*$", re.IGNORECASE)
# Words of names that need not be said.
_GENERAL = frozenset("mode scene the time".split())
_SCENE = "scene"


def of_scene(entities: Entities, said: str) -> tuple[PlainCall, ...]:
    """Return the call for the only scene that is named, none where more is said."""
    found = _WANTED.match(said) or _PLEASE.match(said)
    name = words(found["name"]) if found else ()
    scene = only_one(entities, name) if name else None
    if scene is None or scene.domain != _SCENE:
        return ()
    heard = stems(" ".join(name))
    if not any(stems(own) - _GENERAL <= heard for own in scene.names):
        return ()
    return of_devices(Order(action="on", rest=name), [scene], entities)
