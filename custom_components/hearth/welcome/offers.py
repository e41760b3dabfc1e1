"""Which of the recommendations a person can take with one click."""

from collections.abc import Collection, Iterable

from ..recommending.base import NANO, Pick, PlaceKind, ReasonKey

_MOST = 5


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
    best = possible[:_MOST]
    nano = [pick for pick in possible[_MOST:] if pick.model == NANO]
    return (*best[: _MOST - len(nano)], *nano)


def _is_possible(pick: Pick, urls: Collection[str], managed: bool) -> bool:
    """Return whether a recommendation fits, stays at home and is not there yet."""
    if not pick.fits or any(one.key is ReasonKey.CLOUD for one in pick.reasons):
        return False
    if pick.place.kind is PlaceKind.MANAGED:
        return not managed
    # What a server would have to download first cannot be had here.
    return (
        pick.place.kind is PlaceKind.FOUND
        and not pick.download
        and pick.place.url not in urls
    )
