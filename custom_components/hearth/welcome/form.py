"""The form that says what was seen, and asks what to take."""

from collections.abc import Mapping, Sequence

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..engines.discovery import Found
from ..recommending.base import Pick
from .facts import pick_label, server_label

CONF_CHOICE = "choice"
# What is chosen where nothing is taken; the names of texts.
MYSELF = "choose_myself"
SERVER = "server"

_WORDS = "welcome"
_PICK = "pick_"
_FOUND = "found_"


def welcome_schema(
    picks: Sequence[Pick],
    found: Sequence[Found],
    texts: Mapping[str, str],
    *,
    myself: bool,
    taken: str | None,
) -> vol.Schema:
    """Return the choice, with the first one preselected.

    Args:
        picks: What is offered, the best first.
        found: Servers that answer.
        texts: Sentences in the home's language, by their names.
        myself: Whether an engine of Hearth's own can still be set up by hand.
        taken: What was taken before, and is preselected then.
    """
    labels = {
        f"{_PICK}{number}": pick_label(pick, texts) for number, pick in enumerate(picks)
    }
    labels |= {
        f"{_FOUND}{number}": server_label(one, texts)
        for number, one in enumerate(found)
    }
    if myself:
        labels[MYSELF] = MYSELF
    labels[SERVER] = SERVER
    default = taken if taken in labels else next(iter(labels))
    return vol.Schema(
        {
            vol.Required(CONF_CHOICE, default=default): SelectSelector(
                SelectSelectorConfig(
                    mode=SelectSelectorMode.LIST,
                    options=[
                        SelectOptionDict(label=label, value=value)
                        for value, label in labels.items()
                    ],
                    translation_key=_WORDS,
                )
            )
        }
    )


def picked(picks: Sequence[Pick], choice: str) -> Pick | None:
    """Return what was taken of an offer, None for the other choices."""
    if not choice.startswith(_PICK):
        return None
    return picks[int(choice.removeprefix(_PICK))]


def server_of(found: Sequence[Found], choice: str) -> Found | None:
    """Return the server whose models are asked for, None for the other choices."""
    if not choice.startswith(_FOUND):
        return None
    return found[int(choice.removeprefix(_FOUND))]
