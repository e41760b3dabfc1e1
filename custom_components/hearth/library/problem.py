"""What can go wrong with the models of an engine, in one word and its placeholders."""

from collections.abc import Mapping

from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..engines.faults import Busy, EngineError, PullFailed, TimedOut, Unreachable
from ..errors import error_key
from ..managed.problem import ManagedError

# How Ollama says that its registry has no such model.
_UNKNOWN_TO_REGISTRY = "file does not exist"


class LibraryError(Exception):
    """Something that a person can do something about, or that passes by itself.

    Args:
        key: The name of the text that says it, among the exceptions.
        placeholders: What the text names.
        passing: Whether another try may succeed.
    """

    def __init__(
        self,
        key: str,
        placeholders: Mapping[str, str] | None = None,
        *,
        passing: bool = False,
    ) -> None:
        """Keep the name of the text and what it names."""
        super().__init__(key, dict(placeholders or {}))
        self.key = key
        self.placeholders = dict(placeholders or {})
        self.passing = passing


def of_engine(err: EngineError, url: str, model: str) -> LibraryError:
    """Return what an engine's error means for a model."""
    if isinstance(err, PullFailed):
        unknown = _UNKNOWN_TO_REGISTRY in str(err)
        return LibraryError(
            "pull_unknown_model" if unknown else "pull_failed",
            {"error": str(err), "model": model},
        )
    return LibraryError(
        error_key(err),
        {"error": str(err), "url": url},
        passing=isinstance(err, Busy | TimedOut | Unreachable),
    )


# Of what goes wrong with a hub or a download, what may be right in a minute.
_PASSING = frozenset({"download_interrupted", "hub_rate_limited", "hub_unreachable"})


def of_files(err: ManagedError) -> LibraryError:
    """Return what went wrong with a hub, or with a download from it."""
    return LibraryError(err.key, err.placeholders, passing=err.key in _PASSING)


def said[E: HomeAssistantError](kind: type[E], err: LibraryError) -> E:
    """Return an exception of Home Assistant that says it in the user's language."""
    return kind(
        translation_domain=DOMAIN,
        translation_key=err.key,
        translation_placeholders=err.placeholders,
    )
