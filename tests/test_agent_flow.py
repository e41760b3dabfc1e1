"""Adding and changing an agent through the user interface."""

import asyncio
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.line import Line, LineFull, Priority
from custom_components.hearth.engines.base import ModelInfo
from custom_components.hearth.engines.faults import (
    EngineError,
    OutOfMemory,
    Unreachable,
)

from .conftest import AGENT_ID, ENTRY_ID
from .fake_engine import MODEL, FakeEngine, says
from .test_config_flow import CHAT_ERRORS

DEFAULTS = {
    "context_window": 4096,
    "first_byte_timeout": 300,
    "keep_alive": -1,
    "max_tokens": 512,
    "silence_timeout": 60,
    "temperature": 0.0,
    "think": "off",
    "thinking_budget": 512,
}
OTHER = ModelInfo(name="other", tools=True)


@pytest.fixture
def platform_list() -> list[str]:
    """Set up no platform."""
    return []


async def start(hass: HomeAssistant) -> SubentryFlowResult:
    """Begin to add an agent."""
    return await hass.config_entries.subentries.async_init(
        (ENTRY_ID, "conversation"), context={"source": SOURCE_USER}
    )


async def change(hass: HomeAssistant) -> SubentryFlowResult:
    """Begin to change the agent that is there."""
    return await hass.config_entries.subentries.async_init(
        (ENTRY_ID, "conversation"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": AGENT_ID},
    )


async def submit(
    hass: HomeAssistant, result: SubentryFlowResult, **values: Any
) -> SubentryFlowResult:
    """Return what follows the submitted form."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"advanced": {}, **values}
    )


def suggested(result: SubentryFlowResult) -> dict[str, Any]:
    """Return what a form suggests, field by field."""
    schema = result["data_schema"]
    assert schema is not None
    values = {}
    for marker, field in schema.schema.items():
        if marker == "advanced":
            values["advanced"] = {
                str(inner): inner.description["suggested_value"]
                for inner in field.schema.schema
            }
        elif marker.description:
            values[str(marker)] = marker.description["suggested_value"]
    return values


async def test_adds_an_agent(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The form suggests a whole agent; what stays at its default is not kept."""
    engine.script(says("Noon."))
    result = await start(hass)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "agent"
    assert suggested(result) == {
        "advanced": DEFAULTS,
        "ask_back": True,
        "llm_hass_api": ["hearth"],
        "model": "tiny",
        "prompt": "",
        "quick_confirmations": True,
    }

    result = await submit(
        hass, result, model="tiny", llm_hass_api=["hearth"], prompt="Be brief."
    )
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "tiny"
    assert result["data"] == {
        "llm_hass_api": ["hearth"],
        "model": "tiny",
        "prompt": "Be brief.",
    }
    assert len(setup_entry.subentries) == 2
    assert len(setup_entry.runtime_data.metrics) == 2


async def test_keeps_and_tries_what_was_changed(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Every advanced setting reaches the test turn, as a whole number where it is one."""
    engine.script(says("Noon."))
    changed = {
        "context_window": 8192.0,
        "first_byte_timeout": 600.0,
        "keep_alive": 300.0,
        "max_tokens": 100.0,
        "silence_timeout": 30.0,
        "temperature": 0.5,
        "think": "on",
        "thinking_budget": 100,
    }

    result = await submit(
        hass,
        await start(hass),
        model="tiny",
        advanced=changed,
        ask_back=False,
        quick_confirmations=False,
    )

    assert result["data"] == {
        "llm_hass_api": [],
        "model": "tiny",
        "prompt": "",
        "ask_back": False,
        "quick_confirmations": False,
        **changed,
    }
    assert isinstance(result["data"]["context_window"], int)
    (request,) = engine.requests
    assert request.context_window == 8192
    assert request.deadlines.between == 30
    assert request.deadlines.first_byte == 600
    assert request.keep_alive == 300
    assert request.temperature == 0.5
    assert request.think is True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("context_window", 100),
        ("keep_alive", -2),
        ("max_tokens", 0),
        ("silence_timeout", 0),
        ("temperature", 3),
    ],
)
async def test_refuses_what_makes_no_sense(
    hass: HomeAssistant, setup_entry: MockConfigEntry, field: str, value: float
) -> None:
    """Settings have limits."""
    result = await start(hass)

    with pytest.raises(InvalidData):
        await submit(hass, result, model="tiny", advanced={field: value})


async def test_an_agent_that_only_talks(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A model without tools will do for an agent without any."""
    engine.known = (ModelInfo(name="talker", tools=False),)
    engine.script(says("Noon."))
    result = await submit(
        hass, await start(hass), model="talker", llm_hass_api=["hearth"]
    )
    assert result["errors"] == {"base": "no_tools"}

    result = await submit(hass, result, model="talker", llm_hass_api=[])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert engine.requests[0].tools == ()


async def test_changes_an_agent(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Another model gives the agent another title, and the entry starts again."""
    engine.known = (MODEL, OTHER)
    engine.script(says("Noon."))
    before = setup_entry.runtime_data
    result = await change(hass)
    assert result["step_id"] == "agent"
    assert suggested(result)["model"] == "tiny"

    result = await submit(
        hass, result, model="other", llm_hass_api=["assist"], advanced={"think": "on"}
    )
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    subentry = setup_entry.subentries[AGENT_ID]
    assert subentry.title == "other"
    assert subentry.data == {
        "llm_hass_api": ["assist"],
        "model": "other",
        "prompt": "",
        "think": "on",
    }
    assert setup_entry.runtime_data is not before


async def test_keeps_a_chosen_title(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A name that the user gave stays."""
    engine.known = (MODEL, OTHER)
    engine.script(says("Noon."))
    hass.config_entries.async_update_subentry(
        setup_entry, setup_entry.subentries[AGENT_ID], title="Jeeves"
    )
    await hass.async_block_till_done()

    await submit(hass, await change(hass), model="other")

    assert setup_entry.subentries[AGENT_ID].title == "Jeeves"


@pytest.mark.parametrize(
    "agent_data",
    [{"llm_hass_api": ["gone", "hearth"], "model": "gone", "prompt": "Be brief."}],
)
async def test_does_not_suggest_what_is_gone(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """A model or a set of tools that is gone cannot be kept."""
    values = suggested(await change(hass))

    assert "model" not in values
    assert values["llm_hass_api"] == ["hearth"]
    assert values["prompt"] == "Be brief."


@pytest.mark.parametrize("begin", [start, change])
@pytest.mark.parametrize(("error", "key"), CHAT_ERRORS)
async def test_model_fails_and_recovers(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    begin: Any,
    error: EngineError,
    key: str,
) -> None:
    """What is wrong is said, what was entered stays, and another try may succeed."""
    engine.script([error], says("Noon."))
    result = await submit(hass, await begin(hass), model="tiny", prompt="Be brief.")
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "agent"
    assert result["errors"] == {"base": key}
    assert suggested(result)["prompt"] == "Be brief."

    result = await submit(hass, result, model="tiny")
    assert result["type"] in (FlowResultType.ABORT, FlowResultType.CREATE_ENTRY)


async def test_waits_until_nobody_is_being_answered(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The test turn does not get in the way of a real one."""
    engine.script(says("Noon."))
    async with setup_entry.runtime_data.line.place(Priority.VOICE):
        result = await submit(hass, await start(hass), model="tiny")
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        assert result["description_placeholders"] == {"model": "tiny"}
        assert engine.requests == []

    await hass.async_block_till_done(wait_background_tasks=True)
    result = await hass.config_entries.subentries.async_configure(result["flow_id"])
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_shows_a_late_error(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A model that fails after a while leads back to the form."""
    loaded = asyncio.Event()
    engine.script([loaded, OutOfMemory("8 GiB")])
    result = await submit(hass, await start(hass), model="tiny")
    assert result["type"] is FlowResultType.SHOW_PROGRESS

    loaded.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await hass.config_entries.subentries.async_configure(result["flow_id"])
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "out_of_memory"}


async def test_closing_the_dialog_stops_the_model(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Nobody waits for a test whose dialog was closed, and the next turn may begin."""
    engine.script([asyncio.Event()])
    result = await submit(hass, await start(hass), model="tiny")

    hass.config_entries.subentries.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert engine.closed_early == engine.requests
    assert not setup_entry.runtime_data.line.locked()


@pytest.mark.parametrize("begin", [start, change])
async def test_engine_is_not_loaded(
    hass: HomeAssistant, setup_entry: MockConfigEntry, begin: Any
) -> None:
    """Agents are added to an engine that is connected."""
    await hass.config_entries.async_unload(ENTRY_ID)

    result = await begin(hass)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "entry_not_loaded"


@pytest.mark.parametrize("begin", [start, change])
async def test_engine_does_not_answer(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine, begin: Any
) -> None:
    """Without the list of models there is nothing to choose from."""
    engine.error = Unreachable("reset")

    result = await begin(hass)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "cannot_connect"


async def test_engine_has_no_models(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Without models there is nothing to choose from either."""
    engine.known = ()

    result = await start(hass)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "no_models"


async def test_adds_an_agent_for_tasks(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """It has no tools and no instructions; whoever gives a task brings both."""
    engine.script(says("Noon."))
    result = await hass.config_entries.subentries.async_init(
        (ENTRY_ID, "ai_task_data"), context={"source": SOURCE_USER}
    )
    assert suggested(result) == {
        "advanced": DEFAULTS | {"max_tokens": 1024},
        "model": "tiny",
    }

    result = await submit(hass, result, model="tiny", advanced={"max_tokens": 2048})
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "tiny AI task"
    assert result["data"] == {"model": "tiny", "max_tokens": 2048}
    assert engine.requests[0].tools == ()


async def test_changes_an_agent_for_tasks(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Another model gives it another name, too."""
    engine.known = (MODEL, OTHER)
    hass.config_entries.async_add_subentry(
        setup_entry,
        ConfigSubentry(
            data=MappingProxyType({"model": "tiny"}),
            subentry_id="tasks",
            subentry_type="ai_task_data",
            title="tiny AI task",
            unique_id=None,
        ),
    )
    await hass.async_block_till_done()
    engine.script(says("Noon."))
    result = await hass.config_entries.subentries.async_init(
        (ENTRY_ID, "ai_task_data"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": "tasks"},
    )

    result = await submit(hass, result, model="other")
    await hass.async_block_till_done()

    assert result["reason"] == "reconfigure_successful"
    assert setup_entry.subentries["tasks"].title == "other AI task"
    assert setup_entry.subentries["tasks"].data == {"model": "other"}


async def test_too_many_wait_already(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """An engine with a full line is busy, and another try may succeed."""
    result = await start(hass)
    with patch.object(Line, "place", side_effect=LineFull):
        result = await submit(hass, result, model="tiny")
    assert result["errors"] == {"base": "busy"}

    engine.script(says("Noon."))
    result = await submit(hass, result, model="tiny")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_models_are_described(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Size and kind of a model are told, and what speaks against it."""
    engine.known = (
        ModelInfo(name="big:cloud", remote=True, tools=True),
        MODEL,
        ModelInfo(name="talker", tools=False),
    )
    result = await start(hass)
    assert result["data_schema"] is not None
    selector = result["data_schema"].schema["model"]
    assert [option["label"] for option in selector.config["options"]] == [
        "big:cloud · ☁",
        "tiny · 8M · Q8_0 · 15 MB",
        "talker · ⚠",
    ]
    assert suggested(result)["model"] == "tiny"
