"""Where addresses lead."""

import pytest

from custom_components.hearth.board_hosts import is_on_network, is_this_host


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:11434",
        "http://127.1.2.3",
        "http://[::1]:8080",
        "http://[::ffff:127.0.0.1]:8080",
        "http://0.0.0.0:11434",
        "http://[::]:11434",
        "http://localhost:11434",
        "https://LOCALHOST",
        "http://localhost.:8080",
        "http://ollama.localhost",
    ],
)
def test_leads_here(url: str) -> None:
    """These mean the machine itself, which is no network."""
    assert is_this_host(url)
    assert not is_on_network(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.20:11434",
        "http://172.17.0.1:11434",
        "https://203.0.113.9",
        "http://[2001:db8::1]:8080",
        "http://[fe80::1%25eth0]:8080",
        "http://nas.local:11434",
        "http://host.docker.internal:11434",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://notlocalhost.example.com",
    ],
)
def test_leads_over_the_network(url: str) -> None:
    """These are answered to everybody who knows them."""
    assert is_on_network(url)
    assert not is_this_host(url)


@pytest.mark.parametrize(
    "url",
    [
        # What containers call one another.
        "http://ollama:11434",
        "http://a0d7b954-ollama:11434",
        "http://notlocalhost",
        # No address at all.
        "",
        "http://",
        "/models",
        "http://[::1",
        "http://host:port",
        "http://\0",
    ],
)
def test_says_nothing_of_others(url: str) -> None:
    """Of these nothing is claimed, and nothing is raised."""
    assert not is_this_host(url)
    assert not is_on_network(url)
