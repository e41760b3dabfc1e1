"""Does what a keeper's child does before it becomes the program; run as a script.

The child itself cannot be measured: it becomes another program.
"""

import os
import resource
import runpy
import sys

parts = runpy.run_path(sys.argv[1])
try:
    parts["become"](["/nowhere/at/all"], 2, os.getppid())
except FileNotFoundError:
    print(os.nice(0), resource.getrlimit(resource.RLIMIT_CORE)[0], file=sys.stderr)


def refuse(*_: object, **__: object) -> None:
    """Behave like a system that has nothing of what is asked for."""
    raise OSError


os.nice = refuse  # type: ignore[assignment]
parts["stand_back"].__globals__["open"] = refuse
parts["stand_back"]()
print("still here", file=sys.stderr)
