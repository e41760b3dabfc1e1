"""The models of a server that looks after them itself."""

from collections.abc import AsyncGenerator
from typing import override

from ..engines.base import Engine, PullProgress
from ..engines.faults import EngineError
from .base import InstalledModel, Library, LibraryError, Version, Wanted
from .listing import listed
from .problem import of_engine


class FixedLibrary(Library):
    """Models that can be listed, and that only the server's owner can change."""

    def __init__(self, engine: Engine) -> None:
        """List the models of an engine."""
        self._engine = engine

    @property
    @override
    def can_change(self) -> bool:
        return False

    @override
    def key_of(self, name: str) -> str:
        return name

    @override
    async def installed(self) -> tuple[InstalledModel, ...]:
        try:
            return tuple(listed(model) for model in await self._engine.models())
        except EngineError as err:
            raise of_engine(err, self._engine.url, "") from err

    @override
    async def want(self, name: str) -> Wanted:
        raise self._refusal()

    @override
    async def check_room(self, wanted: Wanted, promised: int) -> None:
        raise self._refusal()

    @override
    def pull(self, wanted: Wanted) -> AsyncGenerator[PullProgress]:
        raise self._refusal()

    @override
    async def discard(self, wanted: Wanted) -> None:
        """Do nothing: nothing ever came."""

    @override
    def refusal(self, model: InstalledModel) -> LibraryError | None:
        return self._refusal()

    @override
    async def delete(self, model: InstalledModel) -> None:
        raise self._refusal()

    @override
    async def newest(self, model: InstalledModel) -> Version | None:
        raise self._refusal()

    def _refusal(self) -> LibraryError:
        """Return that this server's models are its owner's business."""
        return LibraryError("models_fixed", {"url": self._engine.url})
