"""What a trial measured and what was set, in sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..agent.metrics import TurnMetrics, summarize
from ..engines.chat import TurnStats
from ..recommending.base import SPOKEN
from ..trial import Tried
from .labels import rate
from .texts import filled

# Seconds. Ollama's own time to look up a model that is loaded is a fraction of it.
_LOADED = 1.0
# Seconds. It would be shown as none.
_AT_ONCE = 0.05


def result_text(stats: TurnStats, texts: Mapping[str, str]) -> str:
    """Return how fast a model read and spoke; empty where its engine tells nothing.

    Args:
        stats: What its answer cost.
        texts: Sentences in the home's language, by their names.
    """
    return " ".join([*_speeds(_measured(stats), texts), *_first_word(stats, texts)])


def _measured(stats: TurnStats) -> TurnMetrics:
    """Return the speeds that follow from what an answer cost.

    Ollama does not tell how much of a prompt it had read before: nothing, where the
    model was loaded for this answer.
    """
    loading = stats.load_seconds
    if stats.cached_tokens is None and loading is not None and loading >= _LOADED:
        stats = replace(stats, cached_tokens=0)
    return summarize([stats], first_word=stats.first_token_seconds, total=0.0)


def _speeds(turn: TurnMetrics, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield how fast it read, where that is known, and spoke."""
    reading, speaking = turn.read_tokens_per_second, turn.generated_tokens_per_second
    if speaking is None:
        return
    values = {"reading": rate(reading or 0), "speaking": rate(speaking)}
    yield filled(texts["spoke" if reading is None else "read_and_spoke"], values)
    yield texts["faster" if speaking >= SPOKEN else "slower"]


def _first_word(stats: TurnStats, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield when the first word came, and what of it was loading the model."""
    first, loading = stats.first_token_seconds, stats.load_seconds or 0
    if first is None:
        return
    values = {"seconds": f"{first:.1f}", "loading": f"{loading:.1f}"}
    name = "first_word_at_once" if first < _AT_ONCE else "first_word"
    if _LOADED <= loading <= first:
        name = "first_word_loading"
    yield filled(texts[name], values)


def settings_text(tried: Tried, texts: Mapping[str, str]) -> str:
    """Return what was set for a model, each in a line of a list."""
    said = [
        *([texts["stays_loaded"]] if tried.stays_loaded else []),
        texts["one_at_a_time"],
        filled(texts["window"], {"tokens": str(tried.window)}),
    ]
    return "\n".join(f"- {one}" for one in said)
