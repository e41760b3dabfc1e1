"""Try whether ``llama_cpp`` works, in a process that may die of it.

    python -P package_check.py FUNCTIONS [FOLDER]

Only the standard library and ``llama_cpp`` are needed. FUNCTIONS are the names that
``llama_cpp`` must have, with commas between them; FOLDER is searched for packages
before the Python's own. The answer is one line of JSON on the standard output.
"""

import importlib
import json
import sys


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
        return {"file": str(package.__file__), "version": str(package.__version__)}
    except ModuleNotFoundError as err:
        return {"absent": str(err.name)}
    except Exception as err:  # noqa: BLE001 - whatever it is, it does not work
        return {"error": f"{type(err).__name__}: {err}"}


if __name__ == "__main__":
    _, wanted, *places = sys.argv
    answer = check(wanted.split(","), places[0] if places else None)
    print(json.dumps(answer))  # noqa: T201 - the answer
