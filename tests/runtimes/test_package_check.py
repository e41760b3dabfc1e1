"""The check that runs in a process of its own, here in this one."""

from collections.abc import Iterator
import json
from pathlib import Path
import runpy
import sys

import pytest

from custom_components.hearth.runtimes import package_check
from custom_components.hearth.runtimes.package_check import check

from . import fake_wheels
from .fake_wheels import write_package

# A library whose code for processors is in files of its own: it has as many as it
# found when it was told where to look.
IN_PARTS = """
import types
__version__ = "1"
def llama_backend_init(): pass
class Count:
    def __call__(self): return {found} if Load.folder else {before}
class Load:
    folder = None
    def __call__(self, folder): Load.folder = folder
library = types.SimpleNamespace(
    ggml_backend_dev_count=Count(), ggml_backend_load_all_from_path=Load()
)
llama_cpp = types.SimpleNamespace(_lib=library)
"""


@pytest.fixture(autouse=True)
def own_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what a test imports."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "llama_cpp", raising=False)
    yield
    sys.modules.pop("llama_cpp", None)


@pytest.mark.parametrize(
    ("code", "functions", "answer"),
    [
        (fake_wheels.WORKS, ["llama_decode"], {"file", "version"}),
        (fake_wheels.OLD, ["llama_decode"], {"missing", "version"}),
        (fake_wheels.LACKS_MODULE, [], {"absent"}),
        (fake_wheels.RAISES, [], {"error"}),
    ],
)
def test_answers(
    tmp_path: Path, code: str, functions: list[str], answer: set[str]
) -> None:
    """What is found out is told, whatever it is."""
    write_package(tmp_path, code)

    assert set(check(functions, str(tmp_path))) == answer


@pytest.mark.parametrize(
    ("before", "found", "answer"),
    [(0, 1, {"file", "version"}), (1, 0, {"file", "version"}), (0, 0, {"error"})],
)
def test_loads_the_code_for_the_processor(
    tmp_path: Path, before: int, found: int, answer: set[str]
) -> None:
    """Where it is in files of its own, one of them must fit."""
    code = IN_PARTS.replace("{before}", str(before)).replace("{found}", str(found))
    write_package(tmp_path, code)

    assert set(check([], str(tmp_path))) == answer
    looked_in = sys.modules["llama_cpp"].Load.folder
    assert looked_in == (None if before else str(tmp_path / "llama_cpp/lib").encode())


def test_prints_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer can be read by the process that waits for it."""
    write_package(tmp_path, version="1.2")
    monkeypatch.setattr(sys, "argv", ["", "llama_decode", str(tmp_path)])

    runpy.run_path(package_check.__file__, run_name="__main__")

    answer = json.loads(capsys.readouterr().out)
    assert answer["version"] == "1.2"
    assert Path(answer["file"]).is_relative_to(tmp_path)
