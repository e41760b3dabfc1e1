"""The keys and values at the beginning of a GGUF file."""

from dataclasses import dataclass, field
from struct import Struct

from .gguf_errors import Malformed, TooMuch
from .gguf_reader import HeaderReader, TextList

TOKENS = "tokenizer.ggml.tokens"

# Real files have 20 to 60 keys; their longest lists are vocabularies and the merges
# that belong to them, a few hundred thousand entries.
_MOST_KEYS = 4096
_LONGEST_KEY = 256
_MOST_TEXTS = 2**22
_MOST_VALUES = 2**26
# More layers than llama.cpp has room for (LLAMA_MAX_LAYERS in llama-hparams.h).
_LONGEST_LIST = 1024
_MOST_KEPT = 2**16
# The largest number that is believed: 2**40 is more than any model has of anything.
_LARGEST = 2**40

_STRING = 8
_ARRAY = 9
_FORMS = {
    0: Struct("<B"),
    1: Struct("<b"),
    2: Struct("<H"),
    3: Struct("<h"),
    4: Struct("<I"),
    5: Struct("<i"),
    6: Struct("<f"),
    7: Struct("<?"),
    10: Struct("<Q"),
    11: Struct("<q"),
    12: Struct("<d"),
}
_FRACTIONS = {6, 12}

# Texts that are kept, and how long they may be, in bytes.
_TEXTS = {
    "general.architecture": 64,
    "general.name": 4096,
    "general.size_label": 4096,
    "general.type": 64,
    "tokenizer.chat_template": 2**20,
    "tokenizer.ggml.model": 256,
    "tokenizer.ggml.pre": 256,
}
# Lists of numbers that are kept: one number for each layer.
_LISTS = (
    ".attention.head_count",
    ".attention.head_count_kv",
    ".attention.recurrent_layers",
    ".attention.sliding_window_pattern",
    ".expert_feed_forward_length",
    ".feed_forward_length",
)


@dataclass(slots=True)
class Metadata:
    """What a file says about itself: whole numbers, and of the rest what is of use."""

    numbers: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[int, ...]] = field(default_factory=dict)
    tokens: TextList | None = None

    def number(self, key: str) -> int:
        """Return a whole number, 0 where there is none; raises Malformed."""
        value = self.numbers.get(key, 0)
        if not 0 <= value <= _LARGEST:
            raise Malformed(f"{key} is {value}")
        return value

    def numbers_of(self, key: str) -> int | tuple[int, ...]:
        """Return a whole number, or one for each layer; raises Malformed."""
        values = self.lists.get(key)
        if values is None:
            return self.number(key)
        if not all(0 <= value <= _LARGEST for value in values):
            raise Malformed(f"{key} has a number that cannot be")
        return values


def read_metadata(reader: HeaderReader, count: int) -> Metadata:
    """Read the keys and values; raises GgufError."""
    if count > _MOST_KEYS:
        raise TooMuch(f"The header has {count} keys")
    metadata = Metadata()
    seen = set()
    for _ in range(count):
        key = reader.text(_LONGEST_KEY, "A key")
        if not key or key in seen:
            raise Malformed("A key is empty, or there twice")
        seen.add(key)
        _read_value(reader, key, metadata)
    return metadata


def _read_value(reader: HeaderReader, key: str, metadata: Metadata) -> None:
    """Read one value, or pass over it."""
    kind = reader.u32()
    if kind == _ARRAY:
        _read_list(reader, key, metadata)
    elif kind == _STRING and key in _TEXTS:
        metadata.texts[key] = reader.text(_TEXTS[key], key)
    elif kind == _STRING:
        reader.skip_text()
    elif kind in _FRACTIONS:
        reader.skip(_FORMS[kind].size)
    elif kind in _FORMS:
        metadata.numbers[key] = reader.number(_FORMS[kind])
    else:
        raise Malformed(f"A value is of the unknown type {kind}")


def _read_list(reader: HeaderReader, key: str, metadata: Metadata) -> None:
    """Read one list, or pass over it. Lists of lists are none: llama.cpp has none."""
    kind, count = reader.u32(), reader.u64()
    if kind == _STRING:
        if count > _MOST_TEXTS:
            raise TooMuch(f"A list has {count} texts")
        texts = reader.skip_texts(count)
        if key == TOKENS:
            metadata.tokens = texts
        return
    if kind not in _FORMS:
        raise Malformed(f"A list has values of the unknown type {kind}")
    if count > _MOST_VALUES:
        raise TooMuch(f"A list has {count} numbers")
    form = _FORMS[kind]
    if not key.endswith(_LISTS) or kind in _FRACTIONS:
        reader.skip(count * form.size)
        return
    kept = sum(map(len, metadata.lists.values()))
    if count > _LONGEST_LIST or kept + count > _MOST_KEPT:
        raise TooMuch(f"{key} has {count} numbers")
    metadata.lists[key] = tuple(reader.number(form) for _ in range(count))
