"""Taking apart what a model says while it says it."""

import random
import time

import pytest

from custom_components.hearth.engines.worker.formats.source import LONGEST_CALL
from custom_components.hearth.engines.worker.output import (
    Call,
    OutputParser,
    Piece,
    Text,
    Thinking,
    ends_in_thought,
)

from .templates import TOOLS, format_of, template_of

CALL = '<tool_call>{"name": "get_time"}</tool_call>'
# More than any attack needs; done in well under the time that one call takes on a Pi.
LARGE = 300_000
SECONDS = 20


def joined(pieces: list[Piece]) -> list[Piece]:
    """Return pieces with neighbours of one kind put together."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if isinstance(piece, Text) and isinstance(last, Text):
            found[-1] = Text(last.content + piece.content)
        elif isinstance(piece, Thinking) and isinstance(last, Thinking):
            found[-1] = Thinking(last.content + piece.content)
        else:
            found.append(piece)
    return found


def heard(
    text: str, model: str = "qwen3", *, tools: bool = True, inside: bool = False
) -> list[Piece]:
    """Return what is heard of a text, which is the same however it is cut."""
    found = []
    for size in (len(text) or 1, 1, 2, 7):
        parser = OutputParser(
            format_of(model), tools=TOOLS if tools else (), thinking_open=inside
        )
        pieces = [
            piece
            for at in range(0, len(text), size)
            for piece in parser.feed(text[at : at + size])
        ]
        found.append(joined(pieces + parser.finish()))
    assert all(other == found[0] for other in found)
    return found[0]


@pytest.mark.parametrize(
    "text", ["Hello", "a <b> c", "1 < 2", "a <tool", "a </think> b", "<thin", "ü😀"]
)
def test_text_is_text(text: str) -> None:
    """What is no marker is content, to the last character."""
    assert heard(text) == [Text(text)]
    assert heard(text, tools=False) == [Text(text)]


def test_nothing_is_nothing() -> None:
    """An empty answer has no pieces."""
    assert heard("") == []
    assert heard(" \n") == []


def test_text_goes_on_at_once() -> None:
    """Only what may begin a marker waits."""
    parser = OutputParser(format_of("qwen3"), tools=TOOLS)
    assert parser.feed("Hello ") == [Text("Hello ")]
    assert parser.feed("there <to") == [Text("there ")]
    assert parser.feed("y>") == [Text("<toy>")]
    assert parser.feed("<") == []
    assert parser.finish() == [Text("<")]


def test_call_is_given_when_it_is_whole() -> None:
    """A call does not wait for its end marker, nor for the end of the answer."""
    parser = OutputParser(format_of("qwen3"), tools=TOOLS)
    assert parser.feed('<tool_call>{"name": "get_time", "arguments": {}') == []
    assert parser.feed("}") == [Call(0, "get_time", "{}")]
    assert parser.feed("</tool_call>\n<tool_call>") == []
    assert parser.feed('{"name": "get_time"} ') == [Call(1, "get_time", "{}")]
    assert parser.finish() == []


def test_calls_of_a_list_are_given_one_by_one() -> None:
    """The first of two calls is there before the second."""
    parser = OutputParser(format_of("lfm2"), tools=TOOLS)
    assert parser.feed("<|tool_call_start|>[get_time(), ") == [
        Call(0, "get_time", "{}")
    ]
    assert parser.feed("get_time()]<|tool_call_end|>") == [Call(1, "get_time", "{}")]
    assert parser.finish() == []


def test_call_that_breaks_off_after_a_whole_one_is_text() -> None:
    """Only what was not understood is given back."""
    text = "<|tool_call_start|>[get_time(), turn_on(na"
    assert heard(text, "lfm2") == [Call(0, "get_time", "{}"), Text(", turn_on(na")]


def test_without_tools_calls_are_text() -> None:
    """Where no tools were offered nothing is taken for a call."""
    assert heard(CALL, tools=False) == [Text(CALL)]
    object_ = '{"name": "get_time", "parameters": {}}'
    assert heard(object_, "llama3", tools=False) == [Text(object_)]


def test_words_around_calls() -> None:
    """Words before and after calls are kept, white space between calls is not."""
    assert heard(f"First.\n{CALL}\n\n{CALL}\n Done. ") == [
        Text("First.\n"),
        Call(0, "get_time", "{}"),
        Call(1, "get_time", "{}"),
        Text("Done. "),
    ]


def test_half_a_surrogate_pair_becomes_a_mark() -> None:
    """What no UTF-8 can hold does not reach whoever asked."""
    text = '<tool_call>{"name": "f\\ud800", "arguments": {"a": "\\udfff", "b": "\\ud83d\\ude00"}}'
    assert heard(text) == [Call(0, "f?", '{"a": "?", "b": "😀"}')]


@pytest.mark.parametrize(
    ("model", "start", "end"),
    [
        ("qwen3", "<think>", "</think>"),
        ("ministral3", "[THINK]", "[/THINK]"),
        ("gemma4", "<|channel>thought", "<channel|>"),
        ("llama3", "<think>", "</think>"),
    ],
)
def test_thoughts_are_no_content(model: str, start: str, end: str) -> None:
    """A thought at the beginning is told from the answer, with or without tools."""
    text = f"\n{start}\nHm <b.\n{end}\n\nDone."
    for tools in (True, False):
        assert heard(text, model, tools=tools) == [Thinking("Hm <b.\n"), Text("Done.")]
    assert heard(f"{start}{end}Done.", model) == [Text("Done.")]
    assert heard(f"{start}Hm", model) == [Thinking("Hm")]


def test_thought_that_the_prompt_began() -> None:
    """A thought need not begin with its marker where the prompt did."""
    text = "Hm.</think>\n<tool_call>"
    assert heard(text + '{"name": "get_time"}', inside=True) == [
        Thinking("Hm."),
        Call(0, "get_time", "{}"),
    ]
    assert heard("Hm", inside=True) == [Thinking("Hm")]


def test_prompt_tells_whether_it_ends_in_a_thought() -> None:
    """The end of a prompt is looked at, white space aside."""
    user = {"role": "user", "content": "<think>"}
    for model, thinks in (("qwen3.5", True), ("qwen3", False), ("llama3", False)):
        template = template_of(model)
        prompt = template.render([user])
        assert ends_in_thought(format_of(model), prompt) is thinks
    off = template_of("qwen3.5").render([user], kwargs={"enable_thinking": False})
    assert not ends_in_thought(format_of("qwen3.5"), off)


def test_marker_of_thoughts_in_an_answer_is_text() -> None:
    """A thought begins only where an answer begins, or where a model says so."""
    assert heard("The tag <think> is") == [Text("The tag <think> is")]
    assert heard("A<|channel>thought\nHm<channel|>B", "gemma4") == [
        Text("A"),
        Thinking("Hm"),
        Text("B"),
    ]
    assert heard(f"{CALL}<think>Hm</think>B") == [
        Call(0, "get_time", "{}"),
        Thinking("Hm"),
        Text("B"),
    ]


def test_calls_in_thoughts() -> None:
    """A marker in a thought is no call, except where a model ends thoughts so."""
    assert heard(f"<think>a {CALL}</think>b") == [Thinking(f"a {CALL}"), Text("b")]
    coder = "<think>a\n<tool_call>\n<function=get_time>\n</function>\n</tool_call>"
    assert heard(coder, "qwen3.5") == [Thinking("a\n"), Call(0, "get_time", "{}")]


ATTACKS = {
    "qwen3": (
        "<tool_call>",
        '<tool_call>{"name":',
        '<tool_call>{"a":' + "[" * 50,
        CALL,
        "<",
        "<think>",
        " ",
        "\n<tool_call>\n",
    ),
    "llama3": (
        "{",
        '{"name":',
        '{"name": "',
        "<|python_tag|>",
        "<|python_tag|>f(",
        "\\",
    ),
    "lfm2": ("<|tool_call_start|>[f(a=", "[", "f(", "<|tool_call_start|>[get_time(), "),
    "gemma4": (
        "<|tool_call>call:f{a:",
        "{a:",
        "<|channel>thought",
        '<|tool_call>call:f{a:<|"|>',
    ),
    "qwen3.5": ("<tool_call>\n<function=f>\n<parameter=x>", "<function=", "</think>"),
    "ministral3": ("[TOOL_CALLS]", "[TOOL_CALLS]f[ARGS]{", "[", "[THINK]"),
    "gemma2": ("```tool_code", "```tool_code\nprint(f(", "`"),
}


@pytest.mark.parametrize(
    ("model", "unit"), [(m, unit) for m, units in ATTACKS.items() for unit in units]
)
def test_long_texts_of_anything_take_little_time(model: str, unit: str) -> None:
    """Time is linear in the text, whole or in tokens, and nothing is lost.

    The limit is no measure of speed: a quadratic reader would take hours.
    """
    text = unit * (LARGE // len(unit))
    for size in (LARGE, 5):
        parser = OutputParser(format_of(model), tools=TOOLS)
        began, pieces = time.process_time(), 0
        for at in range(0, len(text), size):
            pieces += len(parser.feed(text[at : at + size]))
            assert time.process_time() - began < SECONDS
        pieces += len(parser.finish())
        assert time.process_time() - began < SECONDS
        assert pieces or not text.strip()


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "f", "arguments": ' + '{"a":' * 100_000,
        '<tool_call>{"name": "f", "arguments": {"a": ' + "9" * 10_000 + "}}",
        '<tool_call>{"name": "f", "arguments": {"a": "' + "x" * LONGEST_CALL + '"}}',
        '<tool_call>{"name": "' + "x" * LONGEST_CALL * 2,
    ],
    ids=["nested", "number", "long", "endless"],
)
def test_calls_out_of_all_proportion_are_text(text: str) -> None:
    """Too deep, too long, or a number that is none: content, all of it."""
    parser = OutputParser(format_of("qwen3"), tools=TOOLS)
    assert joined(parser.feed(text) + parser.finish()) == [Text(text)]


def test_noise_loses_nothing() -> None:
    """Whatever is said in whatever pieces, what is no call comes out as it went in."""
    bits = [
        "<tool_call>",
        "</tool_call>",
        '{"name": "',
        "f",
        '"}',
        "<",
        "{",
        "}",
        " ",
        "ü",
        '"',
        "\\",
        "call:f{",
        "[f(",
        ")]",
    ]
    random_ = random.Random(1)
    for _ in range(60):
        said = [random_.choice(bits) for _ in range(random_.randrange(1, 30))]
        for model in ATTACKS:
            pieces = heard("x" + "".join(said), model)
            assert isinstance(pieces[0], Text)
            if not any(isinstance(piece, Call) for piece in pieces):
                shown = "".join(p.content for p in pieces if not isinstance(p, Call))
                assert shown == "x" + "".join(said)
