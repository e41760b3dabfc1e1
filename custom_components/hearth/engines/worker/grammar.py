"""Grammars that make a model's output valid."""

from collections.abc import Sequence
from dataclasses import dataclass

from .formats import JsonObject, ToolFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolGrammar:
    """A grammar of tool calls.

    Args:
        gbnf: The grammar, from the first marker on; its root is "root".
        lazy_patterns: Patterns for ``llama_sampler_init_grammar_lazy_patterns``.
    """

    gbnf: str
    lazy_patterns: tuple[str, ...]


def tool_grammar(
    fmt: ToolFormat, tools: Sequence[JsonObject], *, parallel: bool = True
) -> ToolGrammar:
    """Return the grammar of calls of the tools, given as OpenAI writes them."""
    raise NotImplementedError


def schema_grammar(schema: JsonObject | None) -> str:
    """Return the grammar of JSON that a schema describes; of any object without."""
    raise NotImplementedError
