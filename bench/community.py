"""The community's table, measured here.

Each model is set up in a real Home Assistant as a person would do it, in an engine
that Hearth runs, and measured by Hearth's own benchmark action. The columns are
those of the table that the community keeps for the Raspberry Pi 5: 100 tokens
generated, memory in all, seconds to load. That table is printed below for
orientation; it was published, not measured here.
"""

import argparse
from collections.abc import Sequence
import json
from pathlib import Path
import sys
from typing import Any

from homeassistant.core import HomeAssistant

from demo.command import run
from demo.errors import DemoError
from demo.flow import DOMAIN, managed_answers, walk
from demo.llama import llama_server
from demo.options import RUNTIMES
from demo.stage import FAMILY, Progress

from .fit import MODELS
from .fit_model import written_model
from .fit_published import BILLION, ENGINES, model_of
from .in_process import OwnFlows, home_in_process

NANO = "nano"
# Seconds, tokens a second and gigabytes, as the action's answer has them.
_COLUMNS = (
    ("generated/s", "generated_per_second", 1.0),
    ("read/s", "read_per_second", 1.0),
    ("first token s", "first_token_seconds", 1.0),
    ("load s", "load_seconds", 1.0),
    ("memory GB", "memory", BILLION),
)


async def measure(hass: HomeAssistant, model: str, runtime: str) -> dict[str, Any]:
    """Set up a model, measure it, and remove it again; returns the columns."""
    program = str(llama_server()) if runtime == "llama_server" else None
    await walk(OwnFlows(hass), managed_answers(runtime, model, program))
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    try:
        await entry.runtime_data.engine.ready()
        answer: Any = await hass.services.async_call(
            DOMAIN, "benchmark", {}, blocking=True, return_response=True
        )
    finally:
        await hass.config_entries.async_remove(entry.entry_id)
    found: dict[str, Any] = answer["results"][0]
    return found | {"engine": runtime.replace("_", "-")}


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the lines of what was measured."""
    lines = [f"{'model':28}{'engine':18}" + "".join(f"{c:>14}" for c, _, _ in _COLUMNS)]
    for row in rows:
        cells = "".join(
            f"{'?' if row[key] is None else format(row[key] / unit, '.2f'):>14}"
            for _, key, unit in _COLUMNS
        )
        lines.append(f"{row['model'][:27]:28}{row['engine']:18}{cells}")
    return lines


def published() -> list[str]:
    """Return the lines of the community's own table."""
    lines = ["", "Published for a Raspberry Pi 5 with 16 GB, Llama 3.2 3B Q4_K_M:"]
    lines.append(f"{'engine':28}{'generated/s':>14}{'load s':>14}{'memory GB':>14}")
    for engine, (_, speed, memory, load) in ENGINES.items():
        lines.append(f"{engine:28}{speed:>14.2f}{load:>14.2f}{memory:>14.2f}")
    return lines


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench community", description=__doc__
    )
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="FILE",
        type=Path,
        help="a GGUF file; may be given more than once. Without: the tiny model, and "
        "models of the shapes of Qwen3 0.6B and 1.7B with random weights",
    )
    parser.add_argument(
        "--runtime",
        action="append",
        choices=list(RUNTIMES),
        help="what runs them; may be given twice",
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args()


def _models(given: Sequence[Path]) -> list[str]:
    """Return what to measure: model files, or the tiny one by its name."""
    if missing := [file for file in given if not file.is_file()]:
        raise DemoError(f"{missing[0]} is no file")
    if given:
        return [str(file.resolve()) for file in given]
    return [NANO, *(str(written_model(model_of(key))) for key in MODELS)]


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    tell = Progress("bench")
    tell("writing the models, if they are not there")
    models = _models(options.model)
    rows = []
    async with home_in_process(FAMILY) as hass:
        for name in options.runtime or ["llama-server"]:
            for model in models:
                tell(f"measuring {Path(model).stem} with {name}")
                rows.append(await measure(hass, model, RUNTIMES[name]))
    print("\n".join([*table(rows), *published()]))
    if options.json:
        print(json.dumps(rows))


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
