"""Leaving out what must not leave the home, where somebody shares what is wrong."""

from collections.abc import Mapping
from enum import StrEnum
import re
from typing import Any

from homeassistant.helpers import llm

from .const import LLM_API_HEARTH
from .engines.log_privacy import LEFT_OUT

# What everybody has; the others are named by people, or after what they serve.
_COMMON_APIS = frozenset({LLM_API_HEARTH, llm.LLM_API_ASSIST})
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)


def file_name(path: str) -> str:
    """Return a path, or the name of a model that is one, without its folders."""
    return _FOLDERS.sub("", path)


def api_names(apis: tuple[str, ...]) -> list[str]:
    """Return the names of LLM APIs as far as they are everybody's."""
    return [api if api in _COMMON_APIS else LEFT_OUT for api in apis]


def only_figures(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of some facts is known, and a number, a choice or a yes or no."""
    return {
        name: fact
        for name, fact in facts.items()
        if isinstance(fact, bool | int | float | StrEnum)
    }
