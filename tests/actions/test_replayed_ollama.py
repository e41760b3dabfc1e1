"""Every action that asks an Ollama something, with what a real one answered.

Pulling and deleting are in tests/library.
"""

from collections.abc import AsyncIterator
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.const import DOMAIN

from ..engines.replay import OLLAMA, Replay, Request, Transcript, replay, transcript

MODEL = "rand:latest"

pytestmark = pytest.mark.usefixtures("socket_enabled")


def said(request: Request) -> Transcript:
    """Return what an Ollama said to a request for a text, or for a model."""
    if request.path == "/api/generate":
        unloads = request.json.get("keep_alive") == 0
        return transcript("generate-unload" if unloads else "generate-load")
    if request.path == "/api/chat":
        return transcript("chat-stream-warm")
    return transcript(OLLAMA.get(request.path, "path-404"))


@pytest.fixture
async def ollama() -> AsyncIterator[Replay]:
    """Return the server."""
    async with replay(said) as server:
        yield server


@pytest.fixture
async def entry(hass: HomeAssistant, ollama: Replay) -> MockConfigEntry:
    """Return the entry of the server, with an agent of each kind."""
    assert await async_setup_component(hass, "conversation", {})
    entry = MockConfigEntry(
        data={"url": ollama.url},
        domain=DOMAIN,
        minor_version=2,
        subentries_data=[
            {
                "data": {"llm_hass_api": [], "model": MODEL, "prompt": ""},
                "subentry_type": "conversation",
                "title": "rand",
                "unique_id": None,
            },
            {
                "data": {"model": MODEL},
                "subentry_type": "ai_task_data",
                "title": "rand AI task",
                "unique_id": None,
            },
        ],
        title="Ollama",
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    ollama.requests.clear()
    return entry


async def act(hass: HomeAssistant, action: str, *, answers: bool, **data: Any) -> Any:
    """Call an action; return its answer."""
    domain, _, service = action.rpartition(".")
    return await hass.services.async_call(
        domain or DOMAIN, service, data, blocking=True, return_response=answers
    )


def bodies(ollama: Replay, path: str) -> list[dict[str, Any]]:
    """Return what was sent to a path."""
    return [request.json for request in ollama.requests if request.path == path]


async def test_memory(
    hass: HomeAssistant, entry: MockConfigEntry, ollama: Replay
) -> None:
    """Loading and unloading say what the agents' own turns say."""
    await act(hass, "load_model", answers=False, model=MODEL)
    await act(hass, "unload_model", answers=False)
    load, unload = bodies(ollama, "/api/generate")
    assert (load["model"], load["keep_alive"]) == (MODEL, -1)
    assert load["options"] == {"num_ctx": 4096}
    assert (unload["model"], unload["keep_alive"]) == (MODEL, 0)


async def test_reading_ahead(
    hass: HomeAssistant, entry: MockConfigEntry, ollama: Replay
) -> None:
    """The prompt is read with a single token generated, which nobody hears."""
    await act(hass, "warm_up", answers=False)
    (body,) = bodies(ollama, "/api/chat")
    assert body["options"] == {"num_ctx": 4096, "num_predict": 1, "temperature": 0.0}
    assert body["think"] is False


async def test_texts(
    hass: HomeAssistant, entry: MockConfigEntry, ollama: Replay
) -> None:
    """A text comes with Ollama's own numbers, and so does that of a task."""
    answer = await act(hass, "generate", answers=True, prompt="Hello")
    assert answer["text"]
    assert answer["generated_tokens"] == 24
    assert answer["finish_reason"] == "length"
    assert answer["tokens_per_second"] == pytest.approx(24 / 0.071098, rel=0.01)
    task = await act(
        hass,
        "ai_task.generate_data",
        answers=True,
        entity_id="ai_task.rand_ai_task",
        task_name="t",
        instructions="Hello",
    )
    assert task["data"] == answer["text"]


async def test_a_benchmark(
    hass: HomeAssistant, entry: MockConfigEntry, ollama: Replay
) -> None:
    """The columns come from what Ollama said; the model stays as it was."""
    answer = await act(hass, "benchmark", answers=True)
    (result,) = answer["results"]
    assert result["engine"] == "Ollama"
    assert result["model"] == MODEL
    assert result["generated_tokens"] == 24
    assert result["prompt_tokens"] == 565
    assert result["memory"]
    assert result["load_seconds"] >= 0
    # Unloaded to see how long loading takes; in memory before, so in memory after.
    unload, load = bodies(ollama, "/api/generate")
    assert (unload["keep_alive"], load["keep_alive"]) == (0, -1)
    windows = {body["options"]["num_ctx"] for body in bodies(ollama, "/api/chat")}
    assert windows == {4096}


async def test_a_list(
    hass: HomeAssistant, entry: MockConfigEntry, ollama: Replay
) -> None:
    """All models are listed, and which of them is in memory."""
    answer = await act(hass, "list_models", answers=True)
    assert len(answer["models"]) == 11
    loaded = [model["name"] for model in answer["models"] if model["loaded"]]
    assert loaded == [MODEL]
