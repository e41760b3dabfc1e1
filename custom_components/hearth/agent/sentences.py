"""What a person hears from Hearth and no model, in their language.

Home Assistant translates user interfaces, not what an agent says, so the sentences
are here. For an error, a language that is missing gets Home Assistant's own general
sentence of `home-assistant-intents` (65 languages), then English.
"""

from collections.abc import Mapping
from enum import StrEnum

from home_assistant_intents import get_intents
from homeassistant.core import HomeAssistant

from ..engines.faults import (
    AuthFailed,
    Busy,
    ContextOverflow,
    EngineError,
    ModelMissing,
    OutOfMemory,
    StartFailed,
    TimedOut,
    Unreachable,
    Unsupported,
)
from .sentence_table import SENTENCES


class Sentence(StrEnum):
    """What can be said; the names are the keys of the table."""

    AUTH_FAILED = "auth_failed"
    BUSY = "busy"
    CONTEXT_OVERFLOW = "context_overflow"
    DONE = "done"
    LEFT = "left"
    LOOP = "loop"
    MODEL_MISSING = "model_missing"
    NOTHING_SAID = "nothing_said"
    OUT_OF_MEMORY = "out_of_memory"
    TIMED_OUT = "timed_out"
    TOO_MANY_STEPS = "too_many_steps"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    UNSUPPORTED = "unsupported"


# What is no error is not replaced by a general sentence about errors.
_NO_ERRORS = frozenset({Sentence.DONE, Sentence.LEFT, Sentence.UNCLEAR})

_BY_ERROR: Mapping[type[EngineError], Sentence] = {
    AuthFailed: Sentence.AUTH_FAILED,
    Busy: Sentence.BUSY,
    ContextOverflow: Sentence.CONTEXT_OVERFLOW,
    ModelMissing: Sentence.MODEL_MISSING,
    OutOfMemory: Sentence.OUT_OF_MEMORY,
    TimedOut: Sentence.TIMED_OUT,
    StartFailed: Sentence.UNREACHABLE,
    Unreachable: Sentence.UNREACHABLE,
    Unsupported: Sentence.UNSUPPORTED,
}


def sentence_for(error: Exception) -> Sentence:
    """Return what to say about an error."""
    return next(
        (sentence for kind, sentence in _BY_ERROR.items() if isinstance(error, kind)),
        Sentence.UNKNOWN,
    )


async def async_say(hass: HomeAssistant, sentence: Sentence, language: str) -> str:
    """Return a sentence in a language, such as ``de`` or ``pt-BR``."""
    for code in (language, language.partition("-")[0]):
        if (table := SENTENCES.get(code)) is not None:
            return table[sentence]
    if sentence not in _NO_ERRORS:
        intents = await hass.async_add_executor_job(get_intents, language)
        errors = (intents or {}).get("responses", {}).get("errors", {})
        if general := errors.get("handle_error"):
            return str(general)
    return SENTENCES["en"][sentence]
