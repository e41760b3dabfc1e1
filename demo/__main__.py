"""The demo's command line; scripts/demo prepares what it needs and calls it."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
import sys

from .command import run
from .do import do, load_steps
from .errors import DemoError
from .home_assistant import PASSWORD, USER
from .options import add_engine_options, engine_of, runtime_of
from .processes import free_port, is_free
from .report import as_json, as_text, done_as_json, done_as_text
from .say import visit
from .stage import FAMILY, Progress, Stage, StageOptions, stage

DEFAULT_PORT = 8123


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="A real Home Assistant with a whole home, and Hearth as its "
        f"voice. Log in as {USER} with the password {PASSWORD}; Ctrl-C ends it.",
    )
    parser.add_argument(
        "--home", type=Path, default=FAMILY, metavar="FILE", help="another home"
    )
    parser.add_argument(
        "--say",
        action="append",
        default=[],
        metavar="TEXT",
        help="say this, show what happens and end; may be given more than once",
    )
    parser.add_argument(
        "--do",
        action="append",
        default=[],
        metavar="FILE",
        type=Path,
        help="run the actions of a file (such as demo/actions.yaml) after that",
    )
    parser.add_argument(
        "--json", action="store_true", help="one line of JSON for each of these"
    )
    add_engine_options(parser)
    parser.add_argument(
        "--port", type=int, metavar="N", help=f"Home Assistant's port ({DEFAULT_PORT})"
    )
    options = parser.parse_args(arguments)
    options.engine = engine_of(options, parser)
    options.runtime = runtime_of(options)
    if options.json and not (options.say or options.do):
        parser.error("--json needs something to --say or to --do")
    return options


def _port(asked: int | None, *, stays: bool, tell: Progress) -> int:
    """Return the port to use; only who stays needs a certain one."""
    port = DEFAULT_PORT if asked is None else asked
    if is_free(port):
        return port
    if asked is None and not stays:
        other = free_port()
        tell(f"port {port} is taken, so Home Assistant uses {other} this time")
        return other
    raise DemoError(
        f"Port {port} is taken, perhaps by another demo or Home Assistant. "
        "End that one, or choose another port: scripts/demo --port 8124"
    )


async def _say(set_up: Stage, texts: Sequence[str], *, as_lines: bool) -> None:
    """Say everything in turn and print what happened."""
    if not texts:
        return
    speaker = await visit(set_up.running)
    for text in texts:
        said = await speaker.say(text, set_up.agent_id, measured=True)
        print(as_json(said) if as_lines else as_text(said), flush=True)


async def _do(set_up: Stage, files: Sequence[Path], *, as_lines: bool) -> None:
    """Run the actions of files in turn and print what they answer."""
    for file in files:
        for step in load_steps(file):
            done = await do(set_up.running.socket, step)
            print(done_as_json(done) if as_lines else done_as_text(done), flush=True)


async def _stay(set_up: Stage) -> None:
    """Tell where the home is and stay until it ends."""
    print(
        f"\nHome Assistant: {set_up.running.url}  (user {USER}, password {PASSWORD})\n"
        "Open the Assist dialog at the top right and try: turn on the kitchen ceiling\n"
        f"Ctrl-C ends it. Home Assistant's log: {set_up.running.process.log}",
        flush=True,
    )
    while True:
        set_up.running.process.check()
        await asyncio.sleep(1)


async def _main(options: argparse.Namespace) -> None:
    """Run the demo."""
    tell = Progress("demo")
    ends = bool(options.say or options.do)
    wanted = StageOptions(
        home=options.home,
        port=_port(options.port, stays=not ends, tell=tell),
        engine=options.engine,
        runtime=options.runtime,
    )
    async with stage(wanted, tell) as set_up:
        await _say(set_up, options.say, as_lines=options.json)
        await _do(set_up, options.do, as_lines=options.json)
        if not ends:
            await _stay(set_up)


if __name__ == "__main__":
    sys.exit(run("demo", _main(_arguments(sys.argv[1:]))))
