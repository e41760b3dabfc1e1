"""Pulling models through an Ollama that answers as a real one did."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.hearth.library.base import LibraryError
from custom_components.hearth.library.ollama import OllamaLibrary
from custom_components.hearth.library.pull import PullState
from custom_components.hearth.library.pulls import Pulls

from ..conftest import ENTRY_ID, state_of
from ..hardware.board_trees import PI_5_8GB
from ..machines import Machine
from .conftest import act, entry_of, until
from .ollama_site import GIB, LARGE, SMALL, OllamaSite, manifest, path_of

STORED = f"hearth.library.{ENTRY_ID}"


def kept(hass_storage: dict[str, Any]) -> Any:
    """Return what is kept of the models of the entry."""
    return hass_storage[STORED]["data"]


async def test_pulls(
    hass: HomeAssistant,
    site: OllamaSite,
    entry: MockConfigEntry,
    pulls: Pulls,
    finished: list[Event[Any]],
) -> None:
    """A model comes, with percent that only rise, and is there for everybody."""
    site.offers(path_of("new:1b"))
    seen: list[float] = []
    pulls.subscribe(
        lambda: seen.extend(p.percentage for p in pulls if p.percentage is not None)
    )

    answer = await act(hass, "pull_model", model="new:1b", wait=True, respond=True)

    assert answer == {"model": "new:1b", "success": True}
    assert site.pulls == ["new:1b"]
    assert len(seen) > 50
    assert seen == sorted(seen)
    assert seen[0] < 5
    assert 98 < seen[-1] < 100
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [event.data for event in finished] == [
        {
            "config_entry_id": ENTRY_ID,
            "model": "new:1b",
            "success": True,
            "error": None,
        }
    ]
    assert state_of(hass, "update.ollama_new_1b") == "off"
    names = {model.name for model in entry.runtime_data.coordinator.data.models}
    assert "new:1b" in names
    assert not [*pulls]


async def test_returns_at_once(
    hass: HomeAssistant,
    site: OllamaSite,
    pulls: Pulls,
    finished: list[Event[Any]],
) -> None:
    """Who does not want to wait hears of the end by an event."""
    site.lines = 10
    answer = await act(hass, "pull_model", model="new", respond=True)

    assert answer == {"model": "new:latest", "success": None}
    assert not finished
    site.go_on.set()
    await until(lambda: finished)
    assert finished[0].data["success"]


async def test_goes_on_where_it_was(
    hass: HomeAssistant, site: OllamaSite, pulls: Pulls
) -> None:
    """A download that broke off is tried again, and does not seem to go back."""
    site.downloads = ["pull-ok-download", "pull-ok-download-resumed"]
    site.lines, site.breaks = 60, 1
    site.go_on.set()
    seen: list[tuple[int, float]] = []
    pulls.subscribe(
        lambda: seen.extend((len(site.pulls), p.percentage or 0.0) for p in pulls)
    )
    pull = await pulls.async_start("new")
    await pull.wait()

    assert site.pulls == ["new:latest", "new:latest"]
    assert seen == sorted(seen)
    # The second one begins at 36 percent.
    reached = max(percentage for tries, percentage in seen if tries == 1)
    assert 50 < reached < 95
    assert min(percentage for tries, percentage in seen if tries == 2) >= reached
    assert pull.percentage == 100


async def test_gives_up(
    site: OllamaSite, pulls: Pulls, finished: list[Event[Any]]
) -> None:
    """An Ollama that always dies in the middle is not asked for ever."""
    site.lines, site.breaks = 0, 99
    pull = await pulls.async_start("new")
    with pytest.raises(LibraryError, match="cannot_connect"):
        await pull.wait()

    assert len(site.pulls) == 3
    assert "Nothing answers" in finished[0].data["error"]


@pytest.mark.parametrize(
    ("download", "words"),
    [
        ("pull-no-network", "no such host"),
        ("pull-unknown-model-registry-404", "no model with the name nosuch:latest"),
    ],
)
async def test_cannot_be_had(
    hass: HomeAssistant,
    site: OllamaSite,
    pulls: Pulls,
    finished: list[Event[Any]],
    download: str,
    words: str,
) -> None:
    """What Ollama says is told to who waits and to automations, and nothing is left."""
    site.downloads = [download]
    with pytest.raises(HomeAssistantError, match=words):
        await act(hass, "pull_model", model="nosuch", wait=True)

    assert len(site.pulls) == 1
    assert finished[0].data["success"] is False
    assert words in finished[0].data["error"]
    assert not [*pulls]


@pytest.mark.parametrize("name", ["", "../x", "a b", "http://127.0.0.1:1/lib/x"])
async def test_no_name(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry, name: str
) -> None:
    """What is no name of a model reaches neither the registry nor the Ollama."""
    with pytest.raises((ServiceValidationError, vol.Invalid)):
        await act(hass, "pull_model", model=name)

    assert site.manifests_asked == site.pulls == []


async def test_the_same_twice(
    hass: HomeAssistant,
    site: OllamaSite,
    pulls: Pulls,
    finished: list[Event[Any]],
) -> None:
    """Who asks for a model that is on its way waits for that one."""
    site.lines = 10
    first = asyncio.create_task(act(hass, "pull_model", model="new", wait=True))
    second = asyncio.create_task(act(hass, "pull_model", model="new:latest", wait=True))
    third = asyncio.create_task(act(hass, "pull_model", model="library/new"))
    await third
    await until(lambda: any(pull.percentage for pull in pulls))
    assert len([*pulls]) == 1
    site.go_on.set()
    await asyncio.gather(first, second)

    assert site.pulls == ["new:latest"]
    assert len(finished) == 1


async def test_two_at_a_time(site: OllamaSite, pulls: Pulls) -> None:
    """A third one waits until one of two has ended."""
    site.lines = 10
    names = ["a:latest", "b:latest", "c:latest"]
    for name in names:
        await pulls.async_start(name)
    await until(lambda: len(site.pulls) == 2)
    states = [pull.state for pull in pulls]
    assert states == [PullState.RUNNING, PullState.RUNNING, PullState.WAITING]

    [*_, last] = pulls
    site.go_on.set()
    await last.wait()
    assert sorted(site.pulls[:2]) == names[:2]
    assert site.pulls[2:] == names[2:]


async def test_one_at_a_time_on_a_small_machine(
    hass: HomeAssistant, machine: Machine, hass_storage: Any, site: OllamaSite
) -> None:
    """A Raspberry Pi 5 has a slow disk, and one download fills its network."""
    machine.plant(PI_5_8GB)
    entry = entry_of(site)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    pulls = entry.runtime_data.pulls
    site.lines = 10
    first, second = [await pulls.async_start(name) for name in ("a", "b")]
    await until(lambda: site.pulls and first.percentage)

    assert [pull.state for pull in pulls] == [PullState.RUNNING, PullState.WAITING]
    site.go_on.set()
    await second.wait()
    assert site.pulls == ["a:latest", "b:latest"]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_cancel(
    hass: HomeAssistant,
    site: OllamaSite,
    pulls: Pulls,
    hass_storage: dict[str, Any],
    finished: list[Event[Any]],
) -> None:
    """A download that was cancelled ends at the Ollama too, and for good."""
    site.lines = 10
    waits = asyncio.create_task(act(hass, "pull_model", model="new", wait=True))
    await until(lambda: any(pull.percentage for pull in pulls))
    await act(hass, "cancel_pull", model="new")

    with pytest.raises(HomeAssistantError, match="was cancelled"):
        await waits
    await until(lambda: site.given_up == 1)
    assert [event.data["error"] for event in finished] == [
        "The download of new:latest was cancelled"
    ]
    assert not [*pulls]
    assert kept(hass_storage)["unfinished"] == {}


async def test_cancel_one_that_waits(
    hass: HomeAssistant, site: OllamaSite, pulls: Pulls
) -> None:
    """A download that has not begun yet can be cancelled, and makes room for none."""
    site.lines = 10
    for name in ("a", "b", "c", "d"):
        await pulls.async_start(name)
    await act(hass, "cancel_pull", model="c")

    assert [pull.key for pull in pulls] == ["a:latest", "b:latest", "d:latest"]
    site.go_on.set()
    await until(lambda: not [*pulls])
    # Two at once, which may arrive in either order; the third comes after one of them.
    assert sorted(site.pulls[:2]) == ["a:latest", "b:latest"]
    assert site.pulls[2:] == ["d:latest"]


async def test_cancel_nothing(hass: HomeAssistant, pulls: Pulls) -> None:
    """What is not on its way cannot be cancelled."""
    with pytest.raises(ServiceValidationError, match="not being downloaded"):
        await act(hass, "cancel_pull", model="toolbot")


async def test_cancel_what_has_just_ended(site: OllamaSite, pulls: Pulls) -> None:
    """A download that ended while it was being cancelled has ended well."""
    pull = await pulls.async_start("new")
    await pull.wait()
    await pulls.async_cancel(pull)

    assert pull.succeeded


async def test_disk_is_full(
    hass: HomeAssistant,
    machine: Machine,
    site: OllamaSite,
    entry: MockConfigEntry,
    pulls: Pulls,
) -> None:
    """Where the disk has no room for a model and a reserve, nothing is begun."""
    (machine.root / "usr/share/ollama/.ollama/models").mkdir(parents=True)
    site.offers(path_of("big"), manifest(3 * GIB))
    site.offers(path_of("huge"), manifest(9 * GIB))
    machine.free = 8 * GIB
    site.lines = 0
    with pytest.raises(HomeAssistantError, match=r"10.7 GB are needed, 8.6 GB are"):
        await act(hass, "pull_model", model="huge")
    await act(hass, "pull_model", model="big")

    # Of the room for two there is one less now that one is on its way.
    machine.free = 6 * GIB
    site.offers(path_of("another"), manifest(3 * GIB))
    with pytest.raises(HomeAssistantError, match=r"4.3 GB are needed, 3.2 GB are"):
        await act(hass, "pull_model", model="another")
    assert [pull.key for pull in pulls] == ["big:latest"]


async def test_disk_fills_while_waiting(
    machine: Machine, site: OllamaSite, entry: MockConfigEntry, pulls: Pulls
) -> None:
    """Who has waited for a place looks at the disk again."""
    (machine.root / "usr/share/ollama/.ollama/models").mkdir(parents=True)
    site.offers(path_of("c"), manifest(3 * GIB))
    site.lines = 10
    pull = [await pulls.async_start(name) for name in ("a", "b", "c")][-1]
    machine.free = 3 * GIB
    site.go_on.set()

    with pytest.raises(LibraryError, match="disk_full"):
        await pull.wait()
    # Which of the two looked at the disk first is the threads' affair.
    assert sorted(site.pulls) == ["a:latest", "b:latest"]


async def test_nobody_knows_the_size(site: OllamaSite, pulls: Pulls) -> None:
    """Without a registry in reach Ollama is asked all the same."""
    site.registry_status = 503
    pull = await pulls.async_start("new")
    await pull.wait()

    assert pull.meter.total == LARGE + SMALL


async def test_bug_is_told(pulls: Pulls, finished: list[Event[Any]]) -> None:
    """Whatever happens, a pull ends, and the log says more."""
    with (
        patch.object(OllamaLibrary, "pull", side_effect=ZeroDivisionError),
        pytest.raises(LibraryError, match="pull_broken"),
    ):
        await (await pulls.async_start("new")).wait()
    assert "log says more" in finished[0].data["error"]


async def test_restart(
    hass: HomeAssistant,
    site: OllamaSite,
    entry: MockConfigEntry,
    pulls: Pulls,
    hass_storage: dict[str, Any],
    finished: list[Event[Any]],
) -> None:
    """What was on its way or waited when Home Assistant stopped goes on afterwards."""
    site.downloads = ["pull-ok-download"] * 2 + ["pull-ok-download-resumed"]
    site.lines = 20
    names = ["a:latest", "b:latest", "c:latest"]
    begun = [await pulls.async_start(name) for name in names]
    await until(lambda: len(site.pulls) == 2 and all(p.percentage for p in begun[:2]))
    waits = asyncio.create_task(act(hass, "pull_model", model="a", wait=True))
    await asyncio.sleep(0)

    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError, match="goes on by itself"):
        await waits
    await until(lambda: site.given_up == 2)
    assert not finished
    assert list(kept(hass_storage)["unfinished"]) == names

    await hass.config_entries.async_setup(entry.entry_id)
    resumed = [*entry.runtime_data.pulls]
    assert [pull.key for pull in resumed] == names
    await until(lambda: len(site.pulls) == 4)
    site.go_on.set()
    for pull in resumed:
        await pull.wait()
    # Which of the two that begin together asks first is the threads' affair.
    assert sorted(site.pulls[:2]) == sorted(site.pulls[2:4]) == names[:2]
    assert site.pulls[4:] == names[2:]
    assert [event.data["success"] for event in finished] == [True] * 3
    assert kept(hass_storage)["unfinished"] == {}


async def test_restart_without_a_network(
    hass: HomeAssistant, hass_storage: dict[str, Any], site: OllamaSite
) -> None:
    """What cannot go on when Home Assistant starts is tried again."""
    hass_storage[STORED] = {
        "version": 1,
        "data": {"unfinished": {"new:latest": "new", "bad": 7}, "known": []},
    }
    site.lines, site.breaks = 0, 1
    site.go_on.set()
    entry = entry_of(site)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    [pull] = entry.runtime_data.pulls
    await pull.wait()

    assert site.pulls == ["new:latest"] * 2
    await hass.config_entries.async_unload(entry.entry_id)


async def test_nothing_stays_of_an_entry(
    hass: HomeAssistant,
    site: OllamaSite,
    entry: MockConfigEntry,
    pulls: Pulls,
    hass_storage: dict[str, Any],
) -> None:
    """With an entry goes what was kept of its models."""
    site.lines = 10
    await pulls.async_start("new")
    assert kept(hass_storage)["unfinished"]
    await hass.config_entries.async_remove(entry.entry_id)

    assert STORED not in hass_storage


async def test_somewhere_else(
    hass: HomeAssistant, machine: Machine, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """The disk of another machine cannot be seen, and its Ollama must know."""
    (machine.root / "usr/share/ollama/.ollama/models").mkdir(parents=True)
    machine.free = 0
    site.offers(path_of("new"))
    with patch(
        "custom_components.hearth.library.opening.runs_here", return_value=False
    ):
        await hass.config_entries.async_reload(entry.entry_id)
        await act(hass, "pull_model", model="new", wait=True)

    assert site.pulls == ["new:latest"]


async def test_of_a_stranger(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry, pulls: Pulls
) -> None:
    """A registry that Hearth does not know is Ollama's business."""
    name = "127.0.0.1:5000/team/model:dev"
    await act(hass, "pull_model", model=name, wait=True)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert site.manifests_asked == []
    assert entry.runtime_data.shelf.model(name)
    assert len(hass.states.async_entity_ids("update")) == 2


async def test_cancel_what_cannot_go_on(
    hass: HomeAssistant, hass_storage: dict[str, Any], site: OllamaSite
) -> None:
    """A pull that never got to know what it is to bring can be given up."""
    hass_storage[STORED] = {
        "version": 1,
        "data": {"unfinished": {"new:latest": "new"}, "known": {}},
    }
    entry, may_ask = entry_of(site), asyncio.Event()

    async def asks(*_: Any) -> Any:
        await may_ask.wait()

    entry.add_to_hass(hass)
    with patch.object(OllamaLibrary, "want", asks):
        await hass.config_entries.async_setup(entry.entry_id)
        await act(hass, "cancel_pull", model="new")

    assert kept(hass_storage)["unfinished"] == {}
    await hass.config_entries.async_unload(entry.entry_id)
