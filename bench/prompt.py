"""Tokens of the prompt for one utterance, Assist as it is beside the compact one.

Both are what Home Assistant itself makes for the home of a file: instructions,
home and tools of its Assist API, and those of Hearth's. Both are rendered by the
same chat template with tools and counted with the same tokenizer.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
import json
from pathlib import Path
import sys
from typing import Any

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import chat_session, llm
from homeassistant.setup import async_setup_component
import probatio

from custom_components.hearth.agent.briefing import async_brief, newest_message
from custom_components.hearth.agent.options import AgentOptions
from custom_components.hearth.const import DOMAIN, LLM_API_HEARTH
from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.llama_format import chat_body
from demo.command import run
from demo.errors import DemoError
from demo.stage import FAMILY, Progress

from .in_process import home_in_process
from .tokenizer import QWEN, TEMPLATE, Tokenizer, tokenizer

SAID = "Turn on the kitchen ceiling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A chat with one utterance, as an engine gets it."""

    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Tokens of a prompt, and of it without its tools."""

    whole: int
    without_tools: int


def _heard() -> conversation.ConversationInput:
    """Return the utterance as Home Assistant hears it."""
    return conversation.ConversationInput(
        text=SAID,
        context=Context(),
        conversation_id=None,
        device_id=None,
        satellite_id=None,
        language="en",
        agent_id=conversation.HOME_ASSISTANT_AGENT,
    )


async def assist_prompt(hass: HomeAssistant) -> Prompt:
    """Return what Home Assistant's own agents send for the Assist API."""
    heard = _heard()
    with (
        chat_session.async_get_chat_session(hass) as session,
        conversation.async_get_chat_log(hass, session, heard) as chat_log,
    ):
        await chat_log.async_provide_llm_data(
            heard.as_llm_context(DOMAIN), llm.LLM_API_ASSIST
        )
        api = chat_log.llm_api
        system = chat_log.content[0]
    return Prompt(
        messages=[
            {"role": "system", "content": _text(system)},
            {"role": "user", "content": SAID},
        ],
        tools=[_described(tool, api) for tool in api.tools] if api else [],
    )


def _text(content: conversation.Content) -> str:
    """Return the system message's text."""
    if not isinstance(content, conversation.SystemContent):
        raise TypeError("A chat log begins with the system message")
    return content.content


def _described(tool: llm.Tool, api: llm.APIInstance) -> dict[str, Any]:
    """Describe a tool the way Home Assistant's own agents do."""
    function = {
        "name": tool.name,
        "description": tool.description or "",
        "parameters": probatio.to_openapi(
            tool.parameters,
            custom_serializer=api.custom_serializer,
            openapi_version="3.1.0",
        ),
    }
    return {"type": "function", "function": function}


async def hearth_prompt(hass: HomeAssistant) -> Prompt:
    """Return what Hearth sends with its own API."""
    briefing = await async_brief(
        hass,
        AgentOptions(model="any", apis=(LLM_API_HEARTH,)),
        _heard().as_llm_context(DOMAIN),
    )
    message = newest_message(hass, SAID, briefing.entities, device_id=None, extra=None)
    body = chat_body(
        ChatRequest(
            model="any",
            messages=(
                Message(role=Role.SYSTEM, content=briefing.prefix),
                Message(role=Role.USER, content=message),
            ),
            tools=tuple(briefing.tools.values()),
        )
    )
    return Prompt(messages=body["messages"], tools=body["tools"])


async def _cost(counter: Tokenizer, prompt: Prompt) -> Cost:
    """Count a prompt."""
    return Cost(
        whole=await counter.count(prompt.messages, prompt.tools),
        without_tools=await counter.count(prompt.messages, []),
    )


def table(costs: dict[str, Cost]) -> str:
    """Return the costs side by side."""
    rows: dict[str, Callable[[Cost], int]] = {
        "the whole prompt": lambda cost: cost.whole,
        "its tools": lambda cost: cost.whole - cost.without_tools,
        "instructions, home, words": lambda cost: cost.without_tools,
    }
    lines = [f"{'tokens':28}" + "".join(f"{name:>10}" for name in costs)]
    for title, value in rows.items():
        cells = "".join(f"{value(cost):>10}" for cost in costs.values())
        lines.append(f"{title:28}{cells}")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench prompt", description=__doc__)
    parser.add_argument("--home", type=Path, default=FAMILY, metavar="FILE")
    parser.add_argument(
        "--tokenizer", type=Path, default=QWEN, metavar="GGUF", help="Qwen's by default"
    )
    parser.add_argument(
        "--template", type=Path, default=TEMPLATE, metavar="JINJA", help="chat template"
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--show", action="store_true", help="print Hearth's prompt too")
    return parser.parse_args()


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    tell = Progress("bench")
    tell("starting the tokenizer")
    async with tokenizer(options.tokenizer, options.template) as counter:
        tell("starting Home Assistant")
        async with home_in_process(options.home) as hass:
            if not await async_setup_component(hass, DOMAIN, {}):
                raise DemoError("Hearth could not be set up")
            prompts = {
                "assist": await assist_prompt(hass),
                "hearth": await hearth_prompt(hass),
            }
        costs = {name: await _cost(counter, each) for name, each in prompts.items()}
    if options.show:
        for message in prompts["hearth"].messages:
            print(f"[{message['role']}]\n{message['content']}\n")
        for tool in prompts["hearth"].tools:
            print(json.dumps(tool))
    print(table(costs))
    if options.json:
        print(json.dumps({name: cost.whole for name, cost in costs.items()}))


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
