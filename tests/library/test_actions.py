"""The actions that list and delete models, and who may call them."""

from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.const import CONF_MODEL
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.hearth.const import DOMAIN, SUBENTRY_AI_TASK
from custom_components.hearth.engines.base import Capabilities
from custom_components.hearth.engines.faults import Unreachable
from custom_components.hearth.library.base import LibraryError, Wanted
from custom_components.hearth.library.fixed import FixedLibrary
from custom_components.hearth.library.pulls import Pulls

from ..fake_engine import FakeEngine
from .conftest import act, until
from .ollama_site import LARGE, SMALL, OllamaSite, manifest, path_of


async def test_list(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry, pulls: Pulls
) -> None:
    """What is installed, in memory and on its way is in one answer."""
    site.models["rand:latest"] = site.models.pop("own:latest") | {"name": "rand:latest"}
    site.offers(path_of("toolbot"), manifest(7))
    site.loaded = "ps-loaded"
    await hass.services.async_call(
        "homeassistant",
        "update_entity",
        {"entity_id": "update.ollama_toolbot_latest"},
        blocking=True,
    )
    site.lines = 10
    site.offers(path_of("a"))
    for name in "abc":
        await pulls.async_start(name)
    await until(lambda: all(pull.percentage for pull in [*pulls][:2]))
    answer = await act(hass, "list_models", respond=True)

    common = {
        "size": LARGE + SMALL,
        "quantization": "F16",
        "parameters": "39.04M",
        "context_window": 32768,
        "in_cloud": False,
    }
    assert answer["models"] == [
        common
        | {
            "name": "rand:latest",
            "loaded": True,
            "memory": 46095400,
            "until": "2026-11-20T14:59:54.316867+00:00",
            "update_available": None,
        },
        common
        | {
            "name": "toolbot:latest",
            "loaded": False,
            "memory": None,
            "until": None,
            "update_available": True,
        },
    ]
    first, second, third = answer["pulls"]
    assert (first["model"], first["state"]) == ("a:latest", "running")
    assert 0 < first["percentage"] < 100
    assert first["total"] == LARGE + SMALL
    assert 0 < first["completed"] < LARGE
    assert (second["total"], second["state"]) == (LARGE, "running")
    assert third == {
        "model": "c:latest",
        "state": "waiting",
        "percentage": None,
        "completed": 0,
        "total": None,
    }


async def test_list_fails(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """An Ollama that does not tell its models is an error."""
    site.listing_status = 503
    with pytest.raises(HomeAssistantError, match="busy"):
        await act(hass, "list_models", respond=True)


@pytest.mark.parametrize("name", ["toolbot", "toolbot:latest"])
async def test_delete_what_is_used(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry, name: str
) -> None:
    """A model that an agent uses stays, unless somebody insists."""
    with pytest.raises(ServiceValidationError, match="is used by Toolbot"):
        await act(hass, "delete_model", model=name)
    assert "toolbot:latest" in site.models

    await act(hass, "delete_model", model=name, force=True)
    assert list(site.models) == ["own:latest"]


async def test_delete_what_a_task_uses(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """Tasks count as well as agents."""
    task: Any = {
        "data": {CONF_MODEL: "own"},
        "subentry_type": SUBENTRY_AI_TASK,
        "title": "Tasks",
        "unique_id": None,
    }
    hass.config_entries.async_update_entry(entry, title="Ollama")
    await hass.config_entries.async_unload(entry.entry_id)
    other = MockConfigEntry(
        data=dict(entry.data), domain=DOMAIN, subentries_data=[task], title="Other"
    )
    other.add_to_hass(hass)
    await hass.config_entries.async_setup(other.entry_id)
    with pytest.raises(ServiceValidationError, match="is used by Tasks"):
        await act(
            hass, "delete_model", model="own:latest", config_entry_id=other.entry_id
        )
    await hass.config_entries.async_unload(other.entry_id)


async def test_delete_what_is_loaded(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """A model that is in memory leaves it, too."""
    site.has("rand:latest")
    site.loaded = "ps-loaded"
    await act(hass, "delete_model", model="rand")

    assert site.asked == [
        ("/api/generate", "rand:latest"),
        ("/api/delete", "rand:latest"),
    ]


async def test_delete_what_is_pulled(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry, pulls: Pulls
) -> None:
    """What is on its way is given up first."""
    site.lines = 10
    pull = await pulls.async_start("own")
    await until(lambda: pull.percentage)
    await act(hass, "delete_model", model="own")

    assert not [*pulls]
    assert "own:latest" not in site.models


async def test_delete_nothing(
    hass: HomeAssistant, site: OllamaSite, entry: MockConfigEntry
) -> None:
    """What is not there cannot be deleted, and what vanished is an error."""
    with pytest.raises(ServiceValidationError, match="There is no model ghost here"):
        await act(hass, "delete_model", model="ghost")
    site.keeps = True
    with pytest.raises(HomeAssistantError, match="does not have the model"):
        await act(hass, "delete_model", model="own")


@pytest.mark.parametrize("action", ["cancel_pull", "delete_model", "pull_model"])
async def test_only_for_administrators(
    hass: HomeAssistant,
    site: OllamaSite,
    entry: MockConfigEntry,
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """Who may not change the home may not fill or clear its disk."""
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN, action, {"model": "own"}, blocking=True, context=context
        )
    assert site.asked == []
    listing = await hass.services.async_call(
        DOMAIN, "list_models", {}, blocking=True, context=context, return_response=True
    )
    assert listing is not None


@pytest.mark.parametrize("action", ["cancel_pull", "delete_model", "pull_model"])
@pytest.mark.parametrize("fields", [{}, {"model": ""}, {"model": "x" * 601}])
async def test_without_a_model(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, fields: dict[str, Any]
) -> None:
    """A model must be named, and no name is that long."""
    with pytest.raises(vol.Invalid):
        await act(hass, action, **fields)


@pytest.fixture
def fixed(engine: FakeEngine) -> FakeEngine:
    """Return a server whose models only its owner can change."""
    engine.capabilities = Capabilities()
    return engine


async def test_others_look_after_their_models(
    hass: HomeAssistant, fixed: FakeEngine, setup_entry: MockConfigEntry
) -> None:
    """Of other servers models are listed, and that is all."""
    [model] = (await act(hass, "list_models", respond=True))["models"]
    assert (model["name"], model["loaded"]) == ("tiny", True)
    assert model["update_available"] is None
    assert hass.states.async_entity_ids("update") == []
    words = "looks after its models itself"
    with pytest.raises(ServiceValidationError, match=words):
        await act(hass, "pull_model", model="new")
    with pytest.raises(ServiceValidationError, match=words):
        await act(hass, "delete_model", model="tiny", force=True)


async def test_server_is_away(
    hass: HomeAssistant, fixed: FakeEngine, setup_entry: MockConfigEntry
) -> None:
    """A server that cannot be reached has no list."""
    fixed.error = Unreachable("refused")
    with pytest.raises(HomeAssistantError, match="Nothing answers"):
        await act(hass, "list_models", respond=True)


async def test_engine_is_away(
    hass: HomeAssistant, fixed: FakeEngine, setup_entry: MockConfigEntry
) -> None:
    """What is in memory is unknown then; what is on the disk is not."""
    away = AsyncMock(side_effect=Unreachable("refused"))
    with patch.object(FakeEngine, "loaded", away):
        [model] = (await act(hass, "list_models", respond=True))["models"]
    assert model["loaded"] is False


async def test_fixed_models(fixed: FakeEngine) -> None:
    """Whatever is asked of models that are fixed, it is refused, or nothing."""
    library = FixedLibrary(fixed)
    [model] = await library.installed()
    wanted = Wanted(key="x", name="x")
    for refused in (
        library.want("x"),
        library.check_room(wanted, 0),
        library.delete(model),
        library.newest(model),
    ):
        with pytest.raises(LibraryError, match="models_fixed"):
            await refused
    with pytest.raises(LibraryError, match="models_fixed"):
        library.pull(wanted)
    await library.discard(wanted)
    assert library.key_of("x") == "x"
    assert not library.can_change
