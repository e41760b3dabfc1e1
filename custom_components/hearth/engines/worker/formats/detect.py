"""Which format a model writes: what its chat template makes of a call tells.

Templates that show no calls of the past are known by the markers in their source.
"""

import re
from typing import Protocol

from .base import Thoughts, ToolFormat
from .gemma_calls import GemmaFormat
from .json_calls import JsonFormat
from .llama_calls import LlamaFormat
from .named_calls import NamedFormat
from .python_calls import PythonFormat
from .xml_calls import XmlFormat

# A marker, as all known models have them: <tool_call>, <|tool_call|>, [TOOL_CALLS].
_MARKER = r"<[^<>\s]{2,40}>|\[[A-Z_]{2,40}\]"
_CALL = re.compile(rf"(?P<start>{_MARKER})?(?P<padding>\s*)(?P<list>\[\s*)?$")
_END = re.compile(rf"\s*\]?\s*(?P<end>{_MARKER})")
_JSON = re.compile(
    r'\{\s*"name":\s*"hearth_probe",\s*"(?P<key>\w+)":\s*(?P<arguments>\{[^{}]*\})'
    r'(?:,\s*"id":\s*"\w+")?\s*\}'
)
_NAMED = re.compile(
    rf"(?P<start>{_MARKER}|<function=)hearth_probe(?:\[CALL_ID\]\w+)?"
    rf"(?P<separator>{_MARKER}|>)(?P<arguments>\{{[^{{}}]*\}})(?P<end>{_MARKER})?"
)
_GEMMA = re.compile(
    rf"(?P<start>{_MARKER})call:hearth_probe\{{word:(?P<quote>\S+)hi(?P=quote)\}}"
    rf"(?P<end>{_MARKER})"
)
_PYTHON = re.compile(
    rf"(?P<start>{_MARKER})\[hearth_probe\(word=.*?\)\](?P<end>{_MARKER})"
)
_THOUGHTS = (
    Thoughts(start="<|channel>thought", end="<channel|>", anywhere=True),
    Thoughts(start="[THINK]", end="[/THINK]"),
    Thoughts(start="<seed:think>", end="</seed:think>"),
)
_USUAL_THOUGHTS = Thoughts(start="<think>", end="</think>")


class Template(Protocol):
    """What tells a format: a chat template."""

    @property
    def source(self) -> str:
        """Return the template itself."""

    @property
    def example_call(self) -> str:
        """Return what it makes of a call of hearth_probe with the word "hi"."""


def format_for(template: Template) -> ToolFormat:
    """Return the format that a chat template shows its model."""
    source, example = template.source, template.example_call
    thoughts = next(
        (known for known in _THOUGHTS if known.start in source), _USUAL_THOUGHTS
    )
    return (
        _in_tags(example, thoughts)
        or _with_name(example, thoughts)
        or _in_json(example, thoughts)
        or _by_markers(source, thoughts)
    )


def _in_tags(example: str, thoughts: Thoughts) -> ToolFormat | None:
    """Return the format of calls that are neither JSON nor named before it."""
    if found := _GEMMA.search(example):
        return GemmaFormat(
            name="gemma",
            start=found["start"],
            end=found["end"],
            quote=found["quote"],
            thoughts=thoughts,
        )
    if found := _PYTHON.search(example):
        return PythonFormat(
            name="python", start=found["start"], end=found["end"], thoughts=thoughts
        )
    if "<function=hearth_probe>\n<parameter=word>" in example:
        return qwen_coder(thoughts)
    if '<function name="hearth_probe">' in example:
        return XmlFormat(
            name="xml",
            start="",
            end="",
            function=('<function name="', '">'),
            parameter=('<param name="', '">'),
            function_end="</function>",
            parameter_end="</param>",
            lines=False,
            thoughts=thoughts,
        )
    return None


def qwen_coder(thoughts: Thoughts) -> XmlFormat:
    """Return the format of Qwen3-Coder, Qwen3.5 and Nemotron 3."""
    return XmlFormat(
        name="qwen-coder",
        start="<tool_call>",
        end="</tool_call>",
        function=("<function=", ">"),
        parameter=("<parameter=", ">"),
        function_end="</function>",
        parameter_end="</parameter>",
        lines=True,
        thoughts=thoughts,
    )


def _with_name(example: str, thoughts: Thoughts) -> ToolFormat | None:
    """Return the format of calls with the name before the JSON."""
    if not (found := _NAMED.search(example)):
        return None
    ends = found["end"] if found["end"] in ("</function>", "</tool_call>") else ""
    return NamedFormat(
        name="named",
        start=found["start"],
        separator=found["separator"],
        end=ends or "",
        thoughts=thoughts,
    )


def _in_json(example: str, thoughts: Thoughts) -> ToolFormat | None:
    """Return the format of calls that are JSON objects."""
    if not (found := _JSON.search(example)):
        return None
    before = _CALL.search(example[: found.start()])
    if before is None or not before["start"]:
        return LlamaFormat(arguments_key=found["key"], thoughts=thoughts)
    end = _END.match(example, found.end())
    closing = before["start"].replace("<", "</", 1)
    ends = (
        end["end"]
        if end and end["end"] in (closing, _mirrored(before["start"]))
        else ""
    )
    return JsonFormat(
        name="json",
        start=before["start"],
        end=ends,
        listed=bool(before["list"]),
        arguments_key=found["key"],
        padding=before["padding"],
        thoughts=thoughts,
    )


def _mirrored(marker: str) -> str:
    """Return how a marker with bars is closed: <|x|> by <|/x|>."""
    return marker.replace("<|", "<|/", 1)


def _by_markers(source: str, thoughts: Thoughts) -> ToolFormat:
    """Return the format that the markers in a template's source speak of."""
    if "<start_function_call>" in source:
        return GemmaFormat(
            name="gemma",
            start="<start_function_call>",
            end="<end_function_call>",
            quote="<escape>",
            thoughts=thoughts,
        )
    if any(text in source for text in ("<|tool_call_start|>", "List of tools: ")):
        return PythonFormat(
            name="python",
            start="<|tool_call_start|>",
            end="<|tool_call_end|>",
            thoughts=thoughts,
        )
    if "[TOOL_CALLS]" in source:
        return NamedFormat(
            name="named", start="[TOOL_CALLS]", separator="[ARGS]", thoughts=thoughts
        )
    if "<|python_tag|>" in source:
        return LlamaFormat(thoughts=thoughts)
    if "<tool_call>" not in source and (
        "<|tool_call|>" in source or "<|end_of_role|>" in source
    ):
        end = "<|/tool_call|>" if "<|/tool_call|>" in source else ""
        return JsonFormat(
            name="json", start="<|tool_call|>", end=end, listed=True, thoughts=thoughts
        )
    if "<start_of_turn>" in source:
        return PythonFormat(
            name="tool-code",
            start="```tool_code",
            end="```",
            listed=False,
            printed=True,
            thoughts=thoughts,
        )
    return JsonFormat(
        name="json",
        start="<tool_call>",
        end="</tool_call>",
        padding="\n",
        thoughts=thoughts,
    )
