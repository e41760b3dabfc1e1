"""Looking around."""

import asyncio
from collections.abc import Generator
from pathlib import Path
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.board_reading import Places
from custom_components.hearth.engines.discovery import USUAL_PORTS
from custom_components.hearth.managed.choices import Choices
from custom_components.hearth.recommending.base import NANO, PlaceKind
from custom_components.hearth.runtimes.find import FoundServer
from custom_components.hearth.welcome.apps import Apps
from custom_components.hearth.welcome.look import PLACES, async_look

from ..hardware.board_parts import DOCKER, plant_tree, space
from ..hardware.board_trees import TREES
from ..machines import Machine
from ..recommend_situations import HERE, LLAMA, ollama
from .test_hosts import BRIDGE, routes

LOOK = "custom_components.hearth.welcome.look"
WORK = "custom_components.hearth.steps.work"
SERVER = FoundServer(program=Path("/usr/bin/llama-server"), version="11669")
CHOICES = Choices(server=SERVER, package=None, files=())


@pytest.fixture(autouse=True)
def discover() -> Generator[AsyncMock]:
    """Find no engine."""
    with patch(f"{LOOK}.discover", AsyncMock(return_value=())) as found:
        yield found


@pytest.fixture(autouse=True)
def choices() -> Generator[AsyncMock]:
    """Find a llama-server."""
    with patch(f"{LOOK}.async_list_choices", AsyncMock(return_value=CHOICES)) as found:
        yield found


async def test_a_pi(hass: HomeAssistant, machine: Machine, discover: AsyncMock) -> None:
    """The machine, its engines and what they have make the recommendation."""
    machine.plant(TREES["pi_5_8gb"])
    discover.return_value = (ollama(HERE, LLAMA),)

    sight = await async_look(hass)

    assert sight.situation.board.model == "Raspberry Pi 5 Model B"
    assert sight.health.temperature == 52.85
    assert sight.choices == CHOICES
    best = sight.picks[0]
    assert (best.place.url, best.place.here, best.model) == (HERE, True, "llama3.2:3b")
    assert [url.rpartition(":")[0] for url in discover.call_args.args[1]] == [
        "http://127.0.0.1"
    ] * len(USUAL_PORTS)


async def test_another_root(hass: HomeAssistant, tmp_path: Path) -> None:
    """Pictures can be taken of a machine that is not there."""
    plant_tree(tmp_path, TREES["cm5_nvme"])
    hass.data[PLACES] = Places(root=tmp_path, space=space)

    sight = await async_look(hass)

    assert sight.situation.board.model == "Raspberry Pi Compute Module 5"
    assert sight.picks[0].place.kind is PlaceKind.MANAGED


async def test_in_a_container(
    hass: HomeAssistant, machine: Machine, discover: AsyncMock
) -> None:
    """The host of a container and the Supervisor's apps are asked, and are here."""
    machine.plant(TREES["pi_5_8gb"] | DOCKER | routes(BRIDGE))
    discover.return_value = (ollama("http://172.30.0.1:11434", LLAMA),)
    apps = Apps(machine="raspberrypi5-64", hosts=("76e18fb5-ollama",))

    with patch(f"{LOOK}.async_apps", return_value=apps):
        sight = await async_look(hass)

    asked = discover.call_args.args[1]
    assert {"http://172.30.0.1:11434", "http://76e18fb5-ollama:11434"} <= set(asked)
    assert sight.situation.board.machine == "raspberrypi5-64"
    assert sight.picks[0].place.here


async def test_files_that_are_there(
    hass: HomeAssistant, machine: Machine, choices: AsyncMock
) -> None:
    """What was downloaded before need not be again."""
    machine.plant(TREES["pi_5_8gb"])
    first = (await async_look(hass)).picks[0]
    assert first.download

    choices.return_value = Choices(
        server=None, package=None, files=(Path("/m") / first.model,)
    )
    again = next(
        pick for pick in (await async_look(hass)).picks if pick.model == first.model
    )
    assert again.download == 0


async def test_slow_programs(hass: HomeAssistant, choices: AsyncMock) -> None:
    """A program that does not tell its version in time is asked again later."""
    forever = asyncio.Event()

    async def wait(_: HomeAssistant) -> None:
        await forever.wait()

    choices.side_effect = wait
    with patch(f"{LOOK}.RUNTIMES_WITHIN", 0.01):
        sight = await async_look(hass)

    assert sight.choices is None
    assert NANO in {pick.model for pick in sight.picks}


async def test_it_takes_too_long(hass: HomeAssistant) -> None:
    """A disk that hangs is not waited for."""
    forever = asyncio.Event()
    with (
        patch(f"{LOOK}.WITHIN", 0.01),
        patch(f"{LOOK}.discover", Mock(side_effect=lambda *_: forever.wait())),
        pytest.raises(TimeoutError),
    ):
        await async_look(hass)


async def test_a_failure(hass: HomeAssistant, discover: AsyncMock) -> None:
    """What goes wrong is told to who has a way without."""
    discover.side_effect = RuntimeError("a bug")
    with pytest.raises(RuntimeError, match="a bug"):
        await async_look(hass)


async def test_not_too_short(hass: HomeAssistant) -> None:
    """A page has time to listen for the end, also of a failure."""
    slept = AsyncMock()
    with patch(f"{WORK}.LEAST", 7.0), patch(f"{WORK}.asyncio.sleep", slept):
        await async_look(hass)
    assert 6 < slept.await_args_list[0].args[0] <= 7
