"""Headers that lie are refused, at once and without the memory they ask for."""

from io import BytesIO
import struct

import pytest

from custom_components.hearth.models.gguf import (
    GgufError,
    Malformed,
    TooMuch,
    Truncated,
    Unsupported,
    read_stream,
)

from . import gguf_files as made

HUGE = 2**64 - 1
LIKELY = 2**31


def _error(data: bytes, size: int | None = None) -> GgufError:
    """Return what is wrong with a file."""
    with pytest.raises(GgufError) as caught:
        read_stream(BytesIO(data), size)
    return caught.value


@pytest.mark.parametrize("count", [5000, LIKELY, 2**63, HUGE])
def test_counts(count: int) -> None:
    """Numbers of keys and tensors have a limit, and an end of the file."""
    assert isinstance(_error(made.file(made.llama(), key_count=count)), TooMuch)
    error = _error(made.file(made.llama(), tensor_count=count))
    assert isinstance(error, Truncated if count == 5000 else TooMuch)


@pytest.mark.parametrize("count", [2**22, 2**22 + 1, LIKELY, HUGE])
def test_lists_of_texts(count: int) -> None:
    """A list that says it has many texts is none."""
    data = made.file(
        [*made.llama(), made.strings("many", ["a"], count=count)], data=1000
    )
    error = _error(data, 2**40)
    assert isinstance(error, Truncated if count == 2**22 else TooMuch)


@pytest.mark.parametrize("count", [2**20, LIKELY, HUGE])
@pytest.mark.parametrize("kind", [made.U8, made.F32, made.F64])
def test_lists_of_numbers(count: int, kind: int) -> None:
    """A list that says it has many numbers is none, known key or not."""
    for key in ("many", "llama.attention.head_count_kv"):
        data = made.file(
            [
                made.string("general.architecture", "llama"),
                made.numbers(key, [1], kind, count),
            ]
        )
        assert isinstance(_error(data), TooMuch | Truncated)


def test_many_kept_lists() -> None:
    """Lists that are kept have a limit all together."""
    lists = [
        made.numbers(f"m{number}.feed_forward_length", [2**30] * 1024)
        for number in range(65)
    ]
    assert isinstance(_error(made.file(made.llama(*lists))), TooMuch)
    read_stream(BytesIO(made.file(made.llama(*lists[:64]))))


@pytest.mark.parametrize("length", [257, LIKELY, HUGE])
def test_texts(length: int) -> None:
    """Lengths of texts are no sizes of memory."""
    head = struct.pack("<Q", length)
    for data in (
        made.file([head + b"abc"]),
        made.file([made.text("some.text") + struct.pack("<I", made.STRING) + head]),
        made.file([made.text("general.name") + struct.pack("<I", made.STRING) + head]),
        made.file(made.llama(), [head + b"abc"]),
        made.file([made.text("a") + struct.pack("<IIQ", 9, 8, 1) + head]),
    ):
        assert isinstance(_error(data), TooMuch | Truncated)


def test_template_has_a_limit() -> None:
    """A chat template of a megabyte is none."""
    template = made.string("tokenizer.chat_template", "x" * (2**20 + 1))
    keys = [made.string("general.architecture", "llama"), template]
    assert isinstance(_error(made.file(keys)), TooMuch)


def test_header_has_a_limit() -> None:
    """A header longer than all real ones is refused, however little is read."""
    skipped = made.text("a") + struct.pack("<IIQ", made.ARRAY, made.F64, 2**24)
    data = made.file([skipped, made.string("general.architecture", "llama")])
    assert isinstance(_error(data, 2**40), TooMuch)


@pytest.mark.parametrize("kind", [13, 255, 2**32 - 1])
def test_unknown_types(kind: int) -> None:
    """Values of unknown types cannot be passed over."""
    value = made.text("a") + struct.pack("<II", kind, 0)
    assert isinstance(_error(made.file([value])), Malformed)
    assert isinstance(_error(made.file([made.numbers("a", [1], kind)])), Malformed)


def test_lists_of_lists() -> None:
    """Nested lists are refused at the first level, so depth is no matter."""
    nested = made.text("a") + struct.pack("<I", made.ARRAY)
    nested += struct.pack("<IQ", made.ARRAY, 1) * 100_000
    assert isinstance(_error(made.file([nested])), Malformed)


@pytest.mark.parametrize(
    "keys",
    [
        [made.number("a", 1), made.number("a", 2)],
        [made.number("", 1)],
        [made.number("a", 1)],
        [made.string("general.architecture", "")],
    ],
)
def test_keys(keys: list[bytes]) -> None:
    """A key is there once and has a name; the architecture must be there."""
    assert isinstance(_error(made.file(keys)), Malformed)


@pytest.mark.parametrize("alignment", [3, 2**17, 2**31])
def test_alignment(alignment: int) -> None:
    """Alignments are small powers of two."""
    key = made.number("general.alignment", alignment)
    assert isinstance(_error(made.small(key)), Malformed)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        (made.number("a.block_count", 513), TooMuch),
        (made.number("a.block_count", 2**32 - 1), TooMuch),
        (made.number("a.block_count", -1, made.I32), Malformed),
        (made.number("a.context_length", 2**63, made.U64), Malformed),
        (made.number("a.embedding_length", -5, made.I64), Malformed),
        (made.numbers("a.attention.head_count", [1, -1]), Malformed),
        (made.number("split.count", 100_000), Malformed),
        (made.number("split.no", 1), Malformed),
    ],
)
def test_numbers(key: bytes, error: type[GgufError]) -> None:
    """Numbers that no model has are refused before anything is made of them."""
    keys = [made.string("general.architecture", "a"), key]
    assert isinstance(_error(made.file(keys)), error)


def test_fraction_as_count() -> None:
    """A number of layers that is a fraction is none."""
    keys = [
        made.string("general.architecture", "a"),
        made.number("a.block_count", float("nan"), made.F32),
        made.numbers("a.feed_forward_length", [float("inf")], made.F64),
    ]
    header = read_stream(BytesIO(made.file(keys)))
    assert (header.layers, header.feed_forward_length) == (0, 0)


@pytest.mark.parametrize(
    ("tensors", "error"),
    [
        ([made.tensor("a", (32,), 4, 0)], Unsupported),
        ([made.tensor("a", (32,), 99, 0)], Unsupported),
        ([made.tensor("a", (1, 1, 1, 1, 1), 0, 0)], TooMuch),
        ([made.tensor("a", (2**32, 2**32), 0, 0)], TooMuch),
        ([made.tensor("a", (0, HUGE), 0, 0)], TooMuch),
        ([made.tensor("a", (HUGE,), 0, 0)], TooMuch),
        ([made.tensor("a", (33,), 8, 0)], Malformed),
        ([made.tensor("a", (32,), 8, 32)], Malformed),
        ([made.tensor("a", (32,), 8, 0), made.tensor("a", (32,), 8, 64)], Malformed),
        ([made.tensor("a", (32,), 8, 0), made.tensor("b", (32,), 8, 34)], Malformed),
        ([made.tensor("a", (32,), 8, 0), made.tensor("b", (32,), 8, 0)], Malformed),
        ([made.tensor("a" * 64, (32,), 8, 0)], TooMuch),
    ],
)
def test_tensors(tensors: list[bytes], error: type[GgufError]) -> None:
    """Tensors are of known types, of real sizes, and one after the other."""
    assert isinstance(_error(made.file(made.llama(), tensors, data=999)), error)


def test_odd_but_right() -> None:
    """A tensor with no dimensions is one number, one with 0 rows is none."""
    tensors = [made.tensor("a", (), 0, 0), made.tensor("b", (5, 0), 0, 32)]
    header = read_stream(BytesIO(made.file(made.llama(), tensors, data=32)))
    assert (header.parameters, header.tensor_bytes) == (1, 4)
    assert header.file_complete


def test_wrong_utf8() -> None:
    """Texts that are no UTF-8 are read as far as they are."""
    keys = [
        made.string("general.architecture", b"ll\xff"),
        made.string("general.name", b"\xc3\x28"),
    ]
    assert read_stream(BytesIO(made.file(keys))).name == "\ufffd("
