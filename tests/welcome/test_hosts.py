"""Where a container's host is."""

from pathlib import Path
import random

import pytest

from custom_components.hearth.welcome.hosts import container_host

from ..hardware.board_parts import DOCKER, HOST, Tree, plant_tree

HEADER = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\n"
REST = "0003\t0\t0\t0\t00000000\t0"
# 172.30.0.1, its bytes reversed.
BRIDGE = f"eth0\t00000000\t01001EAC\t{REST}\n"
LOCAL = "eth0\t00001EAC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\n"


def routes(*lines: str) -> Tree:
    """Return a machine's routes."""
    return Tree(files={"proc/net/route": HEADER + "".join(lines)})


def test_bridge(tmp_path: Path) -> None:
    """The default route of a container's own network leads to its host."""
    plant_tree(tmp_path, DOCKER | routes(LOCAL, BRIDGE))
    assert container_host(tmp_path) == "172.30.0.1"


def test_no_container(tmp_path: Path) -> None:
    """Where there is no container, there is only the router."""
    plant_tree(tmp_path, HOST | routes(BRIDGE))
    assert container_host(tmp_path) is None


def test_nothing_to_read(tmp_path: Path) -> None:
    """A machine that tells nothing has no host."""
    assert container_host(tmp_path) is None


def test_network_of_the_host(tmp_path: Path) -> None:
    """A network card leads to the router, which is not asked."""
    card = Tree(files={"sys/class/net/eth0/device/vendor": "0x14e4\n"})
    plant_tree(tmp_path, DOCKER | routes(BRIDGE) | card)
    assert container_host(tmp_path) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "eth0\n",
        f"eth0\t00000000\t00000000\t{REST}\n",
        f"eth0\t00000000\t1001EAC\t{REST}\n",
        f"eth0\t00000000\t01001EACFF\t{REST}\n",
        f"eth0\t00000000\tGG001EAC\t{REST}\n",
        # 8.8.8.8 and 127.0.0.1.
        f"eth0\t00000000\t08080808\t{REST}\n",
        f"eth0\t00000000\t0100007F\t{REST}\n",
        f"../../..\t00000000\t01001EAC\t{REST}\n",
        f"..\t00000000\t01001EAC\t{REST}\n",
        f"eth0\0\t00000000\t01001EAC\t{REST}\n",
        f"{'e' * 400}\t00000000\t01001EAC\t{REST}\n",
        LOCAL * 300 + BRIDGE,
    ],
)
def test_routes_that_lead_nowhere(tmp_path: Path, line: str) -> None:
    """What is no way to a host is passed over."""
    plant_tree(tmp_path, DOCKER | routes(line))
    assert container_host(tmp_path) is None


def test_mutated_routes(tmp_path: Path) -> None:
    """Whatever the file says, nothing is raised."""
    dice = random.Random(11)
    plant_tree(tmp_path, DOCKER)
    file = tmp_path / "proc/net/route"
    file.parent.mkdir(parents=True)
    whole = (HEADER + LOCAL + BRIDGE).encode()
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        file.write_bytes(content)
        found = container_host(tmp_path)
        assert found is None or found.count(".") == 3
