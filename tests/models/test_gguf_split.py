"""Models in several files are one model."""

from pathlib import Path

import pytest

from custom_components.hearth.models.gguf import GgufError, Malformed, Truncated
from custom_components.hearth.models.gguf_split import read_model, split_parts

from . import gguf_files as made


def _part(number: int, count: int, *, rows: int = 300) -> bytes:
    """Return a part; only the first has keys of the model."""
    split = (
        made.number("split.no", number, made.U16),
        made.number("split.count", count, made.U16),
    )
    keys = made.llama(*split) if number == 0 else split
    tensor = made.tensor(f"blk.{number}.weight", (64, rows), 8, 0)
    return made.file(keys, [tensor], data=64 * rows // 32 * 34)


def _write(folder: Path, count: int) -> list[Path]:
    """Write a model of so many parts."""
    paths = []
    for number in range(count):
        path = folder / f"m-Q8_0-{number + 1:05}-of-{count:05}.gguf"
        path.write_bytes(_part(number, count))
        paths.append(path)
    return paths


def test_parts(tmp_path: Path) -> None:
    """Any part leads to all, in order."""
    paths = _write(tmp_path, 3)
    for path in paths:
        assert split_parts(path) == tuple(paths)
    alone = tmp_path / "alone.gguf"
    assert split_parts(alone) == (alone,)


def test_parts_with_odd_names(tmp_path: Path) -> None:
    """Names that only look like parts are names."""
    for name in ("a-1-of-2.gguf", "a-00001-of-00002.gguf.part", "-00001-of-00002.gguf"):
        assert split_parts(tmp_path / name) == (tmp_path / name,)
    for name in ("a-00003-of-00002.gguf", "a-00000-of-00002.gguf"):
        with pytest.raises(Malformed):
            split_parts(tmp_path / name)


def test_missing_part(tmp_path: Path) -> None:
    """The part that is missing is named; a promise of many is none."""
    paths = _write(tmp_path, 3)
    paths[1].unlink()
    with pytest.raises(Truncated, match="m-Q8_0-00002-of-00003"):
        split_parts(paths[0])
    with pytest.raises(Truncated, match="x-00001-of-99999"):
        split_parts(tmp_path / "x-77777-of-99999.gguf")


def test_one_model(tmp_path: Path) -> None:
    """Sizes are those of all parts, the rest is the first one's."""
    paths = _write(tmp_path, 3)
    header = read_model(paths[2])
    assert header.parameters == 3 * 300 * 64
    assert header.tensor_bytes == 3 * 300 * 64 // 32 * 34
    assert header.file_size == sum(path.stat().st_size for path in paths)
    assert header.needed_size == header.file_size
    assert header.size_label == "58K"
    assert (header.name, header.split_number, header.split_count) == ("Small", 0, 3)


def test_label_of_the_maker(tmp_path: Path) -> None:
    """What the maker calls the size is kept."""
    paths = _write(tmp_path, 2)
    split = (made.number("split.no", 0), made.number("split.count", 2))
    keys = made.llama(*split, made.string("general.size_label", "0.1B"))
    # A first part may have no tensors at all.
    paths[0].write_bytes(made.file(keys))
    header = read_model(paths[0])
    assert header.size_label == "0.1B"
    assert header.quantization == "Q8_0"


def test_one_file(tmp_path: Path) -> None:
    """A model in one file is what its header says."""
    path = tmp_path / "one.gguf"
    path.write_bytes(made.small())
    assert read_model(path).file_size == len(made.small())


@pytest.mark.parametrize(
    ("number", "data"),
    [
        (0, made.small()),
        (0, _part(1, 2)),
        (0, _part(0, 3)),
        (1, _part(0, 2)),
        (1, _part(1, 3)),
        (1, made.small()),
        (1, b"GGUF"),
        (1, _part(1, 2)[:-1]),
    ],
)
def test_wrong_parts(tmp_path: Path, number: int, data: bytes) -> None:
    """A part that is another one, or cut short, is an error."""
    paths = _write(tmp_path, 2)
    paths[number].write_bytes(data)
    with pytest.raises(GgufError):
        read_model(paths[0])


def test_part_under_another_name(tmp_path: Path) -> None:
    """A first part that was renamed is no whole model."""
    path = tmp_path / "renamed.gguf"
    path.write_bytes(_part(0, 2))
    with pytest.raises(Malformed):
        read_model(path)
