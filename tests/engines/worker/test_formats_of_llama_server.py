"""What the worker makes of a model's words, beside what llama-server makes of them.

A model of a table says a text; llama-server, with the chat template of a known model,
takes it apart. The worker's parser must find the same words, thoughts and calls.
"""

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from custom_components.hearth.engines.worker.formats import JsonObject
from custom_components.hearth.engines.worker.output import (
    Call,
    OutputParser,
    Text,
    Thinking,
    ends_in_thought,
)
from custom_components.hearth.engines.worker.template import ChatTemplate
from tests.engines.gguf_models import MARKUP, qwen, spelled, write_random, write_table
from tests.engines.llama_servers import llama_server

from .templates import TOOLS, format_of, path_of, template_of

pytestmark = pytest.mark.usefixtures("socket_enabled")

USER: JsonObject = {"role": "user", "content": "Hi"}
# Tokens that prompts end with: line breaks, and the ends of markers.
STARTS = ("Ċ", "ĊĊ", ">ĊĊ", ">", "]")

SAID = [
    (
        "qwen3",
        'Let me see.\n<tool_call>\n{"name": "turn_on", "arguments": {"name": "ü </tool_call> {"}}\n</tool_call>\n<tool_call>\n{"name": "dim", "arguments": {"name": "b", "level": 3}}\n</tool_call>',
    ),
    ("qwen3", "<think>\nHm, hm.\n</think>\n\nThe light is on.  \n"),
    (
        "qwen3",
        '<think>\nHm\n</think>\n\n<tool_call>\n{"name": "get_time", "arguments": {}}\n</tool_call>',
    ),
    ("qwen3", "  \n\nHello there <tool and so on"),
    ("qwen3", "<think>\nHm"),
    (
        "qwen2.5",
        '<tool_call>\n{"name": "turn_on", "arguments": {"name": "a\\"b\\n"}}\n</tool_call>',
    ),
    ("llama3", '{"name": "dim", "parameters": {"name": "a", "level": 4}}'),
    ("llama3", "The light is on."),
    (
        "lfm2.5",
        "<|tool_call_start|>[turn_on(name=\"a\"), dim(name='it\\'s', level=-3)]<|tool_call_end|>",
    ),
    ("lfm2.5", 'Let me see.\n<|tool_call_start|>[turn_on(name="ü")]<|tool_call_end|>'),
    ("lfm2.5", "<think>hm</think>Done."),
    ("lfm2", '<|tool_call_start|>[turn_on(name="a")]<|tool_call_end|>'),
    (
        "nemo",
        '[TOOL_CALLS][{"name": "turn_on", "arguments": {"name": "a]"}, "id": "123456789"}]',
    ),
    (
        "nemo",
        '[TOOL_CALLS][{"name": "turn_on", "arguments": {"name": "a"}, "id": "123456789"}, {"name": "turn_on", "arguments": {"name": "b"}, "id": "123456780"}]',
    ),
    ("nemo", "Plain [TOOL answer"),
    (
        "ministral3",
        'Sure. [TOOL_CALLS]turn_on[ARGS]{"name": "a"}[TOOL_CALLS]turn_on[ARGS]{"name": "b"}',
    ),
    ("ministral3", "[THINK]hm[/THINK]Plain answer"),
    (
        "granite4",
        '<tool_call>\n{"name": "turn_on", "arguments": {"name": "a"}}\n</tool_call>',
    ),
    (
        "qwen3.5",
        "Hm.\n</think>\n\n<tool_call>\n<function=dim>\n<parameter=name>\n12\n</parameter>\n<parameter=level>\n3\n</parameter>\n</function>\n</tool_call>",
    ),
    ("qwen3.5", "a\n</think>\n\nHi."),
    ("gemma4", '<|tool_call>call:dim{level:3,name:<|"|>a } b<|"|>}<tool_call|>'),
    ("gemma4", "<|channel>thought\nHm.\n<channel|>Done."),
]


def cut(text: str) -> list[str]:
    """Cut a text into pieces that can be tokens: new ones, and no two the same."""
    known = {*qwen().tokens, *MARKUP}
    pieces: list[str] = []
    piece = ""
    for character in text:
        piece += character
        if len(piece) > 4 and spelled(piece) not in known:
            known.add(spelled(piece))
            pieces.append(piece)
            piece = ""
    return [*pieces[:-1], pieces[-1] + piece]


def server_s(url: str) -> tuple[str, str, list[Any]]:
    """Return the thoughts, words and calls that a server tells of."""
    body = {"messages": [USER], "tools": TOOLS, "max_tokens": 300, "temperature": 0}
    request = Request(
        f"{url}/v1/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        found = json.load(answer)["choices"][0]["message"]
    calls = [call["function"] for call in found.get("tool_calls") or []]
    return (
        found.get("reasoning_content") or "",
        found.get("content") or "",
        [(call["name"], json.loads(call["arguments"])) for call in calls],
    )


def worker_s(model: str, text: str) -> tuple[str, str, list[Any]]:
    """Return the thoughts, words and calls that the worker's parser finds."""
    fmt = format_of(model)
    prompt = template_of(model).render([USER], tools=TOOLS)
    parser = OutputParser(fmt, tools=TOOLS, thinking_open=ends_in_thought(fmt, prompt))
    pieces = [p for part in cut(text) for p in parser.feed(part)] + parser.finish()
    return (
        "".join(p.content for p in pieces if isinstance(p, Thinking)),
        "".join(p.content for p in pieces if isinstance(p, Text)),
        [(p.name, json.loads(p.arguments)) for p in pieces if isinstance(p, Call)],
    )


@pytest.mark.parametrize(("model", "text"), SAID)
def test_same_as_llama_server(tmp_path: Path, model: str, text: str) -> None:
    """Both find the same thoughts, words and calls in the same text."""
    weights, log = tmp_path / "table.gguf", tmp_path / "log"
    write_table(weights, (STARTS, cut(text)))
    template = str(path_of(model))
    with llama_server(
        log, "-m", str(weights), "--jinja", "--chat-template-file", template
    ) as url:
        theirs = server_s(url)
    assert any(theirs)
    assert worker_s(model, text) == theirs


@pytest.mark.parametrize(
    "model",
    [
        "gemma4",
        "granite4",
        "lfm2",
        "lfm2.5",
        "llama3",
        "nemo",
        "qwen2.5",
        "qwen3",
        "qwen3.5",
    ],
)
def test_same_prompt_as_llama_server(tmp_path: Path, model: str) -> None:
    """Both make the same text of a chat with tools, calls and results."""
    weights, log = tmp_path / "random.gguf", tmp_path / "log"
    write_random(weights)
    call = {
        "id": "abcdefghi",
        "type": "function",
        "function": {"name": "turn_on", "arguments": '{"name": "Lämpchen <\'&>"}'},
    }
    chat: list[JsonObject] = [
        {"role": "system", "content": "Be brief."},
        USER,
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {
            "role": "tool",
            "tool_call_id": "abcdefghi",
            "name": "turn_on",
            "content": "on",
        },
        {"role": "assistant", "content": "Done."},
        USER,
    ]
    body = {
        "messages": chat,
        "tools": TOOLS,
        "chat_template_kwargs": {"enable_thinking": False},
    }
    with llama_server(
        log, "-m", str(weights), "--jinja", "--chat-template-file", str(path_of(model))
    ) as url:
        request = Request(
            f"{url}/apply-template",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:
            theirs = json.load(answer)["prompt"]
    # The model names no token to begin with: llama.cpp takes the one of GPT-2, a comma.
    source = path_of(model).read_text()
    template = ChatTemplate(source, bos=",", eos="<|im_end|>")
    ours = template.render(chat, tools=TOOLS, kwargs={"enable_thinking": False})
    assert ours == theirs
