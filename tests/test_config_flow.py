"""Adding and changing an engine through the user interface."""

import asyncio
from collections.abc import Generator
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines.base import ModelInfo
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    ContextOverflow,
    EngineError,
    ModelMissing,
    OutOfMemory,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)

from .conftest import ENTRY_ID
from .fake_engine import MODEL, FakeEngine, Step, says
from .flows import add

URL = "http://127.0.0.1:11434"
OTHER_URL = "http://192.168.1.20:8080"

CONNECT_ERRORS = [
    (AuthFailed("401"), "invalid_auth"),
    (Busy("503"), "busy"),
    (EngineError("?"), "unknown"),
    (ProtocolError("html"), "not_an_engine"),
    (RuntimeError("a bug"), "unknown"),
    (TimedOut("5 s"), "timeout_connect"),
    (Unreachable("refused"), "cannot_connect"),
    (Unsupported("vllm"), "not_an_engine"),
]
CHAT_ERRORS = [
    (AuthFailed("401"), "invalid_auth"),
    (Busy("503"), "busy"),
    (ContextOverflow("too long"), "context_overflow"),
    (EngineError("?"), "unknown"),
    (ModelMissing("tiny"), "model_missing"),
    (OutOfMemory("8 GiB"), "out_of_memory"),
    (ProtocolError("half a line"), "bad_answer"),
    (TimedOut("300 s"), "timeout_connect"),
    (Unreachable("reset"), "cannot_connect"),
    (Unsupported("chat"), "unsupported"),
]

pytestmark = pytest.mark.usefixtures("mock_probe")


@pytest.fixture(autouse=True)
def mock_setup_entry() -> Generator[AsyncMock]:
    """Set up no entry for real."""
    with patch(
        "custom_components.hearth.async_setup_entry", return_value=True
    ) as setup:
        yield setup


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the form that asks for a server."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["managed", "server"]
    result = await submit(hass, result, next_step_id="server")
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "server"
    assert not result["errors"]
    return result


async def submit(
    hass: HomeAssistant, result: ConfigFlowResult, **values: str
) -> ConfigFlowResult:
    """Return what follows a submitted form."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], values)


async def reach_model(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the form that asks for a model."""
    result = await submit(hass, await start(hass), url=URL)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "model"
    return result


async def test_adds_an_engine(
    hass: HomeAssistant, engine: FakeEngine, mock_setup_entry: AsyncMock
) -> None:
    """An address and a model are enough for an engine with an agent of each kind."""
    engine.script(says("It is ", "noon."))

    result = await submit(hass, await reach_model(hass), model="tiny")

    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "127.0.0.1"
    assert result["data"] == {CONF_URL: URL}
    subentry, task = result["result"].subentries.values()
    assert (task.subentry_type, task.title) == ("ai_task_data", "tiny AI task")
    assert task.data == {"model": "tiny"}
    assert subentry.subentry_type == "conversation"
    assert subentry.title == "tiny"
    assert subentry.data == {"llm_hass_api": ["hearth"], "model": "tiny", "prompt": ""}
    await hass.async_block_till_done()
    assert mock_setup_entry.await_count == 1


@pytest.mark.parametrize(
    ("model", "title"),
    [
        ("/models/Qwen3-4B-Q4_K_M.gguf", "Qwen3-4B-Q4_K_M"),
        ("hf.co/unsloth/gemma-3-4b-it-GGUF:Q4_K_M", "gemma-3-4b-it-GGUF:Q4_K_M"),
        ("llama3.2:3b", "llama3.2:3b"),
        ("odd/", "odd/"),
    ],
)
async def test_names_the_agent_for_its_model(
    hass: HomeAssistant, engine: FakeEngine, model: str, title: str
) -> None:
    """Folders and file types are no part of a name."""
    engine.known = (ModelInfo(name=model),)
    engine.script(says("Noon."))

    result = await submit(hass, await reach_model(hass), model=model)

    result = await add(hass, result)
    titles = [one.title for one in result["result"].subentries.values()]
    assert titles == [title, f"{title} AI task"]


async def test_tries_the_model_as_the_agent_will_use_it(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """The test turn has a tool, the agent's settings, and an early end."""
    engine.script(says("Noon."))

    await submit(hass, await reach_model(hass), model="tiny")

    (request,) = engine.requests
    assert request.model == "tiny"
    assert [tool.name for tool in request.tools] == ["get_time"]
    assert request.context_window == 4096
    assert request.keep_alive == -1
    assert request.max_tokens == 64
    assert request.think is False


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("127.0.0.1:11434", URL),
        (" http://127.0.0.1:11434/ ", URL),
        ("https://llm.example.org/engine/v1", "https://llm.example.org/engine"),
    ],
)
async def test_tidies_the_address(
    hass: HomeAssistant, mock_probe: AsyncMock, typed: str, kept: str
) -> None:
    """People may type an address as they know it."""
    await submit(hass, await start(hass), url=typed)

    assert mock_probe.await_args_list[-1].args[1:] == (kept, None)


@pytest.mark.parametrize("typed", ["ftp://127.0.0.1", "http://", "http://a:b"])
async def test_no_address(hass: HomeAssistant, typed: str) -> None:
    """What cannot be an address is said beside the field, and can be corrected."""
    result = await submit(hass, await start(hass), url=typed)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_URL: "invalid_url"}

    result = await submit(hass, result, url=URL)
    assert result["step_id"] == "model"


async def test_keeps_the_key(
    hass: HomeAssistant, engine: FakeEngine, mock_probe: AsyncMock
) -> None:
    """A key is used and kept, without the spaces that copying leaves."""
    engine.script(says("Noon."))
    result = await submit(hass, await start(hass), url=URL, api_key=" secret ")
    result = await submit(hass, result, model="tiny")

    assert mock_probe.await_args_list[-1].args[2] == "secret"
    result = await add(hass, result)
    assert result["data"] == {CONF_API_KEY: "secret", CONF_URL: URL}


@pytest.mark.parametrize(("error", "key"), CONNECT_ERRORS)
async def test_cannot_connect_and_recovers(
    hass: HomeAssistant,
    engine: FakeEngine,
    mock_probe: AsyncMock,
    error: Exception,
    key: str,
) -> None:
    """What is wrong with the server is said, and can be corrected."""
    engine.script(says("Noon."))
    mock_probe.side_effect = error
    result = await submit(hass, await start(hass), url=URL)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "server"
    assert result["errors"] == {"base": key}

    mock_probe.side_effect = None
    result = await submit(hass, result, url=URL)
    result = await submit(hass, result, model="tiny")
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_no_models_and_recovers(hass: HomeAssistant, engine: FakeEngine) -> None:
    """A server without models is no use yet."""
    engine.script(says("Noon."))
    engine.known = ()
    result = await submit(hass, await start(hass), url=URL)
    assert result["errors"] == {"base": "no_models"}

    engine.known = (MODEL,)
    result = await submit(hass, result, url=URL)
    result = await submit(hass, result, model="tiny")
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_models_cannot_be_listed(hass: HomeAssistant, engine: FakeEngine) -> None:
    """A key may be asked for only when the models are."""
    engine.error = AuthFailed("401")

    result = await submit(hass, await start(hass), url=URL)

    assert result["errors"] == {"base": "invalid_auth"}


@pytest.mark.parametrize(("error", "key"), CHAT_ERRORS)
@pytest.mark.parametrize("before", [[], says("Half an ans")[:-1]])
async def test_model_fails_and_recovers(
    hass: HomeAssistant,
    engine: FakeEngine,
    before: list[Step],
    error: EngineError,
    key: str,
) -> None:
    """What is wrong with the model is said, and another try may succeed."""
    engine.script([*before, error], says("Noon."))
    result = await submit(hass, await reach_model(hass), model="tiny")
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "model"
    assert result["errors"] == {"base": key}

    result = await submit(hass, result, model="tiny")
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_model_fails_in_an_unexpected_way(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """A mistake of ours is no dead end either."""
    with patch.object(FakeEngine, "chat", side_effect=RuntimeError("a bug")):
        result = await submit(hass, await reach_model(hass), model="tiny")
    assert result["errors"] == {"base": "unknown"}

    engine.script(says("Noon."))
    result = await submit(hass, result, model="tiny")
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_model_without_tools(hass: HomeAssistant, engine: FakeEngine) -> None:
    """A model without tools is not suggested, and refused."""
    engine.known = (ModelInfo(name="talker", tools=False), MODEL)
    result = await reach_model(hass)
    assert default_of(result) == "tiny"

    result = await submit(hass, result, model="talker")
    assert result["errors"] == {"base": "no_tools"}
    assert engine.requests == []
    assert default_of(result) == "talker"

    engine.script(says("Noon."))
    result = await submit(hass, result, model="tiny")
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_model_elsewhere_is_not_suggested(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """A model that runs on somebody else's computer is the last one."""
    engine.known = (ModelInfo(name="big:cloud", remote=True, tools=True), MODEL)
    assert default_of(await reach_model(hass)) == "tiny"


def default_of(result: ConfigFlowResult) -> str:
    """Return the model that is preselected."""
    assert result["data_schema"] is not None
    (field,) = result["data_schema"].schema
    return str(field.default())


async def test_shows_progress_while_the_model_loads(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """A slow model is waited for, and the flow goes on by itself when it answers."""
    loaded = asyncio.Event()
    engine.script([loaded, *says("Noon.")])
    result = await submit(hass, await reach_model(hass), model="tiny")
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert result["progress_action"] == "try_model"
    assert result["description_placeholders"] == {"model": "tiny"}

    loaded.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await hass.config_entries.flow.async_configure(result["flow_id"])
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_shows_a_late_error(hass: HomeAssistant, engine: FakeEngine) -> None:
    """A model that fails after a while leads back to the form."""
    loaded = asyncio.Event()
    engine.script([loaded, OutOfMemory("8 GiB")])
    result = await submit(hass, await reach_model(hass), model="tiny")

    loaded.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "model"
    assert result["errors"] == {"base": "out_of_memory"}


async def test_closing_the_dialog_stops_the_model(
    hass: HomeAssistant, engine: FakeEngine
) -> None:
    """Nobody waits for a test whose dialog was closed."""
    engine.script([asyncio.Event()])
    result = await submit(hass, await reach_model(hass), model="tiny")

    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert engine.closed_early == engine.requests


async def test_server_is_already_set_up(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry
) -> None:
    """A server is set up once, however its address is typed."""
    mock_config_entry.add_to_hass(hass)

    result = await submit(hass, await start(hass), url="127.0.0.1:11434/")

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_server_is_set_up_meanwhile(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """Two dialogs at a time make one entry."""
    engine.script(says("Noon."))
    result = await reach_model(hass)
    mock_config_entry.add_to_hass(hass)

    result = await add(hass, await submit(hass, result, model="tiny"))

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_reauth(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    mock_setup_entry: AsyncMock,
) -> None:
    """Another key is tried with the same server, kept, and used."""
    mock_config_entry.add_to_hass(hass)
    result = await mock_config_entry.start_reauth_flow(hass)
    assert result["step_id"] == "reauth_confirm"
    assert result["description_placeholders"]["url"] == URL

    result = await submit(hass, result, api_key="another")
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    assert mock_probe.await_args_list[-1].args[1:] == (URL, "another")
    assert mock_config_entry.data == {CONF_API_KEY: "another", CONF_URL: URL}
    assert mock_config_entry.state is ConfigEntryState.LOADED
    assert mock_setup_entry.await_count == 1


@pytest.mark.parametrize(("error", "key"), CONNECT_ERRORS)
async def test_reauth_fails_and_recovers(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    error: Exception,
    key: str,
) -> None:
    """A key that does not help can be entered again."""
    mock_config_entry.add_to_hass(hass)
    mock_probe.side_effect = error
    result = await mock_config_entry.start_reauth_flow(hass)
    result = await submit(hass, result, api_key="wrong")
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": key}
    assert mock_config_entry.data == {CONF_URL: URL}

    mock_probe.side_effect = None
    result = await submit(hass, result, api_key="right")
    assert result["reason"] == "reauth_successful"


async def test_reauth_with_the_same_key(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_setup_entry: AsyncMock,
) -> None:
    """A server that takes the old key again is simply used again."""
    mock_config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(ENTRY_ID)

    result = await submit(hass, await mock_config_entry.start_reauth_flow(hass))
    await hass.async_block_till_done()

    assert result["reason"] == "reauth_successful"
    assert mock_config_entry.data == {CONF_URL: URL}
    assert mock_setup_entry.await_count == 2


async def test_reconfigure(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry, mock_setup_entry: AsyncMock
) -> None:
    """A server that moved is found again, and named for its new host."""
    mock_config_entry.add_to_hass(hass)
    result = await mock_config_entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"
    assert result["data_schema"] is not None
    suggested = {
        str(marker): marker.description for marker in result["data_schema"].schema
    }
    assert suggested[CONF_URL] == {"suggested_value": URL}

    result = await submit(hass, result, url=OTHER_URL, api_key="key")
    await hass.async_block_till_done()

    assert result["reason"] == "reconfigure_successful"
    assert mock_config_entry.data == {CONF_API_KEY: "key", CONF_URL: OTHER_URL}
    assert mock_config_entry.title == "192.168.1.20"
    assert mock_setup_entry.await_count == 1


async def test_reconfigure_sends_an_old_key_nowhere_else(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry, mock_probe: AsyncMock
) -> None:
    """A key that the form showed was typed for the address of before."""
    mock_config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        mock_config_entry, data={CONF_API_KEY: "old", CONF_URL: URL}
    )
    mock_probe.side_effect = AuthFailed("401")
    result = await mock_config_entry.start_reconfigure_flow(hass)
    result = await submit(hass, result, url=OTHER_URL, api_key="old")
    assert mock_probe.await_args_list[-1].args[1:] == (OTHER_URL, None)
    assert result["errors"] == {"base": "invalid_auth"}
    assert result["data_schema"] is not None
    assert {str(key): key.description for key in result["data_schema"].schema} == {
        CONF_API_KEY: None,
        CONF_URL: {"suggested_value": OTHER_URL},
    }

    # Whoever types it again means the new address.
    mock_probe.side_effect = None
    result = await submit(hass, result, url=OTHER_URL, api_key="old")
    assert result["reason"] == "reconfigure_successful"
    assert mock_probe.await_args_list[-1].args[1:] == (OTHER_URL, "old")
    assert mock_config_entry.data == {CONF_API_KEY: "old", CONF_URL: OTHER_URL}


@pytest.mark.parametrize("typed", [URL, f" {URL}/ ", "127.0.0.1:11434/v1", "ftp://pi"])
async def test_reconfigure_keeps_the_key_for_its_address(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    typed: str,
) -> None:
    """The same address, however it is typed, has its key."""
    mock_config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        mock_config_entry, data={CONF_API_KEY: "old", CONF_URL: URL}
    )
    result = await mock_config_entry.start_reconfigure_flow(hass)
    result = await submit(hass, result, url=typed, api_key="old")
    if typed == "ftp://pi":
        assert result["errors"] == {CONF_URL: "invalid_url"}
        result = await submit(hass, result, url=URL, api_key="old")
    assert result["reason"] == "reconfigure_successful"
    assert mock_probe.await_args_list[-1].args[1:] == (URL, "old")


async def test_reconfigure_keeps_a_chosen_title(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry
) -> None:
    """A name that the user gave stays."""
    mock_config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(mock_config_entry, title="The cupboard")

    result = await mock_config_entry.start_reconfigure_flow(hass)
    await submit(hass, result, url=OTHER_URL)

    assert mock_config_entry.title == "The cupboard"


async def test_reconfigure_takes_the_key_away(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry
) -> None:
    """A key that is left out is forgotten."""
    mock_config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        mock_config_entry, data={CONF_API_KEY: "old", CONF_URL: URL}
    )

    result = await mock_config_entry.start_reconfigure_flow(hass)
    await submit(hass, result, url=URL)

    assert mock_config_entry.data == {CONF_URL: URL}


@pytest.mark.parametrize(("error", "key"), CONNECT_ERRORS)
async def test_reconfigure_fails_and_recovers(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    mock_probe: AsyncMock,
    error: Exception,
    key: str,
) -> None:
    """What is wrong with the new address is said, and can be corrected."""
    mock_config_entry.add_to_hass(hass)
    mock_probe.side_effect = error
    result = await mock_config_entry.start_reconfigure_flow(hass)
    result = await submit(hass, result, url=OTHER_URL)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "reconfigure"
    assert result["errors"] == {"base": key}

    mock_probe.side_effect = None
    result = await submit(hass, result, url=OTHER_URL)
    assert result["reason"] == "reconfigure_successful"


async def test_reconfigure_to_a_server_that_is_set_up(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry
) -> None:
    """Two entries never share a server."""
    mock_config_entry.add_to_hass(hass)
    MockConfigEntry(domain=DOMAIN, data={CONF_URL: OTHER_URL}).add_to_hass(hass)

    result = await mock_config_entry.start_reconfigure_flow(hass)
    result = await submit(hass, result, url=OTHER_URL)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
