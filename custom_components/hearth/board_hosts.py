"""Where an address leads: to this machine, or over the network."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from yarl import URL

type _Address = IPv4Address | IPv6Address


def is_this_host(url: str) -> bool:
    """Return whether an address leads to the machine that Home Assistant runs on.

    Only names and numbers that mean every machine itself count; the machine's name
    in its network does not.
    """
    if (host := _host(url)) is None:
        return False
    if (number := _number(host)) is not None:
        # Linux takes a connection to no address at all for one to itself.
        return number.is_loopback or number.is_unspecified
    return host == "localhost" or host.endswith(".localhost")


def is_on_network(url: str) -> bool:
    """Return whether what answers at an address can be reached by other machines.

    A name of one word is none that a whole network knows: containers call one
    another so.
    """
    if (host := _host(url)) is None or is_this_host(url):
        return False
    return _number(host) is not None or "." in host


def _host(url: str) -> str | None:
    """Return an address's host in small letters, None where it has none."""
    try:
        host = URL(url).host
    except ValueError:
        return None
    return host.lower().removesuffix(".") if host else None


def _number(host: str) -> _Address | None:
    """Return a host that is a number, None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None
