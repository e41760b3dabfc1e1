"""Call Home Assistant's package installer, in a process that can be given up.

    python -P install_child.py LIBRARY REQUIREMENT TARGET CONSTRAINTS TIMEOUT

Inside Home Assistant a call cannot be taken back, and a compiler may work for an
hour. LIBRARY is the folder that has the package ``homeassistant``. What went wrong
is on the standard error; the exit status is 0 or 1.
"""

from contextlib import suppress
import logging
import os
from pathlib import Path
import signal
import sys
from threading import Thread
import time

# A compiler may take all memory there is, and shall then be the one to go.
_OOM_SCORE = "800"
_NICE = 10
# Seconds between two looks whether Home Assistant is still there.
_LOOK_AGAIN = 1.0


def main(
    library: str, requirement: str, target: str, constraints: str, timeout: str
) -> int:
    """Install a requirement into a folder; returns the exit status."""
    sys.path.append(library)
    # It is found only now.
    from homeassistant.util.package import install_package  # noqa: PLC0415

    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    installed = install_package(
        requirement, target=target, constraints=constraints, timeout=int(timeout)
    )
    return 0 if installed else 1


def step_back() -> None:
    """Let Home Assistant come first, where the system lets us."""
    os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE)


def end_with(parent: int) -> None:
    """Kill this process' group, compilers too, when its parent is gone.

    Only a group of its own: nobody else is to be killed.
    """
    if os.getpgrp() != os.getpid():
        return
    while os.getppid() == parent:
        time.sleep(_LOOK_AGAIN)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    step_back()
    Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    sys.exit(main(*sys.argv[1:]))
