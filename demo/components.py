"""Letting Home Assistant find the components that only the demo has."""

from importlib import import_module
from pathlib import Path
import sys

ROOT = Path(__file__).parent.parent
COMPONENTS = Path(__file__).parent / "custom_components"
HEARTH = ROOT / "custom_components" / "hearth"
HOME_FILE = COMPONENTS / "home_file"


def make_importable() -> None:
    """Add the demo's components to those this process can import.

    For a Home Assistant that runs in this process; one of its own finds them
    in its configuration folder.
    """
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    package = import_module("custom_components")
    if str(COMPONENTS) not in package.__path__:
        package.__path__.append(str(COMPONENTS))
