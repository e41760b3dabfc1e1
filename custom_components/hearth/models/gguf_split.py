"""Models that are cut into several files.

The name of a part ends with its number and how many there are:
``name-00001-of-00003.gguf``. llama.cpp is given the first and finds the others.
"""

from dataclasses import replace
from pathlib import Path
import re

from .gguf import GgufHeader, Malformed, Truncated, read_header
from .gguf_header import size_label

_PART = re.compile(
    r"(?P<name>.+)-(?P<number>[0-9]{5})-of-(?P<count>[0-9]{5})\.gguf", re.DOTALL
)


def split_parts(path: Path) -> tuple[Path, ...]:
    """Return all files of a model in order, given any of them; blocks.

    Raises Truncated, naming the first part that is missing.
    """
    match = _PART.fullmatch(path.name)
    if match is None:
        return (path,)
    count, number = int(match["count"]), int(match["number"])
    if not 1 <= number <= count:
        raise Malformed(f"There is no part {number} of {count}")
    parts = []
    for part in range(1, count + 1):
        name = f"{match['name']}-{part:05}-of-{match['count']}.gguf"
        parts.append(path.with_name(name))
        if not parts[-1].is_file():
            raise Truncated(f"The part {name} of the model is missing")
    return tuple(parts)


def read_model(path: Path) -> GgufHeader:
    """Read the header of a model in one file or several; blocks.

    The numbers of parameters and bytes are those of all parts together. Raises
    GgufError, and OSError where a file cannot be read.
    """
    first, *others = split_parts(path)
    header = read_header(first)
    if max(header.split_count, 1) != 1 + len(others) or header.split_number:
        raise Malformed(f"{first.name} is no first part of {1 + len(others)}")
    headers = [header]
    for number, part in enumerate(others, 1):
        headers.append(read_header(part))
        if (headers[-1].split_number, headers[-1].split_count) != (
            number,
            header.split_count,
        ):
            raise Malformed(f"{part.name} is another part than its name says")
    if not others:
        return header
    parameters = sum(part.parameters for part in headers)
    return replace(
        header,
        parameters=parameters,
        size_label=_label(header, parameters),
        quantization=header.quantization or headers[1].quantization,
        tensor_bytes=sum(part.tensor_bytes for part in headers),
        needed_size=sum(part.needed_size for part in headers),
        file_size=sum(part.file_size for part in headers),
    )


def _label(header: GgufHeader, parameters: int) -> str | None:
    """Return the maker's label, or one counted over all parts."""
    if header.size_label != size_label(header.parameters):
        return header.size_label
    return size_label(parameters)
