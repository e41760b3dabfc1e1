"""Letting Home Assistant find the components that only the demo has."""

from pathlib import Path
import sys

ROOT = Path(__file__).parent.parent
COMPONENTS = Path(__file__).parent / "custom_components"
HEARTH = ROOT / "custom_components" / "hearth"
HOME_FILE = COMPONENTS / "home_file"


def make_importable() -> None:
    """Add the demo's components to those this process can import.

    For a Home Assistant that runs in this process; one of its own finds them
    in its configuration folder. A namespace package spans every folder of its
    name that the path leads to.
    """
    for folder in (ROOT, COMPONENTS.parent):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
