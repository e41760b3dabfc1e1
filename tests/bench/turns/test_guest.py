"""Everything that is said to a home, in a real Home Assistant with a real server."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from homeassistant.components.assist_pipeline import async_get_pipelines
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest

from bench.in_process import find_agent
from bench.turns.cases import IN_ONE_HOME, Case
from bench.turns.contenders import Contender, Hearth, LlamaCpp, Ollama, Server
from bench.turns.guest import Guest, Setting
from bench.turns.journal import Journal
from bench.turns.recorder import recorder
from bench.turns.speaking import open_mouth
from demo.errors import DemoError
from demo.llama import EngineAddress

from ...engines.replay import Request, of_ollama, replay
from ...homes import FAMILY, async_set_up_home
from .conftest import HOME, WORDS, Oracled


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """Return the demo's home, where nobody waits and all speak fast."""
    return Setting(
        home=HOME,
        home_file=FAMILY,
        folder=tmp_path,
        words=WORDS,
        pause=0,
        speech=0.2,
    )


@pytest.fixture
async def home(hass: HomeAssistant) -> HomeAssistant:
    """Return Home Assistant with the demo's home."""
    for component in ("conversation", "assist_pipeline"):
        assert await async_setup_component(hass, component, {})
    await async_set_up_home(hass)
    return hass


@pytest.fixture
def at_oracle(session: aiohttp.ClientSession, oracled: Oracled) -> Server:
    """Return the server as contenders know it."""
    return Server(
        session=session,
        engine=EngineAddress(oracled.url, "noise"),
        behind=oracled.behind,
        journal=oracled.journal,
    )


async def _visit(home: HomeAssistant, setting: Setting, contender: Contender) -> Guest:
    """Set a contender up and visit it."""
    await contender.join(home)
    # What is read ahead at once must not fall into what is measured.
    await home.async_block_till_done(wait_background_tasks=True)
    agent_id = find_agent(home, contender.name)
    assert agent_id is not None
    return Guest(setting, contender, await open_mouth(home, agent_id))


def _middle() -> str:
    """Return the entity that gets a new name."""
    return HOME.entities[len(HOME.entities) // 2].entity_id


async def test_hearth(home: HomeAssistant, setting: Setting, at_oracle: Server) -> None:
    """Hearth is measured in every situation, and does what is said."""
    guest = await _visit(home, setting, Hearth(at_oracle))
    measured = {case: await play(guest) for case, play in IN_ONE_HOME.items()}

    cold, warm = measured[Case.COLD], measured[Case.WARM]
    assert (cold.passes, warm.passes) == (1, 1)
    assert cold.read is not None and warm.cached is not None and warm.read is not None
    assert cold.read > 500 and warm.cached > 500 and warm.read < 50
    assert (measured[Case.ACTION].passes, measured[Case.STATE].passes) == (1, 1)
    for one in measured.values():
        assert 0 < one.first_delta <= one.first_word <= one.turn
    # Ten turns, each of one pass or two.
    assert 1 <= measured[Case.CONVERSATION].passes < 2
    assert round(measured[Case.CONVERSATION].passes * 10, 6) % 1 == 0
    entry = er.async_get(home).async_get(_middle())
    # Once for a case of its own, and before each speech.
    assert entry is not None and str(entry.name).endswith(" 3")
    # What was read during the speech need not be read after it.
    spoken = measured[Case.SPEECH].read
    assert spoken is not None and spoken < 200
    (pipeline,) = async_get_pipelines(home)
    assert pipeline.conversation_engine == find_agent(home, "hearth")


async def test_llama_cpp(
    home: HomeAssistant, setting: Setting, at_oracle: Server
) -> None:
    """Home Assistant's own integration is set up, streams, and takes two passes."""
    guest = await _visit(home, setting, LlamaCpp(at_oracle))
    action, state = await guest.action(), await guest.state()
    assert (action.passes, state.passes) == (2, 2)
    assert action.first_delta < action.first_word < action.turn
    first = (await guest.satellites()).read
    assert first is not None and first > 1000


async def test_something_else_happened(
    home: HomeAssistant, setting: Setting, at_oracle: Server
) -> None:
    """A turn that did not do what it should is no measurement."""
    guest = await _visit(home, setting, Hearth(at_oracle))
    home.services.async_remove("light", "turn_on")
    with pytest.raises(DemoError, match=r"did something else|was not answered"):
        await guest.action()


async def test_no_answer(
    home: HomeAssistant, setting: Setting, at_oracle: Server
) -> None:
    """An answer that failed is no measurement."""
    guest = await _visit(home, setting, Hearth(at_oracle))
    await home.config_entries.async_unload(
        home.config_entries.async_entries("hearth")[0].entry_id
    )
    with pytest.raises(DemoError, match="not answered"):
        await guest.cold()


@pytest.fixture
async def at_ollama(
    session: aiohttp.ClientSession, tmp_path: Path
) -> AsyncIterator[tuple[Server, list[Request]]]:
    """Return an Ollama that replays what a real one said, and what it was asked."""
    journal = Journal(tmp_path / "ollama")
    async with replay(of_ollama) as ollama, recorder(ollama.url, journal) as url:
        server = Server(
            session=session,
            engine=EngineAddress(url, "gotools:latest"),
            behind=ollama.url,
            journal=journal,
        )
        yield server, ollama.requests


async def test_ollama(
    home: HomeAssistant,
    setting: Setting,
    at_ollama: tuple[Server, list[Request]],
) -> None:
    """Home Assistant's Ollama integration is set up; its model says what it likes."""
    server, requests = at_ollama
    guest = await _visit(home, setting, Ollama(server))
    measured = await guest.action()
    assert measured.passes == 1
    assert (measured.read, measured.cached) == (None, None)
    assert [one.path for one in requests].count("/api/chat") == 1
