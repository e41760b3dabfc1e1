"""Which files make a model, and which model is taken."""

import pytest

from custom_components.hearth.models.hub import (
    NotFound,
    RemoteFile,
    RemoteModel,
    choose,
    quantization_of,
)
from custom_components.hearth.models.hub_choice import models_of


def files(*names: str) -> tuple[RemoteFile, ...]:
    """Return files of some names."""
    return tuple(
        RemoteFile(name=name, size=10, sha256="0" * 64, url="http://127.0.0.1:1/")
        for name in names
    )


def models(*names: str) -> tuple[RemoteModel, ...]:
    """Return the models of files of some names."""
    return models_of("org/repo", "0" * 40, files(*names))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Qwen3-4B-Q4_K_M.gguf", "Q4_K_M"),
        ("qwen2.5-0.5b-instruct-q8_0.gguf", "Q8_0"),
        ("x.IQ4_XS.gguf", "IQ4_XS"),
        ("x-IQ3_XXS.gguf", "IQ3_XXS"),
        ("x-UD-Q4_K_XL.gguf", "Q4_K_XL"),
        ("x-Q4_0_4_4.gguf", "Q4_0_4_4"),
        ("x-Q6_K.gguf", "Q6_K"),
        ("x-f16.gguf", "F16"),
        ("x-fp16.gguf", "F16"),
        ("x-BF16.gguf", "BF16"),
        ("x-MXFP4.gguf", "MXFP4"),
        ("x-TQ1_0.gguf", "TQ1_0"),
        ("Q5_K_M/x-00001-of-00002.gguf", "Q5_K_M"),
        ("from-F16-Q4_0.gguf", "Q4_0"),
        ("x.gguf", None),
        ("xQ4_0y.gguf", None),
        ("x-Q9_K.gguf", None),
    ],
)
def test_quantizations(name: str, label: str | None) -> None:
    """A file's name tells its quantization."""
    assert quantization_of(name) == label


def test_split_models_are_one() -> None:
    """The parts of a split model are one model, in order; one that lacks is none."""
    found = models(
        *("b/x-00002-of-00002.gguf", "b/x-00001-of-00002.gguf", "plain.gguf"),
        *("lacks-00001-of-00002.gguf", "odd-00003-of-00002.gguf"),
        *("none-00000-of-00000.gguf", "none-00000-of-00001.gguf"),
        *("mmproj-F16.gguf", "x-mmproj.gguf", "a/imatrix_unsloth.gguf"),
    )
    assert [[file.name for file in model.files] for model in found] == [
        ["b/x-00001-of-00002.gguf", "b/x-00002-of-00002.gguf"],
        ["plain.gguf"],
    ]
    assert found[0].size == 20
    assert found[0].name == "x-00001-of-00002.gguf"
    assert found[1].repository == "org/repo"


@pytest.mark.parametrize(
    ("names", "wanted", "chosen"),
    [
        (["x-Q8_0.gguf", "x-Q4_K_M.gguf", "x-Q2_K.gguf"], None, "x-Q4_K_M.gguf"),
        (["x-Q8_0.gguf", "x-Q4_0.gguf", "x-F16.gguf"], None, "x-Q4_0.gguf"),
        (["x-Q8_0.gguf", "x-Q3_K_M.gguf", "x-F16.gguf"], None, "x-Q8_0.gguf"),
        (["x-F16.gguf", "x-BF16.gguf"], None, "x-BF16.gguf"),
        (["strange.gguf"], None, "strange.gguf"),
        (["strange.gguf", "x-F16.gguf"], None, "x-F16.gguf"),
        (["x-Q8_0.gguf", "x-Q4_K_M.gguf"], "q8_0", "x-Q8_0.gguf"),
        (["x-Q8_0.gguf", "x-Q4_K_M.gguf"], "Q4_K_M", "x-Q4_K_M.gguf"),
        (["x-UD-Q4_K_M.gguf", "x-Q4_K_M.gguf"], "Q4_K_M", "x-Q4_K_M.gguf"),
        (["x-UD-Q4_K_M.gguf", "x-Q4_K_M.gguf"], "UD-Q4_K_M", "x-UD-Q4_K_M.gguf"),
        (["x-UD-Q4_K_XL.gguf", "x-F16.gguf"], "Q4_K_XL", "x-UD-Q4_K_XL.gguf"),
        (["x-draft-Q4_0.gguf", "x-Q4_0.gguf"], "Q4_0", "x-Q4_0.gguf"),
        (["b-Q4_0.gguf", "a-Q4_0.gguf"], None, "a-Q4_0.gguf"),
    ],
)
def test_chooses(names: list[str], wanted: str | None, chosen: str) -> None:
    """What was asked for is taken, or what suits a small machine."""
    assert choose(models(*names), wanted).name == chosen


@pytest.mark.parametrize(
    ("names", "wanted", "told"),
    [
        (["x-Q8_0.gguf", "y-Q8_0.gguf", "x-F16.gguf"], "Q4_K_M", "F16, Q8_0"),
        (["strange.gguf"], "Q4_K_M", "strange.gguf"),
        (["strange.gguf", "odd.gguf"], None, "odd.gguf, strange.gguf"),
        ([], None, "none"),
        ([], "Q4_K_M", "none"),
        ([f"{n:02}.gguf" for n in range(25)], None, "19.gguf and 5 more"),
    ],
)
def test_tells_what_there_is(names: list[str], wanted: str | None, told: str) -> None:
    """Where nothing fits, the error tells what there is."""
    with pytest.raises(NotFound, match=told):
        choose(models(*names), wanted)
