"""What there is to run a model with, and which models."""

from collections.abc import Generator
from pathlib import Path
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.engines.launch import Runtime
from custom_components.hearth.managed.choices import (
    async_check_file,
    async_check_settings,
    async_list_choices,
)
from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.managed.settings import (
    NANO,
    ManagedSettings,
    models_path,
)
from custom_components.hearth.runtimes.find import FoundServer, RuntimeNotUsable

CHOICES = "custom_components.hearth.managed.choices"
SERVER = FoundServer(program=Path("/usr/bin/llama-server"), version="11669")
NANO_FILE = ManagedSettings(runtime=Runtime.LLAMA_SERVER).model_file


@pytest.fixture(autouse=True)
def server() -> Generator[AsyncMock]:
    """Find a llama-server."""
    find = AsyncMock(return_value=SERVER)
    with patch(f"{CHOICES}.async_find_llama_server", find):
        yield find


@pytest.fixture(autouse=True)
def package() -> Generator[AsyncMock]:
    """Find no package."""
    find = AsyncMock(return_value=None)
    with patch(f"{CHOICES}.async_find_package", find):
        yield find


def settings(**changes: str) -> ManagedSettings:
    """Return settings as they were entered."""
    return ManagedSettings.of({"runtime": "llama_server"} | changes)


async def test_lists_the_models_that_are_there(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """Whole models and first parts, in subfolders too."""
    for name in (
        "b.gguf",
        "org/repo/a-00001-of-00002.gguf",
        "org/repo/a-00002-of-00002.gguf",
        "c.gguf.part",
        "notes.txt",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    choices = await async_list_choices(hass, settings(models_folder=str(tmp_path)))

    assert [str(file.relative_to(tmp_path)) for file in choices.files] == [
        "b.gguf",
        "org/repo/a-00001-of-00002.gguf",
    ]


async def test_nothing_there(hass: HomeAssistant, server: AsyncMock) -> None:
    """A new machine has no models, and perhaps no program."""
    server.return_value = None
    choices = await async_list_choices(hass)

    assert choices.files == ()
    assert choices.best is Runtime.LLAMA_CPP_PYTHON


async def test_package_that_does_not_work_can_be_installed(
    hass: HomeAssistant, package: AsyncMock
) -> None:
    """It counts as one that is not there."""
    package.side_effect = RuntimeNotUsable("package_broken")

    assert (await async_list_choices(hass)).package is None


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        ({"return_value": None}, "llama_server_missing"),
        ({"side_effect": RuntimeNotUsable("server_hangs")}, "server_hangs"),
    ],
)
async def test_no_llama_server(
    hass: HomeAssistant, server: AsyncMock, outcome: dict[str, object], key: str
) -> None:
    """Who wants a llama-server is told what is wrong with it."""
    server.configure_mock(**outcome)
    with pytest.raises(ManagedError, match=key):
        await async_check_settings(hass, settings())

    await async_check_settings(hass, settings(runtime="llama_cpp_python"))


async def test_makes_the_folder(hass: HomeAssistant, tmp_path: Path) -> None:
    """A folder for models is made where it is not there yet."""
    await async_check_settings(hass, settings(models_folder=str(tmp_path / "a/b")))
    assert (tmp_path / "a/b").is_dir()

    await async_check_settings(hass, settings())
    assert models_path(hass).is_dir()


@pytest.mark.parametrize("folder", ["/proc/models", "/dev/null", "models"])
async def test_no_folder(hass: HomeAssistant, folder: str, tmp_path: Path) -> None:
    """A place that cannot be written to is refused before anything is done."""
    with (
        patch("pathlib.Path.cwd", return_value=tmp_path),
        pytest.raises(ManagedError, match="folder_not_writable") as refusal,
    ):
        await async_check_settings(hass, settings(models_folder=folder))
    assert refusal.value.placeholders == {"folder": folder}


async def test_takes_a_file(hass: HomeAssistant, tmp_path: Path) -> None:
    """A whole model is taken, whatever it is called."""
    checked = await async_check_file(hass, settings(), f" {NANO_FILE} ")
    assert checked.model == str(NANO_FILE)
    assert checked.model != NANO

    for entered in ("nano.gguf", str(tmp_path), str(tmp_path / "none.gguf")):
        with pytest.raises(ManagedError, match="model_file_missing"):
            await async_check_file(hass, settings(), entered)
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    with pytest.raises(ManagedError, match="model_file_damaged"):
        await async_check_file(hass, settings(), str(tmp_path / "m.gguf"))
