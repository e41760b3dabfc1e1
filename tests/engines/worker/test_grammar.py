"""Grammars: what they allow, and what models without any sense say under them."""

from collections.abc import Iterator
import json

import pytest

from custom_components.hearth.engines.worker.formats import JsonObject, SchemaError
from custom_components.hearth.engines.worker.grammar import (
    schema_grammar,
    tool_grammar,
)
from custom_components.hearth.engines.worker.output import Call, OutputParser, Thinking

from .random_model import Model
from .templates import KNOWN, TOOLS, format_of, tool

SEEDS = range(3)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    """Return a model without any sense."""
    found = Model(tmp_path_factory.mktemp("grammar") / "random.gguf")
    yield found
    found.close()


SHORT: JsonObject = {"type": "string", "maxLength": 8}
RICH = tool(
    "dim",
    name=SHORT,
    level={"type": "integer", "minimum": 0, "maximum": 100},
    color={"enum": ['red "x"', "blue", 3, None]},
    warmth={"type": "number", "minimum": -5, "maximum": 30},
    areas={"type": "array", "items": SHORT, "minItems": 1, "maxItems": 3},
    maybe={"anyOf": [{"type": "boolean"}, {"type": "null"}]},
    deep={
        "type": "object",
        "properties": {"x": {"$ref": "#/$defs/x"}},
        "required": ["x"],
    },
)
RICH["function"]["parameters"]["$defs"] = {
    "x": {"type": "integer", "exclusiveMinimum": 3}
}
RICH["function"]["parameters"]["required"] = ["name", "warmth"]
KEYS = list(RICH["function"]["parameters"]["properties"])


def check_dim(found: JsonObject) -> None:
    """Check that arguments are what the schema says."""
    assert {"name", "warmth"} <= set(found)
    assert list(found) == sorted(found, key=KEYS.index)
    assert isinstance(found["name"], str)
    assert len(found["name"].encode("utf-16-le")) <= 8 * 4
    assert -5 <= found["warmth"] <= 30
    level = found.get("level", 0)
    assert isinstance(level, int)
    assert 0 <= level <= 100
    assert found.get("color") in ('red "x"', "blue", 3, None)
    assert 1 <= len(found.get("areas", ["a"])) <= 3
    assert all(isinstance(area, str) for area in found.get("areas", []))
    assert found.get("maybe") in (True, False, None)
    assert found.get("deep", {"x": 4})["x"] > 3


@pytest.mark.parametrize("name", KNOWN)
def test_calls_under_a_grammar_are_valid(model: Model, name: str) -> None:
    """Even a model that says noise calls tools as their schemas say."""
    fmt = format_of(name)
    heard: list[str] = []
    for parallel, tools in ((True, [RICH, tool("get_time")]), (False, [RICH])):
        gbnf = tool_grammar(fmt, tools, parallel=parallel).gbnf
        for seed in SEEDS:
            said = model.says(gbnf, seed)
            parser = OutputParser(fmt, tools=tools)
            pieces = parser.feed(said)
            assert pieces, said
            if not parallel:
                assert len(pieces + parser.finish()) == 1, said
            for piece in pieces:
                assert isinstance(piece, Call), said
                heard.append(piece.name)
                if piece.name == "dim":
                    check_dim(json.loads(piece.arguments))
                else:
                    assert (piece.name, piece.arguments) == ("get_time", "{}")
    assert "dim" in heard


NATURAL = {
    "gemma2": '```tool_code\nturn_on(name="lamp")\n```',
    "gemma4": '<|tool_call>call:turn_on{name:<|"|>a { b<|"|>}<tool_call|><|tool_call>call:get_time{}<tool_call|>',
    "granite3": '<|tool_call|>[{"name": "turn_on", "arguments": {"name": "lamp"}}]',
    "lfm2": '<|tool_call_start|>[turn_on(name="lamp"), get_time()]<|tool_call_end|>',
    "llama3": '{"name": "turn_on", "parameters": {"name": "lamp"}}',
    "minicpm5": '<function name="turn_on"><param name="name">a < b</param></function>',
    "ministral3": '[TOOL_CALLS]turn_on[ARGS]{"name": "lamp"}[TOOL_CALLS]get_time[ARGS]{}',
    "nemo": '[TOOL_CALLS][{"name": "turn_on", "arguments": {"name": "lamp"}}]',
    "qwen3": '<tool_call>\n{"name": "turn_on", "arguments": {"name": "lamp"}}\n</tool_call>',
    "qwen3.5": "<tool_call>\n<function=turn_on>\n<parameter=name>\nall\n\n</parameter\n</parameter>\n</function>\n</tool_call>",
}


@pytest.mark.parametrize(("name", "text"), NATURAL.items())
def test_what_models_write_is_allowed(model: Model, name: str, text: str) -> None:
    """A grammar does not forbid what a model would write of itself."""
    found = tool_grammar(format_of(name), TOOLS)
    assert model.allows(found.gbnf, text)
    assert not model.allows(found.gbnf, text.replace("turn_on", "turn_in"))
    assert not model.allows(found.gbnf, f"Well. {text}")
    # Once a call begins only, whatever was said before.
    before = "" if name == "llama3" else "Well. "
    assert model.allows(found.gbnf, before + text, found.lazy_patterns)
    assert model.allows(found.gbnf, "Well.", found.lazy_patterns)
    wrong = before + text.replace("turn_on", "turn_in")
    assert not model.allows(found.gbnf, wrong, found.lazy_patterns)


def test_thought_is_ended_first(model: Model) -> None:
    """Where the prompt ended in a thought the call comes after its end."""
    fmt = format_of("qwen3.5")
    found = tool_grammar(fmt, TOOLS, thinking_open=True)
    call = "<tool_call>\n<function=get_time>\n</function>\n</tool_call>"
    assert model.allows(found.gbnf, f"Hm < / th.\n</think>\n\n{call}")
    assert not model.allows(found.gbnf, call)
    parser = OutputParser(fmt, tools=TOOLS, thinking_open=True)
    pieces = parser.feed(f"Hm.</think>\n\n{call}")
    assert pieces == [Thinking("Hm."), Call(0, "get_time", "{}")]


def test_no_tools_no_grammar() -> None:
    """There is no grammar of calls without tools."""
    with pytest.raises(ValueError, match="no tools"):
        tool_grammar(format_of("qwen3"), [])


ALLOWED: list[tuple[JsonObject | None, list[str], list[str]]] = [
    (None, ["{}", '{"a": [1, {"b": null}]}'], ["[]", "1", '{"a"}']),
    ({}, ['"x"', "[]", "1.5", "-0.5", "true", '{"a": 1}'], ["x", "[1,]", "01", ".5"]),
    (
        {"type": "string"},
        ['""', '"\\u00e4\\n"', '"ä😀"'],
        ['"\n"', '"\\x"', '"\\ud800"', '"'],
    ),
    ({"minLength": 2, "maxLength": 3}, ['"ab"', '"a\\"c"'], ['"a"', '"abcd"']),
    ({"type": "string", "minLength": 2}, ['"ab"', f'"{"a" * 50}"'], ['"a"']),
    ({"type": "string", "maxLength": 9999}, [f'"{"a" * 600}"'], []),
    ({"const": {"a": [1, "x", None, True]}}, ['{"a": [1, "x", null, true]}'], ["{}"]),
    ({"enum": ["a", 1, 1.5]}, ['"a"', "1", "1.5"], ["a", "2"]),
    ({"type": "integer"}, ["0", "-12", "123456789012345"], ["1.5", "00", "-", "1e5"]),
    (
        {"type": "integer", "minimum": 18, "maximum": 2024},
        ["18", "99", "100", "2024", "1999"],
        ["17", "2025", "5", "-20"],
    ),
    (
        {"type": "integer", "minimum": -12, "maximum": 7},
        ["-12", "-3", "0", "7"],
        ["-13", "8", "-0"],
    ),
    ({"type": "integer", "minimum": 5}, ["5", "9", "10", "777777"], ["4", "-9", "0"]),
    ({"type": "integer", "maximum": -5}, ["-5", "-50"], ["-4", "5", "0"]),
    (
        {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 3},
        ["2"],
        ["1", "3"],
    ),
    ({"type": "integer", "minimum": 4, "maximum": 3}, ["4"], ["3", "5"]),
    ({"type": "number"}, ["0", "-1.25", "0.5"], ["1.", "--1", "NaN"]),
    (
        {"type": "number", "minimum": 0, "maximum": 1},
        ["0", "1", "0.25"],
        ["1.5", "-0.5", "2"],
    ),
    (
        {"minimum": 16.5, "maximum": 30},
        ["17", "16.5", "29.9", "30"],
        ["30.1", "15.9", "31"],
    ),
    (
        {"type": "number", "minimum": -2, "maximum": -1},
        ["-2", "-1", "-1.5"],
        ["-2.5", "0", "1.5", "-0.5"],
    ),
    ({"type": "number", "minimum": True, "maximum": "x"}, ["99"], []),
    ({"type": ["string", "null"]}, ['"a"', "null"], ["1"]),
    ({"type": "string", "nullable": True}, ['"a"', "null"], ["1"]),
    ({"type": "array"}, ["[]", '[1, "a"]'], ["{}"]),
    ({"items": {"type": "integer"}, "minItems": 1}, ["[1]", "[1,2]"], ["[]", '["a"]']),
    (
        {"items": {"type": "integer"}, "maxItems": 2},
        ["[]", "[1]", "[1, 2]"],
        ["[1,2,3]"],
    ),
    ({"type": "array", "maxItems": 0}, ["[]"], ["[1]"]),
    (
        {"prefixItems": [{"type": "integer"}, {"type": "string"}]},
        ['[1, "a"]'],
        ["[1]", '["a", 1]'],
    ),
    ({"type": "object"}, ["{}", '{"a": {"b": 1}}'], ["1"]),
    ({"type": "object", "properties": {}}, ["{}"], ['{"a": 1}']),
    (
        {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}, "c": True}},
        [
            "{}",
            '{"a": 1}',
            '{"b":1}',
            '{"a": 1, "b": 2}',
            '{"a": 1, "c": []}',
            '{"c": 1}',
        ],
        ['{"b": 1, "a": 2}', '{"d": 1}', '{"a": 1,}', '{"a": "x"}'],
    ),
    (
        {
            "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
            "required": ["b"],
        },
        ['{"b": 1}', '{"a": 1, "b": 2}'],
        ["{}", '{"a": 1}'],
    ),
    (
        {
            "properties": {"a": {"type": "integer"}},
            "additionalProperties": {"type": "boolean"},
        },
        ["{}", '{"a": 1}', '{"x": true}', '{"a": 1, "x": true, "y": false}'],
        ['{"x": 1}'],
    ),
    ({"additionalProperties": True}, ["{}", '{"x": 1, "y": []}'], ["1"]),
    ({"additionalProperties": False}, ["{}"], ['{"x": 1}']),
    (
        {
            "oneOf": [
                {"const": 1},
                {
                    "type": "object",
                    "properties": {"a": {"const": 2}},
                    "required": ["a"],
                },
            ]
        },
        ["1", '{"a": 2}'],
        ["2"],
    ),
    (
        {
            "properties": {"kind": {"const": "x"}},
            "required": ["kind"],
            "anyOf": [{"type": "object"}],
        },
        ['{"kind": "x"}'],
        ["{}"],
    ),
    (
        {
            "allOf": [
                {"properties": {"a": {"const": 1}}, "required": ["a"]},
                {"properties": {"b": {"const": 2}}},
            ]
        },
        ['{"a": 1}', '{"b": 2, "a": 1}'],
        ["{}", '{"b": 2}'],
    ),
    (
        {
            "$ref": "#/$defs/tree",
            "$defs": {
                "tree": {"properties": {"kids": {"items": {"$ref": "#/$defs/tree"}}}}
            },
        },
        ["{}", '{"kids": [{}, {"kids": [{}]}]}'],
        ['{"kids": [1]}'],
    ),
    (
        {
            "$defs": {"a/b": {"const": 1}},
            "items": {"$ref": "#/$defs/a~1b"},
            "type": "array",
        },
        ["[1]"],
        ["[2]"],
    ),
    (
        {"properties": {"a b": {"const": 1}, "a-b": {"const": 2}, "ä": {"const": 3}}},
        ['{"a b": 1, "a-b": 2, "ä": 3}'],
        ['{"a b": 2}'],
    ),
]


PATTERNS = [
    ("^([01][0-9]|2[0-3]):[0-5]\\d$", ["23:59", "00:00"], ["24:00", "1:00", "10:00Z"]),
    ("^a|bc$", ["a", "bc"], ["b", "abc", ""]),
    (r"^[a-z]{2,3}(?:_\w{1,2}){0,2}\.x?$", ["ab.", "abc_a_bb.x"], ["a.", "ab.xx"]),
    (r"^[\u00e4-\u00e9\u0020]*\/$", ["/", "ä é/"], ["a/", "ä"]),
    ("^$", [""], ["a"]),
]


@pytest.mark.parametrize(("pattern", "valid", "wrong"), PATTERNS)
def test_patterns(
    model: Model, pattern: str, valid: list[str], wrong: list[str]
) -> None:
    """A text is what its pattern describes, from end to end."""
    gbnf = schema_grammar({"type": "string", "pattern": pattern})
    for text in valid:
        assert model.allows(gbnf, f'"{text}"'), text
    for text in wrong:
        assert not model.allows(gbnf, f'"{text}"'), text


@pytest.mark.parametrize(
    "pattern",
    [
        5,
        "a",
        "^a",
        "^a\\$",
        "^(a$",
        "^a**$",
        "^a+?$",
        "^.*$",
        "^[^a]$",
        "^(?=a)b$",
        '^"$',
        '^["]$',
        r"^\s$",
        r"^\\$",
        "^((a{99}){99}){99}$",
        "^" + "a" * 500 + "$",
        "^{2}$",
        "^({2})$",
    ],
)
def test_patterns_that_no_grammar_has(model: Model, pattern: object) -> None:
    """Then the text is as long as it may be, whatever is in it."""
    gbnf = schema_grammar({"type": "string", "pattern": pattern, "maxLength": 3})
    assert model.allows(gbnf, '"xyz"')
    assert not model.allows(gbnf, '"wxyz"')


@pytest.mark.parametrize(("schema", "valid", "wrong"), ALLOWED)
def test_grammar_allows_what_the_schema_does(
    model: Model, schema: JsonObject | None, valid: list[str], wrong: list[str]
) -> None:
    """Valid answers are allowed, others are not."""
    gbnf = schema_grammar(schema)
    for text in valid:
        assert model.allows(gbnf, text), text
    for text in wrong:
        assert not model.allows(gbnf, text), text


def test_limits_of_numbers_are_exact(model: Model) -> None:
    """Every whole number is allowed that is within the limits, and no other."""
    for low, high in ((0, 0), (0, 100), (-17, 23), (95, 205), (-205, -95), (7, 70)):
        gbnf = schema_grammar({"type": "integer", "minimum": low, "maximum": high})
        for number in range(-220, 221, 1):
            assert model.allows(gbnf, str(number)) is (low <= number <= high), number


NESTED: JsonObject = {"type": "integer"}
for _ in range(100):
    NESTED = {"type": "array", "items": NESTED}


@pytest.mark.parametrize(
    ("schema", "match"),
    [
        ({"type": "magic"}, "unknown type: 'magic'"),
        ({"items": 5}, "not valid"),
        ({"$ref": "http://example.com"}, "outside"),
        ({"$ref": 5}, "outside"),
        ({"$ref": "#/$defs/none"}, "lacks"),
        (NESTED, "too deeply"),
        ({"type": ["string", 5]}, "unknown type"),
        ({"properties": {str(n): {"enum": [n]} for n in range(30_000)}}, "too large"),
    ],
)
def test_broken_schemas_are_refused(schema: JsonObject, match: str) -> None:
    """A schema that makes no sense, or too much of it, is refused with the reason."""
    with pytest.raises(SchemaError, match=match):
        schema_grammar(schema)


def test_names_with_anything_in_them(model: Model) -> None:
    """Names of tools and arguments are no grammar."""
    odd = tool('a" ::= b\n\\', **{'x" | "y\x00]': {"const": 'q"\\'}})
    for name in ("qwen3", "gemma4", "lfm2", "qwen3.5"):
        gbnf = tool_grammar(format_of(name), [odd]).gbnf
        assert not model.allows(gbnf, "b")
