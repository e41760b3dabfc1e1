"""Downloads where nothing is wrong but the moment."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
import hashlib
from pathlib import Path
import random
import shutil

from aiohttp import ClientSession
import pytest

from custom_components.hearth.models.download import (
    DiskFull,
    Downloads,
    Interrupted,
    InUse,
    Stopped,
)
from custom_components.hearth.models.hub import RemoteFile, RemoteModel

from .file_server import (
    COMMIT,
    HASTY,
    FileServer,
    by_path,
    file,
    file_server,
    remote_file,
    remote_model,
    says,
    stalls,
    waits_for,
)

# Several batches, and a bit.
CONTENT = random.Random(1).randbytes((5 << 20) + 12345)
HALF = len(CONTENT) // 2


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for models, in which no wrong one may ever be."""
    folder = tmp_path / "models"
    yield folder
    assert [
        path for path in folder.rglob("*.gguf") if path.read_bytes() != CONTENT
    ] == []


@pytest.fixture
def downloads(session: ClientSession, folder: Path) -> Downloads:
    """Return downloads into the folder."""
    return Downloads(session, folder, reserve=0, retry=HASTY)


def names(folder: Path) -> list[str]:
    """Return all files below a folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def has(downloads: Downloads, model: RemoteModel, count: int) -> None:
    """Wait until so many bytes of a model that is on its way are there."""
    async with asyncio.timeout(10):
        while downloads.start(model).progress.completed < count:
            await asyncio.sleep(0.01)


async def test_downloads_a_file(downloads: Downloads, folder: Path) -> None:
    """The file is there with its sum noted, and is not asked for again."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        assert await downloads.find(model) is None
        path = await downloads.start(model).wait()
        assert path == downloads.path(model)
        assert path == folder / "owner" / "small" / "small-Q4_K_M.gguf"
        assert path.read_bytes() == CONTENT
        sum_line = f"{hashlib.sha256(CONTENT).hexdigest()}  {path.name}\n"
        assert path.with_name(f"{path.name}.sha256").read_text() == sum_line
        assert names(folder) == [path.name, f"{path.name}.json", f"{path.name}.sha256"]
        assert await downloads.find(model) == path
        again = downloads.start(model)
        assert await again.wait() == path
        assert again.progress.completed == len(CONTENT)
        assert server.begins == [0]
        assert "range" not in server.asked[0].headers
        assert server.asked[0].headers["accept-encoding"] == "identity"


async def test_room_before_anything_begins(
    downloads: Downloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a model fits can be asked first; what came before needs no room."""
    places = "custom_components.hearth.models.download_places.free_bytes"
    monkeypatch.setattr(places, lambda _: HALF)
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        with pytest.raises(DiskFull) as full:
            await downloads.check_room(model)
        assert (full.value.needed, full.value.free) == (len(CONTENT), HALF)
        assert server.asked == []

        path = downloads.path(model)
        path.parent.mkdir(parents=True)
        part = path.with_name(f"{path.name}.{model.files[0].sha256[:16]}.part")
        part.write_bytes(CONTENT[: HALF + 9])
        await downloads.check_room(model)
        with pytest.raises(DiskFull):
            await downloads.check_room(model, promised=1000)
        part.unlink()

        monkeypatch.undo()
        await downloads.start(model).wait()
        monkeypatch.setattr(places, lambda _: 0)
        await downloads.check_room(model)


async def test_one_download_of_one_file(downloads: Downloads) -> None:
    """Who starts the same again gets the one that is running."""
    go_on = asyncio.Event()
    async with file_server(waits_for(go_on, CONTENT, HALF)) as server:
        model = remote_model(CONTENT, server.url)
        first = downloads.start(model)
        await has(downloads, model, 1)
        assert downloads.start(model) is first
        other = remote_model(b"another version", server.url)
        with pytest.raises(InUse):
            downloads.start(other)
        go_on.set()
        paths = await asyncio.gather(first.wait(), downloads.start(model).wait())
        assert paths[0] == paths[1]
        assert len(server.asked) == 1


async def test_a_second_instance_keeps_away(
    downloads: Downloads, session: ClientSession, folder: Path
) -> None:
    """Two that know nothing of each other do not write the same part."""
    go_on = asyncio.Event()
    async with file_server(waits_for(go_on, CONTENT, HALF)) as server:
        model = remote_model(CONTENT, server.url)
        first = downloads.start(model)
        await has(downloads, model, 1)
        stranger = Downloads(session, folder, reserve=0, retry=HASTY).start(model)
        with pytest.raises(InUse):
            await stranger.wait()
        await stranger.cancel()
        go_on.set()
        assert (await first.wait()).read_bytes() == CONTENT
        assert len(server.asked) == 1


async def test_tells_how_far_it_is(session: ClientSession, folder: Path) -> None:
    """Who watches hears it grow, with a speed and the time that is left."""
    downloads = Downloads(session, folder, reserve=0)
    go_on = asyncio.Event()
    async with file_server(waits_for(go_on, CONTENT, HALF)) as server:
        download = downloads.start(remote_model(CONTENT, server.url))
        seen = []
        async for progress in download.watch():
            seen.append(progress)
            if progress.seconds_left is not None:
                go_on.set()
        assert seen[0].completed == 0
        assert seen[0].speed is None
        assert seen[0].seconds_left is None
        assert {progress.total for progress in seen} == {len(CONTENT)}
        assert seen[-1].completed == len(CONTENT)
        measured = [progress for progress in seen if progress.seconds_left is not None]
        assert measured[0].speed is not None
        assert measured[0].speed > 0
        assert [p.completed for p in seen] == sorted(p.completed for p in seen)


async def test_goes_on_after_a_stop(
    downloads: Downloads, session: ClientSession, folder: Path
) -> None:
    """What came before Home Assistant stopped is not fetched again."""
    async with file_server(stalls(CONTENT, HALF), file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        download = downloads.start(model)
        # Less than the half: the last bytes are written when it is stopped.
        await has(downloads, model, 1)
        await downloads.stop()
        with pytest.raises(Stopped):
            await download.wait()
        [part] = names(folder)
        assert part.endswith(".part")
        begun = next(folder.rglob("*.part")).stat().st_size
        assert 0 < begun <= HALF
        later = Downloads(session, folder, reserve=0, retry=HASTY).start(model)
        assert (await later.wait()).read_bytes() == CONTENT
        assert server.begins == [0, begun]
        assert not any(name.endswith(".part") for name in names(folder))


async def test_cancel_removes_all(downloads: Downloads, folder: Path) -> None:
    """Nothing is left of a download that was cancelled, not even a folder."""
    async with file_server(stalls(CONTENT, HALF)) as server:
        model = remote_model(CONTENT, server.url)
        download = downloads.start(model)
        await has(downloads, model, 1)
        await download.cancel()
        with pytest.raises(Stopped):
            await download.wait()
        assert [*folder.iterdir()] == []


async def test_cancel_before_it_began(downloads: Downloads, folder: Path) -> None:
    """A download can be cancelled in the moment in which it was started."""
    async with file_server(file(CONTENT)) as server:
        download = downloads.start(remote_model(CONTENT, server.url))
        await download.cancel()
        with pytest.raises(Stopped):
            await download.wait()
        assert names(folder) == []
        assert server.asked == []


async def test_cancel_after_the_end(downloads: Downloads, folder: Path) -> None:
    """A part that was kept can be removed later; a whole model stays."""
    async with file_server(file(CONTENT, until=HALF), *[says("500 No")] * 3) as server:
        model = remote_model(CONTENT, server.url)
        download = downloads.start(model)
        with pytest.raises(Interrupted):
            await download.wait()
        assert len(names(folder)) == 1
        await download.cancel()
        assert names(folder) == []
        server.answers.append(file(CONTENT))
        download = downloads.start(model)
        path = await download.wait()
        await download.cancel()
        assert path.read_bytes() == CONTENT


async def test_undo(downloads: Downloads, folder: Path) -> None:
    """A model that was brought and is not wanted goes, with all that was noted of it."""
    async with file_server(file(CONTENT)) as server:
        download = downloads.start(remote_model(CONTENT, server.url))
        assert (await download.wait()).read_bytes() == CONTENT
        await download.undo()
    assert [*folder.iterdir()] == []


async def test_undo_what_was_there_before(downloads: Downloads) -> None:
    """A model that was not brought now is somebody's, and stays."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = await downloads.start(model).wait()
        again = downloads.start(model)
        assert await again.wait() == path
        await again.undo()
    assert path.read_bytes() == CONTENT


async def test_undo_what_is_on_its_way(downloads: Downloads, folder: Path) -> None:
    """What is not here yet is cancelled."""
    async with file_server(stalls(CONTENT, HALF)) as server:
        model = remote_model(CONTENT, server.url)
        download = downloads.start(model)
        await has(downloads, model, 1)
        await download.undo()
    assert [*folder.iterdir()] == []


async def test_who_waits_may_leave(downloads: Downloads) -> None:
    """The download goes on without those who waited for it."""
    go_on = asyncio.Event()
    async with file_server(waits_for(go_on, CONTENT, HALF)) as server:
        download = downloads.start(remote_model(CONTENT, server.url))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await download.wait()
        go_on.set()
        assert (await download.wait()).read_bytes() == CONTENT


async def test_takes_what_is_there_already(downloads: Downloads) -> None:
    """A file that somebody put there is summed up once, and its sum noted."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = downloads.path(model)
        path.parent.mkdir(parents=True)
        path.write_bytes(CONTENT)
        assert await downloads.find(model) is None
        assert await downloads.start(model).wait() == path
        assert await downloads.find(model) == path
        assert server.asked == []


@pytest.mark.parametrize(
    "there",
    [CONTENT[:-1], CONTENT[:-1] + b"?", b"", CONTENT + b"?"],
    ids=["cut", "changed", "empty", "longer"],
)
async def test_replaces_another_file(downloads: Downloads, there: bytes) -> None:
    """A file of another version makes room for the right one."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = await downloads.start(model).wait()
        path.write_bytes(there)
        assert await downloads.find(model) is None
        assert (await downloads.start(model).wait()).read_bytes() == CONTENT
        assert server.begins == [0, 0]


async def test_the_note_of_a_sum_is_not_believed_blindly(
    downloads: Downloads, tmp_path: Path
) -> None:
    """A note that is older than its file, or says something else, does not count."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = await downloads.start(model).wait()
        note = path.with_name(f"{path.name}.sha256")
        right = note.read_bytes()
        for wrong in (b"", right[:-1], b"0" + right[1:], right * 100):
            note.write_bytes(wrong)
            assert await downloads.find(model) is None
        note.unlink()
        elsewhere = tmp_path / "note"
        elsewhere.write_bytes(right)
        note.symlink_to(elsewhere)
        assert await downloads.find(model) is None
        assert await downloads.start(model).wait() == path
        assert not note.is_symlink()
        assert await downloads.find(model) == path
        assert len(server.asked) == 1


async def test_a_part_that_was_damaged_here(downloads: Downloads) -> None:
    """A part that the disk has spoilt costs a fresh start, and nothing else."""
    async with file_server(file(CONTENT, until=HALF), file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = downloads.path(model)
        path.parent.mkdir(parents=True)
        part = path.with_name(f"{path.name}.{model.files[0].sha256[:16]}.part")
        part.write_bytes(bytes(HALF))
        server.answers = [file(CONTENT)]
        assert (await downloads.start(model).wait()).read_bytes() == CONTENT
        assert server.begins == [HALF, 0]


@pytest.mark.parametrize(
    ("part", "begins"),
    [(CONTENT, []), (CONTENT + b"?", [0]), (b"", [0]), (CONTENT[:7], [7])],
    ids=["whole", "longer", "empty", "begun"],
)
async def test_takes_up_a_part(
    downloads: Downloads, folder: Path, part: bytes, begins: list[int]
) -> None:
    """A part goes on where it ended; a whole one needs nobody."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = downloads.path(model)
        path.parent.mkdir(parents=True)
        sha256 = model.files[0].sha256
        path.with_name(f"{path.name}.{sha256[:16]}.part").write_bytes(part)
        assert (await downloads.start(model).wait()).read_bytes() == CONTENT
        assert server.begins == begins
        assert len(names(folder)) == 3


async def test_a_part_of_another_version_is_not_taken(
    downloads: Downloads, folder: Path
) -> None:
    """The part of another version is of no use, and is removed."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = downloads.path(model)
        path.parent.mkdir(parents=True)
        path.with_name(f"{path.name}.0123456789abcdef.part").write_bytes(CONTENT[:99])
        await downloads.start(model).wait()
        assert server.begins == [0]
        assert len(names(folder)) == 3


async def test_no_room(session: ClientSession, folder: Path) -> None:
    """Without room nothing is asked for, and the numbers are told."""
    downloads = Downloads(session, folder, reserve=1 << 60, retry=HASTY)
    async with file_server(file(CONTENT)) as server:
        with pytest.raises(DiskFull, match="5 MB are to come") as caught:
            await downloads.start(remote_model(CONTENT, server.url)).wait()
        assert caught.value.needed == len(CONTENT) + (1 << 60)
        assert 0 < caught.value.free < 1 << 60
        assert server.asked == []
        assert names(folder) == []


async def test_what_is_there_needs_no_room(
    downloads: Downloads, session: ClientSession, folder: Path
) -> None:
    """A model that is there is there, however full the disk."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = await downloads.start(model).wait()
        full = Downloads(session, folder, reserve=1 << 60, retry=HASTY)
        assert await full.start(model).wait() == path


async def test_room_is_promised_once(
    session: ClientSession, folder: Path, tmp_path: Path
) -> None:
    """What another download will still take is not free."""
    most = shutil.disk_usage(tmp_path).free * 2 // 3
    async with file_server(stalls(CONTENT, 1)) as server:
        models = [
            RemoteModel(
                repository=f"owner/huge-{sha256[0]}",
                revision=COMMIT,
                files=(
                    RemoteFile(name="x.gguf", size=most, sha256=sha256, url=server.url),
                ),
            )
            for sha256 in ("0" * 64, "1" * 64)
        ]
        # The server says another size, which takes a while to be an error.
        slow = replace(HASTY, first=30.0, longest=30.0)
        downloads = Downloads(session, folder, reserve=0, retry=slow)
        first = downloads.start(models[0])
        async with asyncio.timeout(10):
            while not server.asked:
                await asyncio.sleep(0.01)
        assert first.due == most
        with pytest.raises(DiskFull) as caught:
            await downloads.start(models[1]).wait()
        assert caught.value.needed == most
        assert caught.value.free < most
        await first.stop()
        assert first.due == 0
        second = downloads.start(models[1])
        async with asyncio.timeout(10):
            while len(server.asked) < 2:
                await asyncio.sleep(0.01)
        await second.stop()


def split_model(
    server: FileServer, contents: dict[str, bytes], repository: str = "owner/small"
) -> RemoteModel:
    """Return a model of several files."""
    files = [remote_file(data, server.url, name) for name, data in contents.items()]
    return RemoteModel(repository=repository, revision=COMMIT, files=tuple(files))


SPLIT = ["big/x-00001-of-00003.gguf", "big/x-00002-of-00003.gguf"]
SPLIT.append("big/x-00003-of-00003.gguf")


async def test_split_models(downloads: Downloads, folder: Path) -> None:
    """All files of a split model come one after another, and count together."""
    path_of = "/owner/small/resolve/" + COMMIT + "/"
    good = by_path({path_of + name: file(CONTENT) for name in SPLIT})
    async with file_server(good) as server:
        model = split_model(server, dict.fromkeys(SPLIT, CONTENT))
        download = downloads.start(model)
        path = await download.wait()
        assert path == folder / "owner/small/big/x-00001-of-00003.gguf"
        assert download.progress.completed == 3 * len(CONTENT) == model.size
        assert [asked.path for asked in server.asked] == [path_of + n for n in SPLIT]
        assert await downloads.find(model) == path
        (path.parent / "x-00002-of-00003.gguf").unlink()
        assert await downloads.find(model) is None
        assert await downloads.start(model).wait() == path
        assert server.asked[-1].path == path_of + SPLIT[1]
        assert len(server.asked) == 4


async def test_a_split_model_is_whole_or_not_there(
    downloads: Downloads, folder: Path
) -> None:
    """A file that is missing fails the model; cancelling removes the others."""
    async with file_server(file(CONTENT), says("404 Not Found")) as server:
        model = split_model(server, dict.fromkeys(SPLIT, CONTENT))
        download = downloads.start(model)
        with pytest.raises(Exception, match="404"):
            await download.wait()
        assert await downloads.find(model) is None
        assert names(folder) == [
            "x-00001-of-00003.gguf",
            "x-00001-of-00003.gguf.sha256",
        ]
        await download.cancel()
        assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    "repository", ["../x", "owner", "a/b/c", "/etc/x", "owner/..", ".a/b", "a/b\n"]
)
async def test_unsafe_repositories(downloads: Downloads, repository: str) -> None:
    """A repository's name leads nowhere but into the folder."""
    model = RemoteModel(
        repository=repository,
        revision=COMMIT,
        files=(remote_file(CONTENT, "http://127.0.0.1:1"),),
    )
    with pytest.raises(ValueError, match="repository"):
        downloads.start(model)


@pytest.mark.parametrize(
    "name",
    [
        "../x.gguf",
        "/etc/x.gguf",
        "a/../x.gguf",
        "a//x.gguf",
        ".x.gguf",
        "-x.gguf",
        "a\\x.gguf",
        "x\0.gguf",
        "x\n.gguf",
        "x.bin",
        "",
        f"{'x' * 200}.gguf",
        "a/" * 20 + "x.gguf",
        "a./x.gguf",
        "ü.gguf",
    ],
)
async def test_unsafe_files(downloads: Downloads, name: str) -> None:
    """A file's name leads nowhere but into the folder of its repository."""
    file = remote_file(CONTENT, "http://127.0.0.1:1", name)
    model = RemoteModel(repository="owner/small", revision=COMMIT, files=(file,))
    with pytest.raises(ValueError, match="file"):
        downloads.path(model)


@pytest.mark.parametrize(
    ("size", "sha256"), [(0, "0" * 64), (-1, "0" * 64), (9, "../" * 8), (9, "")]
)
async def test_what_cannot_be_checked(
    downloads: Downloads, size: int, sha256: str
) -> None:
    """Without a size and a sum nothing is downloaded."""
    file = RemoteFile(name="x.gguf", size=size, sha256=sha256, url="http://x/")
    model = RemoteModel(repository="owner/small", revision=COMMIT, files=(file,))
    with pytest.raises(ValueError, match="cannot be checked"):
        downloads.start(model)


async def test_a_model_of_nothing(downloads: Downloads) -> None:
    """A model has files, each once."""
    file = remote_file(CONTENT, "http://127.0.0.1:1")
    for files in ((), (file, file)):
        model = RemoteModel(repository="owner/small", revision=COMMIT, files=files)
        with pytest.raises(ValueError, match="no files"):
            downloads.start(model)
