"""Grammars that make what a model says valid."""

from collections.abc import Sequence
from dataclasses import dataclass

from .formats import JsonObject, Rules, ToolFormat
from .output import tools_by_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolGrammar:
    """A grammar of tool calls, from the first marker on.

    Args:
        gbnf: The grammar; its root is "root".
        lazy_patterns: For ``llama_sampler_init_grammar_lazy_patterns``: the grammar
            begins where one of them is found.
    """

    gbnf: str
    lazy_patterns: tuple[str, ...]


def tool_grammar(
    fmt: ToolFormat,
    tools: Sequence[JsonObject],
    *,
    parallel: bool = True,
    thinking_open: bool = False,
) -> ToolGrammar:
    """Return the grammar of calls of the tools, given as OpenAI writes them.

    Args:
        fmt: The model's format.
        tools: The tools.
        parallel: Whether there may be more than one call.
        thinking_open: Whether a thought is to be ended first, as it must be where the
            grammar holds from the first token on and the prompt ended in a thought.

    Raises:
        SchemaError: A tool's schema is not valid.
        ValueError: There are no tools.
    """
    if not (named := tools_by_name(tools)):
        raise ValueError("There are no tools to call")
    rules = Rules(fmt.notation)
    root = fmt.calls(rules, named, parallel=parallel)
    if thinking_open and fmt.thoughts:
        root = f"{rules.until(fmt.thoughts.end)} [ \\n]{{0,4}} {root}"
    return ToolGrammar(gbnf=rules.grammar(root), lazy_patterns=fmt.triggers)


def schema_grammar(schema: JsonObject | None) -> str:
    """Return the grammar of JSON that a schema describes; of any object without.

    Raises:
        SchemaError: The schema is not valid.
    """
    rules = Rules()
    described = {"type": "object"} if schema is None else schema
    return rules.grammar(rules.value(described, "answer"))
