"""Letting Hearth run llama.cpp itself, through the user interface."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
    ConfigSubentryDataWithId,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.const import DOMAIN, SUBENTRY_CONVERSATION
from custom_components.hearth.engines.launch import LaunchPlan, Runtime
from custom_components.hearth.managed.choices import Choices
from custom_components.hearth.managed.fetching import Repository
from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.managed.settings import MANAGED_ID
from custom_components.hearth.models.download import DownloadProgress
from custom_components.hearth.models.hub import RemoteFile, RemoteModel
from custom_components.hearth.runtimes.find import FoundPackage, FoundServer

from ..conftest import AGENT_ID, ENTRY_ID
from ..fake_engine import STATS
from ..flows import add

# What the steps do outside of themselves, by where they find it.
MODULES = {
    "custom_components.hearth.managed.flow": (
        "async_check_settings",
        "async_install_package",
        "async_list_choices",
        "async_plan",
        "async_try_plan",
    ),
    "custom_components.hearth.managed.model_flow": (
        "async_check_file",
        "async_finish_download",
        "async_look_up",
        "async_start_download",
    ),
}
SERVER = FoundServer(program=Path("/usr/bin/llama-server"), version="11669")
PACKAGE = FoundPackage(python=Path("/usr/bin/python3"), packages=None, version="0.3.36")
SMALL, LARGE = (
    RemoteModel(
        repository="org/repo",
        revision="0" * 40,
        files=(
            RemoteFile(
                name=f"model-{quantization}.gguf",
                size=size,
                sha256="0" * 64,
                url=f"https://hub.example/{quantization}",
            ),
        ),
    )
    for quantization, size in (("Q4_K_M", 2_000_000), ("Q8_0", 4_000_000))
)
PLAN = LaunchPlan(
    runtime=Runtime.LLAMA_SERVER,
    program=SERVER.program,
    model=Path("/models/m.gguf"),
    alias="m",
    context_window=8192,
    threads=2,
    folder=Path("/config"),
)
MANAGED = {"model": "nano", "runtime": "llama_server"}


def found(**changes: Any) -> Choices:
    """Return what is found on a machine."""
    values: dict[str, Any] = {"files": (), "package": None, "server": SERVER}
    return Choices(**values | changes)


@pytest.fixture(autouse=True)
def mock_setup_entry() -> Generator[AsyncMock]:
    """Set up no entry for real."""
    with patch(
        "custom_components.hearth.async_setup_entry", return_value=True
    ) as setup:
        yield setup


@pytest.fixture(autouse=True)
def mock_unload_entry() -> Generator[AsyncMock]:
    """Unload no entry for real."""
    with patch(
        "custom_components.hearth.async_unload_entry", return_value=True
    ) as unload:
        yield unload


@pytest.fixture
def choices() -> Choices:
    """Return what is found; a test module may have another one."""
    return found()


@pytest.fixture(autouse=True)
def machine(choices: Choices) -> Generator[Mock]:
    """Replace everything outside of the flow; return the replacements by name."""
    doubles = Mock()
    doubles.async_list_choices = AsyncMock(return_value=choices)
    doubles.async_check_settings = AsyncMock(return_value=choices)
    doubles.async_check_file = AsyncMock()
    doubles.async_look_up = AsyncMock()
    doubles.async_start_download = AsyncMock()
    doubles.async_finish_download = AsyncMock()
    doubles.async_install_package = AsyncMock(return_value=PACKAGE)
    doubles.async_plan = AsyncMock(return_value=PLAN)
    doubles.async_try_plan = AsyncMock(return_value=STATS)
    with ExitStack() as stack:
        for module, names in MODULES.items():
            found = {name: getattr(doubles, name) for name in names}
            stack.enter_context(patch.multiple(module, **found))
        yield doubles


async def submit(
    hass: HomeAssistant, result: ConfigFlowResult, **values: Any
) -> ConfigFlowResult:
    """Return what follows a submitted form."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], values)


async def choose(
    hass: HomeAssistant, result: ConfigFlowResult, **values: Any
) -> ConfigFlowResult:
    """Return what follows the form for an engine of our own."""
    return await submit(hass, result, **MANAGED | {"advanced": {}} | values)


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the form for an engine of our own."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    result = await submit(hass, result, next_step_id="managed")
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "managed"
    assert not result["errors"]
    return result


def options(result: ConfigFlowResult, field: str) -> dict[str, str]:
    """Return the choices of a field: their labels by their values."""
    assert result["data_schema"] is not None
    selector = result["data_schema"].schema[field]
    return {option["value"]: option["label"] for option in selector.config["options"]}


def named(result: ConfigFlowResult) -> Mapping[str, str]:
    """Return what the texts of a form name."""
    return result["description_placeholders"] or {}


async def test_two_clicks(
    hass: HomeAssistant, machine: Mock, mock_setup_entry: AsyncMock
) -> None:
    """What is suggested is enough: an engine of our own, with one agent."""
    result = await choose(hass, await start(hass))

    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "llama.cpp"
    assert result["data"] == MANAGED
    assert result["result"].unique_id == MANAGED_ID
    subentry, task = result["result"].subentries.values()
    assert task.title == "hearth-nano AI task"
    assert task.data == {"model": "hearth-nano"}
    assert subentry.title == "hearth-nano"
    assert subentry.data["model"] == "hearth-nano"
    machine.async_try_plan.assert_awaited_once_with(hass, PLAN, {})
    machine.async_install_package.assert_not_awaited()
    await hass.async_block_till_done()
    assert mock_setup_entry.await_count == 1


async def test_only_one(hass: HomeAssistant) -> None:
    """Two engines of our own would fight for the memory."""
    MockConfigEntry(domain=DOMAIN, data=MANAGED, unique_id=MANAGED_ID).add_to_hass(hass)
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    result = await submit(hass, result, next_step_id="managed")

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_managed"


@pytest.mark.parametrize(
    ("choices", "server", "package", "suggested"),
    [
        (found(), "11669 · /usr/bin/llama-server", "⤓", "llama_server"),
        (found(server=None, package=PACKAGE), "⚠", "0.3.36", "llama_cpp_python"),
    ],
)
async def test_says_what_is_there(
    hass: HomeAssistant, server: str, package: str, suggested: str
) -> None:
    """The form names the programs that were found, and suggests one."""
    result = await start(hass)

    assert options(result, "runtime") == {
        "llama_cpp_python": f"llama-cpp-python · {package}",
        "llama_server": f"llama-server · {server}",
    }
    assert result["data_schema"] is not None
    (runtime,) = (key for key in result["data_schema"].schema if key == "runtime")
    assert runtime.description == {"suggested_value": suggested}


@pytest.mark.parametrize("choices", [found(files=(Path("/models/qwen.gguf"),))])
async def test_offers_the_files_that_are_there(hass: HomeAssistant) -> None:
    """A model that was downloaded before is one click away."""
    result = await start(hass)
    assert options(result, "model")["/models/qwen.gguf"] == "qwen.gguf"

    result = await choose(hass, result, model="/models/qwen.gguf")

    result = await add(hass, result)
    assert result["data"]["model"] == "/models/qwen.gguf"
    subentry, _ = result["result"].subentries.values()
    assert subentry.title == "qwen"


async def test_keeps_what_was_entered(hass: HomeAssistant) -> None:
    """Places and packages are kept, and empty ones are not."""
    result = await choose(
        hass,
        await start(hass),
        advanced={"models_folder": " /mnt/nvme ", "wheel": "", "program": "/opt/llama"},
    )

    result = await add(hass, result)
    assert result["data"] == MANAGED | {
        "models_folder": "/mnt/nvme",
        "program": "/opt/llama",
    }


async def test_settings_that_cannot_be(hass: HomeAssistant, machine: Mock) -> None:
    """What is wrong is said with its numbers, and can be corrected."""
    machine.async_check_settings.side_effect = ManagedError(
        "folder_not_writable", {"folder": "/root"}
    )
    result = await choose(hass, await start(hass), advanced={"models_folder": "/root"})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "folder_not_writable"}
    assert named(result)["folder"] == "/root"

    machine.async_check_settings.side_effect = None
    result = await choose(hass, result)
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_file_on_this_machine(hass: HomeAssistant, machine: Mock) -> None:
    """A file that is no model is said so; another one is taken."""
    result = await choose(hass, await start(hass), model="file")
    assert result["step_id"] == "model_file"

    machine.async_check_file.side_effect = ManagedError(
        "model_file_missing", {"file": "/x.gguf"}
    )
    result = await submit(hass, result, file="/x.gguf")
    assert result["step_id"] == "model_file"
    assert result["errors"] == {"base": "model_file_missing"}

    machine.async_check_file.side_effect = lambda _, settings, file: replace(
        settings, model=file
    )
    result = await submit(hass, result, file="/y.gguf")
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["model"] == "/y.gguf"


def repository(*models: RemoteModel) -> Repository:
    """Return what a hub has."""
    return Repository(models=models, suggested=models[0], token="hf_secret")


async def test_download(hass: HomeAssistant, machine: Mock) -> None:
    """A model is looked up, chosen, downloaded and tried."""
    result = await choose(hass, await start(hass), model="download")
    assert result["step_id"] == "model_download"

    machine.async_look_up.side_effect = ManagedError("invalid_reference")
    result = await submit(hass, result, reference="?", advanced={})
    assert result["step_id"] == "model_download"
    assert result["errors"] == {"base": "invalid_reference"}
    assert named(result)["example"] == "Qwen/Qwen3-0.6B-GGUF"

    machine.async_look_up.side_effect = None
    machine.async_look_up.return_value = repository(SMALL, LARGE)
    result = await submit(
        hass,
        result,
        reference="org/repo",
        advanced={"endpoint": "https://hub.example", "token": "hf_secret"},
    )
    assert machine.async_look_up.await_args.args[1:] == (
        "org/repo",
        "https://hub.example",
        "hf_secret",
    )
    assert result["step_id"] == "model_choice"
    assert options(result, "file") == {
        "model-Q4_K_M.gguf": "model-Q4_K_M.gguf · 2 MB",
        "model-Q8_0.gguf": "model-Q8_0.gguf · 4 MB",
        "back": "back",
    }

    machine.async_finish_download.return_value = Path("/models/model-Q8_0.gguf")
    result = await submit(hass, result, file="model-Q8_0.gguf")
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == MANAGED | {"model": "/models/model-Q8_0.gguf"}
    assert "hf_secret" not in str(result["data"])
    assert machine.async_start_download.await_args.args[3] == LARGE


async def test_download_shows_how_far_it_is(hass: HomeAssistant, machine: Mock) -> None:
    """Sizes, speed and time left are shown again and again."""
    download = Mock(
        progress=DownloadProgress(
            completed=0, total=2_000_000, speed=None, seconds_left=None
        )
    )
    may_end = asyncio.Event()
    machine.async_look_up.return_value = repository(SMALL)
    machine.async_start_download.return_value = download

    async def finish(_: Any, progress: Callable[[float], None]) -> Path:
        progress(0.5)
        await may_end.wait()
        return Path("/models/m.gguf")

    machine.async_finish_download.side_effect = finish
    result = await choose(hass, await start(hass), model="download")
    with patch("custom_components.hearth.steps.work.LOOK_AGAIN", 0):
        result = await submit(hass, result, reference="org/repo", advanced={})
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        assert result["progress_action"] == "download_begins"

        download.progress = DownloadProgress(
            completed=1_000_000, total=2_000_000, speed=100_000.0, seconds_left=10.0
        )
        shown = await shown_again(hass, result, until="download")
        assert named(shown) == {
            "done": "1 MB",
            "left": "0:10",
            "model": "model-Q4_K_M.gguf",
            "speed": "100 kB/s",
            "total": "2 MB",
        }
        may_end.set()
        await hass.async_block_till_done(wait_background_tasks=True)
        result = await hass.config_entries.flow.async_configure(result["flow_id"])
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["model"] == "/models/m.gguf"


async def shown_again(
    hass: HomeAssistant, result: ConfigFlowResult, until: str
) -> ConfigFlowResult:
    """Return a step of progress as it is shown when it has a text."""
    async with asyncio.timeout(5):
        while True:
            shown = await hass.config_entries.flow.async_configure(result["flow_id"])
            if shown.get("progress_action") == until:
                return shown
            await asyncio.sleep(0)


async def test_download_that_fails_can_go_on(
    hass: HomeAssistant, machine: Mock
) -> None:
    """What broke off is said, and submitting again goes on."""
    machine.async_look_up.return_value = repository(SMALL)
    machine.async_finish_download.side_effect = ManagedError(
        "download_interrupted", {"error": "reset"}
    )
    result = await choose(hass, await start(hass), model="download")
    result = await submit(hass, result, reference="org/repo", advanced={})
    assert result["step_id"] == "managed"
    assert result["errors"] == {"base": "download_interrupted"}
    assert named(result)["error"] == "reset"

    machine.async_finish_download.side_effect = None
    machine.async_finish_download.return_value = Path("/models/m.gguf")
    result = await choose(hass, result, model="download")
    # Nobody has to type it again.
    assert suggested(result, "reference") == "org/repo"
    result = await submit(hass, result, reference="org/repo", advanced={})
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


def suggested(result: ConfigFlowResult, field: str) -> Any:
    """Return what a form suggests for a field."""
    assert result["data_schema"] is not None
    (marker,) = (key for key in result["data_schema"].schema if key == field)
    return (marker.description or {}).get("suggested_value")


async def downloaded(hass: HomeAssistant, machine: Mock) -> tuple[Mock, Any]:
    """Return a download that is done, and the last step after it."""
    download = Mock(progress=None, undo=AsyncMock())
    machine.async_look_up.return_value = repository(SMALL)
    machine.async_start_download.return_value = download
    machine.async_finish_download.return_value = Path("/models/m.gguf")
    result = await choose(hass, await start(hass), model="download")
    result = await submit(hass, result, reference="org/repo", advanced={})
    assert result["step_id"] == "ready"
    return download, result


async def test_closing_the_last_step_removes_the_download(
    hass: HomeAssistant, machine: Mock
) -> None:
    """Nothing is left behind by who wants none of it."""
    download, result = await downloaded(hass, machine)
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    download.undo.assert_awaited_once_with()


async def test_adding_keeps_the_download(hass: HomeAssistant, machine: Mock) -> None:
    """What is used stays."""
    download, result = await downloaded(hass, machine)
    await add(hass, result)
    await hass.async_block_till_done(wait_background_tasks=True)
    download.undo.assert_not_awaited()


async def test_window_of_the_engine(hass: HomeAssistant, machine: Mock) -> None:
    """The last step tells the window that the agents will really have."""
    machine.async_plan.return_value = replace(PLAN, context_window=2048)
    result = await choose(hass, await start(hass))
    assert "2048 tokens" in named(result)["settings"]

    result = await submit(hass, result, next_step_id="choose_again")
    assert result["step_id"] == "managed"
    machine.async_plan.return_value = PLAN
    result = await choose(hass, result)
    assert "4096 tokens" in named(result)["settings"]


async def test_going_back(hass: HomeAssistant, machine: Mock) -> None:
    """Each form leads to the one before it."""
    result = await choose(hass, await start(hass), model="file")
    result = await submit(hass, result, file=" ")
    assert result["step_id"] == "managed"

    result = await choose(hass, result, model="download")
    result = await submit(hass, result, advanced={})
    assert result["step_id"] == "managed"

    machine.async_look_up.return_value = repository(SMALL, LARGE)
    result = await choose(hass, result, model="download")
    result = await submit(hass, result, reference="org/repo", advanced={})
    assert result["step_id"] == "model_choice"
    result = await submit(hass, result, file="back")
    assert result["step_id"] == "model_download"
    assert suggested(result, "reference") == "org/repo"

    result = await submit(hass, result, advanced={})
    result = await choose(hass, result, model="back")
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "user"


async def test_closing_the_window_gives_the_download_up(
    hass: HomeAssistant, machine: Mock
) -> None:
    """Who closes the window cancels the work and the download."""
    download = Mock(cancel=AsyncMock(), progress=None)
    forever = asyncio.Event()
    cancelled = asyncio.Event()
    machine.async_look_up.return_value = repository(SMALL)
    machine.async_start_download.return_value = download

    async def finish(*_: Any) -> Path:
        try:
            await forever.wait()
        finally:
            cancelled.set()
        raise AssertionError

    machine.async_finish_download.side_effect = finish
    result = await choose(hass, await start(hass), model="download")
    result = await submit(hass, result, reference="org/repo", advanced={})
    assert result["type"] is FlowResultType.SHOW_PROGRESS

    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)

    download.cancel.assert_awaited_once_with()
    assert cancelled.is_set()


@pytest.mark.parametrize("choices", [found(server=None)])
async def test_installs_first(hass: HomeAssistant, machine: Mock) -> None:
    """The runtime is installed where it is missing, before anything is tried."""
    machine.async_install_package.side_effect = ManagedError("no_compiler")
    result = await choose(hass, await start(hass), runtime="llama_cpp_python")
    assert result["errors"] == {"base": "no_compiler"}
    machine.async_try_plan.assert_not_awaited()

    machine.async_install_package.side_effect = None
    result = await choose(hass, result, runtime="llama_cpp_python")
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert machine.async_install_package.await_count == 2


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (ManagedError("start_failed", {"error": "it ended"}), "start_failed"),
        (RuntimeError("a bug"), "unknown"),
    ],
)
async def test_engine_fails_and_recovers(
    hass: HomeAssistant, machine: Mock, error: Exception, key: str
) -> None:
    """What keeps the engine from answering is said, and another try may succeed."""
    machine.async_try_plan.side_effect = error
    result = await choose(hass, await start(hass))
    assert result["step_id"] == "managed"
    assert result["errors"] == {"base": key}

    machine.async_try_plan.side_effect = None
    result = await choose(hass, result)
    result = await add(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_too_little_memory_is_said_before_the_start(
    hass: HomeAssistant, machine: Mock
) -> None:
    """A model that does not fit is not even loaded."""
    machine.async_plan.side_effect = ManagedError(
        "too_little_memory", {"available": "1.0 GB", "needed": "2.4 GB"}
    )
    result = await choose(hass, await start(hass))

    assert result["errors"] == {"base": "too_little_memory"}
    assert named(result)["needed"] == "2.4 GB"
    machine.async_try_plan.assert_not_awaited()


def managed_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return an entry of an engine of our own, with two agents."""
    entry = MockConfigEntry(
        data=MANAGED,
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        subentries_data=[
            ConfigSubentryDataWithId(
                data={"llm_hass_api": [], "model": model, "prompt": ""},
                subentry_id=subentry_id,
                subentry_type=SUBENTRY_CONVERSATION,
                title=title,
                unique_id=None,
            )
            for subentry_id, model, title in (
                (AGENT_ID, "hearth-nano", "hearth-nano"),
                ("named", "hearth-nano", "Jeeves"),
                ("other", "other", "other"),
            )
        ],
        title="llama.cpp",
        unique_id=MANAGED_ID,
    )
    entry.add_to_hass(hass)
    return entry


async def test_reconfigure(
    hass: HomeAssistant, machine: Mock, mock_unload_entry: AsyncMock
) -> None:
    """Another model takes the old one's place, also in the agents."""
    entry = managed_entry(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    machine.async_list_choices.return_value = found(files=(Path("/m/qwen.gguf"),))
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "managed"
    # There is nothing before this step.
    assert "back" not in options(result, "model")

    result = await choose(hass, result, model="/m/qwen.gguf")

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["model"] == "/m/qwen.gguf"
    assert {one.title: one.data["model"] for one in entry.subentries.values()} == {
        "Jeeves": "qwen",
        "other": "other",
        "qwen": "qwen",
    }
    # The old engine made room before the new one was tried.
    assert mock_unload_entry.await_count >= 1
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_reconfigure_that_fails_leaves_the_old_engine(
    hass: HomeAssistant, machine: Mock
) -> None:
    """After a failure, the engine of before runs again, with its settings."""
    entry = managed_entry(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    machine.async_try_plan.side_effect = ManagedError("start_failed", {"error": "no"})
    result = await entry.start_reconfigure_flow(hass)
    result = await choose(hass, result, runtime="llama_server")

    assert result["errors"] == {"base": "start_failed"}
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data == MANAGED


async def test_reconfigure_an_entry_that_does_not_run(
    hass: HomeAssistant, mock_unload_entry: AsyncMock
) -> None:
    """There is nothing to make room for, and it runs afterwards."""
    entry = managed_entry(hass)
    result = await entry.start_reconfigure_flow(hass)
    result = await choose(hass, result)

    assert result["reason"] == "reconfigure_successful"
    mock_unload_entry.assert_not_awaited()
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_closing_the_window_wakes_the_old_engine(
    hass: HomeAssistant, machine: Mock
) -> None:
    """Who gives up in the middle of a trial has the old engine again."""
    entry = managed_entry(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    forever = asyncio.Event()

    async def wait(*_: Any) -> None:
        await forever.wait()

    machine.async_try_plan.side_effect = wait
    result = await entry.start_reconfigure_flow(hass)
    result = await choose(hass, result)
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert entry.state is ConfigEntryState.NOT_LOADED

    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
