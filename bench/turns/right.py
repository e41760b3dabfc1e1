"""What a model that understands everything would say next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.errors import DemoError
from demo.homes import Home, HomeEntity

# What Hearth writes before the states that it sends along.
_STATES = "States:"
_POLITE = "You are welcome, I am always happy to help."


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of one tool."""

    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words that are spoken."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said to a home: about one of its lights and one of its locks."""

    light: str
    light_id: str
    lock: str

    @classmethod
    def of(cls, home: Home) -> Words:
        """Take the first light and the first lock of a home."""
        first: dict[str, HomeEntity] = {}
        for entity in home.entities:
            first.setdefault(entity.domain, entity)
        if not {"light", "lock"} <= first.keys():
            raise DemoError("The home needs a light and a lock to be talked about")
        light = first["light"]
        return cls(light=light.name, light_id=light.entity_id, lock=first["lock"].name)

    @property
    def on(self) -> str:
        """Return the words that turn the light on."""
        return f"turn on the {self.light.lower()}"

    @property
    def off(self) -> str:
        """Return the words that turn the light off."""
        return f"turn off the {self.light.lower()}"

    @property
    def locked(self) -> str:
        """Return the question after the lock's state."""
        return f"is the {self.lock.lower()} locked?"


class Right:
    """Knows the right answer to what is said to a home, whoever asks for it.

    Every agent gets the same sentences; calls differ as the tools do.
    """

    def __init__(self, words: Words) -> None:
        """Learn what is going to be said."""
        self._words = words

    def answer(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[str]
    ) -> Call | Sentence:
        """Return what comes after these messages, with these tools."""
        heard = next(
            (
                str(one["content"])
                for one in reversed(messages)
                if one["role"] == "user"
            ),
            "",
        )
        context, _, said = heard.rpartition("\n")
        answered = bool(messages) and messages[-1]["role"] == "tool"
        if said in (self._words.on, self._words.off):
            state = "on" if said == self._words.on else "off"
            call = None if answered else self._switching(state, tools)
            return call or Sentence(f"The {self._words.light.lower()} is {state} now.")
        if said == self._words.locked:
            known = answered or self._is_told(context)
            call = None if known else self._asking(tools)
            return call or Sentence(f"Yes, the {self._words.lock.lower()} is locked.")
        return Sentence(_POLITE)

    def _is_told(self, context: str) -> bool:
        """Return whether the lock's state came along with the question."""
        return f"{self._words.lock} =" in context.partition(_STATES)[2]

    def _switching(self, state: str, tools: Sequence[str]) -> Call | None:
        """Return the call that switches the light, where a tool can do that."""
        if "control" in tools:
            return Call(
                name="control", arguments={"action": state, "name": self._words.light}
            )
        return _named(f"HassTurn{state.capitalize()}", tools, self._words.light)

    def _asking(self, tools: Sequence[str]) -> Call | None:
        """Return the call that asks for the lock's state, where a tool tells it."""
        if "state" in tools:
            return Call(name="state", arguments={"name": self._words.lock})
        return _named("GetLiveContext", tools, self._words.lock)


def _named(ending: str, tools: Sequence[str], name: str) -> Call | None:
    """Return a call about one device; its integration stands before a tool's name."""
    for tool in tools:
        if tool.rpartition("__")[2] == ending:
            return Call(name=tool, arguments={"name": name})
    return None
