"""What is understood of an utterance before a very small model is asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.helpers import llm

from ..engines.chat import ToolSpec
from .assist import intent_name
from .compact import CONTROL, SET, STATE
from .home import ExposedEntity
from .orders import LONGEST
from .plain_call import PlainCall
from .plain_changes import plain_changes
from .plain_orders import plain_calls
from .plain_questions import plain_lookups
from .sparing import apart
from .surely import AttributesOf, Meant, surely_meant
from .wording import as_meant, tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What is understood.

    Args:
        said: The user's words, with the names that were misheard put right.
        spared: Words of what is left out of it, which the model does not read.
        meant: What alone can be meant.
        calls: The calls that a plain order means; then the model is not asked.
    """

    said: str
    meant: Meant
    spared: tuple[str, ...] = ()
    calls: tuple[llm.ToolInput, ...] = ()


def understand(
    entities: tuple[ExposedEntity, ...],
    tools: Iterable[ToolSpec],
    said: str,
    language: str,
    *,
    by_heart: bool,
    here: str | None = None,
    attributes_of: AttributesOf | None = None,
) -> Understood:
    """Return what is understood of words.

    Args:
        entities: What is exposed.
        tools: What the model is shown.
        said: The user's words.
        language: The user's.
        by_heart: Whether the model was made for its tools. Others understand what was
            misheard, and what a plain order means.
        here: The area of the satellite.
        attributes_of: Returns the attributes that something has now, by its entity ID.
    """
    if not by_heart:
        return Understood(said=said, meant=surely_meant(entities, said, language))
    mended = as_meant(entities, said, language)
    names = {
        intent_name(tool.name): tool.name
        for tool in tools
        if tool.parameters in (CONTROL.parameters, SET.parameters, STATE.parameters)
    }
    calls = _plain(entities, mended, language, here, attributes_of)
    # Nothing opens because of a name that was only nearly said.
    if any(call.tool not in names for call in calls) or (
        mended != tidy(said) and any(call.opens for call in calls)
    ):
        calls = ()
    rest, spared = apart(entities, mended, language)
    return Understood(
        said=rest,
        spared=spared,
        meant=surely_meant(entities, rest, language, attributes_of),
        calls=tuple(
            llm.ToolInput(tool_name=names[call.tool], tool_args=call.arguments)
            for call in calls
        ),
    )


def _plain(
    entities: tuple[ExposedEntity, ...],
    said: str,
    language: str,
    here: str | None,
    attributes_of: AttributesOf | None,
) -> tuple[PlainCall, ...]:
    """Return the calls that words mean without a model, none for very long ones."""
    if len(said) > LONGEST:
        return ()
    calls = plain_calls(entities, said, language, here)
    if not calls and attributes_of is not None:
        calls = plain_changes(entities, said, language, here, attributes_of)
    return calls or plain_lookups(entities, said, language, here)
