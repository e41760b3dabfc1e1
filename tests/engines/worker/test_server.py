"""The worker's server in this process: what models and engines can do to it."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from gguf import GGUFReader
import pytest

from custom_components.hearth.engines.worker.chat_request import read_chat
from custom_components.hearth.engines.worker.engine import Engine, Event
from custom_components.hearth.engines.worker.errors import ApiError
from custom_components.hearth.engines.worker.generation import Ended, Order
from custom_components.hearth.engines.worker.library import LibraryError
from custom_components.hearth.engines.worker.options import Options
from custom_components.hearth.engines.worker.sampler import Grammar, Sampling
from custom_components.hearth.engines.worker.server import make_app
from custom_components.hearth.engines.worker.state import State

from .rolling_models import write_windowed

ENGINE = "custom_components.hearth.engines.worker.engine"
CHAT = "/v1/chat/completions"
HELLO = [{"role": "user", "content": "Hello"}]
GREEDY = Sampling(temperature=0)


@asynccontextmanager
async def running(model: Path, **more: Any) -> AsyncIterator[State]:
    """Load a model as the server does."""
    options = Options(model=model, alias="tiny", **({"context": 512} | more))
    state = State(
        options=options, engine=Engine(options), desk=ThreadPoolExecutor(1, "desk")
    )
    try:
        await state.load()
        yield state
    finally:
        assert state.engine.close(10)
        state.desk.shutdown()


@asynccontextmanager
async def client(state: State) -> AsyncIterator[TestClient[Any, Any]]:
    """Serve, and return who asks."""
    async with TestClient(TestServer(make_app(state))) as asking:
        yield asking


@pytest.fixture
async def state(models_dir: Path) -> AsyncIterator[State]:
    """Return what is shared by the handlers, with a model that talks noise."""
    async with running(models_dir / "random.gguf") as found:
        yield found


async def message_of(answer: ClientResponse) -> str:
    """Return the words of a refusal."""
    said: str = (await answer.json())["error"]["message"]
    return said


async def outcome(engine: Engine, order: Order) -> Event:
    """Return the last event of an answer."""
    job = engine.submit(order)
    while isinstance(event := await job.events.get(), str):
        pass
    return event


async def test_orders_that_fail(state: State) -> None:
    """The thread tells what is wrong, and lives on."""
    engine = state.engine
    for order, why in (
        (
            Order(prompt=[1], sampling=GREEDY, grammar=Grammar(gbnf="root ::= (")),
            "grammar is broken",
        ),
        (Order(prompt=[1, 10**8], sampling=GREEDY), "computing failed"),
    ):
        event = await outcome(engine, order)
        assert isinstance(event, ApiError)
        assert why in str(event)
    event = await outcome(engine, Order(prompt=[1, 2], sampling=GREEDY, most_tokens=1))
    assert isinstance(event, Ended)


async def test_penalties_change_what_is_said(state: State) -> None:
    """What was said is said less, also under a grammar."""
    prompt = list(range(300, 340))
    grammar = Grammar(gbnf='root ::= ("a" | "b")*')
    for bound in (None, grammar):
        said = []
        for penalty in (1.0, 5.0):
            how = Sampling(temperature=0, repeat_penalty=penalty)
            order = Order(prompt=prompt, sampling=how, grammar=bound, most_tokens=60)
            job = state.engine.submit(order)
            texts = []
            while isinstance(event := await job.events.get(), str):
                texts.append(event)
            said.append("".join(texts))
        if bound:
            assert set("".join(said)) <= {"a", "b"}
        else:
            assert said[0] != said[1]


@pytest.mark.parametrize("err", [LibraryError("It is tired"), KeyError("lost")])
@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("words", [[], ["some ", "words"]])
async def test_an_engine_that_breaks_off(
    state: State,
    monkeypatch: pytest.MonkeyPatch,
    err: Exception,
    stream: bool,
    words: list[str],
) -> None:
    """Before the first word it is a refusal, after it an event says so."""

    def broken(_: object, __: object, say: Callable[[str], None], ___: object) -> None:
        for word in words:
            say(word)
        raise err

    monkeypatch.setattr(f"{ENGINE}.generate", broken)
    why = "It is tired" if isinstance(err, LibraryError) else "The engine failed"
    async with client(state) as asking:
        answer = await asking.post(CHAT, json={"messages": HELLO, "stream": stream})
        text = await answer.text()
        assert why in text
        if stream and words:
            assert answer.status == 200
            assert text.index("some") < text.index('"error"')
            assert "[DONE]" not in text
        else:
            assert answer.status == 500
            assert answer.content_type == "application/json"
        assert (await asking.get("/health")).status == 200


async def test_a_handler_that_breaks(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens, the client gets JSON."""
    monkeypatch.setattr(Engine, "read", property(lambda _: 1 // 0))
    async with client(state) as asking:
        answer = await asking.get("/slots")
        assert answer.status == 500
        assert await message_of(answer) == "The server failed"


async def test_before_it_is_loaded() -> None:
    """Everybody hears that it is loading, the handlers as well."""
    options = Options(model=Path("nosuch.gguf"), alias="tiny")
    desk = ThreadPoolExecutor(1, "desk")
    state = State(options=options, engine=Engine(options), desk=desk)
    async with client(state) as asking:
        for path in ("/health", "/v1/models", "/nosuch"):
            assert (await asking.get(path)).status == 503
    with pytest.raises(ApiError, match="Loading model"):
        state.loaded.count(read_chat({"messages": HELLO}))
    with pytest.raises(LibraryError, match="cannot be loaded: nosuch"):
        await state.load()


async def test_the_beginning_is_marked_once(tmp_path: Path) -> None:
    """A template that marks it does not mark it twice."""
    path = tmp_path / "marked.gguf"
    write_windowed(path, marked=True)
    async with running(path) as state:
        model = state.engine.machine.model
        assert model.facts.bos == "<|endoftext|>"
        once = model.prompt_tokens("Hello")
        assert once == model.prompt_tokens("<|endoftext|>Hello")
        assert once[1:] == model.tokens("Hello")
        assert model.special_piece(once[0]) == b"<|endoftext|>"
        assert model.piece(once[0]) == b""


async def test_slots_without_a_folder(state: State) -> None:
    """Nothing is saved where no folder was given, and nothing that is not there."""
    async with client(state) as asking:
        path = "/slots/0?action=save"
        answer = await asking.post(path, json={"filename": "a"})
        assert answer.status == 501
        assert "does not support" in await message_of(answer)


async def test_slots_that_cannot_be_saved(models_dir: Path, tmp_path: Path) -> None:
    """An empty slot, and a folder that is gone."""
    path, body = "/slots/0?action=save", {"filename": "a"}
    async with (
        running(models_dir / "random.gguf", slots=tmp_path / "gone") as state,
        client(state) as asking,
    ):
        answer = await asking.post(path, json=body)
        assert answer.status == 400
        assert "nothing to save" in await message_of(answer)
        await asking.post(CHAT, json={"messages": HELLO, "max_tokens": 1})
        answer = await asking.post(path, json=body)
        assert answer.status == 400
        assert "cannot be written" in await message_of(answer)


async def test_a_template_that_refuses(state: State) -> None:
    """What the model's template will not have is the client's mistake."""
    async with client(state) as asking:
        wrong = {"messages": [{"role": "user", "content": "x"}], "tools": [{}]}
        assert (await asking.post(CHAT, json=wrong)).status == 400
        answer = await asking.post("/apply-template", json={"messages": []})
        assert answer.status in {200, 400}


@pytest.fixture
def with_template(models_dir: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that makes a model with another template of the same length."""

    def make(template: str) -> Path:
        source = models_dir / "random.gguf"
        raw = source.read_bytes()
        field = GGUFReader(source).fields["tokenizer.chat_template"]
        old = bytes(field.parts[field.data[0]])
        assert len(template) <= len(old)
        made = tmp_path / "made.gguf"
        made.write_bytes(raw.replace(old, template.encode().ljust(len(old))))
        return made

    return make


async def test_a_template_that_is_broken(with_template: Callable[[str], Path]) -> None:
    """The usual one takes its place."""
    async with (
        running(with_template("{% for %}")) as state,
        client(state) as asking,
    ):
        answer = await asking.post("/apply-template", json={"messages": HELLO})
        prompt = (await answer.json())["prompt"]
        assert prompt.startswith("<|im_start|>user\nHello<|im_end|>\n")
        assert prompt.endswith("<|im_start|>assistant\n")


async def test_a_template_with_a_mind_of_its_own(
    with_template: Callable[[str], Path],
) -> None:
    """A refusal is told, and a prompt of nothing is none."""
    template = (
        "{% if messages|length > 1 %}{{ raise_exception('I will not') }}"
        "{% endif %}{{- '' -}}"
    )
    async with running(with_template(template)) as state, client(state) as asking:
        for messages, why in ((HELLO * 2, "I will not"), (HELLO, "prompt is empty")):
            answer = await asking.post(CHAT, json={"messages": messages})
            assert answer.status == 400
            assert why in await message_of(answer)


async def test_where_the_user_begins(tmp_path: Path) -> None:
    """A model that cannot roll back is told where the user's words are."""
    path = tmp_path / "windowed.gguf"
    write_windowed(path)
    async with running(path, checkpoints=2, context=2048) as state:
        system = {"role": "system", "content": "A house with many windows. " * 60}
        orders = []
        for said in ("Is it warm?", "Good night"):
            messages = [system, {"role": "user", "content": said}]
            chat = read_chat({"messages": messages, "max_tokens": 3, "temperature": 0})
            orders.append(state.loaded.prepare(chat).order)
        start = orders[0].user_start
        assert start is not None
        assert start == orders[1].user_start
        assert 300 < start < len(orders[0].prompt)
        assert orders[0].prompt[:start] == orders[1].prompt[:start]
        assert orders[0].prompt[start] != orders[1].prompt[start]
        await outcome(state.engine, orders[0])
        event = await outcome(state.engine, orders[1])
        assert isinstance(event, Ended)
        assert event.timings.cached >= start
        none = read_chat({"messages": [system], "max_tokens": 3})
        assert state.loaded.prepare(none).order.user_start is None


async def test_text_and_tokens(state: State) -> None:
    """Texts that are many tokens, bytes that are no text."""
    async with client(state) as asking:
        body = {"content": "🔥", "with_pieces": True}
        tokens = (await (await asking.post("/tokenize", json=body)).json())["tokens"]
        raw = b"".join(
            piece.encode() if isinstance(piece := token["piece"], str) else bytes(piece)
            for token in tokens
        )
        assert raw == "🔥".encode()
        assert any(isinstance(token["piece"], list) for token in tokens)
