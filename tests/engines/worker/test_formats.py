"""Tool calls in the formats of known models, whole and in pieces."""

import json
from typing import Any

import pytest

from custom_components.hearth.engines.worker.formats import format_for
from custom_components.hearth.engines.worker.output import Call, OutputParser, Text
from custom_components.hearth.engines.worker.template import ChatTemplate

from .templates import KNOWN, TOOLS, format_of, template_of
from .written_calls import NO_CALLS, WRITTEN

CASES = [(model, *case) for model, cases in WRITTEN.items() for case in cases]

WRONG = [(model, text) for model, texts in NO_CALLS.items() for text in texts]


def heard(model: str, pieces: list[str]) -> list[Any]:
    """Return what pieces mean: calls, and the texts in between as one."""
    parser = OutputParser(format_of(model), tools=TOOLS)
    found: list[Any] = []
    for piece in [part for p in pieces for part in parser.feed(p)] + parser.finish():
        if isinstance(piece, Call):
            assert piece.index == sum(isinstance(f, tuple) for f in found)
            found.append((piece.name, json.loads(piece.arguments)))
        elif isinstance(piece, Text) and found and isinstance(found[-1], str):
            found[-1] += piece.content
        else:
            found.append(piece.content)
    return found


@pytest.mark.parametrize(("model", "text", "meant"), CASES)
def test_calls_are_understood(model: str, text: str, meant: list[Any]) -> None:
    """Every call is found, whole or character by character; texts stay texts."""
    assert heard(model, [text]) == meant
    assert heard(model, list(text)) == meant
    assert heard(model, [text[at : at + 3] for at in range(0, len(text), 3)]) == meant


@pytest.mark.parametrize(("model", "text"), WRONG)
def test_what_is_no_call_is_text(model: str, text: str) -> None:
    """Nothing is lost of what begins as a call and is none."""
    assert heard(model, [text]) == [text]
    assert heard(model, list(text)) == [text]


@pytest.mark.parametrize("model", KNOWN)
def test_what_a_template_shows_of_a_call_is_understood(model: str) -> None:
    """A format is found by what a template makes of a call, and reads just that."""
    template = template_of(model)
    if not template.example_call:
        assert model in ("gemma2", "granite3", "lfm2", "smollm3")
        return
    assert ("hearth_probe", {"word": "hi"}) in heard(model, [template.example_call])


@pytest.mark.parametrize(
    ("model", "marker"),
    [
        ("gemma2", "```tool_code"),
        ("gemma4", "<|tool_call>"),
        ("granite3", "<|tool_call|>"),
        ("granite4", "<tool_call>"),
        ("lfm2", "<|tool_call_start|>"),
        ("lfm2.5", "<|tool_call_start|>"),
        ("llama3", "<|python_tag|>"),
        ("minicpm5", '<function name="'),
        ("ministral3", "[TOOL_CALLS]"),
        ("mistral-small", "[TOOL_CALLS]"),
        ("nemo", "[TOOL_CALLS]"),
        ("qwen2.5", "<tool_call>"),
        ("qwen3", "<tool_call>"),
        ("qwen3-coder", "<tool_call>"),
        ("qwen3.5", "<tool_call>"),
        ("smollm3", "<tool_call>"),
    ],
)
def test_markers_of_known_models(model: str, marker: str) -> None:
    """The marker that begins calls is among the texts that must not get lost."""
    fmt = format_of(model)
    assert fmt.markers[0] == marker
    assert set(fmt.markers) - {"<function=", '<function name="'} <= set(fmt.specials)
    assert bool(fmt.opening) is (model == "llama3")
    assert fmt.name


def test_unknown_templates_are_known_by_their_markers() -> None:
    """A template that shows no calls tells by the texts in it."""

    class Shown:
        """A template that shows no calls."""

        def __init__(self, source: str) -> None:
            """Keep the template."""
            self.source = source
            self.example_call = ""

    markers = {
        "<start_function_call>": "<start_function_call>",
        "List of tools: [": "<|tool_call_start|>",
        "[TOOL_CALLS]": "[TOOL_CALLS]",
        "<|python_tag|>": "<|python_tag|>",
        "<|tool_call|> <|/tool_call|>": "<|tool_call|>",
        "<start_of_turn>": "```tool_code",
        "": "<tool_call>",
    }
    for source, marker in markers.items():
        assert format_for(Shown(source)).markers[0] == marker
    phi = format_for(Shown("<|tool_call|> <|/tool_call|>"))
    assert phi.specials == ("<|tool_call|>", "<|/tool_call|>")


def test_markers_in_a_template_need_not_be_known() -> None:
    """JSON between any markers, or after a name, is read by what a template shows."""
    loop = "{% for m in messages %}{% for c in m.tool_calls or () %}CALL{% endfor %}{% endfor %}"
    as_json = '<calls>[{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments|tojson }}}]</calls>'
    named = (
        "<function={{ c.function.name }}>{{ c.function.arguments|tojson }}</function>"
    )
    for shown, start, end in (
        (as_json, "<calls>", "</calls>"),
        (named, "<function=", "</function>"),
    ):
        template = ChatTemplate(loop.replace("CALL", shown), bos="", eos="")
        fmt = format_for(template)
        assert start in fmt.specials
        assert end in fmt.specials
        parser = OutputParser(fmt, tools=TOOLS)
        assert parser.feed(template.example_call) + parser.finish() == [
            Call(0, "hearth_probe", '{"word": "hi"}')
        ]
