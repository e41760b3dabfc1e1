"""Which of the recommendations a person can take with one click."""

from collections.abc import Collection, Iterable

from ..engines.base import EngineKind
from ..engines.discovery import Found
from ..recommending.base import NANO, Pick, PlaceKind, ReasonKey

_MOST = 5
# More of what a server would have to download first would leave no room for others.
_MOST_PULLS = 2


def offers(
    picks: Iterable[Pick], *, urls: Collection[str], managed: bool
) -> tuple[Pick, ...]:
    """Return what to offer, the best first; the model that comes along is among it.

    Args:
        picks: All that could be recommended, the best first.
        urls: Addresses of servers that are set up already.
        managed: Whether an engine that Hearth runs is set up already.
    """
    possible = [pick for pick in picks if _is_possible(pick, urls, managed)]
    pulls = [pick for pick in possible if _is_pull(pick)]
    possible = [pick for pick in possible if pick not in pulls[_MOST_PULLS:]]
    best = possible[:_MOST]
    nano = [pick for pick in possible[_MOST:] if pick.model == NANO]
    return (*best[: _MOST - len(nano)], *nano)


def _is_pull(pick: Pick) -> bool:
    """Return whether a server would have to download the model first."""
    return pick.place.kind is PlaceKind.FOUND and bool(pick.download)


def _is_possible(pick: Pick, urls: Collection[str], managed: bool) -> bool:
    """Return whether a recommendation fits, stays at home and is not there yet."""
    if not pick.fits or any(one.key is ReasonKey.CLOUD for one in pick.reasons):
        return False
    if pick.place.kind is PlaceKind.MANAGED:
        return not managed
    place = pick.place
    return (
        place.kind is PlaceKind.FOUND
        and place.url not in urls
        and place.engine is not EngineKind.HAILO_OLLAMA
    )


def servers(found: Iterable[Found], *, urls: Collection[str]) -> tuple[Found, ...]:
    """Return the servers that answer, can be used and are not set up yet."""
    return tuple(
        one
        for one in found
        if one.url not in urls and one.kind is not EngineKind.HAILO_OLLAMA
    )
