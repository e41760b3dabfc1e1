"""Downloads from servers that cut, stall, lie, refuse, and send us elsewhere.

Whatever happens, no wrong file is ever under the final name: the folder's fixture
looks at the end of each test.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
import gzip
from pathlib import Path
import random
import time

from aiohttp import ClientSession
import pytest

from custom_components.hearth.models.download import (
    Damaged,
    DownloadError,
    Downloads,
    Interrupted,
    Refused,
    RetryPolicy,
    WrongAnswer,
)
from custom_components.hearth.models.download_request import Patience

from .file_server import (
    HASTY,
    Answer,
    Asked,
    file,
    file_server,
    good_head,
    head,
    remote_file,
    remote_model,
    says,
    stalls,
)

CONTENT = random.Random(2).randbytes(300_000)
OTHER = random.Random(3).randbytes(300_000)
HALF = len(CONTENT) // 2
FIRST_HALF = file(CONTENT, until=HALF)
GOOD = file(CONTENT)
TOKEN = "hf_Secret"


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
    """Return downloads into the folder, with a token."""
    return Downloads(session, folder, token=TOKEN, reserve=0, retry=HASTY)


def part_of(folder: Path) -> bytes | None:
    """Return what was kept of an unfinished download."""
    parts = [*folder.rglob("*.part")]
    assert len(parts) <= 1
    return parts[0].read_bytes() if parts else None


def adds(content: bytes) -> Answer:
    """Return an answer without a length whose body is longer than it should be."""
    return says("200 OK", body=content)


def piece(described: str, body: bytes) -> Answer:
    """Return the answer of a piece, however it is described."""
    lines = [f"Content-Length: {len(body)}"]
    if described:
        lines.append(f"Content-Range: {described}")
    return says("206 Partial Content", *lines, body=body)


def length(told: int, body: bytes) -> Answer:
    """Return an answer that tells some length and sends some bytes."""
    return says("200 OK", f"Content-Length: {told}", body=body)


SIZE = len(CONTENT)
REST = f"bytes {HALF}-{SIZE - 1}/{SIZE}"


@pytest.mark.parametrize(
    ("answers", "begins"),
    [
        pytest.param([FIRST_HALF, GOOD], [0, HALF], id="cut once"),
        pytest.param(
            [file(CONTENT, until=n) for n in range(1, 8)] + [GOOD],
            [0, 1, 2, 3, 4, 5, 6, 7],
            id="cut again and again, but a bit further each time",
        ),
        pytest.param([file(CONTENT, until=0), GOOD], [0, 0], id="cut after the head"),
        pytest.param(
            [says("200 OK", body=CONTENT[:9]), GOOD], [0, 9], id="ended early"
        ),
        pytest.param([stalls(CONTENT, HALF), GOOD], [0, HALF], id="stalls"),
        pytest.param([stalls(CONTENT, 0), GOOD], [0, 0], id="stalls at once"),
        pytest.param(
            [FIRST_HALF, file(CONTENT, ranges=False)], [0, HALF], id="no ranges"
        ),
        pytest.param(
            [FIRST_HALF, piece(f"bytes {HALF}-{SIZE - 1}/*", CONTENT[HALF:])],
            [0, HALF],
            id="total unknown",
        ),
        pytest.param(
            [
                FIRST_HALF,
                piece(f"bytes {HALF}-{HALF + 8}/{SIZE}", CONTENT[HALF:][:9]),
                GOOD,
            ],
            [0, HALF, HALF + 9],
            id="a smaller piece",
        ),
        pytest.param([says("500 Oops"), GOOD], [0, 0], id="500"),
        pytest.param([FIRST_HALF, says("502 Oops"), GOOD], [0, HALF, HALF], id="502"),
        pytest.param([says("429 Slow"), GOOD], [0, 0], id="429"),
        pytest.param([says("503 Slow"), GOOD], [0, 0], id="503"),
        pytest.param([says("408 Slow"), GOOD], [0, 0], id="408"),
        pytest.param([says("200 OK", body=b""), GOOD], [0, 0], id="nothing"),
        pytest.param([file(OTHER), GOOD], [0, 0], id="wrong bytes once"),
        pytest.param(
            [FIRST_HALF, file(OTHER), GOOD], [0, HALF, 0], id="changed in between"
        ),
        pytest.param(
            [file(OTHER, until=HALF), GOOD, GOOD], [0, HALF, 0], id="was wrong before"
        ),
        pytest.param([adds(CONTENT + b"?"), GOOD], [0, 0], id="too long once"),
        pytest.param([length(SIZE + 1, CONTENT + b"?"), GOOD], [0, 0], id="lied once"),
        pytest.param(
            [FIRST_HALF, length(9, b"Log in..."), GOOD],
            [0, HALF, HALF],
            id="a page to log in keeps the part",
        ),
        pytest.param([FIRST_HALF, says("416 No"), GOOD], [0, HALF, 0], id="416"),
        pytest.param(
            [FIRST_HALF, says("416 No", f"Content-Range: bytes */{SIZE}"), GOOD],
            [0, HALF, 0],
            id="416 although there is more",
        ),
        pytest.param(
            [FIRST_HALF, says("416 No", "Content-Range: bytes */7"), GOOD],
            [0, HALF, HALF],
            id="416 because it is another file for the moment",
        ),
        pytest.param(
            [says("302 There", "Location: /cdn?sig=a%2Bb%27%3B"), GOOD],
            [0, 0],
            id="redirect",
        ),
        pytest.param(
            [says("200 OK", "Content-Length: nonsense", body=b""), GOOD],
            [0, 0],
            id="no number",
        ),
        pytest.param([says("Oops"), GOOD], [0, 0], id="no HTTP"),
    ],
)
async def test_arrives_all_the_same(
    downloads: Downloads, answers: list[Answer], begins: list[int]
) -> None:
    """What is only for the moment is overcome, with as few bytes as can be."""
    async with file_server(*answers) as server:
        path = await downloads.start(remote_model(CONTENT, server.url)).wait()
        assert path.read_bytes() == CONTENT
        assert server.begins == begins
        assert not [*path.parent.glob("*.part")]


@pytest.mark.parametrize(
    ("answers", "error", "kept", "count"),
    [
        pytest.param([says("401 No")], Refused, None, 1, id="401"),
        pytest.param([says("403 No")], Refused, None, 1, id="403"),
        pytest.param([says("404 No")], Refused, None, 1, id="404"),
        pytest.param([says("410 No")], Refused, None, 1, id="410"),
        pytest.param([says("400 No")], Refused, None, 1, id="400"),
        pytest.param([says("416 No")], Refused, None, 1, id="416 to all of it"),
        pytest.param([FIRST_HALF, says("404 No")], Refused, HALF, 2, id="gone"),
        pytest.param([says("500 No")], Interrupted, None, 3, id="500 for good"),
        pytest.param([says("429 No")], Interrupted, None, 3, id="429 for good"),
        pytest.param([stalls(CONTENT, 0)], Interrupted, None, 3, id="silent for good"),
        pytest.param([FIRST_HALF, says("500 No")], Interrupted, HALF, 4, id="breaks"),
        pytest.param(
            [file(CONTENT, ranges=False, until=HALF)],
            Interrupted,
            HALF,
            4,
            id="no ranges, and cut at the same place for good",
        ),
        pytest.param([file(OTHER)], Damaged, None, 2, id="wrong bytes for good"),
        pytest.param([adds(CONTENT + b"?")], Damaged, None, 2, id="longer for good"),
        pytest.param([adds(CONTENT * 9)], Damaged, None, 2, id="much longer"),
        pytest.param([length(SIZE + 1, CONTENT)], Damaged, None, 2, id="says longer"),
        pytest.param([length(SIZE - 1, CONTENT)], Damaged, None, 2, id="says shorter"),
        pytest.param([length(0, b"")], Damaged, None, 2, id="says nothing is there"),
        pytest.param(
            [FIRST_HALF, length(7, b"changed")], Damaged, HALF, 3, id="another now"
        ),
        pytest.param(
            [
                FIRST_HALF,
                piece(f"bytes {HALF}-{SIZE - 2}/{SIZE - 1}", CONTENT[HALF:-1]),
            ],
            Damaged,
            HALF,
            3,
            id="shorter now",
        ),
        pytest.param(
            [FIRST_HALF, says("416 No", "Content-Range: bytes */7")],
            Damaged,
            HALF,
            3,
            id="416 because it is another file",
        ),
        pytest.param(
            [FIRST_HALF, piece(f"bytes 0-{SIZE - 1}/{SIZE}", CONTENT)],
            WrongAnswer,
            HALF,
            2,
            id="another piece",
        ),
        pytest.param(
            [FIRST_HALF, piece(f"bytes {HALF}-{SIZE}/{SIZE}", CONTENT[HALF:])],
            WrongAnswer,
            HALF,
            2,
            id="a piece beyond the end",
        ),
        pytest.param(
            [FIRST_HALF, piece("", CONTENT[HALF:])],
            WrongAnswer,
            HALF,
            2,
            id="a piece without description",
        ),
        pytest.param(
            [FIRST_HALF, piece("lines 1-2/3", CONTENT[HALF:])],
            WrongAnswer,
            HALF,
            2,
            id="a piece of something else",
        ),
        pytest.param([piece(REST, CONTENT)], WrongAnswer, None, 1, id="206 to nothing"),
        pytest.param([says("204 Empty")], WrongAnswer, None, 1, id="204"),
        pytest.param([says("304 Same")], WrongAnswer, None, 1, id="304"),
        pytest.param(
            [says("200 OK", "Content-Encoding: gzip", body=gzip.compress(CONTENT))],
            WrongAnswer,
            None,
            1,
            id="packed",
        ),
        pytest.param(
            [says("302 There", "Location: /round")], WrongAnswer, None, 6, id="circles"
        ),
        pytest.param(
            [says("302 There")], WrongAnswer, None, 1, id="redirect to nothing"
        ),
        pytest.param(
            [says("302 There", "Location: file:///etc/passwd")],
            WrongAnswer,
            None,
            1,
            id="redirect to a file",
        ),
        pytest.param(
            [says("302 There", "Location: http://[::1")],
            WrongAnswer,
            None,
            1,
            id="redirect to nonsense",
        ),
    ],
)
async def test_ends_with_a_clear_error(
    downloads: Downloads,
    folder: Path,
    answers: list[Answer],
    error: type[DownloadError],
    kept: int | None,
    count: int,
) -> None:
    """What is for good ends soon; what is right of the part is kept."""
    async with file_server(*answers) as server:
        model = remote_model(CONTENT, server.url)
        with pytest.raises(DownloadError) as caught:
            await downloads.start(model).wait()
        assert type(caught.value) is error
        assert str(caught.value)
        assert TOKEN not in str(caught.value)
        assert part_of(folder) == (None if kept is None else CONTENT[:kept])
        assert len(server.asked) == count
        assert await downloads.find(model) is None
        # Nothing stands in the way when the server is well again.
        server.answers = [GOOD]
        path = await downloads.start(model).wait()
        assert path.read_bytes() == CONTENT


async def test_the_status_is_told(downloads: Downloads) -> None:
    """A refusal tells its HTTP status, for those who can do something about it."""
    async with file_server(says("401 No")) as server:
        with pytest.raises(Refused) as caught:
            await downloads.start(remote_model(CONTENT, server.url)).wait()
        assert caught.value.status == 401


async def test_nobody_answers(session: ClientSession, folder: Path) -> None:
    """A server that is not there is asked a few times."""
    async with file_server(GOOD) as server:
        url = server.url
    downloads = Downloads(session, folder, reserve=0, retry=HASTY)
    with pytest.raises(Interrupted, match="3 times"):
        await downloads.start(remote_model(CONTENT, url)).wait()
    assert not [*folder.iterdir()]


async def test_a_session_that_was_closed(folder: Path) -> None:
    """A closed session is no reason for anything but our own error."""
    session = ClientSession()
    await session.close()
    downloads = Downloads(session, folder, reserve=0, retry=HASTY)
    with pytest.raises(Interrupted, match="session"):
        await downloads.start(remote_model(CONTENT, "http://127.0.0.1:1")).wait()


@pytest.mark.parametrize("url", ["http://[::1/x", "ftp://127.0.0.1/x", "/x", ""])
async def test_an_address_that_is_none(downloads: Downloads, url: str) -> None:
    """An address that leads nowhere is told as one."""
    model = remote_model(CONTENT, "http://127.0.0.1:1")
    model = replace(model, files=(replace(model.files[0], url=url),))
    with pytest.raises(WrongAnswer):
        await downloads.start(model).wait()


@pytest.mark.parametrize("status", ["429 Slow", "503 Slow"])
@pytest.mark.parametrize(
    ("line", "least"),
    [
        ("Retry-After: 0", 0.0),
        ("Retry-After: 1", 0.4),
        ("Retry-After: 9999999999999", 0.4),
        (f"Retry-After: {formatdate(time.time() + 9999, usegmt=True)}", 0.4),
        ("Retry-After: soon", 0.0),
        ("Retry-After: Mon, 99 Foo 99999 99:99:99 GMT", 0.0),
        ('RateLimit: "resolvers";r=0;t=55', 0.4),
    ],
)
async def test_waits_as_long_as_it_is_told(
    downloads: Downloads, status: str, line: str, least: float
) -> None:
    """The server's word on when to come back is kept, up to a limit."""
    times = []

    async def note(asked: Asked, writer: asyncio.StreamWriter) -> None:
        times.append(asyncio.get_running_loop().time())
        await (GOOD if times[1:] else says(status, line))(asked, writer)

    async with file_server(note) as server:
        async with asyncio.timeout(10):
            await downloads.start(remote_model(CONTENT, server.url)).wait()
        assert times[1] - times[0] >= least


def test_waits_longer_and_longer() -> None:
    """The delay doubles up to its limit, with a quarter of chance."""
    retry = RetryPolicy()
    for tries, middle in [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (10**6, 60)]:
        delays = {retry.delay(tries) for _ in range(50)}
        assert 0.75 * middle <= min(delays) < max(delays) <= 1.25 * middle
    assert retry.delay(1, 100.0) == 100.0
    assert retry.delay(1, 1e9) == retry.longest_wait


# The name of this machine may stand for ::1 too, where nobody listens.
@pytest.mark.filterwarnings("ignore:A test tried to use")
async def test_the_token_stays_at_home(downloads: Downloads) -> None:
    """Another host, port or scheme is another home: it gets no token."""
    async with file_server(GOOD) as cdn:
        elsewhere = cdn.url.replace("127.0.0.1", "localhost")
        there = f"Location: {elsewhere}/file?sig=a%2Bb%27%3B&x=%7E"
        async with file_server(
            says("302 There", "Location: /moved"), says("307 There", there)
        ) as server:
            path = await downloads.start(remote_model(CONTENT, server.url)).wait()
            assert path.read_bytes() == CONTENT
            assert [asked.headers.get("authorization") for asked in server.asked] == [
                f"Bearer {TOKEN}"
            ] * 2
        [asked] = cdn.asked
        assert "authorization" not in asked.headers
        assert TOKEN not in str(asked)
        # As it stood: the signature covers every character.
        assert asked.path == "/file?sig=a%2Bb%27%3B&x=%7E"


async def test_the_range_goes_along(downloads: Downloads) -> None:
    """A redirect is asked for the same piece."""
    async with file_server(FIRST_HALF, GOOD) as cdn:
        there = says("302 There", f"Location: {cdn.url}/file")
        async with file_server(there) as server:
            await downloads.start(remote_model(CONTENT, server.url)).wait()
            assert server.begins == cdn.begins == [0, HALF]


async def test_no_token_no_header(session: ClientSession, folder: Path) -> None:
    """Without a token none is sent."""
    downloads = Downloads(session, folder, token="", reserve=0, retry=HASTY)
    async with file_server(GOOD) as server:
        await downloads.start(remote_model(CONTENT, server.url)).wait()
        assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "tökén", "a\0"])
async def test_a_token_that_is_none(
    session: ClientSession, folder: Path, token: str
) -> None:
    """A token cannot carry headers of its own, and is not shown."""
    downloads = Downloads(session, folder, token=token, reserve=0, retry=HASTY)
    async with file_server(GOOD) as server:
        with pytest.raises(Refused, match="token") as caught:
            await downloads.start(remote_model(CONTENT, server.url)).wait()
        assert token not in str(caught.value)
        assert server.asked == []


async def test_many_small_pieces(session: ClientSession, folder: Path) -> None:
    """A slow line's progress is seen before there is enough for a large write."""
    go_on = asyncio.Event()

    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(good_head(CONTENT, 0))
        for begin in range(0, HALF, 10_000):
            writer.write(CONTENT[begin : begin + 10_000])
            await writer.drain()
            await asyncio.sleep(0.04)
        await go_on.wait()
        writer.write(CONTENT[HALF:])

    patient = replace(HASTY, patience=Patience(connect=2.0, silence=10.0))
    downloads = Downloads(session, folder, reserve=0, retry=patient)
    async with file_server(drip) as server:
        download = downloads.start(remote_model(CONTENT, server.url))
        async with asyncio.timeout(10):
            while not download.progress.completed:
                await asyncio.sleep(0.01)
        assert download.progress.completed <= HALF
        go_on.set()
        assert (await download.wait()).read_bytes() == CONTENT


async def test_two_files_side_by_side(downloads: Downloads) -> None:
    """Downloads of different files do not wait for each other."""
    async with file_server(stalls(CONTENT, HALF), GOOD) as server:
        first = downloads.start(remote_model(CONTENT, server.url))
        async with asyncio.timeout(10):
            while not server.asked:
                await asyncio.sleep(0.001)
        other = remote_file(CONTENT, server.url, "other.gguf")
        model = replace(remote_model(CONTENT, server.url), files=(other,))
        assert (await downloads.start(model).wait()).read_bytes() == CONTENT
        assert (await first.wait()).read_bytes() == CONTENT


def test_heads() -> None:
    """The server of these tests tells what it sends."""
    assert good_head(b"12345", 0) == head("200 OK", "Content-Length: 5")
    assert b"bytes 2-4/5" in good_head(b"12345", 2)
