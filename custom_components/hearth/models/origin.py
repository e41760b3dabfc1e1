"""Where a model that was downloaded is from, noted beside it.

Without the note a newer version could not be looked for: a file does not say which
repository it was in. Everything here blocks and belongs into a thread.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
import hashlib
import json
from pathlib import Path
from typing import Any

from .download_places import (
    SHA256,
    length_of,
    note_place,
    noted_sum,
    place,
    sum_is_known,
    write_note,
)
from .hub_base import RemoteFile, RemoteModel
from .hub_reference import MAIN, check_file, check_repository, check_revision

# Of one file some 400 bytes; a model may have a hundred files.
_LONGEST_NOTE = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a model is from.

    Args:
        repository: Its repository.
        branch: The branch, tag or commit that was asked for.
        revision: The commit that it was at then; None where that was not noted.
        endpoint: The hub; None for the usual one.
        file: The path of its first file in the repository.
        size: Bytes of all its files.
        digest: Tells this version of it from others.
    """

    repository: str
    branch: str
    revision: str | None
    endpoint: str | None
    file: str
    size: int
    digest: str


def digest_of(sums: tuple[str, ...]) -> str:
    """Return what tells a version from others, from the sums of its files."""
    if len(sums) == 1:
        return sums[0]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


def digest_of_model(model: RemoteModel) -> str:
    """Return what tells a model of a hub from its other versions."""
    return digest_of(tuple(file.sha256 for file in model.files))


def write_origin(folder: Path, model: RemoteModel) -> None:
    """Note beside a model's first file where it is from; without a note it works, too.

    The address is kept without what comes after the host: no secret is in it.
    """
    first = model.files[0]
    final = place(folder, model, first)
    note = {
        "branch": model.branch,
        "endpoint": first.url.partition(f"/{model.repository}/resolve/")[0],
        "files": [
            {key: value for key, value in asdict(file).items() if key != "url"}
            for file in model.files
        ],
        "repository": model.repository,
        "revision": model.revision,
    }
    write_note(final, json.dumps(note, indent=2).encode() + b"\n")


def read_origin(folder: Path, final: Path) -> Origin | None:
    """Return where a model is from, None where it was not downloaded.

    That is also so where one of its files was changed afterwards.
    """
    with suppress(OSError, ValueError, LookupError, TypeError, RecursionError):
        with note_place(final).open("rb") as stream:
            note = json.loads(stream.read(_LONGEST_NOTE).decode())
        if (origin := _from_note(folder, final, note)) is not None:
            return origin
    return _from_sum(folder, final)


def _from_note(folder: Path, final: Path, note: Mapping[str, Any]) -> Origin | None:
    """Return what a note says, if it is true; raises what a damaged one leads to."""
    model = RemoteModel(
        repository=check_repository(_text(note["repository"])),
        revision=check_revision(_text(note["revision"])),
        branch=check_revision(_text(note["branch"])),
        files=tuple(
            RemoteFile(
                name=check_file(_text(file["name"])),
                size=int(file["size"]),
                sha256=_text(file["sha256"]),
                url="",
            )
            for file in note["files"]
        ),
    )
    places = [place(folder, model, file) for file in model.files]
    if places[0] != final or not all(
        sum_is_known(where, file.size, file.sha256)
        for where, file in zip(places, model.files, strict=True)
    ):
        return None
    return Origin(
        repository=model.repository,
        branch=model.branch,
        revision=model.revision,
        endpoint=_text(note["endpoint"]) or None,
        file=model.files[0].name,
        size=model.size,
        digest=digest_of_model(model),
    )


def _text(value: object) -> str:
    """Return a text; raises TypeError for everything else."""
    if not isinstance(value, str):
        raise TypeError("A note has a text here")
    return value


def _from_sum(folder: Path, final: Path) -> Origin | None:
    """Return what the place of a file and its sum tell, if it was downloaded.

    That is all there is of what was downloaded before there were notes.
    """
    try:
        owner, name, *path = final.relative_to(folder).parts
        repository = check_repository(f"{owner}/{name}")
        file = check_file("/".join(path))
    except ValueError:
        return None
    size, sha256 = length_of(final), noted_sum(final)
    # Of a split model the sums of the other files would be needed, too.
    if "-of-" in final.stem or not SHA256.fullmatch(sha256):
        return None
    if not sum_is_known(final, size, sha256):
        return None
    return Origin(
        repository=repository,
        branch=MAIN,
        revision=None,
        endpoint=None,
        file=file,
        size=size,
        digest=sha256,
    )
