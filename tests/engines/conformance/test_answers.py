"""What is said: pieces, characters, thoughts, ends."""

from collections.abc import Callable
import json

import pytest

from custom_components.hearth.engines.base import EngineState
from custom_components.hearth.engines.chat import FinishReason, Message, Role
from custom_components.hearth.engines.llama_server import LlamaServerEngine

from ..conftest import SPLIT
from ..test_llama_server import answer, stats_of
from .conftest import At
from .site import Site

type Talk = Callable[[str], LlamaServerEngine]


async def test_what_it_says_about_itself(talk: Talk) -> None:
    """Health, models and memory."""
    engine = talk("caller")
    health = await engine.health()
    assert health.state is EngineState.READY
    assert health.version
    [listed] = await engine.models()
    assert listed.name == "caller"
    assert (listed.parameters, listed.quantization) == ("1.09M", "F16")
    assert (listed.context_window, listed.vision) == (32768, False)
    described = await engine.model("caller")
    assert (described.tools, described.thinking) == (True, True)
    [loaded] = await engine.loaded()
    assert (loaded.name, loaded.context_window) == ("caller", 32768)
    assert loaded.memory == listed.size


async def test_the_same_facts(both: Callable[[str], list[Site]]) -> None:
    """Both say the same of a model, and count alike."""
    told = []
    body = {"messages": [{"role": "user", "content": "Is the light on?"}]}
    for site in both("thinker"):
        [model] = (await site.ask("GET", "/v1/models")).body["data"]
        props = (await site.ask("GET", "/props")).body
        told.append(
            {
                "id": model["id"],
                "meta": model["meta"],
                "modalities": props["modalities"],
                "slots": props["total_slots"],
                "template": props["chat_template"],
                "tools": props["chat_template_caps"]["supports_tools"],
                "prompt": (await site.ask("POST", "/apply-template", body)).body,
                "tokens": (
                    await site.ask("POST", "/tokenize", {"content": "Is it <think>?"})
                ).body,
                "pieces": (
                    await site.ask(
                        "POST", "/tokenize", {"content": "ü", "with_pieces": True}
                    )
                ).body,
                "count": (
                    await site.ask("POST", "/v1/chat/completions/input_tokens", body)
                ).body,
            }
        )
    assert told[0] == told[1]
    assert told[0]["count"]["input_tokens"] > 5


async def test_pieces_come_one_by_one(talk: Talk) -> None:
    """An answer is heard while it is made, and ends with its numbers."""
    deltas = await answer(talk("thinker"))
    assert [delta.content for delta in deltas[:-1]] == ["It is ", "on now."] or [
        delta.content for delta in deltas[:-1]
    ] == ["It is", " on now."]
    stats = stats_of(deltas)
    assert stats.finish_reason is FinishReason.STOP
    assert stats.generated_tokens == 3


async def test_characters_are_never_cut(at: At) -> None:
    """A character that two tokens share arrives whole."""
    events = await at("split").events("Say it")
    pieces = [
        choice["delta"].get("content")
        for event in events[:-1]
        for choice in json.loads(event)["choices"]
    ]
    assert "".join(filter(None, pieces)) == b"".join(SPLIT).decode()
    assert not any("�" in piece for piece in pieces if piece)
    assert len([piece for piece in pieces if piece]) > 1


async def test_the_shape_of_a_stream(at: At) -> None:
    """The role first, then what is said, the reason, the numbers, and the end."""
    events = await at("thinker").events("Hello", stream_options={"include_usage": True})
    assert events[-1] == "[DONE]"
    first, *middle, last, numbers = map(json.loads, events[:-1])
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": None}
    for event in (first, *middle, last):
        assert event["object"] == "chat.completion.chunk"
        assert event["id"] == first["id"]
        assert event["model"] == "thinker"
    assert all(event["choices"][0]["finish_reason"] is None for event in middle)
    assert last["choices"][0]["finish_reason"] == "stop"
    assert last["choices"][0]["delta"] == {}
    assert numbers["choices"] == []
    assert numbers["timings"]["predicted_n"] == numbers["usage"]["completion_tokens"]
    assert numbers["usage"]["total_tokens"] == (
        numbers["usage"]["prompt_tokens"] + numbers["usage"]["completion_tokens"]
    )
    events = await at("thinker").events("Hello")
    assert "timings" in json.loads(events[-2])
    assert json.loads(events[-2])["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("think", [True, False])
async def test_thinking_is_switched(talk: Talk, think: bool) -> None:
    """Thoughts come apart from the answer, and only where they are wanted."""
    deltas = await answer(talk("thinker"), think=think)
    thought = "".join(delta.thinking for delta in deltas)
    said = "".join(delta.content for delta in deltas)
    assert thought.strip() == ("The user wants light." if think else "")
    assert said == ("The light is on." if think else "It is on now.")


async def test_a_whole_answer(at: At) -> None:
    """An answer that does not stream has the same in one piece."""
    kwargs = {"chat_template_kwargs": {"enable_thinking": True}}
    whole = await at("thinker").chat("Hello", **kwargs)
    [choice] = whole["choices"]
    message = choice["message"]
    assert whole["object"] == "chat.completion"
    assert choice["finish_reason"] == "stop"
    assert message["role"] == "assistant"
    assert message["content"] == "The light is on."
    assert message["reasoning_content"].strip() == "The user wants light."
    assert whole["timings"]["predicted_n"] == whole["usage"]["completion_tokens"]


async def test_most_tokens(talk: Talk, at: At) -> None:
    """An answer ends where it must, with the reason."""
    deltas = await answer(talk("loop"), max_tokens=5)
    stats = stats_of(deltas)
    assert stats.finish_reason is FinishReason.LENGTH
    assert stats.generated_tokens == 5
    assert "".join(delta.content for delta in deltas).split() == ["la"] * 5
    whole = await at("loop").chat("Hello", max_completion_tokens=3)
    assert whole["usage"]["completion_tokens"] == 3


async def test_going_on_after_the_end(talk: Talk) -> None:
    """A benchmark gets all of its tokens, whatever the model wanted to say."""
    engine = talk("caller")
    short = stats_of(await answer(engine, max_tokens=40))
    assert short.finish_reason is FinishReason.STOP
    long = stats_of(await answer(engine, max_tokens=40, ignore_end=True))
    assert long.finish_reason is FinishReason.LENGTH
    assert long.generated_tokens == 40


async def test_only_reading_the_prompt(talk: Talk) -> None:
    """A warm-up says nothing, and what it read stays read."""
    engine = talk("random")
    words = "Warm rooms: " + "carpet stairs roof " * 200
    messages = (
        Message(role=Role.SYSTEM, content=words),
        Message(role=Role.USER, content="Hello"),
    )
    [silent] = await answer(engine, messages=messages, max_tokens=0)
    assert stats_of([silent]).generated_tokens == 1
    stats = stats_of(await answer(engine, messages=messages, max_tokens=3))
    assert stats.prompt_tokens is not None
    assert stats.cached_tokens == stats.prompt_tokens - 1


async def test_stop_words(at: At) -> None:
    """An answer ends before a stop word, also one that begins inside a token."""
    whole = await at("loop").chat("Sing", stop=["a la la l"], max_tokens=50)
    assert whole["choices"][0]["message"]["content"] == "l"
    assert whole["choices"][0]["finish_reason"] == "stop"
    events = await at("thinker").events(
        "Say it",
        stop=["nothing", " on n"],
        chat_template_kwargs={"enable_thinking": False},
    )
    said = "".join(
        choice["delta"].get("content") or ""
        for event in events[:-1]
        for choice in json.loads(event)["choices"]
    )
    assert said == "It is"


async def test_the_same_seed_says_the_same(at: At) -> None:
    """Chance can be repeated."""
    site = at("random")
    how = {"temperature": 1.5, "max_tokens": 12, "top_k": 0, "top_p": 1, "min_p": 0}
    said = [
        (await site.chat("Hi", seed=seed, **how))["choices"][0]["message"]["content"]
        for seed in (3, 3, 4)
    ]
    assert said[0] == said[1] != said[2]


async def test_the_numbers(talk: Talk) -> None:
    """Counts and seconds are those of this answer."""
    engine = talk("random")
    words = "A house of its own: " + "window door lamp " * 200
    system = Message(role=Role.SYSTEM, content=words)
    user = [Message(role=Role.USER, content=said) for said in ("Hello", "Good night")]
    first = stats_of(await answer(engine, messages=(system, user[0]), max_tokens=20))
    again = stats_of(await answer(engine, messages=(system, user[1]), max_tokens=20))
    assert first.cached_tokens is not None
    assert again.cached_tokens is not None
    assert again.prompt_tokens is not None
    assert first.cached_tokens < 50
    assert 500 < again.cached_tokens < again.prompt_tokens
    assert first.generated_tokens == again.generated_tokens == 20
    assert first.prompt_seconds is not None
    assert again.prompt_seconds is not None
    assert first.generation_seconds is not None
    assert first.total_seconds is not None
    assert again.prompt_seconds < first.prompt_seconds
    assert first.prompt_seconds + first.generation_seconds < first.total_seconds * 1.1
