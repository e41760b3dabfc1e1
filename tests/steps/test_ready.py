"""The last step: what is said, and what can be chosen."""

from collections.abc import Generator
from unittest.mock import AsyncMock, patch

from homeassistant.components import assist_pipeline
from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest

from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines.faults import Unreachable

from ..fake_engine import FakeEngine, says
from ..test_metadata import TRANSLATIONS

PLATFORMS = ["conversation"]

pytestmark = pytest.mark.usefixtures("mock_probe")


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the agents only."""
    return PLATFORMS


@pytest.fixture
async def assist(hass: HomeAssistant) -> None:
    """Set up Home Assistant's voice assistants."""
    assert await async_setup_component(hass, "conversation", {})
    assert await async_setup_component(hass, "assist_pipeline", {})


@pytest.fixture
def no_entries() -> Generator[AsyncMock]:
    """Set up no entry for real."""
    with patch(
        "custom_components.hearth.async_setup_entry", return_value=True
    ) as setup:
        yield setup


async def configure(
    hass: HomeAssistant, result: ConfigFlowResult, **values: str
) -> ConfigFlowResult:
    """Return what follows an answer."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], values)


async def reach(hass: HomeAssistant, engine: FakeEngine) -> ConfigFlowResult:
    """Return the last step, with a model that has answered."""
    engine.script(says("Noon."))
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    result = await configure(hass, result, next_step_id="server")
    result = await configure(hass, result, url=engine.url)
    result = await configure(hass, result, model="tiny")
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "ready"
    return result


def answering(hass: HomeAssistant) -> str:
    """Return what the preferred voice assistant answers with."""
    return assist_pipeline.async_get_pipelines(hass)[0].conversation_engine


@pytest.mark.usefixtures("no_entries")
async def test_says_how_it_went(hass: HomeAssistant, engine: FakeEngine) -> None:
    """Speeds, the first word and what was set are said before anything is kept."""
    result = await reach(hass, engine)

    assert result["menu_options"] == ["add", "choose_again"]
    named = result["description_placeholders"] or {}
    assert named["model"] == "tiny"
    assert named["result"].startswith(
        "It read with 25 tokens/s and spoke with 10 tokens/s."
    )
    assert "The first word came after 0.5 s." in named["result"]
    assert "- It stays in memory" in named["settings"]
    assert "4096 tokens" in named["settings"]
    step = TRANSLATIONS["config"]["step"]["ready"]
    assert set(step["menu_options"]) == {"add", "add_and_use", "choose_again"}

    result = await configure(hass, result, next_step_id="add")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["description"] is None
    ending = TRANSLATIONS["config"]["create_entry"]
    assert set(ending) == {"answers", "default"}
    assert (result["description_placeholders"] or {})["result"] == named["result"]


@pytest.mark.usefixtures("assist", "platforms")
async def test_lets_the_assistant_answer(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """One click makes the new agent the voice of the home."""
    before = assist_pipeline.async_get_pipelines(hass)[0]
    assert answering(hass) == "conversation.home_assistant"
    result = await reach(hass, engine)
    assert result["menu_options"] == ["add_and_use", "add", "choose_again"]
    assert (result["description_placeholders"] or {})["assistant"] == before.name

    result = await configure(hass, result, next_step_id="add_and_use")

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["description"] == "answers"
    agent = er.async_get(hass).async_get(answering(hass))
    assert agent is not None
    assert agent.config_entry_id == result["result"].entry_id
    after = assist_pipeline.async_get_pipelines(hass)[0]
    assert (after.id, after.name, after.language) == (
        before.id,
        before.name,
        before.language,
    )


@pytest.mark.usefixtures("assist", "platforms")
async def test_leaves_the_assistant_alone(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """Who only adds the engine keeps the voice of the home."""
    result = await configure(hass, await reach(hass, engine), next_step_id="add")
    assert result["description"] is None
    assert answering(hass) == "conversation.home_assistant"


@pytest.mark.usefixtures("assist", "platforms")
async def test_engine_that_is_gone_when_it_is_added(
    hass: HomeAssistant, engine: FakeEngine, mock_probe: AsyncMock
) -> None:
    """Without an agent the assistant stays as it is, and what to do is said."""
    result = await reach(hass, engine)
    mock_probe.side_effect = Unreachable("refused")
    result = await configure(hass, result, next_step_id="add_and_use")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["description"] is None
    assert answering(hass) == "conversation.home_assistant"


@pytest.mark.usefixtures("assist", "platforms")
async def test_assistant_that_is_gone(hass: HomeAssistant, engine: FakeEngine) -> None:
    """A home without any assistant is not promised one."""
    with patch(
        "homeassistant.components.assist_pipeline.async_get_pipeline",
        side_effect=assist_pipeline.PipelineNotFound("?", "?"),
    ):
        result = await reach(hass, engine)
        assert result["menu_options"] == ["add", "choose_again"]
        result = await configure(hass, result, next_step_id="add")
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("assist", "platforms")
async def test_assistant_that_goes_meanwhile(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """The entry is there all the same."""
    result = await reach(hass, engine)
    with patch(
        "homeassistant.components.assist_pipeline.async_get_pipeline",
        side_effect=assist_pipeline.PipelineNotFound("?", "?"),
    ):
        result = await configure(hass, result, next_step_id="add_and_use")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["description"] is None


@pytest.mark.usefixtures("no_entries")
async def test_choosing_again(hass: HomeAssistant, engine: FakeEngine) -> None:
    """A model that is too slow is left, and another one, or the same, is tried."""
    result = await configure(
        hass, await reach(hass, engine), next_step_id="choose_again"
    )
    assert result["step_id"] == "model"
    assert not result["errors"]

    engine.script(says("Noon."))
    result = await configure(hass, result, model="tiny")
    result = await configure(hass, result, next_step_id="add")
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("no_entries")
async def test_closing_the_last_step(hass: HomeAssistant, engine: FakeEngine) -> None:
    """Nothing is kept of what was tried."""
    result = await reach(hass, engine)
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not hass.config_entries.async_entries(DOMAIN)
