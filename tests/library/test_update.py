"""The update entities of models."""

import asyncio
from datetime import timedelta
import hashlib
from typing import Any
from unittest.mock import AsyncMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.update import DOMAIN as UPDATE
from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    snapshot_platform,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.hearth.library.base import LibraryError
from custom_components.hearth.library.ollama import OllamaLibrary
from custom_components.hearth.library.shelf import (
    ASK_AGAIN,
    ASK_ONE,
    INTERVAL,
    Shelf,
)

from ..conftest import ENTRY_ID, state_of
from .conftest import PATIENCE, act, entry_of, until
from .ollama_site import LARGE, SMALL, TOOLBOT, OllamaSite, manifest, path_of

OWN, TOOLBOT_ID = "update.ollama_own_latest", "update.ollama_toolbot_latest"
NEWER = manifest(LARGE + 20_000_000, SMALL)


@pytest.fixture
def asked(site: OllamaSite) -> list[str]:
    """Return the models that the registry was asked about."""
    return site.manifests_asked


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, time: timedelta
) -> None:
    """Let time go by, and everything happen that is due then."""
    freezer.tick(time)
    async_fire_time_changed(hass)
    async with asyncio.timeout(PATIENCE):
        await hass.async_block_till_done(wait_background_tasks=True)


async def look(hass: HomeAssistant, entity_id: str = TOOLBOT_ID) -> None:
    """Ask for the newest version now."""
    await hass.services.async_call(
        "homeassistant", "update_entity", {ATTR_ENTITY_ID: entity_id}, blocking=True
    )


async def install(hass: HomeAssistant, entity_id: str = TOOLBOT_ID) -> None:
    """Install the newest version."""
    async with asyncio.timeout(PATIENCE):
        await hass.services.async_call(
            UPDATE, "install", {ATTR_ENTITY_ID: entity_id}, blocking=True
        )


def attributes(hass: HomeAssistant, entity_id: str = TOOLBOT_ID) -> Any:
    """Return the attributes of an entity."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state.attributes


async def test_platform(
    hass: HomeAssistant,
    site: OllamaSite,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The entities are as they were."""
    site.offers(path_of("toolbot"), NEWER)
    await look(hass)

    await snapshot_platform(hass, entity_registry, snapshot, ENTRY_ID)


async def test_is_asked_seldom(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    site: OllamaSite,
    entry: MockConfigEntry,
    asked: list[str],
) -> None:
    """One model is asked about at a time, each once a day, also over restarts."""
    site.offers(path_of("own"))
    assert asked == []
    assert state_of(hass, OWN) == state_of(hass, TOOLBOT_ID) == STATE_UNKNOWN
    for count in (1, 2, 2, 2):
        await later(hass, freezer, ASK_ONE)
        assert len(asked) == count
    assert set(asked) == {path_of("own"), path_of("toolbot")}
    assert state_of(hass, OWN) == state_of(hass, TOOLBOT_ID) == STATE_OFF

    await hass.config_entries.async_reload(entry.entry_id)
    await later(hass, freezer, ASK_ONE)
    assert len(asked) == 2
    await later(hass, freezer, ASK_AGAIN - 4 * ASK_ONE)
    assert len(asked) == 3
    for _ in range(3):
        await later(hass, freezer, ASK_ONE)
    assert len(asked) == 4


async def test_newer_version(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """Another digest in the registry is a newer version, whatever it looks like."""
    await look(hass)
    assert state_of(hass, TOOLBOT_ID) == STATE_OFF

    site.offers(path_of("toolbot"), NEWER)
    await look(hass)
    assert state_of(hass, TOOLBOT_ID) == STATE_ON
    told = attributes(hass)
    assert told["installed_version"] == hashlib.sha256(TOOLBOT).hexdigest()[:12]
    assert told["latest_version"] == hashlib.sha256(NEWER).hexdigest()[:12]
    assert told["title"] == "toolbot:latest"


async def test_silence_changes_nothing(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    site: OllamaSite,
    entry: MockConfigEntry,
    asked: list[str],
) -> None:
    """A registry that cannot be reached is asked again the next day, not sooner."""
    site.offers(path_of("toolbot"), NEWER)
    await look(hass)
    site.registry_status = 503
    await look(hass)
    assert state_of(hass, TOOLBOT_ID) == STATE_ON
    assert len(asked) == 2
    for _ in range(5):
        await later(hass, freezer, ASK_ONE)
    # The other model was never asked about.
    assert asked[2:] == [path_of("own")]
    assert state_of(hass, OWN) == STATE_UNKNOWN


async def test_installs(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """Installing shows how far it is, and that it is done."""
    site.offers(path_of("toolbot"), NEWER)
    await look(hass)
    site.lines = 40
    seen: list[Any] = []
    entry.runtime_data.pulls.subscribe(
        lambda: seen.append(attributes(hass)["update_percentage"])
    )
    installing = asyncio.create_task(install(hass))
    await until(lambda: attributes(hass)["update_percentage"])

    told = attributes(hass)
    assert told["in_progress"] is True
    assert 0 < told["update_percentage"] < 100
    site.go_on.set()
    await installing
    await hass.async_block_till_done(wait_background_tasks=True)

    assert state_of(hass, TOOLBOT_ID) == STATE_OFF
    told = attributes(hass)
    assert told["in_progress"] is False
    assert told["installed_version"] == hashlib.sha256(NEWER).hexdigest()[:12]
    numbers = [number for number in seen if number is not None]
    assert numbers == sorted(numbers)
    assert all(isinstance(number, int) for number in numbers)


async def test_two_are_installed_at_once(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """Who installs a second model does not wait for the first."""
    site.lines = 10
    for model, entity_id in (("own", OWN), ("toolbot", TOOLBOT_ID)):
        site.offers(path_of(model), NEWER)
        await look(hass, entity_id)
    tasks = [asyncio.create_task(install(hass, one)) for one in (OWN, TOOLBOT_ID)]
    await until(lambda: len(site.pulls) == 2)
    site.go_on.set()
    await asyncio.gather(*tasks)


async def test_cannot_be_installed(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """What goes wrong is said, and the entity is as it was before."""
    site.offers(path_of("toolbot"), NEWER)
    await look(hass)
    site.downloads = ["pull-no-network"]
    with pytest.raises(HomeAssistantError, match="no such host"):
        await install(hass)

    assert state_of(hass, TOOLBOT_ID) == STATE_ON
    assert attributes(hass)["in_progress"] is False


@pytest.mark.parametrize(
    ("newest", "words"),
    [
        (None, "not known yet"),
        (TOOLBOT, "The newest version is installed."),
        (NEWER, "takes 104 MB on the disk, 20 MB more than the installed one with 84"),
        (manifest(4_000_000), "takes 4 MB on the disk, 80 MB less than the installed"),
        (manifest(LARGE + 9), "takes 84 MB on the disk, as much as"),
    ],
)
async def test_notes(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    site: OllamaSite,
    entry: MockConfigEntry,
    newest: bytes | None,
    words: str,
) -> None:
    """The notes say in words how the size changes."""
    assert await async_setup_component(hass, "websocket_api", {})
    if newest is not None:
        site.offers(path_of("toolbot"), newest)
        await look(hass)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "update/release_notes", ATTR_ENTITY_ID: TOOLBOT_ID}
    )
    notes = (await client.receive_json())["result"]

    assert words in notes
    assert "{" not in notes


async def test_only_here(
    hass: HomeAssistant,
    site: OllamaSite,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """A model that no registry has, made on this machine, has no newer version."""
    assert OWN in hass.states.async_entity_ids()
    await look(hass, OWN)
    await hass.async_block_till_done()
    assert entity_registry.async_get(OWN) is None
    assert hass.states.async_entity_ids(UPDATE) == [TOOLBOT_ID]

    await hass.config_entries.async_reload(entry.entry_id)
    assert hass.states.async_entity_ids(UPDATE) == [TOOLBOT_ID]


async def test_models_come_and_go(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    site: OllamaSite,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """What others do with the Ollama is seen: a new name, and one that is gone."""
    for name in ("own", "renamed"):
        site.offers(path_of(name))
    site.models["renamed:latest"] = site.models.pop("own:latest") | {
        "name": "renamed:latest"
    }
    await later(hass, freezer, INTERVAL)
    assert set(hass.states.async_entity_ids(UPDATE)) == {
        "update.ollama_renamed_latest",
        TOOLBOT_ID,
    }
    assert entity_registry.async_get(OWN) is None

    site.has("own:latest")
    await later(hass, freezer, INTERVAL)
    assert OWN in hass.states.async_entity_ids(UPDATE)


async def test_gone_while_away(
    hass: HomeAssistant,
    site: OllamaSite,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """What went while Home Assistant was off leaves no entity behind."""
    await hass.config_entries.async_unload(entry.entry_id)
    del site.models["own:latest"]
    await hass.config_entries.async_setup(entry.entry_id)

    assert entity_registry.async_get(OWN) is None
    assert entity_registry.async_get(TOOLBOT_ID)


async def test_deleted(
    hass: HomeAssistant,
    site: OllamaSite,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """A model that was deleted takes its entity along."""
    await act(hass, "delete_model", model="own")

    assert entity_registry.async_get(OWN) is None
    assert "own:latest" not in site.models


async def test_cloud_models_have_no_versions(
    hass: HomeAssistant, hass_storage: Any, site: OllamaSite, platforms: None
) -> None:
    """Of a model that runs elsewhere, and of one with a strange name, none is shown."""
    site.has("big:cloud")
    site.has("strange name")
    site.has("127.0.0.1:5000/org/model:latest")
    entry = entry_of(site)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)

    assert set(hass.states.async_entity_ids(UPDATE)) == {OWN, TOOLBOT_ID}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_list_fails(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    site: OllamaSite,
    entry: MockConfigEntry,
) -> None:
    """An Ollama that does not list its models for a while keeps its entities."""
    site.offers(path_of("own"))
    site.listing_status = 503
    await later(hass, freezer, INTERVAL)

    assert len(hass.states.async_entity_ids(UPDATE)) == 2


async def test_cannot_be_listed_at_first(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    site: OllamaSite,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Before the models were listed once, no entity is taken for one that is gone."""
    for name in ("own", "toolbot"):
        site.offers(path_of(name))
    away = AsyncMock(side_effect=LibraryError("busy"))
    with patch.object(OllamaLibrary, "installed", away):
        await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(hass, OWN) == "unavailable"
    await later(hass, freezer, INTERVAL)

    assert entity_registry.async_get(OWN)
    assert state_of(hass, OWN) != "unavailable"


async def test_in_the_moment_of_its_end(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    entry: MockConfigEntry,
) -> None:
    """A model that has just gone has no versions and no notes, and asks nobody."""
    client = await hass_ws_client(hass)
    with patch.object(Shelf, "model", return_value=None):
        await look(hass)
        await client.send_json_auto_id(
            {"type": "update/release_notes", ATTR_ENTITY_ID: TOOLBOT_ID}
        )
        assert (await client.receive_json())["result"] is None
        assert state_of(hass, TOOLBOT_ID) == STATE_UNKNOWN
