"""How fast models come, and whether Home Assistant can breathe meanwhile.

The same file from the same server, which is a process of its own and speaks TLS as
hubs do, in two ways in alternation: as Hearth downloads it (written, summed up, synced, renamed), and as a
bare read with aiohttp that throws the bytes away. Told are the share of the bare
read's speed that is left, and the longest time for which the event loop was busy
with something else while Hearth downloaded.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import hashlib
from ipaddress import IPv4Address
import json
import os
from pathlib import Path
import shutil
import ssl
import statistics
import sys
import tempfile
import time

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from custom_components.hearth.models.download import Downloads
from custom_components.hearth.models.hub import RemoteFile, RemoteModel
from demo.command import run
from demo.components import ROOT
from demo.errors import DemoError
from demo.stage import Progress

MIB = 1 << 20
SIZE = 512
ROUNDS = 7
# Seconds between two signs of life of the event loop.
TICK = 0.005

_SERVER = """
import ssl, sys
from aiohttp import web

tls = None
if sys.argv[2:]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(sys.argv[2])

async def serve(request):
    return web.FileResponse(sys.argv[1])

app = web.Application()
app.router.add_get("/file", serve)
web.run_app(app, host="127.0.0.1", port=0, access_log=None, ssl_context=tls,
            print=lambda text: print(text, flush=True))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Bytes a second in both ways, and seconds the event loop was held up."""

    hearth: float
    bare: float
    blocked: float
    blocked_bare: float


class Ticker:
    """A task that wants to run every few milliseconds, and notes how late it is."""

    def __init__(self) -> None:
        """Start with nothing late."""
        self.worst = 0.0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tick as long as the context lasts."""
        task = asyncio.create_task(self._tick())
        # It has to be waiting already when what is measured begins.
        await asyncio.sleep(2 * TICK)
        try:
            yield
        finally:
            # What was held up until the very end is seen at the next tick.
            await asyncio.sleep(2 * TICK)
            task.cancel()

    async def _tick(self) -> None:
        """Note by how much each sleep was too long."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(TICK)
            now = time.perf_counter()
            self.worst = max(self.worst, now - last - TICK)
            last = now


@asynccontextmanager
async def server(path: Path, certificate: Path | None) -> AsyncIterator[str]:
    """Serve a file from another process; yield its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _SERVER, str(path)),
        *([] if certificate is None else [str(certificate)]),
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is None:
        raise DemoError("The server's output cannot be read")
    try:
        async with asyncio.timeout(30):
            while b"://" not in (line := await process.stdout.readline()):
                if not line:
                    raise DemoError("The server did not start")
        yield f"{next(word for word in line.decode().split() if '://' in word)}/file"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def bare(session: aiohttp.ClientSession, url: str) -> int:
    """Read a file and throw it away; return its length."""
    length = 0
    # With the same room for what has come as Hearth's own reads.
    async with session.get(url, read_bufsize=MIB) as answer:
        async for piece in answer.content.iter_any():
            length += len(piece)
    return length


async def measure(
    session: aiohttp.ClientSession, model: RemoteModel, folder: Path
) -> Round:
    """Get the file once in each way."""
    idle, busy = Ticker(), Ticker()
    async with idle.running():
        start = time.perf_counter()
        length = await bare(session, model.files[0].url)
        bare_seconds = time.perf_counter() - start
    if length != model.size:
        raise DemoError("The bare read is not the whole file")
    async with busy.running():
        start = time.perf_counter()
        path = await Downloads(session, folder, reserve=0).start(model).wait()
        seconds = time.perf_counter() - start
    if path.stat().st_size != model.size:
        raise DemoError("The download is not the whole file")
    await asyncio.to_thread(shutil.rmtree, folder)
    return Round(
        hearth=model.size / seconds,
        bare=model.size / bare_seconds,
        blocked=busy.worst,
        blocked_bare=idle.worst,
    )


def _make(path: Path, size: int) -> str:
    """Write a file of so many MiB that nothing can pack; return its sum."""
    total = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(size):
            block = os.urandom(MIB)
            total.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return total.hexdigest()


def _certify(path: Path) -> None:
    """Write a key and a certificate for this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )


async def _bench(
    folder: Path, size: int, rounds: int, certificate: Path | None, tell: Progress
) -> list[Round]:
    """Measure in a folder; the first round warms up."""
    tell(f"writing a file of {size} MiB")
    source = folder / "source"
    sha256 = await asyncio.to_thread(_make, source, size)
    found = []
    connector = None
    if certificate is not None:
        _certify(certificate)
        trust = ssl.create_default_context(cafile=certificate)
        connector = aiohttp.TCPConnector(ssl=trust)
    async with (
        server(source, certificate) as url,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        file = RemoteFile(name="x.gguf", size=size * MIB, sha256=sha256, url=url)
        model = RemoteModel(repository="a/b", revision="0" * 40, files=(file,))
        tell(f"getting it {rounds} times in both ways")
        for number in range(rounds + 1):
            measured = await measure(session, model, folder / "models")
            if number:
                found.append(measured)
    return found


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench download", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, metavar="MIB")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    parser.add_argument(
        "--folder",
        type=Path,
        default=ROOT / ".cache",
        help="where to download to: the disk counts too",
    )
    parser.add_argument("--plain", action="store_true", help="without TLS")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args()


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    tell = Progress("bench")
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="bench-") as folder:
        certificate = None if options.plain else Path(folder) / "certificate"
        found = await _bench(
            Path(folder), options.size, options.rounds, certificate, tell
        )
    hearth = statistics.median(each.hearth for each in found)
    straight = statistics.median(each.bare for each in found)
    share = statistics.median(each.hearth / each.bare for each in found)
    blocked = max(each.blocked for each in found) * 1000
    blocked_bare = max(each.blocked_bare for each in found) * 1000
    title = f"{options.size} MiB, median of {len(found)}"
    print(f"{title:32}{'MB/s':>10}")
    print(f"{'Hearth, checksum included':32}{hearth / 1e6:>10.0f}")
    print(f"{'bare read with aiohttp':32}{straight / 1e6:>10.0f}")
    print(f"{'share':32}{share:>10.0%}")
    print(f"{'longest hold-up of the loop':32}{blocked:>10.1f} ms")
    print(f"{'the same in a bare read':32}{blocked_bare:>10.1f} ms")
    if options.json:
        print(
            json.dumps(
                {
                    "share": round(share, 3),
                    "mb_per_second": round(hearth / 1e6, 1),
                    "bare_mb_per_second": round(straight / 1e6, 1),
                    "blocked_ms": round(blocked, 1),
                    "bare_blocked_ms": round(blocked_bare, 1),
                }
            )
        )


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
