"""The numbers of a pass over ``/v1/chat/completions``: tokens and seconds."""

from .chat import FinishReason, TurnStats
from .stopwatch import Stopwatch
from .values import MILLISECONDS, JsonObject, count, mapping, number, seconds

_FINISH = {
    "length": FinishReason.LENGTH,
    "stop": FinishReason.STOP,
    "tool_calls": FinishReason.STOP,
}

# So many tokens in one piece are no stream any more: some were made unheard. And
# pieces that are so few seconds apart come out of a buffer: llama-cpp-python keeps
# an answer back until it knows that it calls no tool.
_MOST_IN_A_PIECE = 4
_LEAST_APART = 0.002


class Numbers:
    """Collects what the events of a pass say about it."""

    def __init__(self, *, clocked: bool = False) -> None:
        """Start with nothing known."""
        self._clocked = clocked
        self._timings: JsonObject = {}
        self._usage: JsonObject = {}
        self._pieces = 0
        self._first_piece = 0.0
        self.finish_reason: str | None = None

    def add(self, event: JsonObject) -> None:
        """Keep the numbers of an event that has some."""
        self._timings = mapping(event, "timings") or self._timings
        self._usage = mapping(event, "usage") or self._usage

    def heard(self, watch: Stopwatch) -> None:
        """Note that a piece of the answer has come, be it a part of a call."""
        self._pieces += 1
        if self._pieces == 1:
            self._first_piece = watch.total

    def stats(self, watch: Stopwatch) -> TurnStats:
        """Return the numbers of a whole pass."""
        timings, usage = self._timings, self._usage
        read, cached = count(timings, "prompt_n"), count(timings, "cache_n")
        total = None if read is None else read + (cached or 0)
        if total is None:
            total = count(usage, "prompt_tokens")
            cached = count(mapping(usage, "prompt_tokens_details"), "cached_tokens")
        generated = count(timings, "predicted_n")
        if generated is None:
            generated = count(usage, "completion_tokens")
        generation_seconds = _generation_seconds(timings)
        if self._clocked:
            # Servers that count nothing send each token as a piece.
            generated = self._pieces if generated is None else generated
            if generation_seconds is None:
                generation_seconds = self._clock(generated, watch.total)
        return TurnStats(
            prompt_tokens=total,
            cached_tokens=cached,
            generated_tokens=generated,
            prompt_seconds=seconds(timings, "prompt_ms", MILLISECONDS),
            generation_seconds=generation_seconds,
            first_token_seconds=watch.first,
            total_seconds=watch.total,
            finish_reason=_FINISH.get(self.finish_reason or "", FinishReason.UNKNOWN),
        )

    def _clock(self, generated: int, now: float) -> float | None:
        """Return the time that the speed after the first piece stands for.

        An answer that came in few pieces, or all at once, says nothing about speed.
        """
        if self._pieces < 2 or generated > self._pieces * _MOST_IN_A_PIECE:
            return None
        apart = (now - self._first_piece) / (self._pieces - 1)
        return apart * self._pieces if apart >= _LEAST_APART else None


def _generation_seconds(timings: JsonObject) -> float | None:
    """Return the time that the engine's own speed stands for.

    ``predicted_ms`` leaves out the first token, which comes with the prompt:
    tokens divided by it would be too fast, for one token a thousandfold.
    """
    tokens, speed = (
        number(timings, "predicted_n"),
        number(timings, "predicted_per_second"),
    )
    return tokens / speed if tokens and speed else None
