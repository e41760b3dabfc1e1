"""What was measured, as a table and as numbers for others to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
import statistics
from typing import Any

from .cases import Case
from .contenders import HEARTH, LLAMA_CPP
from .measured import Measured

# A case's measurements, one of each round, by who was measured.
type Rounds = Mapping[Case, Mapping[str, Sequence[Measured]]]

_WORDS = {
    Case.COLD: "nothing read yet, no tool",
    Case.WARM: "all read but the words, no tool",
    Case.ACTION: "a light turned on",
    Case.STATE: "is the door locked?",
    Case.CONVERSATION: "ten turns of a conversation, each",
    Case.RENAME: "after another device was renamed",
    Case.SATELLITES: "two satellites in turn, each",
    Case.SPEECH: "2 s of speech, nothing read yet",
    Case.UNPREPARED: "the same, agent not prepared",
    Case.RESTART_AT_ONCE: "at once after a restart",
    Case.RESTART: "some time after a restart",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The medians of one contender in one case."""

    case: Case
    agent: str
    measured: Measured

    def as_data(self) -> dict[str, Any]:
        """Return it as others read it."""
        one = self.measured
        return {
            "case": self.case.value,
            "agent": self.agent,
            "first_delta_s": round(one.first_delta, 4),
            "first_word_s": round(one.first_word, 4),
            "turn_s": round(one.turn, 4),
            "passes": one.passes,
            "read": one.read,
            "cached": one.cached,
        }


def rows_of(rounds: Rounds) -> list[Row]:
    """Return the medians of everybody."""
    return [
        Row(case=case, agent=agent, measured=_median(measured))
        for case, agents in rounds.items()
        for agent, measured in agents.items()
    ]


def _median(measured: Sequence[Measured]) -> Measured:
    """Return the median of each number."""

    def number(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return statistics.median(known) if len(known) == len(measured) else None

    return Measured(
        first_delta=statistics.median(one.first_delta for one in measured),
        first_word=statistics.median(one.first_word for one in measured),
        turn=statistics.median(one.turn for one in measured),
        passes=statistics.median(one.passes for one in measured),
        read=number(one.read for one in measured),
        cached=number(one.cached for one in measured),
    )


def ratios_of(rounds: Rounds) -> dict[Case, dict[str, float]]:
    """Return how many times sooner Hearth is than Home Assistant's llama.cpp.

    Both had the same machine at nearly the same time in each round, so it is the
    median of the rounds' ratios.
    """
    ratios = {}
    for case, agents in rounds.items():
        if not {HEARTH, LLAMA_CPP} <= agents.keys():
            continue
        pairs = list(zip(agents[LLAMA_CPP], agents[HEARTH], strict=True))
        ratios[case] = {
            "first_delta": _ratio(
                (one.first_delta, two.first_delta) for one, two in pairs
            ),
            "first_word": _ratio(
                (one.first_word, two.first_word) for one, two in pairs
            ),
            "turn": _ratio((one.turn, two.turn) for one, two in pairs),
        }
    return ratios


def _ratio(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the median of ratios."""
    return round(statistics.median(one / two for one, two in pairs), 2)


def table(rounds: Rounds) -> str:
    """Return everything for a person to read."""
    ratios = ratios_of(rounds)
    lines = [_line("seconds, medians", "first", "first", "whole", "", "tokens", "")]
    lines.append(_line("", "delta", "word", "turn", "passes", "read", "cached"))
    case = None
    for row in rows_of(rounds):
        if row.case is not case:
            case = row.case
            lines.append(_WORDS[case])
        one = row.measured
        seconds = (
            f"{value:.2f}" for value in (one.first_delta, one.first_word, one.turn)
        )
        passes = f"{one.passes:.1f}"
        lines.append(
            _line(
                f"  {row.agent}", *seconds, passes, _count(one.read), _count(one.cached)
            )
        )
        if row.agent == LLAMA_CPP and case in ratios:
            told = (f"{value:.1f} x" for value in ratios[case].values())
            lines.append(_line("  times sooner", *told))
    return "\n".join(lines)


def _line(first: str, *cells: str) -> str:
    """Return a line of the table."""
    return f"{first:22}{''.join(f'{cell:>9}' for cell in cells)}".rstrip()


def _count(tokens: float | None) -> str:
    """Return a number of tokens, where it is known."""
    return "?" if tokens is None else f"{tokens:.0f}"


def as_data(rounds: Rounds) -> dict[str, Any]:
    """Return everything for others to read."""
    return {
        "rows": [row.as_data() for row in rows_of(rounds)],
        "ratios": {case.value: told for case, told in ratios_of(rounds).items()},
    }
