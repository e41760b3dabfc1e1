"""Calls of tools, and what comes back of them."""

from collections.abc import Callable
import json
from typing import Any

import pytest

from custom_components.hearth.engines.chat import (
    Delta,
    FinishReason,
    Message,
    Role,
    ToolCall,
)
from custom_components.hearth.engines.llama_server import LlamaServerEngine

from ..test_llama_server import ASKED, TOOLS, answer, stats_of
from .conftest import At, Runtime

type Talk = Callable[[str], LlamaServerEngine]

ANY_LIGHT: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "HassTurnOn",
        "description": "Turns on a device",
        "parameters": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
}
LIGHT: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "HassTurnOn",
        "description": "Turns on a device",
        "parameters": {
            "type": "object",
            "properties": {
                "name": {"enum": ["hall", "bath"]},
                "level": {"type": "integer", "minimum": 0, "maximum": 100},
            },
            "required": ["name", "level"],
            "additionalProperties": False,
        },
    },
}


async def test_a_call(talk: Talk) -> None:
    """A call comes whole, and the answer ends with it."""
    call, last = await answer(talk("caller"), tools=TOOLS)
    [made] = call.tool_calls
    assert made == ToolCall(made.id, "HassTurnOn", {"name": "kitchen light"})
    assert made.id
    assert call == Delta(tool_calls=(made,))
    assert stats_of([call, last]).finish_reason is FinishReason.STOP


async def test_two_calls_after_a_sentence(talk: Talk) -> None:
    """The sentence streams; each call comes when it is complete."""
    deltas = await answer(talk("two_calls"), tools=TOOLS)
    assert "".join(d.content for d in deltas).strip() == "Sure, I will do that."
    assert deltas[0].content.strip() == "Sure,"
    calls = [call for delta in deltas for call in delta.tool_calls]
    assert [(call.name, call.arguments) for call in calls] == [
        ("HassTurnOn", {"name": "hall light"}),
        ("GetLiveContext", {}),
    ]
    assert len({call.id for call in calls}) == 2


async def test_calls_in_a_whole_answer(at: At) -> None:
    """Calls are there also where nothing streams."""
    context = {"type": "function", "function": {"name": "GetLiveContext"}}
    whole = await at("two_calls").chat("Light", tools=[ANY_LIGHT, context])
    [choice] = whole["choices"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"].strip() == "Sure, I will do that."
    calls = choice["message"]["tool_calls"]
    assert [call["type"] for call in calls] == ["function", "function"]
    assert json.loads(calls[0]["function"]["arguments"]) == {"name": "hall light"}
    assert calls[0]["id"] != calls[1]["id"]


@pytest.mark.parametrize("more", [{}, {"tools": [LIGHT], "tool_choice": "none"}])
async def test_markup_without_tools_is_text(at: At, more: dict[str, Any]) -> None:
    """What looks like a call is one only where calls are wanted."""
    message = (await at("caller").chat("Light", **more))["choices"][0]["message"]
    assert not message.get("tool_calls")
    assert '"HassTurnOn"' in message["content"]


async def test_results_are_passed_back(talk: Talk, at: At) -> None:
    """What was called and answered before is in the prompt."""
    past = (
        *ASKED,
        Message(
            role=Role.ASSISTANT,
            content="Yes.",
            tool_calls=(ToolCall("a", "HassTurnOn", {"name": "kitchen light"}),),
        ),
        Message(
            role=Role.TOOL,
            tool_call_id="a",
            tool_name="HassTurnOn",
            content='{"answer": "it is on now"}',
        ),
    )
    short = stats_of(await answer(talk("caller"), tools=TOOLS))
    long = stats_of(await answer(talk("caller"), tools=TOOLS, messages=past))
    assert short.prompt_tokens is not None
    assert long.prompt_tokens is not None
    assert long.prompt_tokens > short.prompt_tokens + 30
    body = {
        "messages": [
            {"role": "user", "content": "Light"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "a",
                        "type": "function",
                        "function": {"name": "HassTurnOn", "arguments": '{"n": 1}'},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "a", "content": "it is on now"},
        ],
        "tools": [LIGHT],
    }
    prompt = (await at("caller").ask("POST", "/apply-template", body)).body["prompt"]
    assert '{"name": "HassTurnOn", "arguments": {"n": 1}}' in prompt
    assert "it is on now" in prompt


async def test_a_call_that_is_required(at: At, runtime: Runtime) -> None:
    """A model that talks noise calls when it must, at least with the worker."""
    for seed in range(3):
        whole = await at("random").chat(
            "Light",
            max_tokens=400,
            seed=seed,
            temperature=1.0,
            tool_choice="required",
            tools=[LIGHT],
        )
        message = whole["choices"][0]["message"]
        if runtime is Runtime.LLAMA_SERVER and not message.get("tool_calls"):
            # Free text may come first there, and this model never stops talking.
            assert whole["choices"][0]["finish_reason"] == "length"
            continue
        _check_valid(message["tool_calls"])


def _check_valid(calls: list[dict[str, Any]]) -> None:
    """Check that calls are what the tool's schema allows."""
    assert calls
    for call in calls:
        assert call["function"]["name"] == "HassTurnOn"
        arguments = json.loads(call["function"]["arguments"])
        assert arguments.keys() == {"name", "level"}
        assert arguments["name"] in {"hall", "bath"}
        assert 0 <= arguments["level"] <= 100


async def test_a_call_is_made_valid(at: At) -> None:
    """From where a call begins, a grammar leaves the model no way to spoil it."""
    bound = await at("caller").chat("Light", tools=[LIGHT], max_tokens=400)
    _check_valid(bound["choices"][0]["message"]["tool_calls"])


@pytest.mark.parametrize("runtime", [Runtime.WORKER], indirect=True)
async def test_a_call_left_free_which_only_the_worker_does(at: At) -> None:
    """Left to itself this model says another name, and not what is required."""
    free = await at("caller").chat(
        "Light", tools=[LIGHT], max_tokens=200, hearth_constrain_tools=False
    )
    [call] = free["choices"][0]["message"]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"name": "kitchen light"}


@pytest.mark.parametrize("runtime", [Runtime.WORKER], indirect=True)
async def test_one_tool_by_name_which_only_the_worker_does(at: At) -> None:
    """Of several tools the one that is named is called."""
    other = {"type": "function", "function": {"name": "Other", "parameters": {}}}
    choice = {"type": "function", "function": {"name": "HassTurnOn"}}
    whole = await at("random").chat(
        "Light", max_tokens=400, tool_choice=choice, tools=[other, LIGHT]
    )
    _check_valid(whole["choices"][0]["message"]["tool_calls"])
