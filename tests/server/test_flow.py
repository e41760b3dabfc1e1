"""Choosing a model of a server, and having it downloaded, through the user interface."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from typing import Any, override
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines.base import (
    Capabilities,
    EngineKind,
    LoadedModel,
    PullProgress,
)
from custom_components.hearth.engines.chat import ChatRequest, Delta
from custom_components.hearth.engines.faults import (
    EngineError,
    OutOfMemory,
    PullFailed,
    Unreachable,
)

from ..fake_engine import MODEL, FakeEngine, says
from ..flows import add
from ..test_metadata import TRANSLATIONS

URL = "http://127.0.0.1:11434"
LOOK_AGAIN = "custom_components.hearth.steps.work.LOOK_AGAIN"

pytestmark = pytest.mark.usefixtures("mock_probe")


@pytest.fixture(autouse=True)
def mock_setup_entry() -> Generator[AsyncMock]:
    """Set up no entry for real."""
    with patch(
        "custom_components.hearth.async_setup_entry", return_value=True
    ) as setup:
        yield setup


@pytest.fixture
def engine() -> FakeEngine:
    """Return an Ollama without models, which can download some."""
    return FakeEngine(
        capabilities=Capabilities(delete=True, load=True, pull=True),
        in_memory=(),
        known=(),
    )


async def submit(
    hass: HomeAssistant, result: ConfigFlowResult, **values: str
) -> ConfigFlowResult:
    """Return what follows a submitted form."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], values)


async def reach_model(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the form that asks for a model."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    result = await submit(hass, result, next_step_id="server")
    result = await submit(hass, result, url=URL)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "model"
    return result


def options(result: ConfigFlowResult) -> dict[str, str]:
    """Return the models that can be chosen: their labels by their names."""
    assert result["data_schema"] is not None
    selector = result["data_schema"].schema["model"]
    return {
        option["value"]: option["label"].replace("\N{NO-BREAK SPACE}", " ")
        for option in selector.config["options"]
    }


async def test_server_without_models(hass: HomeAssistant, engine: FakeEngine) -> None:
    """A fresh Ollama gets a model with one click, and the agents use it."""
    engine.script(says("Noon."))
    result = await reach_model(hass)
    *models, other, back = options(result)
    assert models
    assert (other, back) == ("hearth_other", "hearth_back")
    words = TRANSLATIONS["selector"]["server_model"]["options"]
    assert set(words) == {other, back}
    assert "to download" in options(result)[models[0]]

    result = await submit(hass, result, model=models[0])
    result = await add(hass, result)

    assert engine.pulls == models[:1]
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert {one.data["model"] for one in result["result"].subentries.values()} == {
        models[0]
    }


async def test_server_that_has_no_models_and_gets_none(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """A server that cannot download is no use without models."""
    engine.kind, engine.capabilities = EngineKind.LLAMA_SERVER, Capabilities()
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    result = await submit(hass, result, next_step_id="server")
    result = await submit(hass, result, url=URL)
    assert result["step_id"] == "server"
    assert result["errors"] == {"base": "no_models"}

    engine.known = (MODEL,)
    engine.script(says("Noon."))
    result = await submit(hass, result, url=URL)
    assert list(options(result)) == ["tiny", "hearth_back"]
    result = await add(hass, await submit(hass, result, model="tiny"))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mistral:7b", "mistral:7b"),
        (" hf.co/o/r-GGUF:Q4_K_M ", "hf.co/o/r-GGUF:Q4_K_M"),
        ("qwen3", "qwen3:latest"),
    ],
)
async def test_model_by_its_name(
    hass: HomeAssistant, engine: FakeEngine, typed: str, kept: str
) -> None:
    """Whoever knows another model types its name as the library has it."""
    engine.script(says("Noon."))
    result = await submit(hass, await reach_model(hass), model="hearth_other")
    assert result["step_id"] == "model_name"
    assert (result["description_placeholders"] or {})["example"] == "qwen3:4b-instruct"

    result = await submit(hass, result, name=typed)
    result = await add(hass, result)

    assert engine.pulls == [typed.strip()]
    assert {one.data["model"] for one in result["result"].subentries.values()} == {kept}


async def test_name_of_a_model_that_is_there(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """What the server has is not downloaded, however it is called."""
    engine.known = (replace(MODEL, name="tiny:latest"),)
    engine.script(says("Noon."))
    result = await submit(hass, await reach_model(hass), model="hearth_other")
    await add(hass, await submit(hass, result, name="tiny"))
    assert engine.pulls == []
    assert engine.requests[0].model == "tiny:latest"


@pytest.mark.parametrize("typed", ["two words", "-x", "a\nb", "x" * 201, "ä"])
async def test_no_name(hass: HomeAssistant, engine: FakeEngine, typed: str) -> None:
    """What cannot be a name is said so, and one goes back with none."""
    result = await submit(hass, await reach_model(hass), model="hearth_other")
    result = await submit(hass, result, name=typed)
    assert result["step_id"] == "model_name"
    assert result["errors"] == {"base": "invalid_reference"}
    assert engine.pulls == []

    result = await submit(hass, result)
    assert result["step_id"] == "model"


async def test_going_back(hass: HomeAssistant) -> None:
    """The list of models leads back to the beginning."""
    result = await submit(hass, await reach_model(hass), model="hearth_back")
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "user"


GIB = 1 << 30
PULL_ERRORS: list[tuple[EngineError, str]] = [
    (PullFailed("no such host"), "pull_failed"),
    (Unreachable("reset"), "cannot_connect"),
    (EngineError("?"), "unknown"),
]


@pytest.mark.parametrize(("error", "key"), PULL_ERRORS)
async def test_download_that_fails(
    hass: HomeAssistant, engine: FakeEngine, error: EngineError, key: str
) -> None:
    """What went wrong is said beside the list, with the model for another try."""
    engine.script(says("Noon."))
    engine.pull_steps = [PullProgress(status="x", completed=1, total=GIB), error]
    result = await reach_model(hass)
    model = next(iter(options(result)))
    result = await submit(hass, result, model=model)
    assert result["step_id"] == "model"
    assert result["errors"] == {"base": key}
    assert key in TRANSLATIONS["config"]["error"]
    assert (result["description_placeholders"] or {})["error"] == str(error)

    engine.pull_steps = []
    result = await add(hass, await submit(hass, result, model=model))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_server_that_is_gone_after_the_download(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """The model need not be downloaded again."""
    engine.script(says("Noon."))
    result = await reach_model(hass)
    model = next(iter(options(result)))
    with patch.object(FakeEngine, "models", side_effect=Unreachable("refused")):
        result = await submit(hass, result, model=model)
    assert result["errors"] == {"base": "cannot_connect"}

    result = await add(hass, await submit(hass, result, model=model))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def shown_as(
    hass: HomeAssistant, result: ConfigFlowResult, action: str
) -> ConfigFlowResult:
    """Return a step of progress as soon as it has a text."""
    async with asyncio.timeout(5):
        while True:
            shown = await hass.config_entries.flow.async_configure(result["flow_id"])
            if shown.get("progress_action") == action:
                return shown
            await asyncio.sleep(0)


async def test_download_shows_how_far_it_is(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """Size, speed and time left are told, and that all is being checked at the end."""
    steps = [asyncio.Event() for _ in range(3)]
    shares: list[float] = []
    engine.pull_steps = [
        PullProgress(status="pulling manifest"),
        PullProgress(status="pulling", completed=0, total=4 * GIB),
        steps[0],
        PullProgress(status="pulling", completed=GIB, total=4 * GIB),
        steps[1],
        PullProgress(status="verifying", completed=4 * GIB, total=4 * GIB),
        steps[2],
    ]
    engine.script(says("Noon."))
    result = await reach_model(hass)
    clock = iter(range(0, 1000, 2))
    with (
        patch(LOOK_AGAIN, 0),
        patch(
            "custom_components.hearth.models.download_base.time.monotonic",
            side_effect=lambda: float(next(clock)),
        ),
        patch(
            "homeassistant.config_entries.ConfigFlow.async_update_progress",
            lambda _, share: shares.append(share),
        ),
    ):
        result = await submit(hass, result, model="qwen3:0.6b")
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        assert result["progress_action"] == "pull_begins"
        named: Any = result["description_placeholders"]
        assert named == {"done": "0 B", "model": "qwen3:0.6b", "total": "397 MB"}

        steps[0].set()
        named = (await shown_as(hass, result, "pull"))["description_placeholders"]
        assert named["done"] == "1.1 GB"
        assert named["total"] == "4.3 GB"
        assert named["speed"].endswith(" MB/s")
        assert ":" in named["left"]

        steps[1].set()
        await shown_as(hass, result, "pull_checks")
        assert shares[-1] == pytest.approx(0.999)
        assert 0.25 in shares
        assert shares == sorted(shares)

        steps[2].set()
        await hass.async_block_till_done(wait_background_tasks=True)
        result = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert result["step_id"] == "ready"


async def test_share_never_falls(hass: HomeAssistant, engine: FakeEngine) -> None:
    """Small parts say nothing; others make the whole larger, but nothing goes back."""
    shares: list[float] = []
    engine.script(says("Noon."))
    engine.pull_steps = [
        PullProgress(status="x", completed=1, total=100),
        PullProgress(status="x", completed=9 * GIB, total=10 * GIB),
        PullProgress(status="x", completed=9 * GIB, total=100 * GIB),
        PullProgress(status="x", completed=95 * GIB, total=100 * GIB),
    ]
    result = await reach_model(hass)
    with patch(
        "homeassistant.config_entries.ConfigFlow.async_update_progress",
        lambda _, share: shares.append(share),
    ):
        await submit(hass, result, model="qwen3:0.6b")
    assert shares == pytest.approx([0.9, 0.95])


async def test_closing_the_window_cancels_the_download(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """The request ends, and with it the server's download; nothing was loaded."""
    engine.pull_steps = [
        PullProgress(status="x", completed=1, total=GIB),
        asyncio.Event(),
    ]
    result = await submit(hass, await reach_model(hass), model="qwen3:0.6b")
    assert result["type"] is FlowResultType.SHOW_PROGRESS

    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert engine.pulls_given_up == ["qwen3:0.6b"]
    assert engine.known == ()
    assert engine.deleted == []
    assert not hass.config_entries.async_entries(DOMAIN)


class Loading(FakeEngine):
    """An engine that has in memory what it was asked, as Ollama has."""

    @override
    def chat(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Load, then answer."""
        if request.model not in {one.name for one in self.in_memory}:
            self.in_memory = (*self.in_memory, LoadedModel(name=request.model))
        return FakeEngine.chat(self, request)


@pytest.fixture
def loading(mock_probe: AsyncMock) -> Loading:
    """Return an Ollama with one model in memory, and one beside it."""
    engine = Loading(
        capabilities=Capabilities(delete=True, load=True, pull=True),
        in_memory=(LoadedModel(name="used"),),
        known=(MODEL, replace(MODEL, name="used")),
    )
    engine.script(says("Noon."), says("Noon."), says("Noon."))
    mock_probe.return_value = engine
    return engine


async def closed(hass: HomeAssistant, result: ConfigFlowResult) -> None:
    """Close the window of a flow."""
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)


def in_memory(engine: FakeEngine) -> set[str]:
    """Return what an engine has in memory."""
    return {one.name for one in engine.in_memory}


async def test_closing_the_window_leaves_the_server_as_it_was(
    hass: HomeAssistant, loading: Loading
) -> None:
    """What was downloaded and loaded for a trial is removed, and nothing else."""
    result = await submit(hass, await reach_model(hass), model="qwen3:0.6b")
    assert result["step_id"] == "ready"
    assert in_memory(loading) == {"used", "qwen3:0.6b"}

    await closed(hass, result)

    assert in_memory(loading) == {"used"}
    assert loading.deleted == ["qwen3:0.6b"]
    assert {one.name for one in loading.known} == {"tiny", "used"}


async def test_closing_the_window_after_trying_what_was_there(
    hass: HomeAssistant, loading: Loading
) -> None:
    """Somebody's models stay, and those in memory stay there."""
    await closed(hass, await submit(hass, await reach_model(hass), model="used"))
    assert in_memory(loading) == {"used"}

    await closed(hass, await submit(hass, await reach_model(hass), model="tiny"))
    assert in_memory(loading) == {"used"}
    assert loading.deleted == []


async def test_another_model_after_a_trial(
    hass: HomeAssistant, loading: Loading
) -> None:
    """What was tried and not taken leaves the memory, but a download is kept."""
    result = await submit(hass, await reach_model(hass), model="qwen3:0.6b")
    result = await submit(hass, result, next_step_id="choose_again")
    assert result["step_id"] == "model"
    assert not result["errors"]
    assert "installed" in options(result)["qwen3:0.6b"]

    result = await submit(hass, result, model="tiny")
    assert in_memory(loading) == {"used", "tiny"}
    result = await add(hass, result)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert in_memory(loading) == {"used", "tiny"}
    assert loading.deleted == []


async def test_memory_that_nobody_tells(hass: HomeAssistant, loading: Loading) -> None:
    """A server that does not say what it has in memory keeps what it has there."""
    with patch.object(FakeEngine, "loaded", side_effect=OutOfMemory("?")):
        result = await submit(hass, await reach_model(hass), model="tiny")
        await closed(hass, result)
    assert in_memory(loading) == {"used", "tiny"}


async def test_server_that_is_gone_when_the_window_is_closed(
    hass: HomeAssistant, loading: Loading
) -> None:
    """There is nothing to be done about it."""
    result = await submit(hass, await reach_model(hass), model="qwen3:0.6b")
    with (
        patch.object(FakeEngine, "unload", side_effect=Unreachable("refused")),
        patch.object(FakeEngine, "delete", side_effect=Unreachable("refused")) as tried,
    ):
        await closed(hass, result)
    assert tried.await_count == 1
