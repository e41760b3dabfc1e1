"""The model files that an engine of our own can be started with."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..engines.base import PullProgress
from ..managed.choices import model_files
from ..managed.fetching import async_ask_hub, async_look_up, download_problem
from ..managed.problem import ManagedError
from ..managed.settings import NANO, ManagedSettings
from ..models.download import Download, DownloadError, Downloads
from ..models.hub import Reference, RemoteModel
from ..models.origin import Origin, digest_of_model, read_origin
from .base import InstalledModel, Library, LibraryError, Version, Wanted
from .file_list import Headers, list_files
from .file_removal import remove_model
from .problem import of_files


class FileLibrary(Library):
    """The files in the folder for models, and the one that runs.

    A model is called by its path below the folder, which is that of its repository
    and of its file there.
    """

    def __init__(self, hass: HomeAssistant, settings: ManagedSettings) -> None:
        """Know nothing yet."""
        self._hass = hass
        self._settings = settings
        self._folder = settings.models_path(hass)
        self._downloads = Downloads(async_get_clientsession(hass), self._folder)
        self._headers = Headers()
        # What the names of models to be pulled meant, and their newest downloads.
        self._remote: dict[str, RemoteModel] = {}
        self._begun: dict[str, Download] = {}

    @property
    @override
    def can_change(self) -> bool:
        return True

    @override
    def key_of(self, name: str) -> str:
        return name.strip()

    @override
    async def installed(self) -> tuple[InstalledModel, ...]:
        return await self._hass.async_add_executor_job(
            list_files, self._folder, self._settings, self._headers
        )

    @override
    async def want(self, name: str) -> Wanted:
        try:
            # A newer version of a model is where that one was from.
            if (origin := await self._origin(name)) is not None:
                model = await self._ask(origin)
            else:
                found = await async_look_up(self._hass, name, None, None)
                model = found.suggested
            # A hub may call its files as it likes; not all of it is taken here.
            self._downloads.path(model)
        except ManagedError as err:
            raise of_files(err) from err
        except ValueError as err:
            raise LibraryError("hub_unreachable", {"error": str(err)}) from err
        key = f"{model.repository}/{model.files[0].name}"
        self._remote[key] = model
        return Wanted(key=key, name=name, size=model.size)

    async def _origin(self, name: str) -> Origin | None:
        """Return where the model of a name is from, if it was downloaded."""

        def read() -> Origin | None:
            path = self._folder / name.strip()
            known = path in model_files(self._folder)
            return read_origin(self._folder, path) if known else None

        return await self._hass.async_add_executor_job(read)

    async def _ask(self, origin: Origin) -> RemoteModel:
        """Return the version of a model that its hub has now."""
        wanted = Reference(
            repository=origin.repository, file=origin.file, revision=origin.branch
        )
        found = await async_ask_hub(self._hass, wanted, origin.endpoint, None)
        return found.suggested

    @override
    async def check_room(self, wanted: Wanted, promised: int) -> None:
        try:
            await self._downloads.check_room(self._remote[wanted.key], promised)
        except DownloadError as err:
            raise of_files(download_problem(err)) from err

    @override
    async def pull(self, wanted: Wanted) -> AsyncGenerator[PullProgress]:
        try:
            download = self._downloads.start(self._remote[wanted.key])
            self._begun[wanted.key] = download
            try:
                async with aclosing(download.watch()) as states:
                    async for state in states:
                        yield PullProgress(
                            status="downloading",
                            completed=state.completed,
                            total=state.total,
                        )
                await download.wait()
                del self._begun[wanted.key]
            finally:
                # Does nothing where it has ended; what came is kept.
                await download.stop()
        except DownloadError as err:
            raise of_files(download_problem(err)) from err

    @override
    async def discard(self, wanted: Wanted) -> None:
        download = self._begun.pop(wanted.key, None)
        if download is None and (model := self._remote.get(wanted.key)) is not None:
            # What came before a restart is found, and removed with it.
            download = self._downloads.start(model)
        if download is not None:
            await download.cancel()

    @override
    def refusal(self, model: InstalledModel) -> LibraryError | None:
        path = self._folder / model.name
        if path == self._settings.model_file:
            return LibraryError("model_is_running", {"model": model.name})
        if model.name == NANO or not path.is_relative_to(self._folder):
            return LibraryError("model_not_ours", {"model": model.name})
        return None

    @override
    async def delete(self, model: InstalledModel) -> None:
        if (refusal := self.refusal(model)) is not None:
            raise refusal
        path = self._folder / model.name
        if not await self._hass.async_add_executor_job(
            remove_model, self._folder, path
        ):
            raise LibraryError("model_not_ours", {"model": model.name})

    @override
    async def newest(self, model: InstalledModel) -> Version | None:
        origin = await self._origin(model.name)
        if origin is None:
            return None
        try:
            found = await self._ask(origin)
        except ManagedError as err:
            if err.key == "hub_not_found":
                return None
            raise of_files(err) from err
        return Version(digest=digest_of_model(found), size=found.size)
