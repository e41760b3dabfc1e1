"""Share of utterances with exactly the expected effect, by kind.

Everything is real: a Home Assistant in a process of its own, the home of a
file, an engine with a model, Hearth; beside it Home Assistant's built-in agent
on the same utterances. Before every utterance the home is put back into the
states of its file, and a new conversation begins.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import sys

from demo.agent import BUILT_IN
from demo.calls import Call
from demo.command import run
from demo.options import add_engine_options, engine_of, runtime_of
from demo.say import Said, Visitor, visit
from demo.stage import FAMILY, Progress, StageOptions, stage

from .effects import is_right
from .utterances import KINDS, Effect, Utterance, load_utterances

UTTERANCES = FAMILY.with_name("family-utterances.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One utterance and what came of it."""

    utterance: Utterance
    said: Said

    @property
    def right(self) -> bool:
        """Tell whether exactly the expected effect happened."""
        return is_right(self.utterance, self.said.calls, self.said.reply)


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench accuracy", description=__doc__)
    parser.add_argument("--utterances", type=Path, default=UTTERANCES, metavar="FILE")
    parser.add_argument("--home", type=Path, default=FAMILY, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    add_engine_options(parser)
    options = parser.parse_args()
    options.engine = engine_of(options, parser)
    options.runtime = runtime_of(options)
    return options


async def _ask(
    speaker: Visitor, agent_id: str, utterances: Sequence[Utterance], *, measured: bool
) -> list[Row]:
    """Say everything to one agent."""
    rows = []
    for utterance in utterances:
        await speaker.reset()
        said = await speaker.say(utterance.say, agent_id, measured=measured)
        rows.append(Row(utterance=utterance, said=said))
    return rows


def summary(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Count what is right, by kind."""
    return {
        kind: {
            "right": sum(row.right for row in rows if row.utterance.kind is kind),
            "of": sum(row.utterance.kind is kind for row in rows),
        }
        for kind in KINDS
    }


def listing(name: str, rows: Sequence[Row]) -> str:
    """Return what one agent got wrong, for a person to read."""
    wrong = [row for row in rows if not row.right]
    lines = [f"{name}: {len(wrong)} of {len(rows)} wrong"]
    for row in wrong:
        utterance, said = row.utterance, row.said
        lines += [
            f'  {utterance.kind}: "{utterance.say}"',
            f"    expected  {_expected(utterance)}",
            f"    got       {'; '.join(map(_called, said.calls)) or 'no action'}",
            f"    reply     {said.reply}",
        ]
    return "\n".join(lines)


def _expected(utterance: Utterance) -> str:
    """Return what an utterance must bring about, as text."""
    parts = [_effect(effect) for effect in utterance.effects] or ["no action"]
    if utterance.answers:
        parts.append(f"a reply with {' or '.join(utterance.answers)}")
    return "; ".join(parts)


def _effect(effect: Effect) -> str:
    return _action(effect.service, sorted(effect.entities), effect.data)


def _called(call: Call) -> str:
    return _action(call.service, call.entities, call.data)


def _action(service: str, entities: Sequence[str], data: object) -> str:
    return f"{service} {', '.join(entities)}" + (f" {data}" if data else "")


def table(results: dict[str, dict[str, dict[str, int]]]) -> str:
    """Return the counts side by side."""
    lines = [f"{'':12}" + "".join(f"{kind:>10}" for kind in KINDS)]
    for name, counts in results.items():
        cells = (f"{counts[kind]['right']}/{counts[kind]['of']}" for kind in KINDS)
        lines.append(f"{name:12}" + "".join(f"{cell:>10}" for cell in cells))
    return "\n".join(lines)


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    utterances = load_utterances(options.utterances)
    tell = Progress("bench")
    wanted = StageOptions(
        home=options.home, engine=options.engine, runtime=options.runtime
    )
    async with stage(wanted, tell) as set_up:
        speaker = await visit(set_up.running)
        tell(f"saying {len(utterances)} things to Hearth")
        hearth = await _ask(speaker, set_up.agent_id, utterances, measured=True)
        tell("saying them to the built-in agent")
        built_in = await _ask(speaker, BUILT_IN, utterances, measured=False)
        tell("done")
    results = {"hearth": summary(hearth), "built_in": summary(built_in)}
    print(listing("hearth", hearth))
    print(listing("built_in", built_in))
    print(table(results))
    if options.json:
        print(json.dumps(results))


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
