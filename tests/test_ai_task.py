"""AI tasks through a real Home Assistant, with an engine that follows a script."""

import asyncio
from contextlib import AsyncExitStack
import json
from pathlib import Path
from typing import Any, override

from homeassistant.components import ai_task, conversation
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import chat_session, entity_registry as er, llm
from homeassistant.setup import async_setup_component
import probatio
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.hearth.agent.images import MOST_BYTES
from custom_components.hearth.agent.line import Priority
from custom_components.hearth.const import DOMAIN, SUBENTRY_AI_TASK
from custom_components.hearth.engines.base import ModelInfo
from custom_components.hearth.engines.chat import (
    Delta,
    FinishReason,
    Role,
    ToolCall,
    TurnStats,
)
from custom_components.hearth.engines.faults import (
    EngineError,
    OutOfMemory,
    ProtocolError,
    Unreachable,
    Unsupported,
)

from .conftest import ENTRY_ID, state_of
from .fake_engine import STATS, FakeEngine, calls, says

AGENT = "ai_task.tiny_ai_task"
STRUCTURE = {
    "name": {"selector": {"text": {}}, "required": True},
    "level": {"selector": {"number": {"min": 0, "max": 10}}, "required": True},
    "rooms": {
        "selector": {
            "object": {
                "multiple": True,
                "fields": {"room": {"selector": {"text": {}}, "required": True}},
            }
        },
    },
}
GOOD = {"name": "Ada", "level": 3, "rooms": [{"room": "hall"}]}
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def platform_list() -> list[str]:
    """Set up only what works on tasks, and what shows how that went."""
    return ["ai_task", "sensor"]


@pytest.fixture
def agent_data() -> dict[str, Any]:
    """Return the settings of an agent that has the usual ones."""
    return {CONF_MODEL: "tiny"}


@pytest.fixture
def mock_config_entry(
    engine: FakeEngine, agent_data: dict[str, Any]
) -> MockConfigEntry:
    """Return an entry whose agent works on tasks."""
    return MockConfigEntry(
        data={"url": engine.url},
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        minor_version=2,
        subentries_data=[
            ConfigSubentryDataWithId(
                data=agent_data,
                subentry_id="01JHEARTHTASKS000000000000",
                subentry_type=SUBENTRY_AI_TASK,
                title="tiny AI task",
                unique_id=None,
            )
        ],
        title="127.0.0.1",
    )


@pytest.fixture(autouse=True)
async def ready(hass: HomeAssistant, tmp_path: Path) -> None:
    """Set up what tasks come from, and a folder with media."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    assert await async_setup_component(hass, "ai_task", {})


async def ask(hass: HomeAssistant, **data: Any) -> Any:
    """Give the agent a task as an automation does; return what comes back."""
    response = await hass.services.async_call(
        "ai_task",
        "generate_data",
        {"task_name": "test", "instructions": "Do it", "entity_id": AGENT} | data,
        blocking=True,
        return_response=True,
    )
    assert response is not None
    return response["data"]


async def test_a_text(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Without a structure the answer is a text; what it cost is told."""
    events = async_capture_events(hass, "hearth_turn_finished")
    engine.script(says("A poem", " about lamps. "))

    assert await ask(hass) == "A poem about lamps."

    (request,) = engine.requests
    assert request.messages[-1].content == "Do it"
    assert request.messages[0].role is Role.SYSTEM
    assert request.max_tokens == 1024
    assert request.response_schema is None
    assert not request.tools
    assert events[0].data["entity_id"] == AGENT
    assert events[0].data["passes"] == 1
    assert state_of(hass, "sensor.tiny_ai_task_generation_speed") == "10.0"


@pytest.mark.parametrize("platform_list", [["ai_task"]])
async def test_ai_tasks(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The agents for tasks are as they were."""
    await snapshot_platform(hass, entity_registry, snapshot, setup_entry.entry_id)


async def test_its_device_and_name(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """The agent is the device's own entity, and can take pictures along."""
    entry = er.async_get(hass).async_get(AGENT)
    assert entry is not None
    assert entry.unique_id == "01JHEARTHTASKS000000000000"
    state = hass.states.get(AGENT)
    assert state is not None
    assert state.attributes["supported_features"] == (
        ai_task.AITaskEntityFeature.GENERATE_DATA
        | ai_task.AITaskEntityFeature.SUPPORT_ATTACHMENTS
    )


async def test_data_of_a_structure(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The structure is what the engine is held to, and every part has an end."""
    engine.script(says(json.dumps(GOOD)))

    assert await ask(hass, structure=STRUCTURE) == GOOD

    (request,) = engine.requests
    schema = request.response_schema
    assert schema is not None
    assert schema["required"] == ["name", "level"]
    assert schema["properties"]["name"]["maxLength"] == 600
    assert schema["properties"]["rooms"]["maxItems"] == 20
    assert schema["properties"]["level"]["maximum"] == 10
    assert request.messages[-1].content == (
        "Do it\n\nAnswer as JSON with:\n"
        "- name: text\n"
        "- level: number from 0 up to 10\n"
        "- rooms: list of object, optional\n"
        "  - room: text"
    )


async def test_fenced_data(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Servers that are held to nothing put a fence around JSON."""
    engine.script(says("```json\n", json.dumps(GOOD), "\n```"))

    assert await ask(hass, structure=STRUCTURE) == GOOD


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (json.dumps(GOOD | {"level": 99}), "level: Value 99.0 is too large"),
        (json.dumps({"level": 1}), "name: required key not provided"),
        ('{"name": "Ada', "no whole JSON"),
        ("Here you are!", "no whole JSON"),
        ("[" * 100_000, "no whole JSON"),
    ],
)
async def test_what_does_not_fit_is_told(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    wrong: str,
    told: str,
) -> None:
    """The model gets a second chance with what was wrong, and narrower limits."""
    engine.script(says(wrong), says(json.dumps(GOOD)))

    assert await ask(hass, structure=STRUCTURE) == GOOD

    _, again = engine.requests
    assert again.messages[-2].role is Role.ASSISTANT
    assert len(again.messages[-2].content) <= 2000
    assert told in again.messages[-1].content
    assert again.response_schema is not None
    level = again.response_schema["properties"]["level"]
    assert level == {"type": "integer", "minimum": 0, "maximum": 10}
    assert again.response_schema["properties"]["name"]["maxLength"] < 600


async def test_what_was_cut_off_is_too_long(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """An answer that ended with the tokens is told to be too long."""
    cut = TurnStats(finish_reason=FinishReason.LENGTH)
    engine.script(says('{"name": "Ad', stats=cut), says(json.dumps(GOOD)))

    assert await ask(hass, structure=STRUCTURE) == GOOD
    assert "it is too long" in engine.requests[1].messages[-1].content


async def test_an_engine_that_breaks_off(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """llama-server fails where data do not end in time: the next try is shorter."""
    engine.script([ProtocolError("peg")], says(json.dumps(GOOD)))

    assert await ask(hass, structure=STRUCTURE) == GOOD
    assert "it is too long" in engine.requests[1].messages[-1].content


async def test_it_never_fits(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """After the second try a person is told which field is wrong."""
    bad = json.dumps(GOOD | {"level": 99})
    engine.script(says(bad), says(bad))
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, structure=STRUCTURE)
    assert caught.value.translation_key == "task_field_wrong"
    assert caught.value.translation_placeholders == {
        "error": "Value 99.0 is too large",
        "field": "level",
    }

    engine.script(says("no"), says("no"))
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, structure=STRUCTURE)
    assert caught.value.translation_key == "task_answer_wrong"


async def test_an_answer_beyond_all_measure(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Megabytes are not parsed."""
    engine.script(says("1" * (1 << 20), "1"), says(json.dumps(GOOD)))

    assert await ask(hass, structure=STRUCTURE) == GOOD


async def test_silence(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A model that says nothing has failed."""
    engine.script(says())
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass)
    assert caught.value.translation_key == "task_no_answer"


@pytest.mark.parametrize(
    ("error", "key", "available"),
    [
        (OutOfMemory("8 GiB"), "out_of_memory", True),
        (Unreachable("refused"), "cannot_connect", False),
        (Unsupported("no grammar"), "unsupported", True),
    ],
)
async def test_the_engine_fails(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    error: EngineError,
    key: str,
    available: bool,
) -> None:
    """What is wrong is said in words, and an outage is seen."""
    engine.script([error])
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass)
    assert caught.value.translation_key == key
    assert (state_of(hass, AGENT) != "unavailable") is available


async def test_people_go_first(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A task that has waited too long says so, and has asked the engine nothing."""
    line = setup_entry.runtime_data.line
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("custom_components.hearth.ai_task.LONGEST_WAIT", 0.01)
        async with line.place(Priority.VOICE):
            with pytest.raises(HomeAssistantError) as caught:
                await ask(hass)
    assert caught.value.translation_key == "line_too_long"
    assert engine.requests == []


async def test_stopped_at_work(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A task whose automation was stopped leaves nothing running."""
    engine.script([asyncio.Event()])
    task = asyncio.create_task(ask(hass))
    while not engine.requests:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert engine.closed_early == engine.requests
    assert not setup_entry.runtime_data.line.locked()


@pytest.mark.parametrize("waits", [False, True])
async def test_unloaded_at_work(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    waits: bool,
) -> None:
    """A task ends with its engine, at work or in line, and whoever gave it is told."""
    line = setup_entry.runtime_data.line
    engine.script([asyncio.Event()])
    async with AsyncExitStack() as stack:
        if waits:
            await stack.enter_async_context(line.place(Priority.VOICE))
        task = asyncio.create_task(ask(hass))
        while not (line.waiting if waits else engine.requests):
            await asyncio.sleep(0)
        assert await hass.config_entries.async_unload(ENTRY_ID)
        with pytest.raises(HomeAssistantError) as caught:
            await task
    assert caught.value.translation_key == "task_interrupted"
    assert engine.closed_early == engine.requests
    assert not line.locked()


@pytest.fixture
async def pictures(tmp_path: Path) -> dict[str, str]:
    """Return the addresses of files that can be attached, by their names."""
    for name, data in {
        "door.png": PICTURE,
        "empty.png": b"",
        "huge.png": bytes(MOST_BYTES + 1),
        "note.txt": b"hello",
    }.items():
        (tmp_path / name).write_bytes(data)
    return {
        path.name: f"media-source://media_source/local/{path.name}"
        for path in tmp_path.iterdir()
    }


def attached(address: str, kind: str = "image/png") -> dict[str, str]:
    """Return an attachment as an action has it."""
    return {"media_content_id": address, "media_content_type": kind}


@pytest.mark.parametrize("vision", [True, None])
async def test_a_picture_goes_along(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    pictures: dict[str, str],
    vision: bool | None,
) -> None:
    """A picture reaches the engine byte for byte, unless the model is known blind."""
    engine.known = (ModelInfo(name="tiny", vision=vision),)
    engine.script(says("A door."))

    answer = await ask(hass, attachments=[attached(pictures["door.png"])])

    assert answer == "A door."
    assert engine.requests[0].messages[-1].images == (PICTURE,)


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("empty.png", "image/png", "image_unreadable"),
        ("huge.png", "image/png", "image_too_large"),
        ("note.txt", "text/plain", "not_an_image"),
    ],
)
async def test_pictures_that_are_none(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    pictures: dict[str, str],
    name: str,
    kind: str,
    key: str,
) -> None:
    """What cannot be sent is named, before the engine is asked."""
    engine.known = (ModelInfo(name="tiny", vision=True),)
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, attachments=[attached(pictures[name], kind)])
    assert caught.value.translation_key == key
    assert caught.value.translation_placeholders == {"file": name}
    assert engine.requests == []


async def test_too_many_pictures_and_one_that_is_gone(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    pictures: dict[str, str],
    tmp_path: Path,
) -> None:
    """There is a limit, and a file may be gone when it is to be read."""
    engine.known = (ModelInfo(name="tiny", vision=True),)
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, attachments=[attached(pictures["door.png"])] * 9)
    assert caught.value.translation_key == "too_many_images"

    entity = hass.data["entity_components"]["ai_task"].get_entity(AGENT)
    gone = conversation.Attachment(
        media_content_id="x", mime_type="image/png", path=tmp_path / "gone.png"
    )
    with (
        chat_session.async_get_chat_session(hass) as session,
        pytest.raises(ServiceValidationError) as caught,
    ):
        await entity.internal_async_generate_data(
            session, ai_task.GenDataTask("t", "see", attachments=[gone])
        )
    assert caught.value.translation_key == "image_unreadable"


async def test_a_blind_model(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    pictures: dict[str, str],
) -> None:
    """A model that cannot see is not sent a picture."""
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, attachments=[attached(pictures["door.png"])])
    assert caught.value.translation_key == "model_is_blind"
    assert engine.requests == []


class Lamp(llm.Tool):
    """A tool that notes what it was called with."""

    name = "lamp"
    description = "Switch the lamp"

    def __init__(self) -> None:
        """Note nothing yet."""
        self.called: list[dict[str, Any]] = []

    @override
    async def async_call(
        self,
        hass: HomeAssistant,
        tool_input: llm.ToolInput,
        llm_context: llm.LLMContext,
    ) -> llm.ToolResult:
        """Note the call."""
        self.called.append(tool_input.tool_args)
        return llm.ToolResult({"lamp": "on"})


class LampApi(llm.API):
    """An API with a lamp."""

    def __init__(self, hass: HomeAssistant, lamp: Lamp) -> None:
        """Have one tool."""
        super().__init__(hass=hass, id="lamps", name="Lamps")
        self._lamp = lamp

    @override
    async def async_get_api_instance(
        self, llm_context: llm.LLMContext
    ) -> llm.APIInstance:
        """Return the tool."""
        return llm.APIInstance(self, "Use the lamp.", llm_context, [self._lamp])


@pytest.mark.parametrize(
    "call",
    [
        calls(ToolCall("1", "lamp", {})),
        says('<tool_call>{"name": "lamp", "arguments": {}}</tool_call>'),
    ],
)
async def test_tools_before_the_data(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    call: list[Any],
) -> None:
    """Tools are called first; the structure is asked for after that, without them."""
    lamp = Lamp()
    structure = probatio.Schema({"name": str, "level": int, "rooms": [dict]})
    engine.script(call, says("It is on."), says(json.dumps(GOOD)))
    result = await ai_task.async_generate_data(
        hass,
        task_name="t",
        entity_id=AGENT,
        instructions="Switch it and tell",
        structure=structure,
        llm_api=LampApi(hass, lamp),
    )
    assert result.data == GOOD
    assert lamp.called == [{}]
    first, second, third = engine.requests
    assert [tool.name for tool in first.tools] == ["lamp"]
    assert second.messages[-1].role is Role.TOOL
    assert third.tools == ()
    assert third.response_schema is not None


async def test_tools_without_end(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A model that only calls tools is asked for its words at last."""
    engine.script(*[calls(ToolCall("1", "lamp", {}))] * 8, says("Enough."))
    result = await ai_task.async_generate_data(
        hass,
        task_name="t",
        entity_id=AGENT,
        instructions="Switch it",
        llm_api=LampApi(hass, Lamp()),
    )
    assert result.data == "Enough."


@pytest.mark.parametrize("agent_data", [{CONF_MODEL: "tiny", "think": "on"}])
async def test_no_thoughts_after_a_call(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The model thinks before it acts, not again before it tells."""
    engine.known = (ModelInfo(name="tiny", thinking=True),)
    engine.script(calls(ToolCall("1", "lamp", {})), says("On."))
    await ai_task.async_generate_data(
        hass,
        task_name="t",
        entity_id=AGENT,
        instructions="Switch it",
        llm_api=LampApi(hass, Lamp()),
    )
    assert [request.think for request in engine.requests] == [True, False]


@pytest.mark.parametrize("content", [Delta(content="<think>"), Delta()])
async def test_thoughts_of_a_model_that_was_not_asked_for_any(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    content: Delta,
) -> None:
    """Some servers cannot keep a model from thinking: then it thinks in peace."""
    hm = [Delta(content="Hm. ") if content.content else Delta(thinking="Hm. ")] * 600
    end = Delta(content="</think>") if content.content else Delta()
    engine.script([content, *hm, end, *says("Yes.")])
    assert await ask(hass) == "Yes."
    assert len(engine.requests) == 1


@pytest.mark.parametrize("agent_data", [{CONF_MODEL: "tiny", "think": "on"}])
async def test_leaked_thoughts_cost_as_well(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Thoughts that come as text are stopped just as soon."""
    engine.known = (ModelInfo(name="tiny", thinking=True),)
    endless = [Delta(content="<think>"), *[Delta(content="Hm. ")] * 600]
    engine.script(endless, says("No."))
    assert await ask(hass) == "No."
    assert [request.think for request in engine.requests] == [True, False]
    assert len(engine.closed_early) == 1


@pytest.mark.parametrize("agent_data", [{CONF_MODEL: "tiny", "think": "on"}])
async def test_thoughts_are_not_the_answer(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A model may think first; with too many thoughts it is asked for the answer."""
    engine.known = (ModelInfo(name="tiny", thinking=True),)
    thought = [Delta(thinking="Hm. ") for _ in range(3)]
    engine.script([*thought, *says("Yes.")])
    assert await ask(hass) == "Yes."
    assert engine.requests[0].think
    assert engine.requests[0].max_tokens == 1024 + 512

    engine.script([Delta(thinking="Hm. ") for _ in range(600)], says("No."))
    assert await ask(hass) == "No."
    assert [request.think for request in engine.requests[1:]] == [True, False]

    engine.script([Unsupported("cannot think")], says("Well."))
    assert await ask(hass) == "Well."


@pytest.mark.parametrize("agent_data", [{CONF_MODEL: "tiny", "think": "on"}])
async def test_no_thoughts_about_the_form(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """An answer that does not fit is mended without thinking again."""
    engine.known = (ModelInfo(name="tiny", thinking=True),)
    engine.script(says("no"), says(json.dumps(GOOD)))
    assert await ask(hass, structure=STRUCTURE) == GOOD
    assert [request.think for request in engine.requests] == [True, False]


async def test_stats_are_those_of_all_passes(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A second try costs, and that is told."""
    engine.script(says("no"), says(json.dumps(GOOD)))
    await ask(hass, structure=STRUCTURE)
    (subentry,) = setup_entry.subentries
    turn = setup_entry.runtime_data.metrics[subentry].last
    assert turn.passes == 2
    assert turn.generated_tokens == 2 * (STATS.generated_tokens or 0)
