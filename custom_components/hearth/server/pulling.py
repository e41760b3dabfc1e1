"""A model on its way to a server, which downloads it itself."""

from collections.abc import Callable
from contextlib import aclosing

from ..const import LOGGER
from ..engines.base import Engine, EngineError, PullFailed
from ..errors import error_key
from ..managed.problem import ManagedError
from ..models.download import DownloadProgress
from ..models.download_base import Speedometer


class Pull:
    """A download that a server does, and how far it is."""

    def __init__(self, name: str) -> None:
        """Start with nothing known; the server tells how large it is."""
        self._name = name
        self._meter = Speedometer()
        self._share = 0.0
        self.progress: DownloadProgress | None = None

    @property
    def is_checked(self) -> bool:
        """Return whether all of it has arrived, so that the server checks it now."""
        return self.progress is not None and (
            0 < self.progress.total <= self.progress.completed
        )

    async def async_run(self, engine: Engine, tell: Callable[[float], None]) -> None:
        """Let the server download; raises :class:`ManagedError`.

        Whoever is cancelled here hangs up, and the server stops.

        Args:
            engine: The server.
            tell: Is told the share that has arrived, from 0 to 1.
        """
        try:
            async with aclosing(engine.pull(self._name)) as steps:
                async for step in steps:
                    if step.total:
                        self._note(step.completed, step.total)
                        tell(self._share)
        except PullFailed as err:
            LOGGER.debug("Downloading %s failed: %s", self._name, err)
            raise ManagedError("pull_failed", {"error": str(err)}) from err
        except EngineError as err:
            LOGGER.debug("Downloading %s failed: %s", self._name, err)
            raise ManagedError(error_key(err), {"error": str(err)}) from err

    def _note(self, completed: int, total: int) -> None:
        """Note how far it is; the share never falls, though parts may be added."""
        self._meter.note(completed)
        self.progress = self._meter.progress(completed, total)
        self._share = max(self._share, completed / total)
