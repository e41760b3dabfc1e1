"""A llama-server with an oracle before it, as one program.

Hearth runs a program of its own; this one is given to it. It is called like
llama-server, with words of its own before those: the journal's file, a home, and the
llama-server that it stands before.
"""

import asyncio
from pathlib import Path
import shlex
import signal
import subprocess
import sys

from demo.components import ROOT
from demo.homes import load_home
from demo.processes import LOOPBACK, free_port

from .journal import Journal
from .oracle import oracle
from .right import Right, Words


def write_program(path: Path, journal: Path, home: Path, program: Path) -> None:
    """Write an executable file that runs this."""
    words = [sys.executable, "-P", "-m", __name__, journal, home.resolve(), program]
    said = shlex.join(map(str, words))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {said} "$@"\n',
        encoding="utf-8",
    )
    path.chmod(0o755)


async def _run(journal: Path, home: Path, command: list[str]) -> int:
    """Run a llama-server on another port, and an oracle on the one it was given."""
    place = command.index("--port") + 1
    front, behind = int(command[place]), free_port()
    command[place] = str(behind)
    process = await asyncio.create_subprocess_exec(*command)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.send_signal, number)
    right = Right(Words.of(load_home(home)))
    url = f"http://{LOOPBACK}:{behind}"
    async with oracle(url, right, Journal(journal), front):
        return await process.wait()


def main(arguments: list[str]) -> int:
    """Run until the llama-server ends; without a port it answers by itself."""
    journal, home, *command = arguments
    if "--port" not in command:
        return subprocess.run(command, check=False).returncode
    return asyncio.run(_run(Path(journal), Path(home), command))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
