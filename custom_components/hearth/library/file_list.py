"""What model files there are, and what their headers say; blocks."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..managed.choices import model_files
from ..managed.settings import NANO, ManagedSettings
from ..models.gguf import GgufError
from ..models.gguf_split import read_model, split_parts
from ..models.origin import read_origin
from .base import InstalledModel


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What a file's header says."""

    quantization: str | None = None
    parameters: str | None = None
    context_window: int | None = None


@dataclass(slots=True)
class Headers:
    """The headers of files that have not changed since they were read."""

    _known: dict[Path, tuple[tuple[int, int], _Facts]] = field(default_factory=dict)

    def facts(self, path: Path) -> _Facts:
        """Return what a header says; nothing for a file that is no whole model."""
        about = path.stat()
        stamp = (about.st_mtime_ns, about.st_size)
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            known = self._known[path] = (stamp, _read(path))
        return known[1]


def _read(path: Path) -> _Facts:
    """Return what the header of a model says."""
    try:
        header = read_model(path)
    except GgufError, OSError:
        return _Facts()
    return _Facts(
        quantization=header.quantization,
        parameters=header.size_label,
        context_window=header.context_length or None,
    )


def list_files(
    folder: Path, settings: ManagedSettings, headers: Headers
) -> tuple[InstalledModel, ...]:
    """Return the models that can be run.

    These are the files in the folder for models, the one that runs wherever it is,
    and the one that comes with Hearth.
    """
    found = {path: path.relative_to(folder).as_posix() for path in model_files(folder)}
    for known in (replace(settings, model=NANO), settings):
        found.setdefault(known.model_file, known.model)
    models = []
    for path, name in found.items():
        # It may go while we look.
        with suppress(OSError):
            models.append(_model(folder, settings, path, name, headers))
    return tuple(sorted(models, key=lambda model: model.name))


def _model(
    folder: Path, settings: ManagedSettings, path: Path, name: str, headers: Headers
) -> InstalledModel:
    """Return what is known of the model in a file; raises OSError."""
    facts, origin = headers.facts(path), read_origin(folder, path)
    return InstalledModel(
        name=name,
        alias=replace(settings, model=NANO if name == NANO else str(path)).alias,
        size=_size(path),
        quantization=facts.quantization,
        parameters=facts.parameters,
        context_window=facts.context_window,
        digest=origin.digest if origin else None,
        has_versions=origin is not None,
    )


def _size(path: Path) -> int:
    """Return the bytes of all files of a model; raises OSError."""
    try:
        parts = split_parts(path)
    except GgufError:
        parts = (path,)
    return sum(part.stat().st_size for part in parts)
