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
from custom_components.hearth.engines.base import OutOfMemory, Unreachable
from custom_components.hearth.engines.discovery import Found
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

from ..fake_engine import FakeEngine, says
from ..recommend_situations import HERE, LLAMA, board, ollama, situation
from ..test_metadata import TRANSLATIONS

MANAGED_FLOW = "custom_components.hearth.managed.flow"
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
    return Sight(
        board=machine,
        health=Health(temperature=52.0),
        found=found,
        choices=replace(CHOICES, files=files) if known else None,
        picks=recommend(situation(machine, found=found, files=names)),
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
        "async_plan": None,
        "async_start_download": Mock(progress=None),
        "async_try_plan": None,
    }
    for name, value in names.items():
        setattr(doubles, name, AsyncMock(return_value=value))
    with (
        patch.multiple(
            MANAGED_FLOW, **{name: getattr(doubles, name) for name in names}
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

    (best, *_, myself, server) = labels(result).items()
    assert best[0] == "pick_0"
    assert best[1].startswith("Llama 3.2 3B Instruct · Ollama 127.0.0.1:11434 · ")
    assert (myself[0], server[0]) == ("choose_myself", "server")
    words = TRANSLATIONS["selector"]["welcome"]["options"]
    assert set(words) == {"choose_myself", "server"}
    assert result["data_schema"] is not None
    (field,) = result["data_schema"].schema
    assert field.default() == "pick_0"
    assert texts(result) == {
        "best": "Llama 3.2 3B Instruct. Ollama already answers on this machine and has "
        "this model.",
        "engines": "Ollama 0.33.0 answers at 127.0.0.1:11434, with one model.",
        "machine": "Raspberry Pi 5 Model B · 8 GB · SD · cool (52 °C)",
    }


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

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {CONF_URL: engine.url}
    subentry, _ = result["result"].subentries.values()
    assert subentry.data["model"] == "tiny"


async def test_server_that_went_away(
    hass: HomeAssistant,
    look_around: AsyncMock,
    engine: FakeEngine,
    mock_probe: AsyncMock,
) -> None:
    """Its address is asked for again, and filled in."""
    engine.script(says("Noon."))
    look_around.return_value = sight(ollama(engine.url, TINY))
    mock_probe.side_effect = Unreachable("refused")
    result = await start(hass)
    result = await take(hass, result, choice_of(result, "tiny"))
    assert result["step_id"] == "server"
    assert result["errors"] == {"base": "cannot_connect"}

    mock_probe.side_effect = None
    flow = hass.config_entries.flow
    result = await flow.async_configure(result["flow_id"], {"url": engine.url})
    result = await flow.async_configure(result["flow_id"], {"model": "tiny"})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_model_that_went_away(
    hass: HomeAssistant, look_around: AsyncMock, engine: FakeEngine
) -> None:
    """A model that was deleted meanwhile is not tried."""
    engine.script(says("Noon."))
    look_around.return_value = sight(ollama(engine.url, replace(TINY, name="gone")))
    result = await start(hass)
    result = await take(hass, result, choice_of(result, "gone"))
    assert result["step_id"] == "server"
    assert result["errors"] == {"base": "model_missing"}
    assert not engine.requests

    flow = hass.config_entries.flow
    result = await flow.async_configure(result["flow_id"], {"url": engine.url})
    result = await flow.async_configure(result["flow_id"], {"model": "tiny"})
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
    assert result["step_id"] == "model"
    assert result["errors"] == {"base": "out_of_memory"}

    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"model": "tiny"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_the_tiny_model(hass: HomeAssistant, managed: Mock) -> None:
    """The model that comes with Hearth needs one click and no download."""
    result = await start(hass)

    result = await take(hass, result, choice_of(result, "Hearth Nano"))

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
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"model": "/models/m.gguf", "runtime": "llama_server"}


async def test_hub_that_does_not_answer(hass: HomeAssistant, managed: Mock) -> None:
    """What was to be downloaded is named in the form that says what is wrong."""
    best = sight().picks[0]
    assert best.file is not None
    managed.async_look_up.side_effect = ManagedError("hub_unreachable", {"error": "no"})
    result = await take(hass, await start(hass), "pick_0")
    assert result["step_id"] == "model_download"
    assert result["errors"] == {"base": "hub_unreachable"}
    assert result["data_schema"] is not None
    reference = next(key for key in result["data_schema"].schema if key == "reference")
    name = f"{best.file.repository}/{best.file.name}"
    assert reference.description == {"suggested_value": name}

    managed.async_look_up.side_effect = None
    managed.async_look_up.return_value = remote(best.model)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"reference": name, "advanced": {}}
    )
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
