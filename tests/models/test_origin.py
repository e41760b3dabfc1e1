"""Where a downloaded model is from is known afterwards, and nothing else is believed."""

from dataclasses import replace
import hashlib
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.hearth.models.download import Downloads
from custom_components.hearth.models.hub import RemoteModel
from custom_components.hearth.models.origin import (
    Origin,
    digest_of,
    digest_of_model,
    read_origin,
)

from .file_server import COMMIT, HASTY, file, file_server, remote_file, remote_model

CONTENT = b"GGUF" + bytes(5000)
SUM = hashlib.sha256(CONTENT).hexdigest()


async def fetched(
    session: ClientSession, folder: Path, **changes: Any
) -> tuple[Path, str]:
    """Download a model; return its first file and the address it came from."""
    async with file_server(file(CONTENT)) as server:
        model = replace(remote_model(CONTENT, server.url), **changes)
        downloads = Downloads(session, folder, reserve=0, retry=HASTY)
        return await downloads.start(model).wait(), server.url


async def test_is_noted(session: ClientSession, tmp_path: Path) -> None:
    """A download notes all that is needed to look for a newer version."""
    path, url = await fetched(session, tmp_path, branch="v2")

    assert read_origin(tmp_path, path) == Origin(
        repository="owner/small",
        branch="v2",
        revision=COMMIT,
        endpoint=url,
        file="small-Q4_K_M.gguf",
        size=len(CONTENT),
        digest=SUM,
    )


async def test_without_a_note(session: ClientSession, tmp_path: Path) -> None:
    """Of what was downloaded before there were notes, the place tells the rest."""
    path, _ = await fetched(session, tmp_path)
    path.with_name(f"{path.name}.json").unlink()

    assert read_origin(tmp_path, path) == Origin(
        repository="owner/small",
        branch="main",
        revision=None,
        endpoint=None,
        file="small-Q4_K_M.gguf",
        size=len(CONTENT),
        digest=SUM,
    )


async def test_by_hand(session: ClientSession, tmp_path: Path) -> None:
    """A file that somebody put there, or changed, was not downloaded."""
    path, _ = await fetched(session, tmp_path)
    own = path.with_name("own.gguf")
    own.write_bytes(CONTENT)
    assert read_origin(tmp_path, own) is None

    path.write_bytes(CONTENT + b"!")
    assert read_origin(tmp_path, path) is None


@pytest.mark.parametrize("place", ["x.gguf", "a/x.gguf", "../a/b/x.gguf"])
def test_outside(tmp_path: Path, place: str) -> None:
    """A file that is in no repository's folder was not downloaded."""
    folder = tmp_path / "models"
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    path.with_name(f"{path.name}.sha256").write_text(f"{SUM}  {path.name}\n")

    assert read_origin(folder, path) is None


SPLIT = [f"big/x-0000{n}-of-00002.gguf" for n in (1, 2)]


async def test_split(session: ClientSession, tmp_path: Path) -> None:
    """A split model is known by the sums of all its files, and only with its note."""
    async with file_server(file(CONTENT)) as server:
        files = tuple(remote_file(CONTENT, server.url, name) for name in SPLIT)
        model = RemoteModel(repository="owner/small", revision=COMMIT, files=files)
        downloads = Downloads(session, tmp_path, reserve=0, retry=HASTY)
        path = await downloads.start(model).wait()

    origin = read_origin(tmp_path, path)
    assert origin is not None
    assert (origin.file, origin.size) == (SPLIT[0], 2 * len(CONTENT))
    assert origin.digest == digest_of_model(model) == digest_of((SUM, SUM)) != SUM

    note = path.with_name(f"{path.name}.json")
    kept = note.read_bytes()
    note.unlink()
    assert read_origin(tmp_path, path) is None

    note.write_bytes(kept)
    (path.parent / "x-00002-of-00002.gguf").write_bytes(b"another")
    assert read_origin(tmp_path, path) is None


NOTE: dict[str, Any] = {
    "branch": "main",
    "endpoint": "https://huggingface.co",
    "files": [{"name": "small-Q4_K_M.gguf", "sha256": SUM, "size": len(CONTENT)}],
    "repository": "owner/small",
    "revision": COMMIT,
}
FILE = NOTE["files"][0]


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"7",
        b"[" * 60000,
        json.dumps({}).encode(),
        json.dumps(NOTE | {"repository": "../.."}).encode(),
        json.dumps(NOTE | {"repository": "owner/other"}).encode(),
        json.dumps(NOTE | {"repository": 7}).encode(),
        json.dumps(NOTE | {"branch": "../x"}).encode(),
        json.dumps(NOTE | {"revision": None}).encode(),
        json.dumps(NOTE | {"endpoint": ["x"]}).encode(),
        json.dumps(NOTE | {"files": []}).encode(),
        json.dumps(NOTE | {"files": {}}).encode(),
        json.dumps(NOTE | {"files": [FILE | {"name": "../x.gguf"}]}).encode(),
        json.dumps(NOTE | {"files": [FILE | {"sha256": "0" * 64}]}).encode(),
        json.dumps(NOTE | {"files": [FILE | {"size": "many"}]}).encode(),
        b" " * (70 << 10) + json.dumps(NOTE).encode(),
    ],
    ids=range(19),
)
async def test_damaged_note(
    session: ClientSession, tmp_path: Path, note: bytes
) -> None:
    """What a note should not say is not believed; what is certain still is."""
    path, _ = await fetched(session, tmp_path)
    path.with_name(f"{path.name}.json").write_bytes(note)

    origin = read_origin(tmp_path, path)
    assert origin is not None
    assert (origin.repository, origin.endpoint) == ("owner/small", None)
    assert origin.digest == SUM


async def test_note_is_true(session: ClientSession, tmp_path: Path) -> None:
    """The damaged notes are damaged in what each says, and nothing more."""
    path, _ = await fetched(session, tmp_path)
    path.with_name(f"{path.name}.json").write_text(json.dumps(NOTE))

    origin = read_origin(tmp_path, path)
    assert origin is not None
    assert origin.endpoint == "https://huggingface.co"


async def test_goes_with_the_model(session: ClientSession, tmp_path: Path) -> None:
    """A link in a note's place is not followed, and a model that cannot note works."""
    path, _ = await fetched(session, tmp_path)
    note, elsewhere = path.with_name(f"{path.name}.json"), tmp_path / "elsewhere"
    elsewhere.write_text("precious")
    note.unlink()
    note.symlink_to(elsewhere)
    await fetched(session, tmp_path)
    assert elsewhere.read_text() == "precious"
    assert not note.is_symlink()

    note.unlink()
    note.mkdir()
    path, _ = await fetched(session, tmp_path)
    assert path.read_bytes() == CONTENT
    assert read_origin(tmp_path, path) is not None
