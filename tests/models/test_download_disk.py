"""Downloads on real disks: full ones, killed processes, things in the way."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
import fcntl
import hashlib
import os
from pathlib import Path
import random
import subprocess
import sys

from aiohttp import ClientSession
import pytest

from custom_components.hearth.models.download import (
    DiskFull,
    Downloads,
    InUse,
    Stopped,
    Unwritable,
)
from custom_components.hearth.models.download_part import PartFile
from custom_components.hearth.models.download_places import Summing

from .file_server import (
    HASTY,
    FileServer,
    file,
    file_server,
    remote_model,
    stalls,
    waits_for,
)

MIB = 1 << 20
CONTENT = random.Random(4).randbytes(6 * MIB)
HALF = len(CONTENT) // 2
ROOT = Path(__file__).parents[2]

# Holds a small disk of its own until its input ends; any user may do that.
_DISK = """
mount -t tmpfs -o "size=$2" tmpfs "$1" || exit 1
echo "$$"
cat
"""
_CHILD = """
import asyncio, sys
from pathlib import Path
import aiohttp
from custom_components.hearth.models.download import Downloads
from custom_components.hearth.models.hub import RemoteFile, RemoteModel

async def main(url, name, size, sha256, folder):
    file = RemoteFile(name=name, size=int(size), sha256=sha256, url=url)
    model = RemoteModel(repository="owner/small", revision="0" * 40, files=(file,))
    async with aiohttp.ClientSession() as session:
        download = Downloads(session, Path(folder), reserve=0).start(model)
        while not download.progress.completed:
            await asyncio.sleep(0.01)
        print("writes", flush=True)
        print(await download.wait(), flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for models, in which no wrong one may ever be."""
    folder = tmp_path / "models"
    yield folder
    assert [
        path
        for path in folder.rglob("*.gguf")
        if path.is_file() and path.read_bytes() != CONTENT
    ] == []


@pytest.fixture
def downloads(session: ClientSession, folder: Path) -> Downloads:
    """Return downloads into the folder."""
    return Downloads(session, folder, reserve=0, retry=HASTY)


@pytest.fixture
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Return a folder on a disk of 4 MiB, or of as many bytes as a test wants."""
    size = getattr(request, "param", 4 * MIB)
    mounted = tmp_path / "disk"
    mounted.mkdir()
    holder = subprocess.Popen(
        ["unshare", "-rm", "sh", "-c", _DISK, "sh", str(mounted), str(size)],  # noqa: S607
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            pid = holder.stdout.readline().strip()
            assert pid, "a small disk is needed for this test, and cannot be had"
            # The disk as its holder sees it.
            disk = Path(f"/proc/{pid}/root{mounted}")
            assert os.statvfs(disk).f_blocks * os.statvfs(disk).f_frsize == size
            yield disk
        finally:
            holder.stdin.close()


def names(folder: Path) -> list[str]:
    """Return all files below a folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def test_a_disk_too_small(session: ClientSession, small_disk: Path) -> None:
    """What does not fit is not begun."""
    downloads = Downloads(session, small_disk / "models", reserve=0, retry=HASTY)
    async with file_server(file(CONTENT)) as server:
        with pytest.raises(DiskFull) as caught:
            await downloads.start(remote_model(CONTENT, server.url)).wait()
        assert caught.value.needed == len(CONTENT)
        assert 3 * MIB < caught.value.free <= 4 * MIB
        assert server.asked == []
        assert [*small_disk.rglob("*")] == [small_disk / "models"]


async def test_a_reserve_too_large(session: ClientSession, small_disk: Path) -> None:
    """What would fit only without the reserve is not begun either."""
    content = CONTENT[: 2 * MIB]
    model = remote_model(content, "http://127.0.0.1:1")
    downloads = Downloads(session, small_disk, reserve=3 * MIB, retry=HASTY)
    with pytest.raises(DiskFull) as caught:
        await downloads.start(model).wait()
    assert caught.value.needed == 5 * MIB


async def test_a_disk_that_fills_up(session: ClientSession, small_disk: Path) -> None:
    """Something else takes the room: what came makes room, and the rest can write."""
    content = CONTENT[: 3 * MIB]
    other = small_disk / "other"
    go_on = asyncio.Event()
    async with file_server(waits_for(go_on, content, 2 * MIB)) as server:
        model = remote_model(content, server.url)
        downloads = Downloads(session, small_disk / "models", reserve=0)
        download = downloads.start(model)
        async with asyncio.timeout(10):
            while download.progress.completed < MIB:
                await asyncio.sleep(0.01)
        other.write_bytes(bytes(3 * MIB // 2))
        go_on.set()
        with pytest.raises(DiskFull, match="removed") as caught:
            await download.wait()
        assert caught.value.needed == len(content)
        assert names(small_disk) == ["other"]
        # There is room again, for others at once and for the model when they are gone.
        other.write_bytes(bytes(2 * MIB))
        other.unlink()
        server.answers = [file(content)]
        path = await downloads.start(model).wait()
        assert path.read_bytes() == content


@pytest.mark.parametrize("small_disk", [128 * MIB], indirect=True)
async def test_a_disk_that_is_filling_up(
    session: ClientSession, small_disk: Path
) -> None:
    """With half of the reserve gone the download stops, and keeps what it has."""
    content = random.Random(5).randbytes(48 * MIB)
    go_on = asyncio.Event()
    async with file_server(waits_for(go_on, content, 8 * MIB)) as server:
        model = remote_model(content, server.url)
        downloads = Downloads(session, small_disk / "models", reserve=64 * MIB)
        download = downloads.start(model)
        async with asyncio.timeout(10):
            while download.progress.completed < 4 * MIB:
                await asyncio.sleep(0.01)
        (small_disk / "other").write_bytes(bytes(88 * MIB))
        go_on.set()
        with pytest.raises(DiskFull, match="kept") as caught:
            await download.wait()
        [part] = small_disk.rglob("*.part")
        begun = part.stat().st_size
        assert 16 * MIB <= begun < 24 * MIB
        assert caught.value.needed == len(content) - begun + 64 * MIB
        assert 0 < caught.value.free < 32 * MIB
        (small_disk / "other").unlink()
        server.answers = [file(content)]
        assert (await downloads.start(model).wait()).read_bytes() == content
        assert server.begins == [0, begun]


async def test_killed_in_the_middle(downloads: Downloads, folder: Path) -> None:
    """What a killed process had written is taken up by the next."""
    async with file_server(stalls(CONTENT, HALF), file(CONTENT)) as server:
        async with child(server, folder) as process:
            assert await line(process) == "writes"
            process.kill()
            await process.wait()
        [part] = folder.rglob("*.part")
        begun = part.stat().st_size
        assert 0 < begun <= HALF
        assert CONTENT.startswith(part.read_bytes())
        model = remote_model(CONTENT, server.url)
        assert await downloads.find(model) is None
        assert (await downloads.start(model).wait()).read_bytes() == CONTENT
        assert server.begins == [0, begun]


async def test_two_processes(downloads: Downloads, folder: Path) -> None:
    """The second process keeps away, also from removing; the first is not disturbed."""
    go_on = asyncio.Event()
    async with file_server(waits_for(go_on, CONTENT, HALF)) as server:
        async with child(server, folder) as process:
            assert await line(process) == "writes"
            download = downloads.start(remote_model(CONTENT, server.url))
            with pytest.raises(InUse):
                await download.wait()
            await download.cancel()
            go_on.set()
            path = Path(await line(process))
            assert await process.wait() == 0
        assert path.read_bytes() == CONTENT
        assert len(server.asked) == 1


@asynccontextmanager
async def child(server: FileServer, folder: Path) -> AsyncIterator[Process]:
    """Download in a process of its own."""
    [remote] = remote_model(CONTENT, server.url).files
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _CHILD),
        *(remote.url, remote.name, str(remote.size), remote.sha256, str(folder)),
        cwd=ROOT,
        stdout=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def line(process: Process) -> str:
    """Return the next line that a process writes."""
    assert process.stdout is not None
    async with asyncio.timeout(30):
        return (await process.stdout.readline()).decode().strip()


async def test_the_part_is_locked(downloads: Downloads, folder: Path) -> None:
    """Whoever wants to lock a part in use is told so by the system."""
    async with file_server(stalls(CONTENT, HALF)) as server:
        download = downloads.start(remote_model(CONTENT, server.url))
        async with asyncio.timeout(10):
            while not download.progress.completed:
                await asyncio.sleep(0.01)
        [part] = folder.rglob("*.part")
        with part.open("rb") as opened, pytest.raises(BlockingIOError):
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        await download.stop()
        with part.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)


async def test_a_part_of_another_version_in_use(
    downloads: Downloads, folder: Path
) -> None:
    """A part that somebody else is at is not removed."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = downloads.path(model)
        path.parent.mkdir(parents=True)
        other = path.with_name(f"{path.name}.0123456789abcdef.part")
        other.write_bytes(b"begun")
        with other.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            await downloads.start(model).wait()
        assert other.read_bytes() == b"begun"


@pytest.mark.parametrize("which", ["owner", "owner/small", "file", "part"])
async def test_links_lead_nowhere(
    downloads: Downloads, folder: Path, tmp_path: Path, which: str
) -> None:
    """A link below the folder is not followed, and what it leads to stays."""
    elsewhere = tmp_path / "elsewhere"
    model = remote_model(CONTENT, "http://127.0.0.1:1")
    final = downloads.path(model)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    if which.startswith("owner"):
        elsewhere.mkdir()
        link = folder / which
    else:
        elsewhere.write_bytes(CONTENT)
        part = final.with_name(f"{final.name}.{sha256[:16]}.part")
        link = final if which == "file" else part
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    download = downloads.start(model)
    with pytest.raises(Unwritable):
        await download.wait()
    await download.cancel()
    if elsewhere.is_dir():
        assert [*elsewhere.iterdir()] == []
    else:
        assert elsewhere.read_bytes() == CONTENT


@pytest.mark.parametrize("which", ["folder", "owner", "final", "part"])
async def test_something_in_the_way(
    downloads: Downloads, folder: Path, which: str
) -> None:
    """A file where a folder should be, or a folder in the file's place, is told."""
    model = remote_model(CONTENT, "http://127.0.0.1:1")
    final = downloads.path(model)
    match which:
        case "folder":
            folder.write_text("")
        case "owner":
            folder.mkdir()
            (folder / "owner").write_text("")
        case "final":
            (final / "x").mkdir(parents=True)
        case "part":
            sha256 = hashlib.sha256(CONTENT).hexdigest()
            part = final.with_name(f"{final.name}.{sha256[:16]}.part")
            (part / "x").mkdir(parents=True)
    with pytest.raises(Unwritable):
        await downloads.start(model).wait()


async def test_a_part_that_is_taken_away(downloads: Downloads, folder: Path) -> None:
    """The part may be removed by somebody in the middle; the error says where."""
    async with file_server(stalls(CONTENT, HALF)) as server:
        download = downloads.start(remote_model(CONTENT, server.url))
        async with asyncio.timeout(10):
            while not download.progress.completed:
                await asyncio.sleep(0.01)
        [part] = folder.rglob("*.part")
        part.unlink()
        server.answers = [file(CONTENT)]
        # What is written to a file without a name cannot get its name.
        with pytest.raises(Unwritable, match="cannot be written"):
            await download.wait()
        assert names(folder) == []


async def test_stopped_while_it_sums_up(downloads: Downloads, folder: Path) -> None:
    """A file that is there and has to be summed up does not hold up the end."""
    async with file_server(file(CONTENT)) as server:
        model = remote_model(CONTENT, server.url)
        path = downloads.path(model)
        path.parent.mkdir(parents=True)
        path.write_bytes(CONTENT)
        download = downloads.start(model)
        await asyncio.sleep(0)
        await downloads.stop()
        with pytest.raises(Stopped):
            await download.wait()
        assert path.read_bytes() == CONTENT
        assert server.asked == []


def test_a_part_cut_by_somebody(tmp_path: Path) -> None:
    """A part that gets shorter while it is summed up is told, not waited for."""
    part = PartFile(tmp_path / "x.gguf", 10, "0" * 64, 0)
    part.path.write_bytes(b"12345")
    part.open()
    os.truncate(part.path, 3)
    with pytest.raises(Unwritable, match="cut"):
        part.sum_up(100)
    part.close()


def test_a_part_that_is_closed(tmp_path: Path) -> None:
    """What comes too late writes nowhere: another file may have the same number."""
    part = PartFile(tmp_path / "x.gguf", 10, "0" * 64, 0)
    part.open()
    part.close()
    part.close()
    assert not part.path.exists()
    with pytest.raises(Stopped):
        part.write([b"late"])
    with pytest.raises(Stopped):
        part.finish()
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_cannot_be_summed(tmp_path: Path) -> None:
    """A file that vanishes while it is summed up is told."""
    with pytest.raises(Unwritable, match="cannot be read"):
        Summing(tmp_path / "x.gguf").step(1)
