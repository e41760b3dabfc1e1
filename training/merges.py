"""The merges of byte-pair encoding inside words, which can be added to."""

from collections.abc import Iterable
from itertools import pairwise

Merge = tuple[str, str]


class Merges:
    """Merges of letters, in order, which can be added to."""

    def __init__(self, merges: Iterable[Merge]) -> None:
        """Start with those there are."""
        self.rank = {merge: number for number, merge in enumerate(merges)}

    def pieces(self, word: str) -> list[str]:
        """Return what a word is cut into."""
        parts = list(word)
        while len(parts) > 1:
            pairs = list(pairwise(parts))
            best = min(pairs, key=lambda pair: self.rank.get(pair, len(self.rank)))
            if best not in self.rank:
                break
            parts = _joined(parts, best)
        return parts

    def add(self, word: str) -> list[str]:
        """Make a word one token; return the tokens that are new, the word last."""
        made = []
        while len(parts := self.pieces(word)) > 1:
            self.rank[parts[0], parts[1]] = len(self.rank)
            made.append(parts[0] + parts[1])
        return made


def _joined(parts: list[str], pair: Merge) -> list[str]:
    done: list[str] = []
    for part in parts:
        if done and (done[-1], part) == pair:
            done[-1] += part
        else:
            done.append(part)
    return done
