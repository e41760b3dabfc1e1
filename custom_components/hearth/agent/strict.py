"""Schemas that only allow what the home has, for models that are shown no schemas.

A grammar made of them lets a model write no name that is not there. That it wanted to
write another one shows in how sure it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..engines.chat import ToolSpec
from .compact import CONTROL, SET, STATE
from .home import ExposedEntity

# What the compact tools take for the whole home.
_HOME = "home"
# Tools whose names, areas and domains are those of the home; a timer's name is not.
_ABOUT_THE_HOME = (CONTROL, SET, STATE)


def strict(
    tools: Iterable[ToolSpec], entities: Sequence[ExposedEntity]
) -> dict[str, ToolSpec]:
    """Return tools by name, with strict schemas where they are about the home."""
    places = (place for entity in entities for place in (entity.area, entity.floor))
    words = {
        "area": [*dict.fromkeys(place for place in places if place), _HOME],
        "domain": list(dict.fromkeys(entity.kind for entity in entities)),
        "name": list(dict.fromkeys(n for entity in entities for n in entity.names)),
    }
    return {
        tool.name: replace(tool, strict=_narrowed(tool.parameters, words))
        if any(tool.parameters is one.parameters for one in _ABOUT_THE_HOME)
        else tool
        for tool in tools
    }


def _narrowed(
    parameters: Mapping[str, Any], words: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return a schema whose fields only take certain words."""
    fields = {
        name: {"enum": list(words[name])} if words.get(name) else field
        for name, field in parameters["properties"].items()
    }
    return {**parameters, "properties": fields}
