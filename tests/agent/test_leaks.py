"""Calls and thoughts that leak into the answer as text."""

import pytest

from custom_components.hearth.agent.leaks import MAX_HELD, LeakFilter

TOOLS = ("control", "set", "intent__HassTurnOn")


def run(text: str, step: int) -> tuple[str, str, list[tuple[str, object]]]:
    """Stream a text through the filter; return words, thoughts and calls."""
    leaks = LeakFilter(TOOLS)
    spoken = thought = ""
    for index in range(0, len(text), step):
        words, thoughts = leaks.feed(text[index : index + step])
        spoken += words
        thought += thoughts
    rest, calls = leaks.finish()
    return (
        (spoken + rest).strip(),
        thought,
        [(call.name, call.arguments) for call in calls],
    )


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "Set the table, please.",
        "Control is an illusion. 5 < 6, and [x] too.\nSet it up:\n- one\n- two",
        "The <b>bold</b> answer",
        '{"temperature": 21}',
        "[laughs] Well.",
        "```\nprint()\n```",
        "{'not': a call",
    ],
)
def test_words_stay_words(text: str, step: int) -> None:
    """An answer that only looks like a call for a moment is spoken whole."""
    assert run(text, step) == (text, "", [])


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        (
            '<tool_call>\n{"name": "control", "arguments": {"action": "on"}}\n</tool_call>',
            "control",
            {"action": "on"},
        ),
        ('{"name": "set", "parameters": {"name": "x"}}', "set", {"name": "x"}),
        (
            '<|python_tag|>{"name": "set", "parameters": {"name": "x"}}',
            "set",
            {"name": "x"},
        ),
        (
            '[TOOL_CALLS][{"name": "control", "arguments": {"action": "off"}}]',
            "control",
            {"action": "off"},
        ),
        (
            '<|tool_call|>[{"name": "control", "arguments": {"action": "off"}}]',
            "control",
            {"action": "off"},
        ),
        (
            '<|tool_call_start|>[control(action="on")]<|tool_call_end|>',
            "control",
            {"action": "on"},
        ),
        ('```tool_code\ncontrol(action="on")\n```', "control", {"action": "on"}),
        (
            '```json\n{"tool": "set", "args": {"name": "x"}}\n```',
            "set",
            {"name": "x"},
        ),
        (
            '<function=control>{"action": "on"}</function>',
            "control",
            '{"action": "on"}',
        ),
        ('functools[{"name": "control", "arguments": {}}]', "control", {}),
        (
            "HassTurnOn(name='Kitchen Light', domain=['light'])",
            "intent__HassTurnOn",
            {"name": "Kitchen Light", "domain": ["light"]},
        ),
        (
            '{"type": "function", "function": {"name": "set", "arguments": "{}"}}',
            "set",
            "{}",
        ),
        ('{"name": "set"}', "set", {}),
        ("control(action='on', area=somewhere)", "control", {"action": "on"}),
    ],
)
def test_calls_of_many_models(
    text: str, name: str, arguments: object, step: int
) -> None:
    """Each model's way to write a call is understood, and nothing is spoken."""
    assert run(text, step) == ("", "", [(name, arguments)])


@pytest.mark.parametrize("step", [1, 5, 1000])
def test_words_then_calls(step: int) -> None:
    """What stands before a call is spoken; several calls are all found."""
    text = (
        "Sure, one moment.\n"
        '[control(action="on", name="x"), set(name="y", brightness=5)]'
    )
    assert run(text, step) == (
        "Sure, one moment.",
        "",
        [
            ("control", {"action": "on", "name": "x"}),
            ("set", {"name": "y", "brightness": 5}),
        ],
    )


@pytest.mark.parametrize("step", [1, 5, 1000])
def test_thoughts(step: int) -> None:
    """Thoughts are told apart, wherever they stand, and never spoken."""
    assert run("<think>Hm, 3 < 4.</think>\n\nYes.", step) == ("Yes.", "Hm, 3 < 4.", [])
    assert run("Well.\n<think>a</think>Yes.", step)[:2] == ("Well.\nYes.", "a")
    assert run("<think>It never ends", step) == ("", "It never ends", [])
    assert run("<think> a </thin </think> b", step) == ("b", "a </thin", [])


def test_thoughts_are_passed_on_as_they_come() -> None:
    """However long a thought is, it is known piece by piece, and is no speech."""
    leaks = LeakFilter(TOOLS)
    assert leaks.feed("<think>") == ("", "")
    assert leaks.feed(" One <") == ("", "One")
    assert leaks.feed(" two") == ("", " < two")
    spoken, thought = leaks.feed(" x" * MAX_HELD)
    assert (spoken, len(thought)) == ("", 2 * MAX_HELD)
    assert leaks.feed("</think>\nYes.") == ("Yes.", "")


def test_a_call_in_a_thought_that_never_ends() -> None:
    """A model that forgot to end its thought has called all the same."""
    text = 'On?\n<tool_call>{"name": "set", "arguments": {"name": "x"}}</tool_call>'
    words, thought, calls = run(f"<think>{text}", 4)
    assert (words, thought) == ("", text)
    assert calls == [("set", {"name": "x"})]
    assert run(f"<think>{text}</think>Yes.", 4) == ("Yes.", text, [])


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "explode", "arguments": {}}',
        "explode(now=True)",
        "control",
        "{" * 5000,
        "control(" * 500,
        "[control, 5]",
        "control(action='on'); x = 5",
        '{"function": 5}',
        "5",
    ],
)
def test_no_calls(text: str) -> None:
    """What calls no known tool is an answer, however odd."""
    assert run(text, 100) == (text, "", [])


def test_long_text_is_no_call() -> None:
    """Text that is longer than any call is not held back for ever."""
    leaks = LeakFilter(TOOLS)
    spoken, _ = leaks.feed("[" + "x" * MAX_HELD)
    assert len(spoken) == MAX_HELD + 1
