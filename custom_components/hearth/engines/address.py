"""What people type as an address."""

import re

from yarl import URL

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")


def normalize_url(address: str) -> str:
    """Return the base address of an engine; raises ValueError.

    The path of OpenAI's dialect (``/v1``) is no part of it, nor is what a web
    page's address has after ``?`` and ``#``. A user name and a password do not
    belong there either: they would be shown wherever the address is.
    """
    address = address.strip()
    if not address.isprintable():
        raise ValueError("The address has characters that no address has")
    if not _SCHEME.match(address):
        address = f"http://{address}"
    url = URL(address)
    if url.scheme not in {"http", "https"}:
        raise ValueError(f"An address begins with http or https, not {url.scheme}")
    if not url.host or " " in url.host:
        raise ValueError("The address names no host")
    if url.user is not None or url.password is not None:
        raise ValueError("The address must not hold a user name or a password")
    if url.explicit_port == 0:
        raise ValueError("There is no port 0")
    path = url.path.rstrip("/").removesuffix("/v1").rstrip("/")
    return str(url.with_path(path)).rstrip("/")
