"""GGUF files made by hand, so that every number in them can be a lie."""

from collections.abc import Iterable, Sequence
import struct

U8, I8, U16, I16, U32, I32, F32, BOOL, STRING, ARRAY, U64, I64, F64 = range(13)
_FORMS = dict(zip(range(13), "BbHhIif?  Qqd", strict=True))

TOKENS = [f"<{number}>" for number in range(300)]


def text(value: str | bytes) -> bytes:
    """Return a text with its length."""
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(data)) + data


def number(key: str, value: float, kind: int = U32) -> bytes:
    """Return a key with a number."""
    return text(key) + struct.pack(f"<I{_FORMS[kind]}", kind, value)


def string(key: str, value: str | bytes) -> bytes:
    """Return a key with a text."""
    return text(key) + struct.pack("<I", STRING) + text(value)


def strings(key: str, values: Sequence[str | bytes], count: int | None = None) -> bytes:
    """Return a key with a list of texts, of which there may be said to be more."""
    size = len(values) if count is None else count
    head = text(key) + struct.pack("<IIQ", ARRAY, STRING, size)
    return head + b"".join(map(text, values))


def numbers(
    key: str, values: Sequence[float], kind: int = I32, count: int | None = None
) -> bytes:
    """Return a key with a list of numbers, of which there may be said to be more."""
    size = len(values) if count is None else count
    form = _FORMS.get(kind, "I")
    return (
        text(key)
        + struct.pack("<IIQ", ARRAY, kind, size)
        + b"".join(struct.pack(f"<{form}", value) for value in values)
    )


def tensor(name: str, shape: Sequence[int], kind: int, offset: int) -> bytes:
    """Return the description of a tensor."""
    dimensions = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
    return text(name) + dimensions + struct.pack("<IQ", kind, offset)


def file(
    keys: Iterable[bytes] = (),
    tensors: Iterable[bytes] = (),
    *,
    data: int = 0,
    version: int = 3,
    key_count: int | None = None,
    tensor_count: int | None = None,
    alignment: int = 32,
) -> bytes:
    """Return a file; ``data`` is how many bytes its tensors have."""
    keys, tensors = list(keys), list(tensors)
    head = b"GGUF" + struct.pack(
        "<IQQ",
        version,
        len(tensors) if tensor_count is None else tensor_count,
        len(keys) if key_count is None else key_count,
    )
    head += b"".join(keys) + b"".join(tensors)
    if tensors:
        head += bytes(-len(head) % alignment)
    return head + bytes(data)


def llama(*more: bytes) -> list[bytes]:
    """Return the keys of a small model, and more of them."""
    return [
        string("general.architecture", "llama"),
        string("general.name", "Small"),
        number("general.file_type", 7),
        number("llama.block_count", 2),
        number("llama.context_length", 4096),
        number("llama.embedding_length", 64),
        number("llama.feed_forward_length", 128),
        number("llama.attention.head_count", 4),
        number("llama.attention.head_count_kv", 2),
        number("llama.rope.freq_base", 1e6, F32),
        string("tokenizer.ggml.model", "gpt2"),
        strings("tokenizer.ggml.tokens", TOKENS),
        numbers("tokenizer.ggml.token_type", [1] * len(TOKENS)),
        numbers("tokenizer.ggml.scores", [0.5] * len(TOKENS), F32),
        number("tokenizer.ggml.bos_token_id", 1),
        number("tokenizer.ggml.eos_token_id", 2),
        number("tokenizer.ggml.add_bos_token", True, BOOL),
        string("tokenizer.chat_template", "{{ messages[0].content }}"),
        *more,
    ]


# Q8_0: 34 bytes for 32 numbers.
EMBEDDING = tensor("token_embd.weight", (64, 300), 8, 0)
EMBEDDING_BYTES = 300 * 64 // 32 * 34
NORM = tensor("output_norm.weight", (64,), 0, -(-EMBEDDING_BYTES // 32) * 32)
NORM_BYTES = 64 * 4
SMALL_DATA = -(-EMBEDDING_BYTES // 32) * 32 + NORM_BYTES


def small(*more: bytes) -> bytes:
    """Return a whole small file."""
    return file(llama(*more), [EMBEDDING, NORM], data=SMALL_DATA)
