"""The models of an Ollama, which pulls them itself."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import override

from ..const import LOGGER
from ..engines.base import Engine, PullProgress
from ..engines.faults import EngineError
from ..managed.figures import size
from ..models.download_base import GIB
from ..models.registry import HubError, ModelName, NotFound, Registry, parse_name
from .base import InstalledModel, Library, LibraryError, Version, Wanted
from .listing import listed
from .problem import of_engine

# Bytes of Ollama's disk that are to stay free, where it is a disk of this machine.
RESERVE = GIB


class OllamaLibrary(Library):
    """The models of an Ollama.

    Args:
        engine: The Ollama.
        registry: Where it has its models from.
        free: Returns the bytes that are free on its disk, None where that cannot be
            seen from here.
    """

    def __init__(
        self,
        engine: Engine,
        registry: Registry,
        free: Callable[[], Awaitable[int | None]],
    ) -> None:
        """Know nothing yet."""
        self._engine = engine
        self._registry = registry
        self._free = free

    @property
    @override
    def can_change(self) -> bool:
        return True

    @override
    def key_of(self, name: str) -> str:
        try:
            return str(parse_name(name))
        except ValueError:
            return name

    @override
    async def installed(self) -> tuple[InstalledModel, ...]:
        try:
            models = await self._engine.models()
        except EngineError as err:
            raise of_engine(err, self._engine.url, "") from err
        return tuple(
            listed(
                model,
                has_versions=bool(model.digest)
                and not model.remote
                and self._may_be_in_registry(model.name),
            )
            for model in models
        )

    def _may_be_in_registry(self, name: str) -> bool:
        """Return whether a model may be from a registry that can be asked."""
        try:
            return self._registry.knows(parse_name(name))
        except ValueError:
            return False

    @override
    async def want(self, name: str) -> Wanted:
        wanted = _parsed(name)
        # Ollama has the last word: it may reach a registry that we do not.
        try:
            manifest = await self._registry.newest(wanted)
        except HubError as err:
            LOGGER.debug("The size of %s is not known: %s", wanted, err)
            return Wanted(key=str(wanted), name=name)
        return Wanted(key=str(wanted), name=name, size=manifest.size)

    @override
    async def check_room(self, wanted: Wanted, promised: int) -> None:
        free = await self._free()
        if wanted.size is None or free is None:
            return
        needed, left = wanted.size + RESERVE, max(0, free - promised)
        if needed > left:
            raise LibraryError(
                "disk_full", {"free": size(left), "needed": size(needed)}
            )

    @override
    async def pull(self, wanted: Wanted) -> AsyncGenerator[PullProgress]:
        try:
            async with aclosing(self._engine.pull(wanted.key)) as steps:
                async for step in steps:
                    yield step
        except EngineError as err:
            raise of_engine(err, self._engine.url, wanted.key) from err

    @override
    async def discard(self, wanted: Wanted) -> None:
        """Leave it to Ollama: it throws parts away when it starts the next time."""

    @override
    def refusal(self, model: InstalledModel) -> LibraryError | None:
        return None

    @override
    async def delete(self, model: InstalledModel) -> None:
        try:
            # It is not to stay in memory without its files.
            if any(one.name == model.name for one in await self._engine.loaded()):
                await self._engine.unload(model.name)
            await self._engine.delete(model.name)
        except EngineError as err:
            raise of_engine(err, self._engine.url, model.name) from err

    @override
    async def newest(self, model: InstalledModel) -> Version | None:
        try:
            manifest = await self._registry.newest(_parsed(model.name))
        except NotFound:
            return None
        except HubError as err:
            raise LibraryError("hub_unreachable", {"error": str(err)}) from err
        return Version(digest=manifest.digest, size=manifest.size)


def _parsed(name: str) -> ModelName:
    """Return the parts of a name; raises LibraryError for what is none."""
    try:
        return parse_name(name)
    except ValueError as err:
        raise LibraryError(
            "invalid_model_name",
            {"examples": "qwen3:4b, hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M"},
        ) from err
