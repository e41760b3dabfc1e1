"""The machine around a container, as one inside of it can reach it."""

from ipaddress import IPv4Address
from pathlib import Path
import re

from ..hardware.board_revision import hexadecimal
from ..hardware.container import ContainerKind, read_container
from ..hardware.kernel_files import text_of

_ROOT = Path("/")
_ROUTES = "proc/net/route"
# More than any machine has whose default route is of interest here.
_MOST_ROUTES = 200
_EVERYWHERE = "00000000"
# Linux: IFNAMSIZ is 16, with a zero at the end.
_INTERFACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}", re.ASCII)


def container_host(root: Path = _ROOT) -> str | None:
    """Return the address of a container's host; None outside, and where unknown.

    That is where the default route of a container with a network of its own leads.
    One that shares its host's network has a real network card, whose route leads to
    the home's router: nobody asks that.

    Args:
        root: Where the file system begins.
    """
    if read_container(root) in {None, ContainerKind.NONE}:
        return None
    for line in text_of(root / _ROUTES).splitlines()[1:_MOST_ROUTES]:
        # Interface, destination, gateway, flags, and what is of no interest.
        fields = line.split(maxsplit=3)
        if len(fields) < 4 or fields[1] != _EVERYWHERE:
            continue
        address = _address(fields[2])
        if address is not None and _is_inner(root, fields[0]):
            return str(address)
    return None


def _address(text: str) -> IPv4Address | None:
    """Return a gateway in a private network; the kernel writes its bytes reversed."""
    number = hexadecimal(text)
    if not number or len(text) != 8:
        return None
    address = IPv4Address(number.to_bytes(4, "little"))
    return address if address.is_private and not address.is_loopback else None


def _is_inner(root: Path, interface: str) -> bool:
    """Return whether an interface is no network card but a container's own."""
    card = root / "sys/class/net" / interface / "device"
    return bool(_INTERFACE.fullmatch(interface)) and not card.exists()
