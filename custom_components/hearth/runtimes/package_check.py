"""Try whether ``llama_cpp`` works, in a process that may die of it.

    python -P package_check.py FUNCTIONS [FOLDER]

Only the standard library and ``llama_cpp`` are needed. FUNCTIONS are the names that
``llama_cpp`` must have, with commas between them; FOLDER is searched for packages
before the Python's own. The answer is one line of JSON on the standard output.
"""

import ctypes
import importlib
import json
from pathlib import Path
import sys
from types import ModuleType


def check(functions: list[str], folder: str | None) -> dict[str, str]:
    """Load the library and start it; tell its version, or what is wrong with it."""
    if folder is not None:
        sys.path.insert(0, folder)
    try:
        package = importlib.import_module("llama_cpp")
        missing = [name for name in functions if not hasattr(package, name)]
        if missing:
            return {"missing": missing[0], "version": str(package.__version__)}
        package.llama_backend_init()
        load_processor_code(package)
        return {"file": str(package.__file__), "version": str(package.__version__)}
    except ModuleNotFoundError as err:
        return {"absent": str(err.name)}
    except Exception as err:  # noqa: BLE001 - whatever it is, it does not work
        return {"error": f"{type(err).__name__}: {err}"}


def load_processor_code(package: ModuleType) -> None:
    """Load the code that computes, where it is in files of its own.

    Hearth's wheels carry it once for each kind of processor; the library looks for
    the best one only when it is told where. Raises ``RuntimeError`` where there is
    none for this processor.
    """
    library = getattr(getattr(package, "llama_cpp", None), "_lib", None)
    if library is None or not hasattr(library, "ggml_backend_load_all_from_path"):
        return
    library.ggml_backend_dev_count.restype = ctypes.c_size_t
    if library.ggml_backend_dev_count() == 0:
        folder = Path(str(package.__file__)).with_name("lib")
        load = library.ggml_backend_load_all_from_path
        load.argtypes, load.restype = [ctypes.c_char_p], None
        load(str(folder).encode())
    if library.ggml_backend_dev_count() == 0:
        raise RuntimeError("There is no code for this kind of processor")


if __name__ == "__main__":
    _, wanted, *places = sys.argv
    answer = check(wanted.split(","), places[0] if places else None)
    print(json.dumps(answer))  # noqa: T201 - the answer
