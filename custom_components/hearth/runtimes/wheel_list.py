"""Wheels that are on offer somewhere, and which of them fits this machine.

Lists come from other people's servers. A name in them becomes the name of a file
here, so it must be that of a wheel of llama-cpp-python and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
import json
import re
from typing import Any, override
from urllib.parse import unquote

from packaging.tags import Tag, sys_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from yarl import URL

PACKAGE = "llama-cpp-python"
# Bytes. Ours are some 10 MB; those with code for graphics cards are 10 times that.
LARGEST_WHEEL = 1 << 30
# Entries; a list or page that has more is none of ours.
_LONGEST_LIST = 10_000

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[\w.+-]{1,200}\.whl", re.ASCII)


class WheelListError(ValueError):
    """A list of wheels is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel that can be downloaded.

    Args:
        name: The name of its file; it says the version and for which machine.
        url: Where it is.
        sha256: Its checksum in lower-case hexadecimal, where it is known.
        size: Its bytes, where they are known.
    """

    name: str
    url: URL
    sha256: str | None
    size: int | None


def checked_sum(text: object) -> str:
    """Return a sha256 that is one; raises :class:`WheelListError`."""
    if isinstance(text, str) and _SHA256.fullmatch(text := text.strip().lower()):
        return text
    raise WheelListError("There is a checksum that is none")


def wheel_tags(name: str) -> frozenset[Tag]:
    """Return for what a wheel is made.

    Raises :class:`WheelListError` unless it is a wheel of llama-cpp-python.
    """
    return _parts(name)[1]


def _parts(name: str) -> tuple[str, frozenset[Tag]]:
    """Return the version, without what comes after a plus, and the tags."""
    if not _NAME.fullmatch(name):
        raise WheelListError("There is a name that no wheel has")
    try:
        package, version, _, tags = parse_wheel_filename(name)
    except InvalidWheelFilename as err:
        raise WheelListError("There is a name that no wheel has") from err
    if package != PACKAGE:
        raise WheelListError(f"There is a wheel of {package}")
    return version.public, tags


def fits(name: str) -> bool:
    """Return whether a wheel is for this Python and this machine."""
    return not wheel_tags(name).isdisjoint(sys_tags())


def best_wheel(wheels: Iterable[Wheel], version: str) -> Wheel | None:
    """Return the wheel of a version that fits this machine best."""
    rank = {tag: place for place, tag in enumerate(sys_tags())}
    fitting: list[tuple[int, Wheel]] = []
    for wheel in wheels:
        of, tags = _parts(wheel.name)
        places = [rank[tag] for tag in tags if tag in rank]
        if of == version and places:
            fitting.append((min(places), wheel))
    return min(fitting, key=lambda found: found[0])[1] if fitting else None


def parse_release(raw: bytes, url: URL) -> tuple[Wheel, ...]:
    """Return the wheels of a release's ``wheels.json``, which lies beside them.

    Every one has a size and a checksum. Raises :class:`WheelListError`.
    """
    listed = _parse_json(raw)
    entries = listed.get("wheels") if isinstance(listed, dict) else None
    if not isinstance(entries, list) or len(entries) > _LONGEST_LIST:
        raise WheelListError("It has no list of wheels")
    return tuple(_released(entry, url) for entry in entries)


def _released(entry: Any, url: URL) -> Wheel:
    """Return one wheel of a release."""
    if not isinstance(entry, dict):
        raise WheelListError("There is an entry that is none")
    name, size = entry.get("name"), entry.get("size")
    if not isinstance(name, str):
        raise WheelListError("There is a wheel without a name")
    wheel_tags(name)
    if type(size) is not int or not 0 < size <= LARGEST_WHEEL:
        raise WheelListError("There is a size that no wheel has")
    return Wheel(
        name=name,
        url=url.join(URL.build(path=name)),
        sha256=checked_sum(entry.get("sha256")),
        size=size,
    )


def parse_index(raw: bytes, content_type: str, url: URL) -> tuple[Wheel, ...]:
    """Return the wheels of llama-cpp-python on a page of a package index.

    Pages are HTML (PEP 503) or JSON (PEP 691). What else is on them is left out.
    Raises :class:`WheelListError`.
    """
    if content_type.endswith("json"):
        page = _parse_json(raw)
        files = page.get("files") if isinstance(page, dict) else None
        if not isinstance(files, list):
            raise WheelListError("It has no list of files")
        links = [_json_link(file) for file in files[:_LONGEST_LIST]]
    else:
        reader = _Links()
        reader.feed(raw.decode(errors="replace"))
        links = [_html_link(link) for link in reader.links]
    return tuple(_indexed(link, checksum, url) for link, checksum in links if link)


def _json_link(file: Any) -> tuple[str, str | None]:
    """Return the address and checksum of a file; nothing where it is no use."""
    if not isinstance(file, dict) or file.get("yanked"):
        return "", None
    link, hashes = file.get("url"), file.get("hashes")
    checksum = hashes.get("sha256") if isinstance(hashes, dict) else None
    return _useful(link), checksum if isinstance(checksum, str) else None


def _html_link(link: str) -> tuple[str, str | None]:
    """Return the address and checksum of a file; nothing where it is no use."""
    link, _, fragment = link.partition("#")
    kind, _, checksum = fragment.partition("=")
    return _useful(link), checksum if kind == "sha256" else None


def _useful(link: object) -> str:
    """Return a link to a wheel of llama-cpp-python, and nothing for any other."""
    if not isinstance(link, str):
        return ""
    try:
        wheel_tags(_file_name(link))
        URL(link)
    except ValueError:
        return ""
    return link


def _file_name(link: str) -> str:
    """Return the last part of an address' path."""
    return unquote(link.partition("?")[0].rpartition("/")[2])


def _indexed(link: str, checksum: str | None, url: URL) -> Wheel:
    """Return one wheel of an index."""
    return Wheel(
        name=_file_name(link),
        url=url.join(URL(link)),
        sha256=checked_sum(checksum) if checksum else None,
        size=None,
    )


class _Links(HTMLParser):
    """Read the links of a page, other than those that were withdrawn."""

    def __init__(self) -> None:
        """Start with none."""
        super().__init__()
        self.links: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a link's target."""
        values = dict(attrs)
        target = values.get("href")
        if tag != "a" or not target or "data-yanked" in values:
            return
        if len(self.links) < _LONGEST_LIST:
            self.links.append(target)


def _parse_json(raw: bytes) -> Any:
    """Return what a text in JSON says."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as err:
        raise WheelListError("It is no JSON") from err
