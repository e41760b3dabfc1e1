"""Plays one run of Home Assistant with one contender, in a process of its own."""

import asyncio
from dataclasses import asdict, dataclass
import json
from pathlib import Path
import sys
from typing import Any

import aiohttp

from demo.homes import load_home
from demo.llama import EngineAddress

from .cases import Case, Part, play
from .contenders import Contender, Hearth, LlamaCpp, ManagedHearth, Ollama, Server
from .guest import Setting
from .journal import Journal
from .measured import Measured
from .right import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a contender finds its server.

    ``url`` is what is asked, ``behind`` the server itself; ``journal`` is where the
    one before it notes what was asked.
    """

    url: str
    behind: str
    model: str
    journal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEngine:
    """What Hearth runs itself: a model, and the program that stands before one."""

    model: str
    program: str
    journal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be played."""

    agent: str
    place: Place | None
    own: OwnEngine | None
    part: Part
    cases: list[Case]
    home: str
    folder: str
    pause: float

    @classmethod
    def read(cls, text: str) -> Task:
        """Read what ``write`` wrote."""
        data: dict[str, Any] = json.loads(text)
        data["place"] = Place(**data["place"]) if data["place"] else None
        data["own"] = OwnEngine(**data["own"]) if data["own"] else None
        data["part"] = Part(data["part"])
        data["cases"] = [Case(case) for case in data["cases"]]
        return cls(**data)

    def write(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))


def read_measured(text: str) -> dict[Case, Measured]:
    """Read what a player wrote."""
    return {Case(case): Measured(**data) for case, data in json.loads(text).items()}


def _contender(task: Task, session: aiohttp.ClientSession) -> Contender:
    """Return who is to be played."""
    if task.own is not None:
        own = task.own
        return ManagedHearth(own.model, own.program, Journal(Path(own.journal)))
    assert task.place is not None
    place = task.place
    server = Server(
        session=session,
        engine=EngineAddress(place.url, place.model),
        behind=place.behind,
        journal=Journal(Path(place.journal)),
    )
    kinds: dict[str, type[Hearth | LlamaCpp | Ollama]] = {
        "hearth": Hearth,
        "llama_cpp": LlamaCpp,
        "ollama": Ollama,
    }
    return kinds[task.agent](server)


async def _play(task: Task) -> dict[str, dict[str, Any]]:
    """Play a task."""
    home = load_home(task.home)
    setting = Setting(
        home=home,
        home_file=Path(task.home),
        folder=Path(task.folder),
        words=Words.of(home),
        pause=task.pause,
    )
    async with aiohttp.ClientSession() as session:
        measured = await play(
            task.part, setting, _contender(task, session), frozenset(task.cases)
        )
    return {case.value: asdict(one) for case, one in measured.items()}


async def _main(task_file: Path, result_file: Path) -> None:
    """Play the task of a file and write what was measured into another one."""
    task = Task.read(await asyncio.to_thread(task_file.read_text, encoding="utf-8"))
    measured = json.dumps(await _play(task))
    await asyncio.to_thread(result_file.write_text, measured, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_main(*map(Path, sys.argv[1:])))
