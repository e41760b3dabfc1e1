"""One word for each thing that can go wrong with an engine.

The same word is the error of a form and the key of a translated exception.
"""

from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
)

from .const import DOMAIN
from .engines.faults import (
    AuthFailed,
    Busy,
    ContextOverflow,
    EngineError,
    ModelMissing,
    OutOfMemory,
    ProtocolError,
    StartFailed,
    TimedOut,
    Unreachable,
    Unsupported,
)

_KEYS: dict[type[EngineError], str] = {
    AuthFailed: "invalid_auth",
    Busy: "busy",
    ContextOverflow: "context_overflow",
    ModelMissing: "model_missing",
    OutOfMemory: "out_of_memory",
    ProtocolError: "bad_answer",
    StartFailed: "start_failed",
    TimedOut: "timeout_connect",
    Unreachable: "cannot_connect",
    Unsupported: "unsupported",
}


def error_key(err: EngineError) -> str:
    """Return the word for what went wrong with an engine at work."""
    return _KEYS.get(type(err), "unknown")


def probe_error_key(err: EngineError) -> str:
    """Return the word for what went wrong on getting to know a server."""
    if isinstance(err, ProtocolError | Unsupported):
        return "not_an_engine"
    return error_key(err)


def translated[E: HomeAssistantError](
    kind: type[E], key: str, url: str, err: EngineError
) -> E:
    """Return an exception of Home Assistant that says it in the user's language."""
    return kind(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"error": str(err), "url": url},
    )


def setup_error(err: EngineError, url: str) -> HomeAssistantError:
    """Return what Home Assistant expects of an entry whose server failed the probe.

    It asks for another key, gives up, or tries again later.
    """
    kind: type[HomeAssistantError] = ConfigEntryNotReady
    if isinstance(err, AuthFailed):
        kind = ConfigEntryAuthFailed
    elif isinstance(err, ProtocolError | Unsupported):
        kind = ConfigEntryError
    return translated(kind, probe_error_key(err), url, err)
