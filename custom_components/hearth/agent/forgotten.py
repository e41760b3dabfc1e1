"""Whether it is asked if somebody forgot to do something. English only."""

from collections.abc import Sequence

from .inquiry_table import FORGETTING, HAVING, ONLY_ASKING, QUANTITIES


def is_forgotten(spoken: Sequence[str]) -> bool:
    """Return whether it is asked if something was not done: "did I forget to lock it"."""
    for place, word in enumerate(spoken):
        verb, then = spoken[place + 1 : place + 2], spoken[place + 2 : place + 3]
        if tuple(verb) == ("to",) and ONLY_ASKING.isdisjoint(then):
            before = spoken[max(0, place - 4) : place]
            if word in HAVING and not {"do", "does"}.isdisjoint(before):
                return True
            if word in FORGETTING or (word == "remembering" and "without" in before):
                return True
        if word in FORGETTING and any(
            one.endswith("ing") and one not in QUANTITIES for one in verb
        ):
            return True
    return False
