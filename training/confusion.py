"""What goes wrong, in groups that a person can read: what was wanted, what came."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

_EXAMPLES = 2
# More than these in one breath and only their number is told.
_MOST_DEEDS = 2
_VERBS = {
    "media_next_track": "skip on",
    "media_previous_track": "skip back",
    "volume_down": "turn down",
    "volume_mute": "mute",
    "volume_set": "set the volume of",
    "volume_unmute": "unmute",
    "volume_up": "turn up",
}

type Merged = Mapping[tuple[str, str], Mapping[str, Any]]


class Action(Protocol):
    """An action on some devices."""

    @property
    def service(self) -> str:
        """Return the action's name with its domain."""

    @property
    def entities(self) -> Collection[str]:
        """Return what it reaches."""

    @property
    def data(self) -> Mapping[str, Any]:
        """Return the rest of what it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was said, what it was to bring about, and what it did.

    ``refused`` tells what was wrong with a call that a tool did not take; ``got`` is
    what came, in short.
    """

    said: str
    kind: str
    wanted: Sequence[Action]
    done: Sequence[Action]
    got: str
    refused: str = ""


def group(outcome: Outcome) -> str:
    """Return the name of the group that a wrong outcome belongs to."""
    wanted = _merged(outcome.wanted)
    asked = "a question" if outcome.kind == "state" else "nothing to do"
    if wanted:
        asked = deeds(wanted)
    if outcome.refused:
        return f"{asked} → {outcome.refused}"
    done = _merged(outcome.done)
    return f"{asked} → {_instead(wanted, done, outcome.kind)}"


def _instead(wanted: Merged, done: Merged, kind: str) -> str:
    """Return what was done instead of what was wanted."""
    if not wanted and done:
        return f"acted: {deeds(done)}"
    if not wanted:
        return "another answer" if kind == "state" else "looked something up"
    if not done:
        return "did nothing"
    if wanted.keys() == done.keys():
        return "right device, wrong value"
    devices, reached = _devices(wanted), _devices(done)
    if _services(wanted) == _services(done):
        return f"right action, {_mistaken(devices, reached)}"
    if devices == reached:
        return f"right device, wrong action: {deeds(done)}"
    if done.keys() < wanted.keys():
        return "only a part of it"
    if done.keys() > wanted.keys():
        return "that and more"
    return deeds(done)


def _mistaken(wanted: frozenset[str], reached: frozenset[str]) -> str:
    """Return how the devices that were reached differ from the wanted ones."""
    if reached < wanted:
        return "some of the devices only"
    if reached > wanted:
        return "more devices than wanted"
    if reached & wanted:
        return "some wrong devices"
    return "wrong device" if len(wanted) == len(reached) == 1 else "wrong devices"


def deeds(merged: Merged) -> str:
    """Return actions as words: what, and on how many of which kind."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for (service, _), data in merged.items():
        domain, _, action = service.partition(".")
        counts[_verb(domain, action, bool(data)), domain] += 1
    if len(counts) > _MOST_DEEDS:
        return f"{len(counts)} different things"
    return " and ".join(
        f"{verb} {_counted(domain, count)}"
        for (verb, domain), count in sorted(counts.items())
    )


def _verb(domain: str, action: str, valued: bool) -> str:
    if action == "turn_on" and valued:
        return "set"
    if action in _VERBS:
        return _VERBS[action]
    verb = action.removesuffix(f"_{domain}").replace(f"_{domain}_", "_")
    verb = verb.removeprefix("media_").replace("_", " ")
    if verb.startswith("set "):
        return f"set the {verb.removeprefix('set ')} of"
    return verb


def _counted(domain: str, count: int) -> str:
    kind = domain.replace("_", " ")
    if count == 1:
        return f"one {kind}"
    return f"several {kind}{'es' if kind.endswith('ch') else 's'}"


def listing(wrong: Iterable[Outcome]) -> Iterator[str]:
    """Yield the groups, the largest first, each with two examples."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in wrong:
        groups[group(outcome)].append(outcome)
    for name, found in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        yield f"  {len(found):4}  {name}"
        for outcome in found[:_EXAMPLES]:
            yield f'          "{outcome.said}"'
            yield f"            got {outcome.got}"


def counts(wrong: Iterable[Outcome]) -> dict[str, int]:
    """Return how many are in each group."""
    found: dict[str, int] = defaultdict(int)
    for outcome in wrong:
        found[group(outcome)] += 1
    return dict(sorted(found.items(), key=lambda g: (-g[1], g[0])))


def _merged(actions: Iterable[Action]) -> Merged:
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for action in actions:
        for entity_id in action.entities:
            merged.setdefault((action.service, entity_id), {}).update(action.data)
    return merged


def _devices(merged: Merged) -> frozenset[str]:
    return frozenset(entity_id for _, entity_id in merged)


def _services(merged: Merged) -> frozenset[str]:
    return frozenset(service for service, _ in merged)
