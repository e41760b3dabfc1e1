"""What the accuracy benchmark prints: tables, what went wrong, and speed."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from demo.calls import Call
from training.confusion import Outcome, counts, listing as grouped

from .asking import Row
from .utterances import KINDS, Effect, Utterance

type Counts = dict[str, dict[str, int]]
type Results = Mapping[str, Sequence[Row]]


def by_kind(rows: Sequence[Row]) -> Counts:
    """Count what is right, by kind."""
    return {
        kind: _count([row for row in rows if row.utterance.kind is kind])
        for kind in KINDS
    }


def by_phenomenon(rows: Sequence[Row]) -> Counts:
    """Count what is right, by kind and phenomenon."""
    names = {_phenomenon(row) for row in rows if row.utterance.phenomenon}
    return {
        name: _count([row for row in rows if _phenomenon(row) == name])
        for name in sorted(names)
    }


def _phenomenon(row: Row) -> str:
    return f"{row.utterance.kind}/{row.utterance.phenomenon}"


def _count(rows: Sequence[Row]) -> dict[str, int]:
    return {"right": sum(row.right for row in rows), "of": len(rows)}


def table(results: Results) -> str:
    """Return the counts side by side: each kind, its phenomena, and all."""
    kinds = {name: by_kind(rows) for name, rows in results.items()}
    phenomena = {name: by_phenomenon(rows) for name, rows in results.items()}
    none = _count([])
    width = max(12, *(len(name) + 2 for name in results))
    lines = [f"{'':28}" + "".join(f"{name:>{width}}" for name in results)]

    def add(title: str, found: Mapping[str, dict[str, int]]) -> None:
        cells = (f"{found[name]['right']}/{found[name]['of']}" for name in results)
        lines.append(f"{title:28}" + "".join(f"{cell:>{width}}" for cell in cells))

    seen = sorted({name for found in phenomena.values() for name in found})
    for kind in KINDS:
        add(kind, {name: kinds[name][kind] for name in results})
        for name in seen:
            if name.startswith(f"{kind}/"):
                add(
                    f"  {name.partition('/')[2]}",
                    {
                        agent: found.get(name, none)
                        for agent, found in phenomena.items()
                    },
                )
    add("all", {name: _count(rows) for name, rows in results.items()})
    return "\n".join(lines)


def listing(name: str, rows: Sequence[Row], *, whole: bool) -> str:
    """Return what one agent got wrong, for a person to read.

    In groups of what was wanted and what came; and each utterance, where the
    ``whole`` is wanted.
    """
    wrong = [row for row in rows if not row.right]
    lines = [f"{name}: {len(wrong)} of {len(rows)} wrong"]
    lines += grouped(map(outcome, wrong))
    if whole:
        for row in wrong:
            lines += _in_full(row)
    return "\n".join(lines)


def _in_full(row: Row) -> Iterator[str]:
    """Yield all about a wrong row."""
    utterance, said = row.utterance, row.said
    yield f'  {utterance.kind}: "{utterance.say}"'
    if utterance.before:
        yield f"    after     {'; '.join(utterance.before)}"
    if utterance.area:
        yield f"    said in   {utterance.area}"
    yield f"    expected  {_expected(utterance)}"
    yield f"    got       {_got(said.calls)}"
    yield f"    reply     {said.reply}"


def outcome(row: Row) -> Outcome:
    """Return a row as the groups of what went wrong take it."""
    return Outcome(
        said=row.utterance.say,
        kind=row.utterance.kind,
        wanted=row.utterance.effects,
        done=row.said.calls,
        got=f"{_got(row.said.calls)}; {row.said.reply}",
    )


def _expected(utterance: Utterance) -> str:
    """Return what an utterance must bring about, as text."""
    parts = [_effect(effect) for effect in utterance.effects] or ["no action"]
    if utterance.answers:
        parts.append(f"a reply with {' or '.join(utterance.answers)}")
    if utterance.must_tell:
        parts.append(f"a reply with {' and '.join(utterance.must_tell)}")
    return "; ".join(parts)


def _effect(effect: Effect) -> str:
    return _action(effect.service, sorted(effect.entities), effect.data)


def _got(calls: Sequence[Call]) -> str:
    return (
        "; ".join(_action(call.service, call.entities, call.data) for call in calls)
        or "no action"
    )


def _action(service: str, entities: Sequence[str], data: object) -> str:
    return f"{service} {', '.join(entities)}" + (f" {data}" if data else "")


def speed(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return medians of warm, right turns: of those that act, and of the others."""
    found = {}
    for name, acting in (("acting", True), ("answering", False)):
        warm = [
            row.said
            for row in rows
            if row.warm and row.right and bool(row.utterance.effects) is acting
        ]
        first = [
            seconds
            for said in warm
            if (seconds := said.measures.get("first_word_seconds")) is not None
        ]
        if warm:
            found[name] = {"whole_turn": round(median(s.seconds for s in warm), 3)}
        if first:
            found[name]["first_word"] = round(median(first), 3)
    return found


def speed_lines(name: str, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the medians as text."""
    for what, medians in speed(rows).items():
        first = medians.get("first_word")
        word = "" if first is None else f"first word or action {first:.2f} s, "
        yield f"{name}, {what}, warm: {word}whole turn {medians['whole_turn']:.2f} s"


def as_json(results: Results) -> dict[str, Any]:
    """Return all that was measured."""
    return {
        name: {
            **by_kind(rows),
            "phenomena": by_phenomenon(rows),
            "wrong": counts(outcome(row) for row in rows if not row.right),
            "seconds": speed(rows),
        }
        for name, rows in results.items()
    }
