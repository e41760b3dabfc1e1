"""What is known of the models of an engine, and what can be done about them."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from ..engines.base import PullProgress
from .problem import LibraryError

__all__ = ["InstalledModel", "Library", "LibraryError", "Version", "Wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """A model that an engine has, or could be started with.

    Args:
        name: What it is called when it is updated or deleted.
        alias: What the engine and its agents call it.
        size: Bytes on the disk.
        quantization: Such as ``Q4_K_M``.
        parameters: How many, in words such as ``0.6B``.
        context_window: Tokens that it was trained for.
        digest: Tells its version from others.
        has_versions: Whether a newer version can be looked for.
        is_remote: Whether what is said to it leaves the house.
    """

    name: str
    alias: str
    size: int | None = None
    quantization: str | None = None
    parameters: str | None = None
    context_window: int | None = None
    digest: str | None = None
    has_versions: bool = False
    is_remote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a model; ``size`` is in bytes."""

    digest: str
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A model that is to be pulled.

    Args:
        key: Its one name, whatever it was asked for as: the one that it will have
            among the installed models.
        name: What it was asked for as.
        size: Bytes of the download, at most; None where nobody knows.
    """

    key: str
    name: str
    size: int | None = None


class Library(Protocol):
    """The models of one engine.

    What is asynchronous may raise :class:`LibraryError`, and nothing else.
    """

    @property
    def can_change(self) -> bool:
        """Return whether models can be pulled and deleted here at all."""

    def key_of(self, name: str) -> str:
        """Return the one name of a model, as far as that is known without asking."""

    async def installed(self) -> tuple[InstalledModel, ...]:
        """List the models that are there, by name."""

    async def want(self, name: str) -> Wanted:
        """Find out what a name means and how large it is."""

    async def check_room(self, wanted: Wanted, promised: int) -> None:
        """Raise unless the disk has room.

        Args:
            wanted: What is to be pulled.
            promised: Bytes that other pulls will still take.
        """

    def pull(self, wanted: Wanted) -> AsyncGenerator[PullProgress]:
        """Bring a model; closing the generator stops it, and keeps what came."""

    async def discard(self, wanted: Wanted) -> None:
        """Remove what came of a model whose pull was given up; never raises."""

    def refusal(self, model: InstalledModel) -> LibraryError | None:
        """Return why a model cannot be deleted, whoever asks; None where it can."""

    async def delete(self, model: InstalledModel) -> None:
        """Remove a model from the disk."""

    async def newest(self, model: InstalledModel) -> Version | None:
        """Return the newest version there is; None where nobody has the model."""
