"""What a benchmark measured, in the columns of the community's table."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkResult:
    """One measurement of one model; None for what could not be measured.

    Args:
        model: The engine's name of it.
        engine: The engine's kind, as people call it.
        engine_version: Its version.
        quantization: Such as ``Q4_K_M``.
        generated_tokens: How many were generated; 100 are asked for.
        generated_per_second: Tokens a second that were generated.
        read_per_second: Prompt tokens a second that were read.
        prompt_tokens: Length of the prompt that was read.
        first_token_seconds: From sending that prompt to the first token.
        load_seconds: To bring the model into memory.
        memory: Bytes that the engine has in all, with the model.
        measured_at: When, as an ISO date and time.
    """

    model: str
    engine: str
    measured_at: str
    engine_version: str | None = None
    quantization: str | None = None
    generated_tokens: int | None = None
    generated_per_second: float | None = None
    read_per_second: float | None = None
    prompt_tokens: int | None = None
    first_token_seconds: float | None = None
    load_seconds: float | None = None
    memory: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the columns, with no more digits than a measurement has."""
        return {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self | None:
        """Read what was kept; None where that is no result of this version."""
        known = {field.name for field in fields(cls)}
        try:
            return cls(**{name: data[name] for name in data if name in known})
        except TypeError:
            return None
