"""A model on its way to a server, which downloads it itself."""

from collections.abc import Callable
from contextlib import aclosing

from ..const import LOGGER
from ..engines.base import Engine, PullProgress
from ..engines.faults import EngineError, PullFailed
from ..errors import error_key
from ..library.meter import Meter
from ..managed.problem import ManagedError
from ..models.download import DownloadProgress
from ..models.download_base import Speedometer


class Pull:
    """A download that a server does, and how far it is."""

    def __init__(self, name: str) -> None:
        """Start with nothing known; the server tells how large it is."""
        self._name = name
        self._meter = Meter(None)
        self._speedometer = Speedometer()
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
                    self._meter.note(step)
                    if (percent := self._meter.percentage) is not None:
                        self._note(step)
                        tell(percent / 100)
        except PullFailed as err:
            LOGGER.debug("Downloading %s failed: %s", self._name, err)
            raise ManagedError("pull_failed", {"error": str(err)}) from err
        except EngineError as err:
            LOGGER.debug("Downloading %s failed: %s", self._name, err)
            raise ManagedError(error_key(err), {"error": str(err)}) from err

    def _note(self, step: PullProgress) -> None:
        """Note how far it is, and how fast that went."""
        self._speedometer.note(step.completed)
        self.progress = self._speedometer.progress(step.completed, step.total)
