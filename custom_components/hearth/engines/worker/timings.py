"""The numbers of an answer, with llama-server's names and meanings."""

from dataclasses import dataclass
from typing import Any

_MILLISECONDS = 1000.0
# The time that llama-server gives at least: its clock counts microseconds.
_LEAST_SECONDS = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """What an answer took.

    Args:
        cached: Tokens of the prompt that had been read before.
        read: Tokens of the prompt that were read.
        read_seconds: The time from the beginning until the prompt was read.
        generated: Tokens generated, with the one that ends the answer.
        generation_seconds: The time from then until the last token. The first token
            comes with the prompt: only the others took computing.
    """

    cached: int
    read: int
    read_seconds: float
    generated: int
    generation_seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the object ``timings``."""
        reading = max(self.read_seconds, _LEAST_SECONDS) * _MILLISECONDS
        generating = max(self.generation_seconds, _LEAST_SECONDS) * _MILLISECONDS
        steps = max(self.generated - 1, 0)
        return {
            "cache_n": self.cached,
            "prompt_n": self.read,
            "prompt_ms": reading,
            "prompt_per_token_ms": reading / self.read if self.read else 0.0,
            "prompt_per_second": self.read / reading * _MILLISECONDS,
            "predicted_n": self.generated,
            "predicted_ms": generating,
            "predicted_per_token_ms": generating / steps if steps else 0.0,
            "predicted_per_second": steps / generating * _MILLISECONDS,
        }

    def usage(self) -> dict[str, Any]:
        """Return the object ``usage``."""
        prompt = self.cached + self.read
        return {
            "completion_tokens": self.generated,
            "prompt_tokens": prompt,
            "total_tokens": prompt + self.generated,
            "prompt_tokens_details": {"cached_tokens": self.cached},
        }
