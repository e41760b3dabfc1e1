"""Sentences about several things: what they are, together where they are alike."""

from collections.abc import Sequence

from .seen import Seen

# Nobody listens to a longer list.
_MOST = 8
_FEW = 2


def sentence(seen: Sequence[Seen]) -> str:
    """Say what some things are, those of one state together."""
    alike: dict[str, list[Seen]] = {}
    for one in seen:
        alike.setdefault(one.word if len(seen) > 1 else one.short, []).append(one)
    return joined(
        [
            f"{listed(some)} {'is' if len(some) == 1 else 'are'} {word}"
            for word, some in alike.items()
        ]
    )


def all_told(seen: Sequence[Seen]) -> str:
    """Say what each of a few things is; of many how many are what."""
    if len(seen) > _MOST:
        return joined(_counted(seen))
    return joined([f"{one.entity.name} is {one.short}" for one in seen])


def listed(seen: Sequence[Seen]) -> str:
    """Name some things, and count the rest."""
    names = [one.entity.name for one in seen]
    if len(names) > _MOST:
        return f"{', '.join(names[:_MOST])} and {len(names) - _MOST} more"
    return joined(names)


def joined(texts: Sequence[str]) -> str:
    """Join texts as a sentence does."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last


def _counted(seen: Sequence[Seen]) -> list[str]:
    """Say how many things are in each state, and which, where they are few."""
    alike: dict[str, list[Seen]] = {}
    for one in seen:
        alike.setdefault(one.word, []).append(one)
    return [
        f"{len(some)} {'is' if len(some) == 1 else 'are'} {word}"
        + (f": {listed(some)}" if len(some) <= _FEW else "")
        for word, some in sorted(alike.items(), key=lambda pair: -len(pair[1]))
    ][:_MOST]
