"""The list of tensors in a GGUF file: how much it is, and whether it is all there."""

from collections import Counter
from dataclasses import dataclass
from math import prod

from .gguf_errors import Malformed, TooMuch, Unsupported
from .gguf_reader import HeaderReader
from .gguf_types import TENSOR_TYPES

# Real files have a few hundred, large mixtures of experts some thousand.
_MOST_TENSORS = 2**15
# GGML_MAX_NAME and GGML_MAX_DIMS in ggml.h of llama.cpp.
_LONGEST_NAME = 63
_MOST_DIMENSIONS = 4
# Numbers in one tensor; 2**40 of them are more than any machine holds.
_LARGEST_TENSOR = 2**40


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensors:
    """All the tensors of a file together.

    Args:
        parameters: How many numbers they hold.
        bytes: Bytes of their data, without what is between them.
        end: Where the last one ends, in bytes from where the data begins.
        main_type: Name of the type that most of the bytes have; None for none.
    """

    parameters: int = 0
    bytes: int = 0
    end: int = 0
    main_type: str | None = None


def read_tensors(reader: HeaderReader, count: int, alignment: int) -> Tensors:
    """Read what the tensors are; raises GgufError.

    Their data lie one after the other, each beginning at a multiple of
    ``alignment`` bytes; llama.cpp accepts nothing else.
    """
    if count > _MOST_TENSORS:
        raise TooMuch(f"The header has {count} tensors")
    names = set()
    types: Counter[str] = Counter()
    parameters = end = 0
    for _ in range(count):
        name = reader.text(_LONGEST_NAME, "The name of a tensor")
        if name in names:
            raise Malformed("A tensor is there twice")
        names.add(name)
        numbers, size, kind = _read_shape(reader)
        begin = -(-end // alignment) * alignment
        if reader.u64() != begin:
            raise Malformed("A tensor is not where it should be")
        end = begin + size
        parameters += numbers
        types[kind] += size
    return Tensors(
        parameters=parameters,
        bytes=types.total(),
        end=end,
        main_type=types.most_common(1)[0][0] if types else None,
    )


def _read_shape(reader: HeaderReader) -> tuple[int, int, str]:
    """Return how many numbers a tensor has, how many bytes, and its type's name."""
    dimensions = reader.u32()
    if dimensions > _MOST_DIMENSIONS:
        raise TooMuch(f"A tensor has {dimensions} dimensions")
    shape = [reader.u64() for _ in range(dimensions)]
    number = reader.u32()
    kind = TENSOR_TYPES.get(number)
    if kind is None:
        raise Unsupported(f"A tensor is of the unknown type {number}")
    if max(shape, default=1) > _LARGEST_TENSOR or prod(shape) > _LARGEST_TENSOR:
        raise TooMuch("A tensor is larger than any real one")
    row = shape[0] if shape else 1
    if row % kind.block:
        raise Malformed(f"A row of {row} numbers is no number of blocks")
    numbers = prod(shape)
    return numbers, numbers // kind.block * kind.size, kind.name
