"""A GGUF header, read without loading the model.

Files come from strangers: every count, length and offset is checked against a
limit before anything is done with it, and a header costs little memory however
large it says it is.
"""

from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from .gguf_errors import (
    GgufError,
    Malformed,
    NotGguf,
    TooMuch,
    Truncated,
    Unsupported,
)
from .gguf_header import Attention, GgufHeader, Tokenizer, header_from
from .gguf_layers import LayerMemory
from .gguf_metadata import read_metadata
from .gguf_reader import HeaderReader
from .gguf_tensors import read_tensors

__all__ = [
    "Attention",
    "GgufError",
    "GgufHeader",
    "LayerMemory",
    "Malformed",
    "NotGguf",
    "Tokenizer",
    "TooMuch",
    "Truncated",
    "Unsupported",
    "read_header",
    "read_stream",
]

_MAGIC = b"GGUF"
# The first version had lengths of 32 bits; llama.cpp reads it no more.
_VERSIONS = (2, 3)
_ALIGNMENT = 32
_LARGEST_ALIGNMENT = 2**16


def read_header(path: Path) -> GgufHeader:
    """Read the header of a whole file; blocks.

    Raises GgufError (Truncated also where only tensors are cut off), and OSError
    where the file cannot be read.
    """
    if not path.is_file():
        # Opening a pipe would wait for somebody to write to it.
        path.stat()
        raise NotGguf("It is no plain file")
    with path.open("rb") as stream:
        header = read_stream(stream)
    if not header.file_complete:
        raise Truncated(
            f"The file has {header.file_size} of {header.needed_size} bytes"
        )
    return header


def read_stream(stream: BinaryIO, size: int | None = None) -> GgufHeader:
    """Read a header from what can be read and sought; raises GgufError.

    Args:
        stream: The beginning of the file, or all of it.
        size: Length of the file, where the stream holds less than all of it.
    """
    if size is None:
        size = stream.seek(0, SEEK_END)
    reader = HeaderReader(stream, size)
    if size < len(_MAGIC) or reader.take(len(_MAGIC)) != _MAGIC:
        raise NotGguf("It is no GGUF file")
    version = reader.u32()
    if version not in _VERSIONS:
        raise Unsupported("The file is of a version of GGUF that is not known")
    tensor_count, key_count = reader.u64(), reader.u64()
    metadata = read_metadata(reader, key_count)
    alignment = metadata.number("general.alignment") or _ALIGNMENT
    if alignment > _LARGEST_ALIGNMENT or alignment & (alignment - 1):
        raise Malformed(f"The alignment is {alignment}")
    tensors = read_tensors(reader, tensor_count, alignment)
    end = reader.position
    if tensor_count:
        end = -(-end // alignment) * alignment + tensors.end
    return header_from(
        version=version,
        metadata=metadata,
        tensors=tensors,
        reader=reader,
        needed_size=end,
        file_size=size,
    )
