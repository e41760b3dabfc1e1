"""Run this folder as a package of its own, without the packages around it."""

from importlib import import_module
from pathlib import Path
import sys
from types import ModuleType

_FOLDER = Path(__file__).resolve().parent
_NAME = "hearth_worker"


def main() -> None:
    """Start the server.

    Python looks first in the folder that it runs, where modules would hide others
    of their names. And Hearth's own package would bring Home Assistant along.
    """
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != _FOLDER]
    package = ModuleType(_NAME)
    package.__path__ = [str(_FOLDER)]
    sys.modules[_NAME] = package
    import_module(f"{_NAME}.server").main(sys.argv[1:])


if __name__ == "__main__":
    main()
