"""Saying a set of utterances to agents in a real Home Assistant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.agent import BUILT_IN
from demo.flow import NANO
from demo.llama import EngineAddress
from demo.say import Said, Visitor, visit
from demo.stage import Progress, StageOptions, stage

from .effects import is_right
from .utterances import Utterance

HEARTH, BUILT_IN_NAME = "hearth", "built_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One utterance and what came of it.

    The engine of a warm row had read the home before.
    """

    utterance: Utterance
    said: Said
    warm: bool = True

    @property
    def right(self) -> bool:
        """Tell whether exactly the expected effect happened."""
        return is_right(self.utterance, self.said.calls, self.said.reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A home, and what is said in it."""

    home: Path
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A model that is measured: what it is called, and who runs it.

    Hearth runs the file, or the tiny model, with the runtime; or the engine does.
    """

    name: str
    model: str = NANO
    runtime: str
    engine: EngineAddress | None = None


async def play(
    scenes: Sequence[Scene], contenders: Sequence[Contender], tell: Progress
) -> dict[str, list[Row]]:
    """Say everything to every contender and to the built-in agent."""
    rows: dict[str, list[Row]] = {one.name: [] for one in contenders}
    rows[BUILT_IN_NAME] = []
    for number, scene in enumerate(scenes, 1):
        for one in contenders:
            wanted = StageOptions(
                home=scene.home, engine=one.engine, runtime=one.runtime, model=one.model
            )
            async with stage(wanted, tell) as set_up:
                visitor = await visit(set_up.running)
                where = f"in home {number} of {len(scenes)}"
                tell(f"saying {len(scene.utterances)} things to {one.name} {where}")
                rows[one.name] += await _ask(
                    visitor, set_up.agent_id, scene.utterances, measured=True
                )
                if one is contenders[0]:
                    tell("saying them to the built-in agent")
                    rows[BUILT_IN_NAME] += await _ask(
                        visitor, BUILT_IN, scene.utterances, measured=False
                    )
    tell("done")
    return rows


async def _ask(
    visitor: Visitor, agent_id: str, utterances: Iterable[Utterance], *, measured: bool
) -> list[Row]:
    """Say everything to one agent, each in the home as it is in its file."""
    rows: list[Row] = []
    for utterance in utterances:
        await visitor.reset()
        said: Said | None = None
        for text in (*utterance.before, utterance.say):
            said = await visitor.say(
                text,
                agent_id,
                measured=measured,
                area=utterance.area,
                conversation_id=said.conversation_id if said else None,
            )
        if said is not None:
            rows.append(Row(utterance=utterance, said=said, warm=bool(rows)))
    return rows
