"""The worker's small parts: the command line, texts, numbers, requests, the shelf."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from custom_components.hearth.engines.worker.chat_request import ToolChoice, read_chat
from custom_components.hearth.engines.worker.errors import ApiError
from custom_components.hearth.engines.worker.fields import parse_body
from custom_components.hearth.engines.worker.library import LibraryError, load_library
from custom_components.hearth.engines.worker.options import (
    CACHE_TYPES,
    Options,
    read_options,
)
from custom_components.hearth.engines.worker.sampler import Sampling
from custom_components.hearth.engines.worker.saved import (
    Checkpoint,
    Copy,
    NotSaved,
    load,
    save,
)
from custom_components.hearth.engines.worker.shelf import Shelf, shared
from custom_components.hearth.engines.worker.text import Spelling
from custom_components.hearth.engines.worker.timings import Timings

HELLO = [{"role": "user", "content": "Hello"}]


def test_the_command_line(tmp_path: Path) -> None:
    """All flags are understood."""
    (tmp_path / "key").write_text("\n sesame \nother\n")
    options = read_options(
        [
            *("--model", "/models/tiny.gguf", "--alias", "tiny"),
            *("--host", "127.0.0.1", "--port", "1234"),
            *("--api-key-file", str(tmp_path / "key")),
            *("--ctx-size", "2048", "--threads", "3"),
            *("--cache-type-k", "q8_0", "--cache-type-v", "q4_0"),
            *("--flash-attn", "on", "--slot-save-path", "/slots"),
            *("--cache-ram", "12", "--ctx-checkpoints", "5", "--packages", "/lib"),
        ]
    )
    assert options == Options(
        model=Path("/models/tiny.gguf"),
        alias="tiny",
        port=1234,
        keys=("sesame", "other"),
        context=2048,
        threads=3,
        cache_type_k=CACHE_TYPES["q8_0"],
        cache_type_v=CACHE_TYPES["q4_0"],
        flash_attention=1,
        slots=Path("/slots"),
        cache_bytes=12 << 20,
        checkpoints=5,
        packages=Path("/lib"),
    )
    assert read_options(["-m", "a/b.gguf"]).alias == "b"


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["--model", "a", "--dance"],
        ["--model", "a", "--threads", "0"],
        ["--model", "a", "--threads", "many"],
        ["--model", "a", "--port", "70000"],
        ["--model", "a", "--cache-type-k", "q9"],
        ["--model", "a", "--cache-type-v", "q8_0", "--flash-attn", "off"],
        ["--model", "a", "--api-key-file", "/nosuch/file"],
        ["--model", "a", "--api-key-file", "/dev/null"],
        ["--mod", "a"],
    ],
)
def test_command_lines_that_are_wrong(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is ignored silently."""
    with pytest.raises(SystemExit) as raised:
        read_options(wrong)
    assert raised.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_a_library_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is said plainly, and the folder was looked in."""
    monkeypatch.setitem(__import__("sys").modules, "llama_cpp.llama_cpp", None)
    path: list[str] = []
    monkeypatch.setattr("sys.path", path)
    with pytest.raises(LibraryError, match="llama-cpp-python cannot be loaded"):
        load_library(tmp_path)
    assert path == [str(tmp_path)]


def test_characters_are_held_back() -> None:
    """A character is said when it is whole, and what never is becomes a mark."""
    spelling = Spelling()
    said = [spelling.add(bytes([byte])) for byte in "aü🔥".encode()]
    assert said == ["a", "", "ü", "", "", "", "🔥"]
    assert spelling.add(b"\xf0\x9f") == ""
    assert spelling.finish() == "�"
    assert Spelling().add(b"a\xffb") == "a�b"


@pytest.mark.parametrize(
    ("stops", "pieces", "said", "stopped"),
    [
        (["end"], ["the e", "n", "d of"], ["the ", "", ""], True),
        (["end"], ["the en", "t"], ["the ", "ent"], False),
        (["end"], ["the en"], ["the "], False),
        (["", "b", "abc"], ["xab"], ["xa"], True),
        (["aab"], ["aa", "ab"], ["", "a"], True),
        (["x"], ["yy", "x", "y"], ["yy", "", ""], True),
    ],
)
def test_stop_words(
    stops: list[str], pieces: list[str], said: list[str], stopped: bool
) -> None:
    """What may be the beginning of a stop word waits for what follows."""
    spelling = Spelling(stops)
    assert [spelling.add(piece.encode()) for piece in pieces] == said
    assert spelling.stopped is stopped
    rest = spelling.finish()
    if not stopped:
        assert "".join(said) + rest == "".join(pieces)
    else:
        assert rest == ""


def test_numbers() -> None:
    """They mean what llama-server's mean."""
    timings = Timings(
        cached=10, read=20, read_seconds=0.5, generated=5, generation_seconds=2.0
    )
    assert timings.as_json() == {
        "cache_n": 10,
        "prompt_n": 20,
        "prompt_ms": 500.0,
        "prompt_per_token_ms": 25.0,
        "prompt_per_second": 40.0,
        "predicted_n": 5,
        "predicted_ms": 2000.0,
        "predicted_per_token_ms": 500.0,
        "predicted_per_second": 2.0,
    }
    assert timings.usage()["prompt_tokens_details"] == {"cached_tokens": 10}
    nothing = Timings(
        cached=0, read=0, read_seconds=0, generated=0, generation_seconds=0
    ).as_json()
    assert nothing["predicted_per_second"] == nothing["prompt_per_token_ms"] == 0


def request(**more: Any) -> dict[str, Any]:
    """Return a body with messages and more."""
    return {"messages": HELLO} | more


TOOL = {"type": "function", "function": {"name": "go", "parameters": {}}}


def test_a_request() -> None:
    """Everything that is asked arrives."""
    chat = read_chat(
        request(
            tools=[TOOL],
            tool_choice="required",
            parallel_tool_calls=False,
            hearth_constrain_tools=False,
            stream=True,
            stream_options={"include_usage": True},
            cache_prompt=False,
            n_predict=7,
            stop="end",
            temperature=0.5,
            top_k=3,
            top_p=0.4,
            min_p=0.1,
            seed=9,
            repeat_penalty=1.1,
            repeat_last_n=8,
            frequency_penalty=0.2,
            presence_penalty=0.3,
            reasoning_effort="none",
            id_slot=0,
            n_probs=1,
        )
    )
    assert chat.weigh
    assert chat.tools == [TOOL]
    assert chat.choice is ToolChoice.REQUIRED
    assert (chat.constrain, chat.parallel, chat.stream) == (False, False, True)
    assert (chat.usage, chat.reuse, chat.most_tokens) == (True, False, 7)
    assert chat.stops == ("end",)
    assert chat.template_values == {"enable_thinking": False}
    assert chat.sampling == Sampling(
        temperature=0.5,
        top_k=3,
        top_p=0.4,
        min_p=0.1,
        seed=9,
        repeat_penalty=1.1,
        repeat_last=8,
        frequency_penalty=0.2,
        presence_penalty=0.3,
    )


def test_a_request_without_wishes() -> None:
    """What is not asked is as llama-server has it."""
    chat = read_chat(request(max_tokens=-1, seed=-1, temperature=None))
    assert chat.sampling == Sampling()
    assert chat.most_tokens is None
    assert not chat.weigh
    assert (chat.reuse, chat.stream, chat.constrain) == (True, False, True)
    assert (chat.schema, chat.any_object) == (None, False)


@pytest.mark.parametrize(
    ("wanted", "schema", "any_object"),
    [
        ({"type": "text"}, None, False),
        ({"type": "json_object"}, None, True),
        (
            {"type": "json_object", "schema": {"type": "array"}},
            {"type": "array"},
            False,
        ),
        ({"type": "json_schema", "json_schema": {"schema": {"a": 1}}}, {"a": 1}, False),
        ({"type": "json_schema", "schema": {"a": 1}}, {"a": 1}, False),
        ({"type": "json_schema", "json_schema": {}}, {}, True),
    ],
)
def test_what_an_answer_must_look_like(
    wanted: dict[str, Any], schema: dict[str, Any] | None, any_object: bool
) -> None:
    """A schema in any of its places, or any object."""
    chat = read_chat(request(response_format=wanted))
    assert (chat.schema, chat.any_object) == (schema, any_object)


@pytest.mark.parametrize(
    "more",
    [
        {"messages": [{"role": "king", "content": "Hi"}]},
        {"messages": [{"role": "user", "content": {"a": 1}}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": 1}]}]},
        {"messages": [{"role": "assistant", "tool_calls": [{"function": 1}]}]},
        {"tools": [{"type": "function"}]},
        {"tools": [TOOL | {"function": {"name": "go", "parameters": 1}}]},
        {"tools": [TOOL], "tool_choice": {"function": {"name": "stay"}}},
        {"stop": 3},
        {"stop": ["x"] * 65},
        {"temperature": True},
        {"temperature": 1e300},
        {"id_slot": 3},
        {"stream_options": []},
    ],
)
def test_requests_that_are_refused(more: dict[str, Any]) -> None:
    """A field of the wrong kind is the client's mistake."""
    with pytest.raises(ApiError) as raised:
        read_chat(request(**more))
    assert raised.value.status == 400


@pytest.mark.parametrize(
    "raw", [b'{"a": NaN}', b'{"a": "\\ud800"}', b"{}{}", b"\xff", b"7"]
)
def test_bodies_that_are_no_json(raw: bytes) -> None:
    """JSON is read strictly."""
    with pytest.raises(ApiError):
        parse_body(raw)


def copy(tokens: list[int], size: int) -> Copy:
    """Return a copy of a size."""
    return Copy(tuple(tokens), np.zeros(size, np.uint8), ())


def test_the_shelf() -> None:
    """The copy with most in common is taken, the oldest makes room."""
    shelf = Shelf(100)
    assert shared([1, 2, 3], [1, 2, 4, 5]) == 2
    one, two = copy([1, 2, 3], 40), copy([1, 2, 4], 40)
    for each in (one, two):
        assert shelf.make_room(each.size, each.tokens)
        shelf.put(each)
    assert shelf.take([1, 2, 4, 5], 3) is None
    assert shelf.take([1, 2, 4, 5], 1) is two
    assert shelf.take([1, 2, 4, 5], 2) is None
    shelf.put(two)
    assert not shelf.make_room(101, [9])
    assert shelf.make_room(60, [9])
    assert shelf.take([1, 2, 3], 2) is None
    # One that another goes on from says nothing any more.
    assert shelf.make_room(10, [1, 2, 4, 5])
    assert shelf.take([1, 2, 4], 0) is None


def test_saved_slots(tmp_path: Path) -> None:
    """What is saved comes back; what was changed does not."""
    state = np.arange(50, dtype=np.uint8)
    whole = Copy((1, 2, 3), state, (Checkpoint(2, state[:10]),))
    path = tmp_path / "slot"
    size = save(path, whole, "model")
    found, length = load(path, "model")
    assert length == size == path.stat().st_size
    assert found.tokens == (1, 2, 3)
    assert bytes(found.state) == bytes(state)
    assert found.checkpoints[0].count == 2
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(NotSaved, match="another model"):
        load(path, "other")
    raw = path.read_bytes()
    head = len(raw) - 60
    for wrong, why in (
        (raw[:-1], "cut short"),
        (raw + b"x", "cut short"),
        (raw[:-1] + b"x", "altered"),
        (raw.replace(b"[1, 2, 3]", b"[1, 2, 4]"), "altered"),
        (raw.replace(b"[50, 10]", b"[-9, 69]"), "cut short"),
        (raw.replace(b'"tokens"', b'"spoken"'), "cannot be read"),
        (raw[:8] + b"\xff" * 8 + raw[16:], "too long"),
        (raw[:20], "cannot be read"),
        (raw[:8], "no saved slot"),
        (b"x" * len(raw), "no saved slot"),
        (raw[:8] + (7).to_bytes(8, "little") + b"[1,2,3]", "none"),
        (raw[:head], "cut short"),
    ):
        path.write_bytes(wrong)
        with pytest.raises(NotSaved, match=why):
            load(path, "model")
