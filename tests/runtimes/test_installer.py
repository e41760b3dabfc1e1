"""Installing llama-cpp-python with the real installer, from tiny wheels."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
import gzip
import io
from pathlib import Path
import shutil
import sys
import tarfile

from aiohttp import web
from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.runtimes import installer
from custom_components.hearth.runtimes.find import (
    FoundPackage,
    async_find_package,
    packages_folder,
)
from custom_components.hearth.runtimes.installer import (
    InstallError,
    InstallSource,
    InstallStep,
    async_install,
    async_uninstall,
)
from custom_components.hearth.runtimes.wheel_source import (
    async_release_url,
    wheels_folder,
)

from . import fake_wheels
from .fake_wheels import sum_of, wheel_name, write_package, write_program, write_wheel
from .wheel_site import WheelSite, wheel_site

OURS = InstallSource()


@pytest.fixture(autouse=True)
def config_dir(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Give Home Assistant an empty configuration folder."""
    hass.config.config_dir = str(tmp_path / "config")
    return tmp_path / "config"


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have no compiler, an installer's cache of our own, and no network."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    return folder


@pytest.fixture
async def site(socket_enabled: None) -> AsyncIterator[WheelSite]:
    """Return a server with wheels."""
    async with wheel_site() as running:
        yield running


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Return a wheel that works."""
    return write_wheel(tmp_path / "made")


class Reports:
    """What an installation reported."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.steps: list[InstallStep] = []
        self.shares: list[float | None] = []

    def __call__(self, step: InstallStep, share: float | None) -> None:
        """Keep a report."""
        if self.steps[-1:] != [step]:
            self.steps.append(step)
        self.shares.append(share)


@pytest.fixture
def reports() -> Reports:
    """Return a place for reports."""
    return Reports()


def left_over(hass: HomeAssistant) -> list[str]:
    """Return what lies about that is neither a package nor a wheel."""
    cache = Path(hass.config.cache_path("hearth"))
    return sorted(
        str(path.relative_to(cache))
        for path in [*cache.glob("packages/*"), *cache.glob("wheels/*")]
        if path != packages_folder(hass) and path.suffix not in (".json", ".whl")
    )


async def expect_failure(
    hass: HomeAssistant, source: InstallSource, site: WheelSite | None = None
) -> InstallError:
    """Return the error of an installation, which leaves nothing behind."""
    with pytest.raises(InstallError) as caught:
        await async_install(
            hass, source, Reports(), release=site.release if site else None
        )
    assert left_over(hass) == []
    return caught.value


async def test_installs_a_given_wheel(
    hass: HomeAssistant, wheel: Path, reports: Reports
) -> None:
    """A wheel on this machine is installed into Hearth's own folder."""
    source = InstallSource(wheel=str(wheel), sha256=sum_of(wheel).upper())

    found = await async_install(hass, source, reports)

    assert found == FoundPackage(
        python=Path(sys.executable),
        packages=packages_folder(hass),
        version="0.3.36",
    )
    assert await async_find_package(hass) == found
    assert reports.steps == [
        InstallStep.LOOKING,
        InstallStep.INSTALLING,
        InstallStep.CHECKING,
    ]
    assert left_over(hass) == []
    assert (packages_folder(hass) / "llama_cpp_python-0.3.36.dist-info").is_dir()


async def test_installs_the_wheel_of_the_release(
    hass: HomeAssistant, wheel: Path, site: WheelSite, reports: Reports
) -> None:
    """It is downloaded, checked and kept."""
    site.offer(wheel)

    await async_install(hass, OURS, reports, release=site.release)

    assert reports.steps == [
        InstallStep.LOOKING,
        InstallStep.DOWNLOADING,
        InstallStep.INSTALLING,
        InstallStep.CHECKING,
    ]
    assert [share for share in reports.shares if share is not None] == [0.0, 1.0]
    kept = wheels_folder(hass) / wheel.name
    assert sum_of(kept) == sum_of(wheel)
    assert left_over(hass) == []


async def test_installs_again_without_the_network(
    hass: HomeAssistant, wheel: Path, site: WheelSite, reports: Reports
) -> None:
    """What was downloaded once need not be downloaded again."""
    site.offer(wheel)
    await async_install(hass, OURS, reports, release=site.release)
    shutil.rmtree(packages_folder(hass))

    await async_install(hass, OURS, reports, release=site.release)
    assert site.asked.count(f"/v1/{wheel.name}") == 1

    site.pages["/v1/wheels.json"] = lambda: web.Response(status=503)
    assert await async_install(hass, OURS, reports, release=site.release)

    (wheels_folder(hass) / "v1.json").write_text("damaged")
    error = await expect_failure(hass, OURS, site)
    assert error.key == "wheel_unavailable"
    assert error.placeholders == {"host": "127.0.0.1", "status": "503"}


async def test_forgets_the_wheels_of_before(
    hass: HomeAssistant, wheel: Path, site: WheelSite, reports: Reports
) -> None:
    """Only what is installed is kept."""
    wheels_folder(hass).mkdir(parents=True)
    old = wheels_folder(hass) / wheel_name("0.3.1")
    old.write_text("old")
    site.offer(wheel)

    await async_install(hass, OURS, reports, release=site.release)

    assert not old.exists()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"sha256": "00" * 32}, "wheel_damaged"),
        ({"size": 1}, "wheel_damaged"),
        ({"size": 1 << 20}, "wheel_damaged"),
        ({"size": 1 << 50}, "wheel_list_damaged"),
        ({"sha256": None}, "wheel_list_damaged"),
        ({"name": "../" + wheel_name()}, "wheel_list_damaged"),
        ({"name": "evil-1-py3-none-any.whl"}, "wheel_list_damaged"),
        ({"name": wheel_name("0.3.35")}, "no_compiler"),
        ({"name": wheel_name(tags="py3-none-win32")}, "no_compiler"),
    ],
)
async def test_refuses_any_other_wheel(
    hass: HomeAssistant, wheel: Path, site: WheelSite, changes: dict[str, str], key: str
) -> None:
    """Nothing is installed that is not exactly what the release lists."""
    site.offer(wheel, **changes)

    assert (await expect_failure(hass, OURS, site)).key == key
    assert await async_find_package(hass) is None or not packages_folder(hass).exists()


def without_length(content: bytes) -> web.Response:
    """Return a page that does not say how long it is."""
    page = web.Response(body=content)
    page.enable_chunked_encoding()
    return page


async def test_refuses_a_wheel_that_says_nothing_of_its_length(
    hass: HomeAssistant, wheel: Path, site: WheelSite
) -> None:
    """A stream without a length ends where the list says."""
    site.offer(wheel)
    content = wheel.read_bytes()

    for wrong in (content + b"more", content[:-1]):
        site.pages[f"/v1/{wheel.name}"] = partial(without_length, wrong)
        assert (await expect_failure(hass, OURS, site)).key == "wheel_damaged"


async def test_refuses_a_list_without_end(hass: HomeAssistant, site: WheelSite) -> None:
    """A list is short."""
    site.pages["/v1/wheels.json"] = b" " * (9 << 20)

    assert (await expect_failure(hass, OURS, site)).key == "wheel_list_damaged"


async def test_says_that_nobody_answers(hass: HomeAssistant, site: WheelSite) -> None:
    """Without network and compiler there is no way."""
    site.url = "http://127.0.0.1:1"

    error = await expect_failure(hass, OURS, site)

    assert error.key == "no_network"
    assert error.placeholders == {"host": "127.0.0.1"}


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ("/elsewhere", None),
        ("http://192.0.2.1/v1/wheels.json", "wheel_address_insecure"),
        ("ftp://127.0.0.1/v1/wheels.json", "wheel_address_invalid"),
        ("http://[bad", "wheel_address_invalid"),
        ("/v1/wheels.json", "wheel_address_insecure"),
    ],
)
async def test_follows_only_safe_redirects(
    hass: HomeAssistant, wheel: Path, site: WheelSite, target: str, key: str | None
) -> None:
    """To a safe address, and not for ever."""
    site.offer(wheel)
    site.pages["/elsewhere"] = site.pages["/v1/wheels.json"]
    site.pages["/v1/wheels.json"] = lambda: web.Response(
        status=302, headers={"Location": target}
    )
    if key is None:
        assert await async_install(hass, OURS, Reports(), release=site.release)
    else:
        assert (await expect_failure(hass, OURS, site)).key == key


async def test_installs_a_wheel_from_an_address(
    hass: HomeAssistant, wheel: Path, site: WheelSite, reports: Reports
) -> None:
    """With or without a checksum, which may be part of the address."""
    site.offer(wheel)
    address = f"{site.url}/v1/{wheel.name}"

    assert await async_install(hass, InstallSource(wheel=address), reports)
    assert await async_install(
        hass, InstallSource(wheel=f"{address}#sha256={sum_of(wheel)}"), reports
    )
    error = await expect_failure(
        hass, InstallSource(wheel=f"{address}#sha256={'00' * 32}")
    )
    assert error.key == "wheel_damaged"


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("http://192.0.2.1/" + wheel_name(), "wheel_address_insecure"),
        ("http://wheels.example/" + wheel_name(), "wheel_address_insecure"),
        ("ftp://example.org/" + wheel_name(), "wheel_address_invalid"),
        ("https:///" + wheel_name(), "wheel_address_invalid"),
        ("https://[bad/" + wheel_name(), "wheel_address_invalid"),
        ("https://example.org/evil.whl", "not_a_wheel"),
        (
            "https://example.org/" + wheel_name(tags="py3-none-win32"),
            "wheel_for_other_machine",
        ),
        ("/none/" + wheel_name(), "wheel_missing"),
        (wheel_name(), "wheel_missing"),
        ("/etc/passwd", "not_a_wheel"),
    ],
)
async def test_refuses_a_wheel_that_is_none(
    hass: HomeAssistant, given: str, key: str
) -> None:
    """What a person types in may be anything."""
    assert (await expect_failure(hass, InstallSource(wheel=given))).key == key


async def test_refuses_a_wheel_with_another_checksum(
    hass: HomeAssistant, wheel: Path
) -> None:
    """Also one that cannot be a checksum at all."""
    for checksum in ("00" * 32, "short"):
        source = InstallSource(wheel=str(wheel), sha256=checksum)
        assert (await expect_failure(hass, source)).key == "wheel_damaged"


async def test_refuses_a_wheel_that_is_no_archive(
    hass: HomeAssistant, wheel: Path
) -> None:
    """A page that a proxy sent instead, for example."""
    wheel.write_text("<html>")

    error = await expect_failure(hass, InstallSource(wheel=str(wheel)))

    assert error.key == "wheel_damaged"


async def test_installs_from_an_index(
    hass: HomeAssistant, wheel: Path, site: WheelSite, reports: Reports
) -> None:
    """The wheel that fits is taken from its page."""
    site.offer(wheel)
    site.pages["/simple/llama-cpp-python/"] = (
        f'<a href="/v1/{wheel_name(tags="py3-none-win32")}">other</a>'
        f'<a href="/v1/{wheel.name}#sha256={sum_of(wheel)}">ours</a>'
    ).encode()

    source = InstallSource(index_url=f"{site.url}/simple/")
    assert await async_install(hass, source, reports)

    site.pages["/simple/llama-cpp-python/"] = b"<a href='other.whl'>"
    error = await expect_failure(hass, source)
    assert error.key == "no_wheel_in_index"
    assert error.placeholders == {"host": "127.0.0.1", "version": "0.3.36"}

    insecure = f"<a href='http://192.0.2.1/{wheel.name}'>"
    site.pages["/simple/llama-cpp-python/"] = insecure.encode()
    assert (await expect_failure(hass, source)).key == "wheel_address_insecure"

    site.pages["/simple/llama-cpp-python/"] = lambda: web.json_response({})
    assert (await expect_failure(hass, source)).key == "wheel_list_damaged"

    del site.pages["/simple/llama-cpp-python/"]
    assert (await expect_failure(hass, source)).key == "wheel_unavailable"


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (fake_wheels.CRASHES, "package_crashes"),
        (fake_wheels.ILLEGAL, "package_needs_newer_processor"),
        (fake_wheels.LACKS_LIBRARY, "package_lacks_library"),
        (fake_wheels.LACKS_MODULE, "package_broken"),
        (fake_wheels.OLD, "package_too_old"),
    ],
)
async def test_keeps_what_works(
    hass: HomeAssistant, tmp_path: Path, code: str, key: str
) -> None:
    """A wheel that does not work here does not take the place of one that does."""
    write_package(packages_folder(hass), version="0.3.99")
    broken = write_wheel(tmp_path / "broken", code)

    error = await expect_failure(hass, InstallSource(wheel=str(broken)))

    assert error.key == key
    found = await async_find_package(hass)
    assert found is not None
    assert found.version == "0.3.99"


async def test_takes_the_place_of_what_was_there(
    hass: HomeAssistant, wheel: Path, reports: Reports
) -> None:
    """Nothing of the old package stays."""
    write_package(packages_folder(hass), version="0.3.1")
    (packages_folder(hass) / "old.py").touch()
    (packages_folder(hass).parent / ".new-left" / "packages").mkdir(parents=True)

    await async_install(hass, InstallSource(wheel=str(wheel)), reports)

    found = await async_find_package(hass)
    assert found is not None
    assert found.version == "0.3.36"
    assert not (packages_folder(hass) / "old.py").exists()
    assert left_over(hass) == []


async def test_brings_back_what_was_there(
    hass: HomeAssistant,
    wheel: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the new folder cannot take its place, the old one stays in it."""
    write_package(packages_folder(hass), version="0.3.99")
    rename = Path.rename

    def only_the_old(path: Path, target: Path) -> Path:
        if path.name == "packages":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", only_the_old)

    error = await expect_failure(hass, InstallSource(wheel=str(wheel)))

    assert error.key == "wheel_not_kept"
    found = await async_find_package(hass)
    assert found is not None
    assert found.version == "0.3.99"


async def test_says_that_a_needed_package_cannot_be_had(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """The installer's own words tell what was missing."""
    needy = write_wheel(tmp_path / "needy", requires="hearth-has-none==1")

    error = await expect_failure(hass, InstallSource(wheel=str(needy)))

    assert error.key in ("install_failed", "no_network")


async def test_says_that_a_wheel_has_something_else(
    hass: HomeAssistant, wheel: Path, tmp_path: Path
) -> None:
    """A wheel of that name without the package is no use."""
    empty = write_wheel(
        tmp_path / "empty", "raise ModuleNotFoundError(name='llama_cpp')"
    )

    error = await expect_failure(hass, InstallSource(wheel=str(empty)))

    assert error.key == "install_failed"


async def test_needs_room(
    hass: HomeAssistant, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk is not filled to its last byte."""
    monkeypatch.setattr(installer, "_ROOM_FOR_WHEEL", 1 << 60)

    error = await expect_failure(hass, InstallSource(wheel=str(wheel)))

    assert error.key == "no_room"
    assert error.placeholders["needed"] == f"{1 << 40} MB"


async def test_needs_a_folder_to_write_to(
    hass: HomeAssistant, wheel: Path, site: WheelSite, config_dir: Path
) -> None:
    """A configuration folder that is none says so."""
    config_dir.write_text("a file")
    site.offer(wheel)

    for source in (InstallSource(wheel=str(wheel)), OURS):
        assert (await expect_failure(hass, source, site)).key == "wheel_not_kept"


async def test_explains_that_there_is_no_compiler(
    hass: HomeAssistant, site: WheelSite
) -> None:
    """A version without a release has no wheels, and nothing else is left."""
    assert (await expect_failure(hass, OURS, site)).key == "no_compiler"


def write_source(folder: Path, build: str) -> Path:
    """Write a package index of one source package, which "compiles"."""
    name = "llama_cpp_python-0.3.36"
    files = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: llama_cpp_python\nVersion: 0.3.36\n",
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "b"\n'
        'backend-path = ["."]\n'
        '[project]\nname = "llama_cpp_python"\nversion = "0.3.36"\n',
        "b.py": build,
    }
    page = folder / "llama-cpp-python"
    page.mkdir(parents=True)
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for file, text in files.items():
            info = tarfile.TarInfo(f"{name}/{file}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    (page / f"{name}.tar.gz").write_bytes(gzip.compress(raw.getvalue()))
    return page


@pytest.fixture
def compiler(programs: Path) -> None:
    """Have something that looks like a compiler."""
    write_program(programs / "g++", "exit 1")


BUILDS = """
import os, shutil
def build_wheel(folder, settings=None, metadata=None):
    assert os.environ["CMAKE_ARGS"] == "-DLLAVA_BUILD=OFF"
    assert int(os.environ["CMAKE_BUILD_PARALLEL_LEVEL"]) > 0
    assert "/packages/.new-" in os.environ["TMPDIR"]
    shutil.copy({wheel!r}, folder)
    return os.path.basename({wheel!r})
"""


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("has_github", [True, False])
async def test_compiles_where_there_is_no_wheel(
    hass: HomeAssistant,
    wheel: Path,
    site: WheelSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reports: Reports,
    has_github: bool,
) -> None:
    """Whether GitHub has none, or cannot be reached."""
    page = write_source(tmp_path / "index", BUILDS.format(wheel=str(wheel)))
    monkeypatch.setenv("UV_FIND_LINKS", str(page))
    monkeypatch.delenv("CMAKE_ARGS", raising=False)
    if not has_github:
        site.url = "http://127.0.0.1:1"

    assert await async_install(hass, OURS, reports, release=site.release)

    assert InstallStep.BUILDING in reports.steps
    assert left_over(hass) == []


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize(
    ("said", "key", "error"),
    [
        ("CMake Error: failed to fetch x", "build_failed", "CMake Error"),
        ("fatal error: no such header", "build_failed", "no such header"),
        ("cc1plus: No space left on device", "no_room", ""),
        ("dns error: no such host", "no_network", ""),
    ],
)
async def test_says_why_it_does_not_compile(
    hass: HomeAssistant,
    site: WheelSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    key: str,
    error: str,
) -> None:
    """The compiler's words are looked through for the one that tells."""
    build = f"def build_wheel(*a):\n    import sys; sys.exit({said!r})\n"
    monkeypatch.setenv("UV_FIND_LINKS", str(write_source(tmp_path / "index", build)))

    caught = await expect_failure(hass, OURS, site)

    assert caught.key == key
    assert error in caught.placeholders.get("error", "")


@pytest.mark.usefixtures("compiler")
async def test_can_be_given_up(
    hass: HomeAssistant,
    site: WheelSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wheel: Path,
) -> None:
    """Given up in the middle of a build, nothing is left and nothing runs on."""
    begun = tmp_path / "begun"
    build = (
        "def build_wheel(*a):\n    import os, pathlib, time\n"
        f"    pathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\n"
        "    time.sleep(60)\n"
    )
    monkeypatch.setenv("UV_FIND_LINKS", str(write_source(tmp_path / "index", build)))
    write_package(packages_folder(hass), version="0.3.99")
    task = hass.async_create_background_task(
        async_install(hass, OURS, Reports(), release=site.release), "install"
    )
    async with asyncio.timeout(30):
        while not begun.exists() or not begun.read_text():
            await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert left_over(hass) == []
    builder = Path("/proc", begun.read_text(), "stat")
    async with asyncio.timeout(5):
        while builder.exists() and ") Z " not in builder.read_text():
            await asyncio.sleep(0.01)
    found = await async_find_package(hass)
    assert found is not None
    assert found.version == "0.3.99"
    # The next one need not wait for it.
    assert await async_install(hass, InstallSource(wheel=str(wheel)), Reports())


async def test_a_download_can_be_given_up(
    hass: HomeAssistant, wheel: Path, site: WheelSite
) -> None:
    """Nothing is left of half a wheel."""
    site.offer(wheel)
    arrived, enough = asyncio.Event(), asyncio.Event()

    async def half() -> AsyncIterator[bytes]:
        yield wheel.read_bytes()[:500]
        await enough.wait()

    def report(step: InstallStep, share: float | None) -> None:
        if share:
            arrived.set()

    site.pages[f"/v1/{wheel.name}"] = lambda: web.Response(body=half())
    task = hass.async_create_background_task(
        async_install(hass, OURS, report, release=site.release), "install"
    )
    async with asyncio.timeout(10):
        await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    enough.set()

    assert left_over(hass) == []
    assert not (wheels_folder(hass) / wheel.name).exists()


async def test_installs_once_for_two_who_wait(
    hass: HomeAssistant, wheel: Path, site: WheelSite
) -> None:
    """The second takes what the first brought."""
    site.offer(wheel)
    second = Reports()

    found = await asyncio.gather(
        async_install(hass, OURS, Reports(), release=site.release),
        async_install(hass, OURS, second, release=site.release),
    )

    assert found[0] == found[1]
    assert second.steps == []


async def test_tries_itself_after_another_failed(
    hass: HomeAssistant,
    wheel: Path,
    site: WheelSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that waited for nothing begins on its own."""
    site.offer(wheel)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "python"))
    write_package(tmp_path / "python", fake_wheels.CRASHES)
    broken = write_wheel(tmp_path / "broken", fake_wheels.CRASHES)

    failed, found = await asyncio.gather(
        async_install(hass, InstallSource(wheel=str(broken)), Reports()),
        async_install(hass, OURS, Reports(), release=site.release),
        return_exceptions=True,
    )

    assert isinstance(failed, InstallError)
    assert isinstance(found, FoundPackage)


async def test_removes_what_it_installed(
    hass: HomeAssistant, wheel: Path, site: WheelSite, reports: Reports
) -> None:
    """Packages and kept wheels; also where there are none."""
    site.offer(wheel)
    await async_install(hass, OURS, reports, release=site.release)

    await async_uninstall(hass)
    assert not packages_folder(hass).parent.exists()
    assert not wheels_folder(hass).exists()
    await async_uninstall(hass)


async def test_knows_the_release_of_its_version(hass: HomeAssistant) -> None:
    """Wheels belong to a version of Hearth."""
    url = str(await async_release_url(hass))

    assert url.startswith("https://github.com/hearth-voice/hearth/releases/download/v")
    assert url.endswith("/wheels.json")
