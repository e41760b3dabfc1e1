"""Getting a model from Hugging Face, as the forms need it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..const import LOGGER
from ..models.download import (
    Damaged,
    DiskFull,
    Download,
    DownloadError,
    Downloads,
    InUse,
    Refused,
)
from ..models.hub import (
    AccessDenied,
    Hub,
    HubError,
    NotFound,
    RateLimited,
    Reference,
    RemoteModel,
    choose,
    parse_reference,
)
from ..models.hub_reference import MAIN
from ..steps.transfer import transfer_texts
from .figures import size
from .problem import ManagedError
from .settings import ManagedSettings

_ENDPOINT = "https://huggingface.co"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A place with models, and which of them was meant or is to be suggested."""

    models: tuple[RemoteModel, ...]
    suggested: RemoteModel
    token: str | None


async def async_look_up(
    hass: HomeAssistant, reference: str, endpoint: str | None, token: str | None
) -> Repository:
    """Ask which models there are; raises :class:`ManagedError`."""
    try:
        wanted = parse_reference(reference)
    except ValueError as err:
        raise ManagedError("invalid_reference") from err
    return await async_ask_hub(hass, wanted, endpoint, token)


async def async_ask_hub(
    hass: HomeAssistant, wanted: Reference, endpoint: str | None, token: str | None
) -> Repository:
    """Ask which models a reference means; raises :class:`ManagedError`."""
    hub = Hub(async_get_clientsession(hass), endpoint or _ENDPOINT, token or None)
    revision = wanted.revision or MAIN
    try:
        if wanted.file is not None:
            model = await hub.model(wanted.repository, wanted.file, revision)
            return Repository(models=(model,), suggested=model, token=token)
        models = await hub.files(wanted.repository, revision)
        suggested = choose(models, wanted.quantization)
    except HubError as err:
        raise _hub_problem(err) from err
    if wanted.quantization is not None:
        models = (suggested,)
    return Repository(models=models, suggested=suggested, token=token)


def _hub_problem(err: HubError) -> ManagedError:
    """Return what to tell about an error of the hub."""
    keys = {
        AccessDenied: "hub_access_denied",
        NotFound: "hub_not_found",
        RateLimited: "hub_rate_limited",
    }
    key = keys.get(type(err), "hub_unreachable")
    return ManagedError(key, {"error": str(err)})


async def async_start_download(
    hass: HomeAssistant,
    settings: ManagedSettings,
    repository: Repository,
    model: RemoteModel,
) -> Download:
    """Begin to download a model; raises ManagedError."""
    downloads = Downloads(
        async_get_clientsession(hass),
        settings.models_path(hass),
        token=repository.token,
    )
    try:
        return downloads.start(model)
    except ValueError as err:
        # A hub may call its files as it likes; not all of it is taken here.
        raise ManagedError("hub_unreachable", {"error": str(err)}) from err
    except DownloadError as err:
        raise download_problem(err) from err


async def async_finish_download(
    download: Download, progress: Callable[[float], None]
) -> Path:
    """Wait for a download and return its first file; raises ManagedError."""
    try:
        async for state in download.watch():
            if state.total:
                progress(state.completed / state.total)
        return await download.wait()
    except DownloadError as err:
        LOGGER.debug("The download failed: %s", err)
        raise download_problem(err) from err


def download_problem(err: DownloadError) -> ManagedError:
    """Return what to tell about a download that failed."""
    if isinstance(err, DiskFull):
        return ManagedError(
            "disk_full", {"free": size(err.free), "needed": size(err.needed)}
        )
    keys = {
        Damaged: "download_damaged",
        InUse: "download_elsewhere",
        Refused: "hub_access_denied",
    }
    return ManagedError(
        keys.get(type(err), "download_interrupted"), {"error": str(err)}
    )


def progress_texts(model: RemoteModel, download: Download | None) -> dict[str, str]:
    """Return how far a download is, for people to read."""
    state = download.progress if download else None
    return transfer_texts(model.name, model.size, state)
