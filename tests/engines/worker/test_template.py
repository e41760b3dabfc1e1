"""Chat templates: what models read, and what templates may not do."""

from datetime import datetime
import resource
from typing import Any

import pytest

from custom_components.hearth.engines.worker.formats import JsonObject
from custom_components.hearth.engines.worker.limits import LONGEST_TEXT
from custom_components.hearth.engines.worker.sandbox import LONGEST_SOURCE
from custom_components.hearth.engines.worker.template import ChatTemplate, TemplateError

from .templates import KNOWN, TOOLS, template_of, tool

SYSTEM: JsonObject = {"role": "system", "content": "Be brief."}
USER: JsonObject = {"role": "user", "content": "Light on!"}
CALL = {
    "id": "abcdefghi",
    "type": "function",
    "function": {"name": "turn_on", "arguments": '{"name": "Lämpchen"}'},
}
CALLED: JsonObject = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT: JsonObject = {
    "role": "tool",
    "tool_call_id": "abcdefghi",
    "name": "turn_on",
    "content": "It is on.",
}
WITHOUT_HISTORY = ("gemma2", "granite3", "lfm2", "smollm3")


def rendered(source: str, *messages: Any, **kwargs: Any) -> str:
    """Return what a template makes of messages."""
    template = ChatTemplate(source, bos="<s>", eos="</s>")
    return template.render(messages or (USER,), kwargs=kwargs)


@pytest.mark.parametrize("model", KNOWN)
def test_known_templates_show_what_is_said(model: str) -> None:
    """What the system and the user say is there, in order, and the answer's start."""
    shown = template_of(model).render([SYSTEM, USER])
    assert 0 < shown.index("Be brief.") < shown.index("Light on!")
    assert not shown.endswith("Light on!")


@pytest.mark.parametrize("model", [m for m in KNOWN if m not in WITHOUT_HISTORY])
def test_known_templates_show_calls_and_results(model: str) -> None:
    """The tools, a call and its result are there, with nothing escaped."""
    shown = template_of(model).render([USER, CALLED, RESULT], tools=TOOLS)
    assert "dim" in shown
    call = shown.index("Lämpchen")
    assert shown.rindex("turn_on", 0, call) < call < shown.rindex("It is on.")


@pytest.mark.parametrize("model", KNOWN)
def test_known_templates_tell_of_tools(model: str) -> None:
    """Those that can show tools are told from those that cannot."""
    assert template_of(model).supports_tools is (model not in ("gemma2", "smollm3"))


@pytest.mark.parametrize("model", KNOWN)
def test_known_templates_tell_of_thinking(model: str) -> None:
    """Those where thinking can be switched are told from the others."""
    switchable = ("gemma4", "minicpm5", "qwen3", "qwen3.5", "smollm3")
    assert template_of(model).supports_thinking is (model in switchable)


def test_thinking_is_switched_by_a_variable() -> None:
    """Templates get what the request says about thinking."""
    template = template_of("qwen3")
    assert template.render([USER]).endswith("assistant\n")
    without = template.render([USER], kwargs={"enable_thinking": False})
    assert without.endswith("<think>\n\n</think>\n\n")


def test_date_is_the_one_llama_server_gives() -> None:
    """Templates that ask for a date get today's."""
    today = datetime.now().astimezone().strftime("%d %b %Y")
    assert rendered("{{ date_string }}|{{ strftime_now('%d %b %Y') }}") == (
        f"{today}|{today}"
    )


def test_tokens_and_messages_cannot_be_overwritten() -> None:
    """Variables of a request do not stand in for the chat's own."""
    source = "{{ bos_token }}{{ messages[0].content }}{{ range }}{{ self_ }}"
    variables = {"bos_token": "x", "messages": [], "range": "r", "self_": 1}
    assert rendered(source, **variables) == "<s>Light on!r1"


def test_words_of_the_system_go_to_the_user_where_there_is_no_system() -> None:
    """Nothing is lost where a template knows no system."""
    shown = template_of("gemma2").render([SYSTEM, USER])
    assert "user\nBe brief.\nLight on!<" in shown
    alone = template_of("gemma2").render([SYSTEM])
    assert "user\nBe brief.<" in alone
    assert "user\nLight on!<" in template_of("gemma2").render([USER])


def test_arguments_are_objects_or_texts() -> None:
    """A template gets arguments in the shape that it can use."""
    wants_object = "{{ messages[0].tool_calls[0].function.arguments.name }}"
    wants_text = (
        "{% if messages[0].tool_calls and messages[0].tool_calls[0].function"
        ".arguments is not string %}{{ raise_exception('Text!') }}{% endif %}"
        "{% for m in messages if m.tool_calls %}"
        "{{ m.tool_calls[0].function.arguments }}{% endfor %}"
    )
    assert rendered(wants_object, CALLED) == "Lämpchen"
    assert rendered(wants_text, CALLED) == '{"name": "Lämpchen"}'
    object_call = {"function": {"name": "f", "arguments": {"name": "ü"}}}
    assert rendered(wants_text, {**CALLED, "tool_calls": [object_call]}) == (
        '{"name": "ü"}'
    )


@pytest.mark.parametrize("written", ["[1]", "{", "[" * 100_000, "", None])
def test_arguments_that_are_no_object_are_empty(written: str | None) -> None:
    """Templates that go through arguments have something to go through."""
    source = "{% for k in messages[0].tool_calls[0].function.arguments.items() %}x{% endfor %}."
    call = {"function": {"name": "f", "arguments": written}}
    assert rendered(source, {**CALLED, "tool_calls": [call]}) == "."


def test_contents_are_texts_or_parts() -> None:
    """A template gets contents in the shape that it can use."""
    parts = [
        {"type": "text", "text": "a"},
        {"type": "image_url"},
        {"type": "text", "text": "b"},
    ]
    text = "{% for m in messages %}{{ m.content + '!' }}{% endfor %}"
    listed = (
        "{% for m in messages %}{% for p in m.content %}{{ p.text }};{% endfor %}"
        "{% endfor %}"
    )
    assert rendered(text, {"role": "user", "content": parts}) == "a\nb!"
    assert rendered(text, {"role": "assistant", "content": None}) == "!"
    assert rendered(listed, USER) == "Light on!;"


def test_where_the_user_begins() -> None:
    """What is before that place does not depend on what the user says."""
    template = template_of("qwen3")
    chat = [
        SYSTEM,
        USER,
        {"role": "assistant", "content": "Done."},
        USER,
        CALLED,
        RESULT,
    ]
    place = template.user_start(chat, tools=TOOLS)
    assert place is not None
    shown = template.render(chat, tools=TOOLS)
    assert shown[place:].startswith("Light on!")
    assert shown[:place].endswith("<|im_start|>user\n")
    assert template.user_start([SYSTEM]) is None
    assert ChatTemplate("x", bos="", eos="").user_start([USER]) is None
    broken = ChatTemplate("{{ raise_exception('No') }}", bos="", eos="")
    assert broken.user_start([USER]) is None


def test_training_block_is_passed_over() -> None:
    """The block that marks what a model said changes nothing."""
    source = "{% generation %}{{ messages[0].content }}{% endgeneration %}."
    assert rendered(source) == "Light on!."


def test_json_is_as_transformers_writes_it() -> None:
    """No HTML, no escapes; indent and separators as asked for."""
    source = "{{ m|tojson }}{{ [1, 2]|tojson(indent=1) }}{{ m|tojson(separators=(',', ':')) }}"
    assert rendered(source, m={"ü": "<'&>"}) == (
        '{"ü": "<\'&>"}[\n 1,\n 2\n]{"ü":"<\'&>"}'
    )
    assert rendered("{{ 'abc'|map('upper')|tojson }}") == '["A", "B", "C"]'
    with pytest.raises(TemplateError, match="is no JSON"):
        rendered("{{ ''.upper|tojson }}")


def test_filters_with_limits_still_work() -> None:
    """What is guarded does what it did."""
    source = (
        "{{ 'aXbX'|replace('X', '-') }} {{ 'aXbX'.replace('X', '-', 1) }} "
        "{{ [1, 2]|join('+') }} {{ '+'.join(['a', 'b']) }} {{ l|join(',', attribute='k') }} "
        "{{ 'a\n\nb'|indent(2) }} {{ 'a\n\nb'|indent(2, true, true) }} {{ 3 * 'ab' }} "
        "{{ 7 % 4 }} {{ '{} {}'.format(1, 'x') }} {{ [1]|string }}"
        "{% for i in [1] %}{{ 'a'.replace('a', 'b') }}{% endfor %}"
    )
    assert rendered(source, l=[{"k": 1}, {}]) == (
        "a-b- a-bX 1+2 a+b 1, a\n\n  b   a\n  \n  b ababab 3 1 x [1]b"
    )


def test_refusal_is_told_in_the_template_s_words() -> None:
    """What a template says about a chat is passed on."""
    with pytest.raises(TemplateError, match="refuses: Only cats"):
        rendered("{{ raise_exception('Only cats') }}")


@pytest.mark.parametrize(
    ("source", "match"),
    [
        ("{% for %}", "broken in line 1"),
        ("\n{{ 'a' }\n", "broken in line 2"),
        ("{{ x.y.z }}", "UndefinedError"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{% include 'x' %}", "failed"),
        ("{{ " + "(" * 5000 + ")" * 5000 + " }}", "RecursionError"),
        ("x" * (LONGEST_SOURCE + 1), "too long"),
        ("{{ ''.__class__.__mro__ }}", "may not"),
        ("{{ (''|attr('__class__')).x }}", "may not"),
        ("{{ raise_exception.__globals__['json'] }}", "may not"),
        ("{{ messages.append(1) }}", "may not"),
        ("{{ cycler.__init__.__globals__ }}", "may not"),
    ],
)
def test_broken_and_nosy_templates_are_refused(source: str, match: str) -> None:
    """An error in a template, or a look at Python's insides, is told plainly."""
    with pytest.raises(TemplateError, match=match):
        rendered(source)


DOUBLED = "{% set a = [1] %}" + "{% set a = [a, a] %}" * 60
LONG = "{% set x = 'a' * 100000 %}"


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}",
        "{% macro m(n) %}{% for i in range(n) %}{{ m(n) }}{% endfor %}{% endmacro %}{{ m(9) }}",
        "{% for i in range(90000) %}{% set x = 'a' * 100000 %}{% endfor %}",
        LONG + "{% for i in range(90000) %}{{ (x|upper)|length }}{% endfor %}",
        LONG + "{% for i in range(90000) %}{{ x }}{% endfor %}",
        LONG + "{% set x = x ~ x %}" * 30,
        LONG + "{{ x " + "~ x" * 100 + " }}",
        LONG + "{{ x.replace('a', x) }}",
        LONG + "{{ x|replace('a', x) }}",
        LONG + "{{ range(90000)|join(x) }}",
        LONG + "{{ x.join(range(90000)|map('string')) }}",
        DOUBLED + "{{ a|tojson }}",
        DOUBLED + "{{ a|string }}",
        DOUBLED + "{{ a ~ '' }}",
        DOUBLED + "{{ a }}",
        DOUBLED + "{{ [a]|join }}",
        "{{ ({'k': 1}.values()|list * 999999) }}{{ [1] * 999999 * 999 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '{:{}}'.format(1, 1000000000) }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 'a'|center(1000000000) }}",
        "{{ 'a\n'|indent(1000000000) }}",
        "{{ {}|tojson(indent=1000000000) }}",
        "{{ range(10 * 999999)|list }}",
        "{{ lipsum(99999) }}",
    ],
    ids=lambda source: source[-60:],
)
def test_greedy_templates_are_stopped(source: str) -> None:
    """Loops without end and texts that no memory holds end in an error, soon."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TemplateError):
        rendered(source)
    # In KiB.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_long_chats_with_many_tools_are_within_the_limits() -> None:
    """Two hundred messages and sixty tools are not taken for an attack."""
    chat = [SYSTEM]
    for _ in range(100):
        chat += [USER, {"role": "assistant", "content": "Done. " * 50}]
    tools = [
        tool(f"tool_{n}", name={"type": "string", "description": "x" * 99})
        for n in range(60)
    ]
    for model in ("gemma4", "llama3", "qwen3", "qwen3.5"):
        shown = template_of(model).render([*chat, USER], tools=tools)
        assert len(shown) < LONGEST_TEXT
        assert shown.count("Light on!") == 101
