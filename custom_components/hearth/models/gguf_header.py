"""What a GGUF file says about its model, in words of its own."""

from dataclasses import dataclass

from .gguf_errors import Malformed
from .gguf_layers import LayerMemory, layer_memory
from .gguf_metadata import Metadata
from .gguf_reader import HeaderReader
from .gguf_tensors import Tensors
from .gguf_types import FILE_TYPES

_LONGEST_SHOWN = 200
_LONGEST_TOKEN = 256
# Names of parts have five digits.
_MOST_PARTS = 99_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Heads, and how many numbers each of them has for one token.

    Args:
        heads: How many there are, in all layers or in each.
        kv_heads: How many have keys and values of their own, likewise.
        key_length: Numbers in a key.
        value_length: Numbers in a value.
        sliding_key_length: Numbers in a key in layers that see a window only.
        sliding_value_length: Numbers in a value there.
    """

    heads: int | tuple[int, ...]
    kv_heads: int | tuple[int, ...]
    key_length: int
    value_length: int
    sliding_key_length: int
    sliding_value_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenizer:
    """How a model reads and ends texts.

    Args:
        model: Kind of tokenizer, such as ``gpt2``.
        vocabulary: How many tokens it knows.
        bos: Text of the token that begins a text.
        eos: Text of the token that ends a turn.
        add_bos: Whether ``bos`` goes before each prompt; None where not said.
        chat_template: The template in Jinja, as it is in the file.
    """

    model: str | None
    vocabulary: int
    bos: str | None
    eos: str | None
    add_bos: bool | None
    chat_template: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufHeader:
    """What a GGUF file says about its model; a number it does not say is 0.

    Args:
        version: Version of the format.
        architecture: llama.cpp's name for the kind of model.
        kind: ``model``, ``adapter``, ``mmproj`` and the like, where it is said.
        name: What the maker calls the model.
        size_label: Size in words, such as ``0.6B``: the maker's, else counted.
        parameters: How many numbers the tensors hold.
        quantization: Label such as ``Q4_K_M``, None for a file without tensors.
        tensor_bytes: Bytes of the tensors' data.
        needed_size: Bytes that a whole file has at least.
        file_size: Bytes that the file has.
        layers: How many layers there are.
        memory: What the layers remember of a chat.
        attention: Heads and the sizes of keys and values.
        context_length: Tokens of context that the model was trained for.
        embedding_length: Width of the model.
        feed_forward_length: Width inside its layers; that of the widest.
        experts: Experts in each layer of a mixture.
        experts_used: How many of them each token uses.
        expert_feed_forward_length: Width inside one of them.
        tokenizer: How the model reads texts.
        split_number: Which part of a split model this is, from 0.
        split_count: Of how many parts; 0 or 1 for a model in one file.
    """

    version: int
    architecture: str
    kind: str | None
    name: str | None
    size_label: str | None
    parameters: int
    quantization: str | None
    tensor_bytes: int
    needed_size: int
    file_size: int
    layers: int
    memory: LayerMemory
    attention: Attention
    context_length: int
    embedding_length: int
    feed_forward_length: int
    experts: int
    experts_used: int
    expert_feed_forward_length: int
    tokenizer: Tokenizer
    split_number: int
    split_count: int

    @property
    def file_complete(self) -> bool:
        """Return whether the file is as long as its tensors are."""
        return self.file_size >= self.needed_size


def header_from(
    *,
    version: int,
    metadata: Metadata,
    tensors: Tensors,
    reader: HeaderReader,
    needed_size: int,
    file_size: int,
) -> GgufHeader:
    """Put together what was read; raises GgufError."""
    split_count = metadata.number("split.count")
    split_number = metadata.number("split.no")
    if split_count > _MOST_PARTS or split_number >= max(split_count, 1):
        raise Malformed(f"The file is part {split_number} of {split_count}")
    architecture = metadata.texts.get("general.architecture", "")
    # Only the first part of a split model has more than its number.
    if not architecture and not split_number:
        raise Malformed("The file does not say what kind of model it is")
    prefix = f"{architecture}."
    memory = layer_memory(architecture, metadata)
    label = shown(metadata.texts.get("general.size_label"))
    return GgufHeader(
        version=version,
        architecture=architecture,
        kind=shown(metadata.texts.get("general.type")),
        name=shown(metadata.texts.get("general.name")),
        size_label=label or size_label(tensors.parameters),
        parameters=tensors.parameters,
        quantization=_quantization(metadata, tensors),
        tensor_bytes=tensors.bytes,
        needed_size=needed_size,
        file_size=file_size,
        layers=memory.layers,
        memory=memory,
        attention=_attention(prefix, metadata),
        context_length=metadata.number(f"{prefix}context_length"),
        embedding_length=metadata.number(f"{prefix}embedding_length"),
        feed_forward_length=_most(metadata, f"{prefix}feed_forward_length"),
        experts=metadata.number(f"{prefix}expert_count"),
        experts_used=metadata.number(f"{prefix}expert_used_count"),
        expert_feed_forward_length=_most(
            metadata, f"{prefix}expert_feed_forward_length"
        ),
        tokenizer=_tokenizer(prefix, metadata, reader),
        split_number=split_number,
        split_count=split_count,
    )


def shown(text: str | None) -> str | None:
    """Return a stranger's text as one line that may be shown; None for nothing."""
    if text is None:
        return None
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line[:_LONGEST_SHOWN] or None


def size_label(parameters: int) -> str | None:
    """Return a count of parameters in words, such as 596M or 1.7B; None for 0."""
    if not parameters:
        return None
    if parameters < 10**6:
        return f"{parameters / 1e3:.0f}K"
    if parameters < 10**9:
        return f"{parameters / 1e6:.0f}M"
    return f"{parameters / 1e9:.1f}B"


def _quantization(metadata: Metadata, tensors: Tensors) -> str | None:
    """Return the label of the mix, or the type that most bytes have."""
    number = metadata.numbers.get("general.file_type")
    if tensors.main_type is None or number is None:
        return tensors.main_type
    return FILE_TYPES.get(number, tensors.main_type)


def _most(metadata: Metadata, key: str) -> int:
    """Return the largest of a number for each layer, or the number for all."""
    values = metadata.numbers_of(key)
    return max(values, default=0) if isinstance(values, tuple) else values


def _attention(prefix: str, metadata: Metadata) -> Attention:
    """Return the heads; a length that is not said is the width among the heads."""

    def length(name: str, usual: int) -> int:
        return metadata.number(f"{prefix}attention.{name}") or usual

    heads_key = f"{prefix}attention.head_count"
    heads = metadata.numbers_of(heads_key)
    width = metadata.number(f"{prefix}embedding_length")
    usual = width // max(_most(metadata, heads_key), 1)
    key = length("key_length", usual)
    value = length("value_length", usual)
    if length("key_length_mla", 0) and length("value_length_mla", 0):
        # Multi-head latent attention keeps no values: they are made from the keys.
        value = 0
    return Attention(
        heads=heads,
        kv_heads=metadata.numbers_of(f"{prefix}attention.head_count_kv") or heads,
        key_length=key,
        value_length=value,
        sliding_key_length=length("key_length_swa", key),
        sliding_value_length=length("value_length_swa", value),
    )


def _tokenizer(prefix: str, metadata: Metadata, reader: HeaderReader) -> Tokenizer:
    """Return how the model reads texts."""

    def token(name: str) -> str | None:
        number = metadata.numbers.get(f"tokenizer.ggml.{name}_token_id")
        if metadata.tokens is None or number is None:
            return None
        return reader.text_of(metadata.tokens, number, _LONGEST_TOKEN)

    listed = metadata.tokens.count if metadata.tokens else 0
    add_bos = metadata.numbers.get("tokenizer.ggml.add_bos_token")
    return Tokenizer(
        model=shown(metadata.texts.get("tokenizer.ggml.model")),
        vocabulary=listed or metadata.number(f"{prefix}vocab_size"),
        bos=token("bos"),
        eos=token("eos"),
        add_bos=None if add_bos is None else bool(add_bos),
        chat_template=metadata.texts.get("tokenizer.chat_template"),
    )
