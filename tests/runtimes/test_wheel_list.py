"""Lists of wheels from other people's servers."""

import json
from typing import Any

from packaging.tags import sys_tags
import pytest
from yarl import URL

from custom_components.hearth.runtimes.wheel_list import (
    Wheel,
    WheelListError,
    best_wheel,
    checked_sum,
    fits,
    parse_index,
    parse_release,
)

from .fake_wheels import wheel_name

SUM = "ab" * 32
HERE = URL("https://example.org/release/wheels.json")
BEST = next(tag.platform for tag in sys_tags())


def wheel(name: str) -> Wheel:
    """Return a wheel of which only the name matters."""
    return Wheel(name=name, url=HERE, sha256=None, size=None)


def listed(**changes: Any) -> bytes:
    """Return a list of one wheel."""
    entry = {"name": wheel_name(), "size": 1, "sha256": SUM} | changes
    return json.dumps({"wheels": [entry]}).encode()


def test_reads_a_release() -> None:
    """Wheels lie beside their list."""
    assert parse_release(listed(more=1), HERE) == (
        Wheel(
            name=wheel_name(),
            url=URL(f"https://example.org/release/{wheel_name()}"),
            sha256=SUM,
            size=1,
        ),
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b'{"wheels": {}}',
        b'{"wheels": [1]}',
        b'{"wheels": [{}]}',
        json.dumps({"wheels": [{}] * 10_001}).encode(),
        listed(name=7),
        listed(name="../" + wheel_name()),
        listed(name="/etc/passwd"),
        listed(name=wheel_name() + "\n"),
        listed(name="x" * 5000 + wheel_name()),
        listed(name="llama_cpp_python-0.3.36.tar.gz"),
        listed(name="llama_cpp_python-0.3.36-any.whl"),
        listed(name="requests-2.0-py3-none-any.whl"),
        listed(size=None),
        listed(size=0),
        listed(size=-1),
        listed(size=True),
        listed(size=1.5),
        listed(size=1 << 40),
        listed(sha256=None),
        listed(sha256=""),
        listed(sha256="ab" * 31),
        listed(sha256="xy" * 32),
    ],
    ids=lambda raw: raw[:60].decode(errors="replace"),
)
def test_refuses_a_hostile_release(raw: bytes) -> None:
    """Nothing is taken from a list with one bad entry."""
    with pytest.raises(WheelListError):
        parse_release(raw, HERE)


def test_takes_the_wheel_that_fits_best() -> None:
    """One for the very machine comes before one for any."""
    best = wheel_name(tags=f"py3-none-{BEST}")
    wheels = [
        wheel(wheel_name()),
        wheel(wheel_name(tags="cp27-cp27m-win32")),
        wheel(best),
        wheel(wheel_name("0.3.35", tags=f"py3-none-{BEST}")),
    ]

    assert best_wheel(wheels, "0.3.36") == wheel(best)
    assert best_wheel(wheels[:2], "0.3.36") == wheels[0]
    assert best_wheel(wheels[1:2], "0.3.36") is None
    assert best_wheel([], "0.3.36") is None


def test_takes_a_version_built_in_a_special_way() -> None:
    """What comes after a plus says only how it was built."""
    special = wheel(wheel_name("0.3.36+cpu"))

    assert best_wheel([special], "0.3.36") == special


def test_knows_what_fits() -> None:
    """A name says for which machine a wheel is."""
    assert fits(wheel_name())
    assert not fits(wheel_name(tags="py3-none-win32"))


def test_reads_an_index_in_html() -> None:
    """Everything but wheels of this package is left out."""
    page = f"""
    <a href="other.tar.gz">x</a> <a>none</a> <a href>none</a> <b href="{wheel_name()}">
    <a href="{wheel_name("0.3.1")}" data-yanked="">withdrawn</a>
    <a href="https://[bad/{wheel_name("0.3.2")}">bad</a>
    <a href="../files/{wheel_name()}#sha256={SUM}">good</a>
    <a href="https://files.example.net/{wheel_name("0.3.36%2Bcpu")}?x=1">far</a>
    """

    found = parse_index(page.encode(), "text/html", URL("https://example.org/a/b/"))

    assert found == (
        Wheel(
            name=wheel_name(),
            url=URL(f"https://example.org/a/files/{wheel_name()}"),
            sha256=SUM,
            size=None,
        ),
        Wheel(
            name=wheel_name("0.3.36+cpu"),
            url=URL(
                f"https://files.example.net/{wheel_name('0.3.36%2Bcpu')}?x=1",
                encoded=True,
            ),
            sha256=None,
            size=None,
        ),
    )


def test_reads_an_index_in_json() -> None:
    """Everything but wheels of this package is left out."""
    files = [
        {"url": wheel_name(), "hashes": {"sha256": SUM}},
        {"url": wheel_name("0.3.1"), "yanked": "broken"},
        {"url": 7},
        "none",
        {"url": wheel_name("0.3.2"), "hashes": []},
        {"url": wheel_name("0.3.3"), "hashes": {"sha256": 7}},
    ]
    page = json.dumps({"files": files}).encode()
    kind = "application/vnd.pypi.simple.v1+json"

    found = parse_index(page, kind, URL("https://example.org/a/"))

    assert [(wheel.name, wheel.sha256) for wheel in found] == [
        (wheel_name(), SUM),
        (wheel_name("0.3.2"), None),
        (wheel_name("0.3.3"), None),
    ]


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"files": 1}', b"<html>"])
def test_refuses_an_index_that_is_none(raw: bytes) -> None:
    """What says it is JSON must be."""
    with pytest.raises(WheelListError):
        parse_index(raw, "application/json", HERE)


def test_refuses_a_checksum_that_is_none() -> None:
    """An index that names a checksum must name a good one."""
    page = f'<a href="{wheel_name()}#sha256=short">'.encode()

    with pytest.raises(WheelListError):
        parse_index(page, "text/html", HERE)


def test_survives_a_page_without_end() -> None:
    """Only so many links are read."""
    page = f'<a href="{wheel_name()}">'.encode() * 20_000

    assert len(parse_index(page, "text/html", HERE)) == 10_000
    assert parse_index(b"<a" * 100_000 + b"\xff", "text/html", HERE) == ()


def test_reads_checksums_as_people_type_them() -> None:
    """Case and space do not matter."""
    assert checked_sum(f" {SUM.upper()}\n") == SUM
