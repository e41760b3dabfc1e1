"""Getting a model from a hub, as the forms need it."""

from collections.abc import Generator
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.engines.launch import Runtime
from custom_components.hearth.managed.fetching import (
    async_finish_download,
    async_look_up,
    async_start_download,
    progress_texts,
)
from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.managed.settings import ManagedSettings
from custom_components.hearth.models.download import (
    Damaged,
    DiskFull,
    DownloadError,
    DownloadProgress,
    Interrupted,
    InUse,
    Refused,
)
from custom_components.hearth.models.hub import (
    AccessDenied,
    BadAnswer,
    HubError,
    HubUnreachable,
    NotFound,
    RateLimited,
    RemoteFile,
    RemoteModel,
)

FETCHING = "custom_components.hearth.managed.fetching"


def model(quantization: str) -> RemoteModel:
    """Return a model of a repository."""
    file = RemoteFile(
        name=f"model-{quantization}.gguf",
        size=2_000_000,
        sha256="0" * 64,
        url="https://hub.example/x",
    )
    return RemoteModel(repository="org/repo", revision="0" * 40, files=(file,))


SMALL, LARGE = model("Q4_K_M"), model("Q8_0")


@pytest.fixture
def hub() -> Generator[Mock]:
    """Return the hub that is asked, and the class that makes it."""
    made = Mock()
    made.return_value.files = AsyncMock(return_value=(LARGE, SMALL))
    made.return_value.model = AsyncMock(return_value=LARGE)
    with patch(f"{FETCHING}.Hub", made):
        yield made


async def test_whole_repository(hass: HomeAssistant, hub: Mock) -> None:
    """All of its models can be chosen, a good one is suggested."""
    found = await async_look_up(hass, "org/repo", None, None)

    assert found.models == (LARGE, SMALL)
    assert found.suggested == SMALL
    assert hub.call_args.args[1:] == ("https://huggingface.co", None)


async def test_quantization(hass: HomeAssistant, hub: Mock) -> None:
    """Who names one is not asked again."""
    found = await async_look_up(hass, "hf.co/org/repo:Q8_0", "https://mirror", "hf_x")

    assert found.models == (LARGE,)
    assert found.token == "hf_x"
    assert hub.call_args.args[1:] == ("https://mirror", "hf_x")


async def test_file(hass: HomeAssistant, hub: Mock) -> None:
    """The address of a file names it and its revision."""
    reference = "https://huggingface.co/org/repo/blob/v2/model-Q8_0.gguf"
    found = await async_look_up(hass, reference, None, None)

    assert found.models == (LARGE,)
    hub.return_value.model.assert_awaited_once_with("org/repo", "model-Q8_0.gguf", "v2")


async def test_nonsense(hass: HomeAssistant, hub: Mock) -> None:
    """What is no name of a model is asked of nobody."""
    with pytest.raises(ManagedError, match="invalid_reference"):
        await async_look_up(hass, "../../etc/passwd", None, None)
    hub.assert_not_called()


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (AccessDenied("gated"), "hub_access_denied"),
        (BadAnswer("html"), "hub_unreachable"),
        (HubUnreachable("down"), "hub_unreachable"),
        (NotFound("no such"), "hub_not_found"),
        (RateLimited("slowly", retry_after=60), "hub_rate_limited"),
    ],
)
async def test_hub_says_no(
    hass: HomeAssistant, hub: Mock, error: HubError, key: str
) -> None:
    """What the hub says is told in the user's words."""
    hub.return_value.files.side_effect = error
    with pytest.raises(ManagedError, match=key) as problem:
        await async_look_up(hass, "org/repo", None, None)
    assert problem.value.placeholders["error"] == str(error)


async def test_download_goes_to_the_chosen_folder(
    hass: HomeAssistant, hub: Mock, tmp_path: Path
) -> None:
    """The folder and the token are those that were entered."""
    settings = ManagedSettings(
        runtime=Runtime.LLAMA_SERVER, models_folder=str(tmp_path)
    )
    repository = await async_look_up(hass, "org/repo", None, "hf_x")
    with patch(f"{FETCHING}.Downloads") as downloads:
        download = await async_start_download(hass, settings, repository, SMALL)

    assert downloads.call_args.args[1] == tmp_path
    assert downloads.call_args.kwargs["token"] == "hf_x"
    assert download is downloads.return_value.start.return_value


@pytest.mark.parametrize(
    ("error", "key"),
    [(InUse("another"), "download_elsewhere"), (ValueError("../x"), "hub_unreachable")],
)
async def test_download_cannot_begin(
    hass: HomeAssistant, hub: Mock, error: Exception, key: str
) -> None:
    """What keeps it from beginning is told like what breaks it off."""
    settings = ManagedSettings(runtime=Runtime.LLAMA_SERVER)
    repository = await async_look_up(hass, "org/repo", None, None)
    with patch(f"{FETCHING}.Downloads") as downloads:
        downloads.return_value.start.side_effect = error
        with pytest.raises(ManagedError, match=key):
            await async_start_download(hass, settings, repository, SMALL)


def finished(outcome: Any) -> Mock:
    """Return a download that tells twice how far it is, and ends so."""

    async def watch() -> Any:
        yield DownloadProgress(completed=0, total=0, speed=None, seconds_left=None)
        yield DownloadProgress(completed=1, total=4, speed=None, seconds_left=None)

    wait = AsyncMock(side_effect=[outcome])
    return Mock(watch=watch, wait=wait)


async def test_tells_the_progress() -> None:
    """As soon as the size is known, its share is told."""
    told: list[float] = []
    path = await async_finish_download(finished(Path("/m.gguf")), told.append)

    assert path == Path("/m.gguf")
    assert told == [0.25]


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (Damaged("sum"), "download_damaged"),
        (DiskFull("full", needed=2**30, free=2**20), "disk_full"),
        (Interrupted("reset"), "download_interrupted"),
        (InUse("taken"), "download_elsewhere"),
        (Refused("403", status=403), "hub_access_denied"),
    ],
)
async def test_download_fails(error: DownloadError, key: str) -> None:
    """What went wrong is told in the user's words."""
    with pytest.raises(ManagedError, match=key):
        await async_finish_download(finished(error), lambda _: None)


def test_texts_at_first() -> None:
    """Speed and time left are known only after a while."""
    state = DownloadProgress(
        completed=2048, total=2_000_000, speed=None, seconds_left=None
    )
    texts = progress_texts(SMALL, Mock(progress=state))

    assert texts["done"] == "2 kB"
    assert not {"left", "speed"} & set(texts)


def test_texts_before_anything_is_known() -> None:
    """The size is known before the first byte."""
    assert progress_texts(SMALL, None) == {
        "done": "0 B",
        "model": "model-Q4_K_M.gguf",
        "total": "2 MB",
    }
