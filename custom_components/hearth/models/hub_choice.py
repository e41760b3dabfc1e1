"""Which files of a repository make a model, and which model to take."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
import re

from .hub_base import NotFound, RemoteFile, RemoteModel
from .hub_reference import MAIN

# What Hearth prefers where nothing was said: small and good enough for a small
# machine first, then better ones, then worse ones, then what is not quantized.
LADDER = (
    *("Q4_K_M", "Q4_K_S", "Q4_K_L", "Q4_K_XL", "Q4_0", "IQ4_NL", "IQ4_XS", "Q4_1"),
    *("Q5_K_M", "Q5_K_S", "Q5_K_L", "Q5_K_XL", "Q5_0", "Q5_1", "Q6_K", "Q6_K_XL"),
    *("Q8_0", "Q8_K_XL", "MXFP4", "Q3_K_L", "Q3_K_XL", "Q3_K_M", "IQ3_M", "Q3_K_S"),
    *("BF16", "F16", "F32"),
)

_SPLIT = re.compile(r"^(.+)-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)
# A picture encoder, an importance matrix: GGUF files, but no models.
_NO_MODEL = re.compile(r"mmproj|imatrix", re.IGNORECASE)
_LABEL = re.compile(
    r"(?<![A-Z0-9])(?:UD-)?("
    r"I?Q[1-8]_(?:K(?:_(?:XXS|XS|S|M|L|XL))?|[01](?:_[48]_[48])?|XXS|XS|S|M|NL)"
    r"|TQ[12]_0|MXFP4|NVFP4|BF16|F16|FP16|F32|FP32)(?![A-Z0-9])"
)
_MOST_NAMES = 20


def models_of(
    repository: str,
    revision: str,
    files: Iterable[RemoteFile],
    branch: str = MAIN,
) -> tuple[RemoteModel, ...]:
    """Return the models that files make up; a split one whose parts lack is left out."""
    groups: dict[tuple[str, int], dict[int, RemoteFile]] = {}
    for file in sorted(files, key=lambda file: file.name):
        if _NO_MODEL.search(PurePosixPath(file.name).name):
            continue
        if split := _SPLIT.match(file.name):
            key, number = (split[1], int(split[3])), int(split[2])
        else:
            key, number = (file.name, 1), 1
        groups.setdefault(key, {})[number] = file
    return tuple(
        RemoteModel(
            repository=repository,
            revision=revision,
            branch=branch,
            files=tuple(parts[number] for number in range(1, count + 1)),
        )
        for (_, count), parts in groups.items()
        if count >= 1 and len(parts) == count and set(parts) == {*range(1, count + 1)}
    )


def quantization_of(name: str) -> str | None:
    """Return the quantization that a file's path tells, such as Q4_K_M."""
    found = _LABEL.findall(name.upper())
    return (
        str(found[-1]).replace("FP16", "F16").replace("FP32", "F32") if found else None
    )


def choose(models: Sequence[RemoteModel], quantization: str | None) -> RemoteModel:
    """Return the model of a quantization, or the one that suits a small machine.

    Raises NotFound, which tells the quantizations there are.
    """
    labels = [(quantization_of(model.files[0].name), model) for model in models]
    if quantization is not None:
        wanted = quantization.upper()
        bare = wanted.removeprefix("UD-")
        found = [model for label, model in labels if label == bare]
        if marked := [m for m in found if f"UD-{bare}" in m.files[0].name.upper()]:
            # These are quantized in another way, and so not what is meant by default.
            plain = [model for model in found if model not in marked]
            found = (marked if wanted != bare else plain) or found
        if found:
            return _plainest(found)
        raise NotFound(f"There is no {wanted} of this model; there are {_list(labels)}")
    for step in LADDER:
        if found := [model for label, model in labels if label == step]:
            return _plainest(found)
    if len(models) == 1:
        return models[0]
    raise NotFound(f"Which model is meant? There are {_list(labels)}")


def names_of(models: Iterable[RemoteModel]) -> str:
    """Return the files that models begin with, as a text."""
    names = [model.files[0].name for model in models]
    shown = ", ".join(names[:_MOST_NAMES]) or "none"
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _plainest(models: Sequence[RemoteModel]) -> RemoteModel:
    """Return the model with the shortest name: what is added to a name is special."""
    return min(models, key=lambda m: (len(m.files[0].name), m.files[0].name))


def _list(labels: Sequence[tuple[str | None, RemoteModel]]) -> str:
    """Return the quantizations there are, or the names where these tell none."""
    known = sorted({label for label, _ in labels if label is not None})
    return ", ".join(known) or names_of(model for _, model in labels)
