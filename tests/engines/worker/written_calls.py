"""Tool calls as models write them, and what only looks like one."""

from typing import Any

LAMP = ("turn_on", {"name": "lamp"})
DIM = ("dim", {"name": "ü} ]\"'", "level": -3})
TIME: tuple[str, dict[str, Any]] = ("get_time", {})

# What a model writes, and what it means: calls, or other text in between.
WRITTEN: dict[str, list[tuple[str, list[Any]]]] = {
    "qwen3": [
        (
            '<tool_call>\n{"name": "turn_on", "arguments": {"name": "lamp"}}\n</tool_call>',
            [LAMP],
        ),
        ('<tool_call>{"name":"get_time"}</tool_call>', [TIME]),
        ('<tool_call>{"name":"get_time","arguments":null}', [TIME]),
        ('<tool_call>{"name":"get_time","arguments":""}', [TIME]),
        ('<tool_call>{"function": "turn_on", "parameters": {"name": "lamp"}}', [LAMP]),
        ('<tool_call>{"type": "function", "function": {"name": "get_time"}}', [TIME]),
        (
            '<tool_call>{"name": "turn_on", "arguments": "{\\"name\\": \\"lamp\\"}"}',
            [LAMP],
        ),
        (
            '<tool_call>[{"name": "get_time"}, {"name": "get_time"}]</tool_call>',
            [TIME, TIME],
        ),
        (
            'Well.<tool_call>\n{"name": "dim", "arguments": {"name": "\\u00fc} ]\\"\'", "level": -3}}\n</tool_call>\n<tool_call>\n{"name": "get_time", "arguments": {}}\n</tool_call>\n',
            ["Well.", DIM, TIME],
        ),
        (
            '<tool_call>{"name": "turn_on", "arguments": {"name": "a\nb"}}',
            [("turn_on", {"name": "a\nb"})],
        ),
        (
            '<tool_call>{"name": "turn_on", "arguments": {"name": "</tool_call>"}}</tool_call>',
            [("turn_on", {"name": "</tool_call>"})],
        ),
        ('<tool_call>{"name": "unheard_of", "arguments": {}}', [("unheard_of", {})]),
    ],
    "granite3": [
        ('<|tool_call|>[{"name": "turn_on", "arguments": {"name": "lamp"}}]', [LAMP]),
        ('<|tool_call|> [{"name": "get_time"}, {"name": "get_time"}]', [TIME, TIME]),
        ('<|tool_call|>{"name": "get_time"}', [TIME]),
    ],
    "nemo": [
        (
            '[TOOL_CALLS][{"name": "turn_on", "arguments": {"name": "lamp"}, "id": "123456789"}]',
            [LAMP],
        ),
        (
            '[TOOL_CALLS] [{"name": "get_time", "arguments": {}}, {"name": "get_time"}]',
            [TIME, TIME],
        ),
    ],
    "ministral3": [
        ('[TOOL_CALLS]turn_on[ARGS]{"name": "lamp"}', [LAMP]),
        (
            'Hm [TOOL_CALLS]turn_on[ARGS]{"name": "lamp"}[TOOL_CALLS]get_time[ARGS]{}',
            ["Hm ", LAMP, TIME],
        ),
        ('[TOOL_CALLS]turn_on{"name": "lamp"}', [LAMP]),
        ('[TOOL_CALLS][{"name": "turn_on", "arguments": {"name": "lamp"}}]', [LAMP]),
    ],
    "mistral-small": [
        ('[TOOL_CALLS]turn_on[CALL_ID]123456789[ARGS]{"name": "lamp"}', [LAMP]),
    ],
    "llama3": [
        ('{"name": "turn_on", "parameters": {"name": "lamp"}}', [LAMP]),
        (' \n{ "name" : "get_time", "arguments": {}}\n', [TIME]),
        ('{"type": "function", "name": "get_time", "parameters": {}}', [TIME]),
        (
            '{"name": "get_time", "parameters": {}}; {"name": "get_time", "parameters": {}}',
            [TIME, TIME],
        ),
        ('<|python_tag|>{"name": "turn_on", "parameters": {"name": "lamp"}}', [LAMP]),
        ('<|python_tag|>turn_on.call(name="lamp")', [LAMP]),
        ('Well {"name": "get_time"}', ['Well {"name": "get_time"}']),
        ('{"temperature": 20}', ['{"temperature": 20}']),
        ('{"id": 20}', ['{"id": 20}']),
        ("{20}", ["{20}"]),
    ],
    "lfm2": [
        ('<|tool_call_start|>[turn_on(name="lamp")]<|tool_call_end|>', [LAMP]),
        (
            "<|tool_call_start|>[turn_on(name='lamp'), get_time()]<|tool_call_end|>Ok",
            [LAMP, TIME, "Ok"],
        ),
        (
            "<|tool_call_start|>[dim(name='ü} ]\"\\'', level=-3)]<|tool_call_end|>",
            [DIM],
        ),
        (
            "<|tool_call_start|>[dim('lamp', 5)]<|tool_call_end|>",
            [("dim", {"name": "lamp", "level": 5})],
        ),
        ("<|tool_call_start|>get_time()", [TIME]),
        (
            '<|tool_call_start|>[{"name": "get_time", "arguments": {}}]<|tool_call_end|>',
            [TIME],
        ),
        (
            "<|tool_call_start|>[x.y(a=True, b=None, c=[1, 2.5, 'z',], d={'k': false}, e=(1,), f=1e3, g=[])]",
            [
                (
                    "x.y",
                    {
                        "a": True,
                        "b": None,
                        "c": [1, 2.5, "z"],
                        "d": {"k": False},
                        "e": [1],
                        "f": 1000.0,
                        "g": [],
                    },
                )
            ],
        ),
        (
            '<|tool_call_start|>[f(a="\\u00fc\\ud83d\\ude00\\n\\x41\\q", b=+5, c=1., d=word)]',
            [("f", {"a": "ü😀\nAq", "b": 5.0, "c": 1.0, "d": "word"})],
        ),
    ],
    "gemma2": [
        ('```tool_code\nturn_on(name="lamp")\n```', [LAMP]),
        ('```tool_code\nprint(turn_on(name="lamp"))\n```\nOk', [LAMP, "Ok"]),
        ("```tool_code\nget_time()\nget_time()\n```", [TIME, TIME]),
        ("```tool_code\n[get_time(), get_time()]\n```", [TIME, TIME]),
    ],
    "gemma4": [
        ('<|tool_call>call:turn_on{name:<|"|>lamp<|"|>}<tool_call|>', [LAMP]),
        ('<|tool_call>call:dim{level:-3,name:<|"|>ü} ]"\'<|"|>}<tool_call|>', [DIM]),
        (
            "<|tool_call>call:get_time{}<tool_call|><|tool_call>call:get_time{}<tool_call|>",
            [TIME, TIME],
        ),
        (
            '<|tool_call>call:f{a:{b:[true,null,<|"|>x<|"|>]}, <|"|>c d<|"|>:1.5,e:"q"}',
            [("f", {"a": {"b": [True, None, "x"]}, "c d": 1.5, "e": "q"})],
        ),
    ],
    "qwen3.5": [
        (
            "<tool_call>\n<function=turn_on>\n<parameter=name>\nlamp\n</parameter>\n</function>\n</tool_call>",
            [LAMP],
        ),
        (
            "<tool_call>\n<function=dim>\n<parameter=name>\nü} ]\"'\n</parameter>\n<parameter=level>\n-3\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=get_time>\n</function>\n</tool_call>",
            [DIM, TIME],
        ),
        (
            "<function=turn_on><parameter=name>12</parameter></function>",
            [("turn_on", {"name": "12"})],
        ),
        (
            '<tool_call>\n<function=f>\n<parameter=x>\n{"a": 1}\n</parameter>\n</function>',
            [("f", {"x": {"a": 1}})],
        ),
        (
            "<tool_call>\n<function=f>\n<parameter=x>\nTrue\n</parameter>\n</function>",
            [("f", {"x": True})],
        ),
        (
            "<tool_call>\n<function=f>\n<parameter=x>\na b\n</parameter>\n</function>",
            [("f", {"x": "a b"})],
        ),
    ],
    "minicpm5": [
        ('<function name="turn_on"><param name="name">lamp</param></function>', [LAMP]),
        (
            '<function name="turn_on"><param name="name"><![CDATA[</p>]]></param></function>',
            [("turn_on", {"name": "</p>"})],
        ),
    ],
}

# What begins as a call and is none, by model.
NO_CALLS: dict[str, list[str]] = {
    "qwen3": [
        "<tool_call>nothing",
        "<tool_call>",
        '<tool_call>{"name": "turn_on", "argu',
        '<tool_call>{"name": "turn_on", "arguments": {"name": "a\\',
        '<tool_call>{"name": 5}',
        '<tool_call>{"name": ""}',
        '<tool_call>{"no": "name"}',
        '<tool_call>{"name": "f", "arguments": [1]}',
        '<tool_call>{"name": "f", "arguments": {"a": NaN}}',
        '<tool_call>{"name": "f", "arguments": "{"}',
        '<tool_call>{"name" "f"}',
        "<tool_call>[1]",
    ],
    "llama3": [
        '{"name": "turn_on", "para',
        '{"name',
        '<|python_tag|>print("x")\nprint("y"',
        "<|python_tag|>",
        "<|python_tag|>import os",
    ],
    "lfm2": [
        "<|tool_call_start|>[",
        "<|tool_call_start|>[f(",
        "<|tool_call_start|>[f(a=)]",
        "<|tool_call_start|>[f(1)]",
        "<|tool_call_start|>[f(a=1 b=2)]",
        "<|tool_call_start|>[f(a='x",
        "<|tool_call_start|>[f(a='x\\",
        "<|tool_call_start|>[f(a='\\u12",
        "<|tool_call_start|>[f(a='\\uzzzz')]",
        "<|tool_call_start|>[f(a='\\Uffffffff')]",
        "<|tool_call_start|>[f(a={1})]",
        "<|tool_call_start|>[f(a={:1})]",
        "<|tool_call_start|>[f(a=[1 2)]",
        "<|tool_call_start|>[__import__('os').system('x')]",
        "<|tool_call_start|>[f(a=" + "[" * 100,
    ],
    "gemma2": [
        "```tool_code\nprint(f()",
        "```tool_code\nprint(f() + 1)",
        "```tool_code\n\n```",
    ],
    "gemma4": [
        "<|tool_call>call:{}",
        "<|tool_call>nothing",
        '<|tool_call>call:f{a:<|"|>x',
        "<|tool_call>call:f{a:,b:1}",
    ],
    "ministral3": [
        "[TOOL_CALLS]",
        "[TOOL_CALLS]f",
        "[TOOL_CALLS][ARGS]{}",
        "[TOOL_CALLS]f[ARGS]5",
        "[TOOL_CALLS]{}",
    ],
    "qwen3.5": [
        "<tool_call>\n<function=",
        "<tool_call>\n<function=>",
        "<tool_call>\n<function=f>\n<parameter=x>\n5",
        "<tool_call>\n<function=f>\nnothing",
        "<tool_call>nothing",
    ],
}
