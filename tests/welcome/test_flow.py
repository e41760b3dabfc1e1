"""The first step, through the user interface."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines.base import Capabilities, EngineKind
from custom_components.hearth.engines.discovery import Found
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    OutOfMemory,
    Unreachable,
)
from custom_components.hearth.hardware.board_health import Health
from custom_components.hearth.managed.choices import Choices
from custom_components.hearth.managed.fetching import Repository
from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.managed.settings import MANAGED_ID
from custom_components.hearth.models.hub import RemoteFile, RemoteModel
from custom_components.hearth.recommend import recommend
from custom_components.hearth.recommending.base import NANO
from custom_components.hearth.runtimes.find import FoundServer
from custom_components.hearth.welcome.look import Sight

from ..fake_engine import STATS, FakeEngine, says
from ..flows import add
from ..recommend_situations import (
    ELSEWHERE,
    HERE,
    LLAMA,
    QWEN,
    board,
    ollama,
    situation,
    with_memory,
)
from ..test_metadata import TRANSLATIONS

MANAGED_FLOW = "custom_components.hearth.managed.flow"
MODEL_FLOW = "custom_components.hearth.managed.model_flow"
WELCOME_FLOW = "custom_components.hearth.welcome.flow"
# The model that the fake engine has.
TINY = replace(LLAMA, name="tiny")
CHOICES = Choices(
    server=FoundServer(program=Path("/usr/bin/llama-server"), version="11669"),
    package=None,
    files=(),
)

pytestmark = pytest.mark.usefixtures("mock_probe")


def sight(*found: Found, files: tuple[Path, ...] = (), known: bool = True) -> Sight:
    """Return what is seen on a Pi 5."""
    machine = board("pi_5_8gb")
    names = frozenset(path.name for path in files)
    seen = situation(machine, found=found, files=names)
    return Sight(
        situation=seen,
        health=Health(temperature=52.0),
        choices=replace(CHOICES, files=files) if known else None,
        picks=recommend(seen),
    )


@pytest.fixture
def look_around() -> Generator[AsyncMock]:
    """See a Pi 5 on which nothing answers yet."""
    look = AsyncMock(return_value=sight())
    with patch(f"{WELCOME_FLOW}.async_look", look):
        yield look


@pytest.fixture(autouse=True)
def mock_setup_entry() -> Generator[AsyncMock]:
    """Set up no entry for real."""
    with patch(
        "custom_components.hearth.async_setup_entry", return_value=True
    ) as setup:
        yield setup


@pytest.fixture(autouse=True)
def managed() -> Generator[Mock]:
    """Replace what the steps for an engine of our own do; return it by name."""
    doubles = Mock()
    names = {
        "async_check_settings": CHOICES,
        "async_finish_download": Path("/models/m.gguf"),
        "async_list_choices": CHOICES,
        "async_look_up": None,
        "async_plan": Mock(alias="m", context_window=8192),
        "async_start_download": Mock(progress=None),
        "async_try_plan": STATS,
    }
    found_in_models = {"async_finish_download", "async_look_up", "async_start_download"}
    for name, value in names.items():
        setattr(doubles, name, AsyncMock(return_value=value))
    replaced = {name: getattr(doubles, name) for name in names}
    with (
        patch.multiple(
            MANAGED_FLOW,
            **{name: replaced[name] for name in names if name not in found_in_models},
        ),
        patch.multiple(
            MODEL_FLOW, **{name: replaced[name] for name in found_in_models}
        ),
        patch(f"{WELCOME_FLOW}.async_list_choices", doubles.async_list_choices),
    ):
        yield doubles


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Return what a new entry begins with."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )


async def take(
    hass: HomeAssistant, result: ConfigFlowResult, choice: str
) -> ConfigFlowResult:
    """Return what follows a choice."""
    return await hass.config_entries.flow.async_configure(
        result["flow_id"], {"choice": choice}
    )


def labels(result: ConfigFlowResult) -> dict[str, str]:
    """Return what there is to choose from, by its values."""
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "welcome"
    assert result["data_schema"] is not None
    selector = result["data_schema"].schema["choice"]
    return {
        option["value"]: option["label"].replace("\N{NO-BREAK SPACE}", " ")
        for option in selector.config["options"]
    }


def choice_of(result: ConfigFlowResult, part: str) -> str:
    """Return the first choice with something in its label."""
    return next(value for value, label in labels(result).items() if part in label)


def texts(result: ConfigFlowResult) -> dict[str, str]:
    """Return what a form tells."""
    return dict(result["description_placeholders"] or {})


async def test_says_what_it_saw(hass: HomeAssistant, look_around: AsyncMock) -> None:
    """Machine, engines, what is best and why are told; the best is preselected."""
    look_around.return_value = sight(ollama(HERE, LLAMA))

    result = await start(hass)

    (best, *_, all_of_it, myself, server) = labels(result).items()
    assert best[0] == "pick_0"
    assert best[1].startswith("Llama 3.2 3B Instruct · Ollama 127.0.0.1:11434 · ")
    assert all_of_it == ("found_0", "Ollama 127.0.0.1:11434: all of its models")
    assert (myself[0], server[0]) == ("choose_myself", "server")
    words = TRANSLATIONS["selector"]["welcome"]["options"]
    assert set(words) == {"choose_myself", "server"}
    assert result["data_schema"] is not None
    (field,) = result["data_schema"].schema
    assert field.default() == "pick_0"
    assert (
        texts(result).items()
        >= {
            "best": "Llama 3.2 3B Instruct. Ollama already answers on this machine and has "
            "this model.",
            "engines": "Ollama 0.33.0 answers at 127.0.0.1:11434, with one model.",
            "machine": "Raspberry Pi 5 Model B · 8 GB · SD · cool (52 °C)",
        }.items()
    )


async def test_says_it_in_the_homes_language(hass: HomeAssistant) -> None:
    """What is not translated is said in English, which all have."""
    hass.config.language = "xx"
    assert "Hearth runs llama.cpp itself" in texts(await start(hass))["best"]


async def test_shows_that_it_looks(hass: HomeAssistant, look_around: AsyncMock) -> None:
    """The page is told to wait, and goes on by itself."""
    seen = asyncio.Event()
    again = sight()

    async def look(_: HomeAssistant) -> Sight:
        await seen.wait()
        return again

    look_around.side_effect = look
    result = await start(hass)
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert result["progress_action"] == "look"
    assert "look" in TRANSLATIONS["config"]["progress"]
    flow_id = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow_id)
    assert result["type"] is FlowResultType.SHOW_PROGRESS

    seen.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await hass.config_entries.flow.async_configure(flow_id)
    assert choice_of(result, "Hearth Nano")


async def test_fails_while_it_looks(
    hass: HomeAssistant, look_around: AsyncMock
) -> None:
    """A failure that comes late leads to the long way, too."""
    seen = asyncio.Event()

    async def look(_: HomeAssistant) -> Sight:
        await seen.wait()
        raise OSError

    look_around.side_effect = look
    result = await start(hass)
    seen.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["managed", "server"]


async def test_closing_the_window_ends_the_look(
    hass: HomeAssistant, look_around: AsyncMock
) -> None:
    """Nobody looks for somebody who has gone."""
    stopped = asyncio.Event()

    async def look(_: HomeAssistant) -> Sight:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    look_around.side_effect = look
    result = await start(hass)
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert stopped.is_set()
    assert not hass.config_entries.async_entries(DOMAIN)


@pytest.mark.parametrize("error", [RuntimeError("a bug"), TimeoutError()])
async def test_the_long_way(
    hass: HomeAssistant, look_around: AsyncMock, error: Exception
) -> None:
    """Where nothing can be seen, both ways are still open."""
    look_around.side_effect = error
    result = await start(hass)
    assert result["type"] is FlowResultType.MENU

    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "server"}
    )
    assert result["step_id"] == "server"


async def test_model_of_a_server(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine
) -> None:
    """One click on a model that is there is all it takes."""
    engine.script(says("Noon."))
    look_around.return_value = sight(ollama(engine.url, TINY))
    result = await start(hass)

    result = await take(hass, result, choice_of(result, "tiny"))

    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {CONF_URL: engine.url}
    subentry, _ = result["result"].subentries.values()
    assert subentry.data["model"] == "tiny"


@pytest.mark.parametrize(
    ("error", "key"),
    [(Unreachable("refused"), "cannot_connect"), (Busy("503"), "busy")],
)
async def test_server_that_went_away(
    hass: HomeAssistant,
    look_around: AsyncMock,
    engine: FakeEngine,
    mock_probe: AsyncMock,
    error: Exception,
    key: str,
) -> None:
    """What is wrong is said beside the list, with the same choice for another try."""
    engine.script(says("Noon."))
    look_around.return_value = sight(ollama(engine.url, TINY), ollama(ELSEWHERE, LLAMA))
    mock_probe.side_effect = error
    result = await start(hass)
    choice = choice_of(result, "tiny")
    assert choice != default_of(result)
    result = await take(hass, result, choice)
    assert result["step_id"] == "welcome"
    assert result["errors"] == {"base": key}
    assert default_of(result) == choice

    mock_probe.side_effect = None
    result = await add(hass, await take(hass, result, choice))
    assert result["type"] is FlowResultType.CREATE_ENTRY


def default_of(result: ConfigFlowResult) -> str:
    """Return what is preselected."""
    assert result["data_schema"] is not None
    (field,) = result["data_schema"].schema
    return str(field.default())


async def test_server_that_has_a_key_now(
    hass: HomeAssistant,
    look_around: AsyncMock,
    engine: FakeEngine,
    mock_probe: AsyncMock,
) -> None:
    """The key is asked for, with the address filled in."""
    engine.script(says("Noon."))
    look_around.return_value = sight(ollama(engine.url, TINY))
    mock_probe.side_effect = AuthFailed("401")
    result = await start(hass)
    result = await take(hass, result, choice_of(result, "tiny"))
    assert result["step_id"] == "server"
    assert result["errors"] == {"base": "invalid_auth"}

    mock_probe.side_effect = None
    result = await submit(hass, result, url=engine.url, api_key="secret")
    result = await submit(hass, result, model="tiny")
    result = await add(hass, result)
    assert result["data"] == {"api_key": "secret", "url": engine.url}


async def submit(
    hass: HomeAssistant, result: ConfigFlowResult, **values: str
) -> ConfigFlowResult:
    """Return what follows a submitted form."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], values)


async def test_model_that_went_away(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine
) -> None:
    """A model that was deleted meanwhile is not tried."""
    engine.script(says("Noon."))
    look_around.return_value = sight(ollama(engine.url, replace(TINY, name="gone")))
    result = await start(hass)
    result = await take(hass, result, choice_of(result, "gone"))
    assert result["step_id"] == "welcome"
    assert result["errors"] == {"base": "model_missing"}
    assert not engine.requests

    result = await take(hass, result, "found_0")
    assert result["step_id"] == "model"
    result = await add(hass, await submit(hass, result, model="tiny"))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_model_that_does_not_answer(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine
) -> None:
    """What is wrong is said where another model can be chosen."""
    engine.script([OutOfMemory("8 GiB")])
    engine.script(says("Noon."))
    look_around.return_value = sight(ollama(engine.url, TINY))
    result = await start(hass)
    result = await take(hass, result, choice_of(result, "tiny"))
    assert result["step_id"] == "welcome"
    assert result["errors"] == {"base": "out_of_memory"}

    result = await add(hass, await take(hass, result, choice_of(result, "tiny")))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_model_that_a_server_downloads(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine
) -> None:
    """An Ollama without models is asked to get the one that is recommended."""
    engine.capabilities = Capabilities(delete=True, load=True, pull=True)
    engine.known = ()
    engine.script(says("Noon."))
    seen = sight(ollama(engine.url))
    look_around.return_value = seen
    assert seen.picks[0].download
    result = await start(hass)
    assert "without any model yet" in texts(result)["engines"]
    assert "2.5 GB to download" in labels(result)["pick_0"]

    result = await add(hass, await take(hass, result, "pick_0"))

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert engine.pulls == [seen.picks[0].model]
    for subentry in result["result"].subentries.values():
        assert subentry.data["model"] == seen.picks[0].model


async def test_window_that_was_reckoned_with(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine
) -> None:
    """The agents, and the trial, get the window that the memory was reckoned with."""
    engine.script(says("Noon."))
    machine = with_memory(board("pi_5_4gb"), 2_350_000_000)
    seen = situation(machine, found=(ollama(engine.url, QWEN),))
    picks = recommend(seen)
    there = next(pick for pick in picks if pick.model == QWEN.name)
    assert there.fits
    assert there.context_window < 4096
    engine.known = (QWEN,)
    look_around.return_value = replace(sight(), situation=seen, picks=picks)
    result = await start(hass)
    result = await take(hass, result, choice_of(result, "Ollama 127.0.0.1"))

    assert f"{there.context_window} tokens" in texts(result)["settings"]
    assert engine.requests[0].context_window == there.context_window
    result = await add(hass, result)
    for subentry in result["result"].subentries.values():
        assert subentry.data["context_window"] == there.context_window


async def test_other_models_of_a_server(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine
) -> None:
    """Whoever goes into a server's list comes back to the first one."""
    look_around.return_value = sight(ollama(engine.url, TINY))
    result = await take(hass, await start(hass), "found_0")
    assert result["step_id"] == "model"

    result = await submit(hass, result, model="hearth_back")
    assert result["step_id"] == "welcome"
    assert default_of(result) == "found_0"


async def test_server_that_wants_a_key(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine
) -> None:
    """The address of a server that was found need not be typed."""
    locked = Found(url=HERE, kind=EngineKind.LLAMA_SERVER, locked=True)
    look_around.return_value = sight(locked)
    result = await start(hass)
    choice = choice_of(result, "llama.cpp 127.0.0.1:11434: enter its API key")
    result = await take(hass, result, choice)
    assert result["step_id"] == "server"
    assert not result["errors"]
    assert result["data_schema"] is not None
    suggested = {str(key): key.description for key in result["data_schema"].schema}
    assert suggested["url"] == {"suggested_value": HERE}


@pytest.mark.parametrize("choice", ["choose_myself", "server"])
async def test_going_back(hass: HomeAssistant, choice: str) -> None:
    """Both of the longer ways lead back to the first step."""
    result = await take(hass, await start(hass), choice)
    if choice == "server":
        result = await submit(hass, result)
    else:
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"],
            {"advanced": {}, "model": "back", "runtime": "llama_server"},
        )
    assert result["step_id"] == "welcome"
    assert not result["errors"]
    assert default_of(result) == choice


async def test_going_back_without_a_look(
    hass: HomeAssistant, look_around: AsyncMock
) -> None:
    """Where nothing was seen, the first step is the question of where."""
    look_around.side_effect = TimeoutError
    result = await hass.config_entries.flow.async_configure(
        (await start(hass))["flow_id"], {"next_step_id": "server"}
    )
    result = await submit(hass, result, url=" ")
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "user"


async def test_engine_of_our_own_given_up_for_a_server(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine, managed: Mock
) -> None:
    """What was tried first leaves nothing in the entry of what was taken."""
    engine.script(says("Noon."))
    look_around.return_value = sight(ollama(engine.url, TINY))
    managed.async_try_plan.side_effect = ManagedError("start_failed", {"error": "no"})
    result = await start(hass)
    result = await take(hass, result, choice_of(result, "Hearth Nano"))
    assert result["step_id"] == "welcome"
    assert result["errors"] == {"base": "start_failed"}

    result = await take(hass, result, choice_of(result, "tiny"))
    result = await add(hass, result)
    assert result["data"] == {CONF_URL: engine.url}
    assert result["result"].unique_id is None


async def test_the_tiny_model(hass: HomeAssistant, managed: Mock) -> None:
    """The model that comes with Hearth needs one click and no download."""
    result = await start(hass)

    result = await take(hass, result, choice_of(result, "Hearth Nano"))

    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"model": NANO, "runtime": "llama_server"}
    assert result["result"].unique_id == MANAGED_ID
    managed.async_look_up.assert_not_awaited()


def remote(name: str) -> Repository:
    """Return a model on a hub."""
    file = RemoteFile(name=name, size=2_000_000, sha256="0" * 64, url="https://h.x/f")
    model = RemoteModel(repository="o/r", revision="0" * 40, files=(file,))
    return Repository(models=(model,), suggested=model, token=None)


async def test_model_to_download(hass: HomeAssistant, managed: Mock) -> None:
    """A recommended file is looked up, downloaded and tried."""
    best = sight().picks[0]
    assert best.file is not None
    managed.async_look_up.return_value = remote(best.model)
    result = await start(hass)
    assert "2.5 GB to download" in labels(result)["pick_0"]

    result = await take(hass, result, "pick_0")

    assert managed.async_look_up.await_args.args[1:] == (
        f"{best.file.repository}/{best.file.name}",
        None,
        None,
    )
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"model": "/models/m.gguf", "runtime": "llama_server"}


async def test_hub_that_does_not_answer(hass: HomeAssistant, managed: Mock) -> None:
    """What is wrong is said beside the list, and the same click tries again."""
    best = sight().picks[0]
    managed.async_look_up.side_effect = ManagedError("hub_unreachable", {"error": "no"})
    result = await take(hass, await start(hass), "pick_0")
    assert result["step_id"] == "welcome"
    assert result["errors"] == {"base": "hub_unreachable"}
    assert texts(result)["error"] == "no"

    managed.async_look_up.side_effect = None
    managed.async_look_up.return_value = remote(best.model)
    result = await add(hass, await take(hass, result, "pick_0"))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_package_that_cannot_be_installed(
    hass: HomeAssistant, managed: Mock
) -> None:
    """What can be chosen instead is in the form for an engine of our own."""
    nothing = replace(CHOICES, server=None)
    managed.async_check_settings.return_value = nothing
    managed.async_list_choices.return_value = nothing
    managed.async_install_package = AsyncMock(side_effect=ManagedError("no_compiler"))
    with (
        patch(f"{MANAGED_FLOW}.async_install_package", managed.async_install_package),
        patch(f"{WELCOME_FLOW}.async_look", AsyncMock(return_value=sight(known=False))),
    ):
        result = await start(hass)
        result = await take(hass, result, choice_of(result, "Hearth Nano"))
    assert result["step_id"] == "managed"
    assert result["errors"] == {"base": "no_compiler"}

    managed.async_check_settings.return_value = CHOICES
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"],
        {"model": "nano", "runtime": "llama_server", "advanced": {}},
    )
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_folder_that_cannot_be_written_to(
    hass: HomeAssistant, managed: Mock
) -> None:
    """What keeps an engine of our own from running is said in its form."""
    managed.async_check_settings.side_effect = ManagedError(
        "folder_not_writable", {"folder": "/f"}
    )
    result = await take(hass, await start(hass), "pick_0")
    assert result["step_id"] == "managed"
    assert result["errors"] == {"base": "folder_not_writable"}
    managed.async_look_up.assert_not_awaited()

    managed.async_check_settings.side_effect = None
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"],
        {"model": "nano", "runtime": "llama_server", "advanced": {}},
    )
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_file_that_is_there(
    hass: HomeAssistant, look_around: AsyncMock, managed: Mock
) -> None:
    """What was downloaded before is used as it is."""
    file = Path("/models") / sight().picks[0].model
    look_around.return_value = sight(files=(Path("/models/other.gguf"), file))
    result = await start(hass)
    assert "already there" in labels(result)["pick_0"]

    result = await take(hass, result, "pick_0")

    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["model"] == str(file)
    managed.async_look_up.assert_not_awaited()


async def test_slow_programs_are_asked_again(
    hass: HomeAssistant, look_around: AsyncMock, managed: Mock
) -> None:
    """What can be run here is found out when it is needed."""
    look_around.return_value = sight(known=False)
    result = await start(hass)
    managed.async_list_choices.assert_not_awaited()

    result = await take(hass, result, choice_of(result, "Hearth Nano"))

    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["runtime"] == "llama_server"


@pytest.mark.parametrize(
    ("choice", "step"), [("choose_myself", "managed"), ("server", "server")]
)
async def test_choosing_oneself(hass: HomeAssistant, choice: str, step: str) -> None:
    """Who wants something else gets the forms for it."""
    result = await take(hass, await start(hass), choice)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step


async def test_what_is_set_up_is_not_offered(
    hass: HomeAssistant, look_around: AsyncMock
) -> None:
    """Where all is there already, another server is still possible."""
    look_around.return_value = sight(ollama(HERE, LLAMA))
    MockConfigEntry(domain=DOMAIN, data={CONF_URL: HERE}).add_to_hass(hass)
    assert "Ollama" not in "".join(labels(await start(hass)).values())

    MockConfigEntry(
        domain=DOMAIN,
        data={"model": NANO, "runtime": "llama_server"},
        unique_id=MANAGED_ID,
    ).add_to_hass(hass)
    result = await start(hass)
    assert list(labels(result)) == ["server"]
    assert texts(result)["best"] == "-"


@pytest.mark.parametrize("choice", ["pick_99", "pick_-1", "pick_x", "", "nano"])
async def test_no_other_choice(hass: HomeAssistant, choice: str) -> None:
    """What was not offered is not taken."""
    result = await start(hass)
    with pytest.raises(InvalidData):
        await take(hass, result, choice)


async def test_set_up_meanwhile(hass: HomeAssistant) -> None:
    """Two windows at a time make one engine of our own."""
    result = await start(hass)
    MockConfigEntry(
        domain=DOMAIN,
        data={"model": NANO, "runtime": "llama_server"},
        unique_id=MANAGED_ID,
    ).add_to_hass(hass)

    result = await take(hass, result, "pick_0")

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_managed"


async def test_changing_an_engine_does_not_look(
    hass: HomeAssistant, look_around: AsyncMock
) -> None:
    """Only a new entry begins with a look around, and closing others ends none."""
    entry = MockConfigEntry(domain=DOMAIN, data={CONF_URL: HERE})
    entry.add_to_hass(hass)
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"

    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done()

    look_around.assert_not_awaited()
