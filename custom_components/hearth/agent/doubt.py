"""What a model was too unsure of: it is asked about first, and done after a yes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from homeassistant.components import conversation
from homeassistant.helpers import llm
from homeassistant.util import dt as dt_util

from .answer_table import NO, YES
from .assist import intent_name
from .compact import CONTROL, LIST, SET, TIMER
from .home import ExposedEntity
from .names import words
from .question import Deed, question
from .sure_enough import SURE, least_sure
from .targets import find_targets

# A yes that comes later may be to something else.
WAITS = timedelta(minutes=2)

# Of tools that can change something, the action that does not.
_ONLY_TELL = {LIST.name: "show", TIMER.name: "status"}
_FALLBACK = "en"


class Answer(Enum):
    """What was said to a question."""

    NO = auto()
    YES = auto()


@dataclass(frozen=True, slots=True)
class Held:
    """Calls that wait for a yes; they ride with the question in the chat log."""

    calls: tuple[llm.ToolInput, ...]
    device_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked instead of acting.

    ``words`` is None where the calls cannot be put into words; then it is asked what
    is meant, and nothing is ``held``.
    """

    words: str | None
    held: Held | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Decides which calls are asked about.

    Args:
        entities: What is exposed.
        only_tell: Names of the tools that change nothing.
        here: The area of the satellite.
        device_id: The satellite.
        language: The user's.
        said: The user's words.
    """

    entities: tuple[ExposedEntity, ...]
    only_tell: frozenset[str]
    here: str | None
    device_id: str | None
    language: str
    said: str = ""

    def question(
        self, calls: Sequence[llm.ToolInput], confidences: Iterable[float | None]
    ) -> Question | None:
        """Return what to ask about the calls of a pass, None where they are clear.

        They are done together or not at all: one that is not clear holds them all.
        """
        deeds = [self._deed(call) for call in calls]
        if all(
            confidence is None or confidence >= least
            for least, confidence in zip(self._least(deeds), confidences, strict=True)
        ):
            return None
        asked = question([deed for deed in deeds if deed is not None], self.language)
        if asked is None or None in deeds:
            return Question(words=None, held=None)
        return Question(words=asked, held=Held(tuple(calls), self.device_id))

    def _deed(self, call: llm.ToolInput) -> Deed | None:
        """Return what a call would change, None where nobody knows."""
        name = intent_name(call.tool_name)
        only = _ONLY_TELL.get(name)
        if call.tool_name in self.only_tell or (
            only is not None and call.tool_args.get("action") == only
        ):
            return Deed(name, call.tool_args, ())
        if name not in {CONTROL.name, SET.name}:
            return None
        targets = find_targets(self.entities, call.tool_args, here=self.here)
        # What reaches nothing fails, and the model is told why.
        reached = () if isinstance(targets, str) else targets
        return Deed(
            str(call.tool_args.get("action", name)),
            call.tool_args,
            tuple(entity for target in reached for entity in target.entities),
        )

    def _least(self, deeds: Sequence[Deed | None]) -> Iterator[float]:
        """Yield the confidences that calls with these effects must have."""
        known = [deed for deed in deeds if deed is not None]
        for deed in deeds:
            if deed is None:
                yield SURE
            else:
                yield least_sure(
                    deed, known, self.entities, self.said, self.language, self.here
                )


def held_in(
    chat_log: conversation.ChatLog, agent_id: str, device_id: str | None
) -> tuple[llm.ToolInput, ...]:
    """Return the calls that the newest words may be the answer to.

    They are those of the question just before, of the same agent and device, and not
    long ago.
    """
    match chat_log.content[-2:]:
        case [conversation.AssistantContent(native=Held() as held) as asked, _]:
            same = (asked.agent_id, held.device_id) == (agent_id, device_id)
            late = dt_util.utcnow() - asked.created > WAITS
            return held.calls if same and not late else ()
        case _:
            return ()


def answer_in(said: str, language: str) -> Answer | None:
    """Return whether words are a plain yes or no; None where they are something else."""
    spoken = words(said)
    for table, answer in ((YES, Answer.YES), (NO, Answer.NO)):
        if any(words(phrase) == spoken for phrase in _of(table, language)):
            return answer
    return None


def _of(table: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    """Return a language's part of a table, English where there is none."""
    return table.get(language.partition("-")[0], table[_FALLBACK])
