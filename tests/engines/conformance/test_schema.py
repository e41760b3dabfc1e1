"""Answers that follow a schema."""

from collections.abc import Callable
import json

from homeassistant.helpers.selector import selector
import probatio

from custom_components.hearth.agent.bounds import bounded, strict_limits
from custom_components.hearth.agent.structure import json_schema, read_answer
from custom_components.hearth.engines.chat import Message, Role
from custom_components.hearth.engines.llama_server import LlamaServerEngine

from ...managed.test_tasks import structures
from ..test_llama_server import answer
from .conftest import At

SCHEMA = {
    "type": "object",
    "properties": {"on": {"type": "boolean"}, "room": {"enum": ["hall", "bath"]}},
    "required": ["on", "room"],
    "additionalProperties": False,
}


async def test_an_answer_by_schema(talk: Callable[[str], LlamaServerEngine]) -> None:
    """Even a model that talks noise keeps to a schema, from the first token on."""
    for temperature in (0, 1.0):
        deltas = await answer(
            talk("random"),
            response_schema=SCHEMA,
            max_tokens=300,
            temperature=temperature,
        )
        said = "".join(delta.content for delta in deltas)
        assert said.startswith("{")
        found = json.loads(said)
        assert found.keys() == {"on", "room"}
        assert isinstance(found["on"], bool)
        assert found["room"] in {"hall", "bath"}


async def test_the_second_try_of_a_task(
    talk: Callable[[str], LlamaServerEngine],
) -> None:
    """Noise within strict bounds ends in time, and is what was asked for."""
    engine = talk("random")
    for number, fields in enumerate(structures(30)):
        structure = probatio.Schema(
            {
                (probatio.Required if field["required"] else probatio.Optional)(
                    name
                ): selector(field["selector"])
                for name, field in fields.items()
            }
        )
        schema = json_schema(structure)
        deltas = await answer(
            engine,
            messages=(Message(role=Role.USER, content=f"Describe home {number}."),),
            max_tokens=2048,
            response_schema=bounded(schema, strict_limits(schema, 1024)),
            temperature=1.0,
        )
        said = "".join(delta.content for delta in deltas)
        assert read_answer(said, structure).keys() >= {
            name for name, field in fields.items() if field["required"]
        }


async def test_some_object(at: At) -> None:
    """Where any object will do, it begins like one."""
    whole = await at("random").chat(
        "Light", max_tokens=30, response_format={"type": "json_object"}
    )
    assert whole["choices"][0]["message"]["content"].startswith("{")


async def test_a_schema_that_is_none(at: At) -> None:
    """What no grammar can be made of is refused, and the next answer is fine."""
    broken = {"type": "json_schema", "json_schema": {"schema": {"type": "nonsense"}}}
    reply = await at("random").ask(
        "POST",
        "/v1/chat/completions",
        {"messages": [{"role": "user", "content": "Hi"}], "response_format": broken},
    )
    assert reply.status == 400
    assert reply.body["error"]["type"] == "invalid_request_error"
    assert (await at("random").chat("Hi", max_tokens=1))["choices"]
