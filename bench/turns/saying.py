"""Having a model say certain words, at what its own would cost.

A model speaks by evaluating one token after the other. Which one comes next is chosen
from what the last evaluation brought, and that costs next to nothing. So the tokens are
given to it one by one: the server has the rest of the prompt in its memory each time
and evaluates one token. A grammar would let a model say certain words, too; but its
check of every word of the vocabulary costs as much as evaluating a token does.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from .markup import Json, Server, Token


@dataclass(slots=True)
class Spoken:
    """What was said so far, and llama-server's numbers of it."""

    reason: str = ""
    timings: Json = field(default_factory=dict)

    def add(self, told: Json) -> None:
        """Take the numbers of one evaluation; all but the first are of one token."""
        if not self.timings:
            self.timings = {
                **{key: told[key] for key in ("cache_n", "prompt_n", "prompt_ms")},
                "predicted_n": 0,
                "predicted_ms": 0.0,
            }
        else:
            self.timings["predicted_ms"] += told["prompt_ms"]
        self.timings["predicted_n"] += 1

    def finish(self, reason: str) -> None:
        """Note how it ended, and how fast it was."""
        self.reason = reason
        one = self.timings
        # The first token comes with the prompt.
        generated = max(one["predicted_n"] - 1, 0)
        one["prompt_per_second"] = _rate(one["prompt_n"], one["prompt_ms"])
        one["predicted_per_second"] = _rate(generated, one["predicted_ms"])


def _rate(tokens: int, milliseconds: float) -> float:
    """Return tokens a second."""
    return tokens * 1000 / milliseconds if milliseconds else 0.0


async def say(
    server: Server,
    prompt: Sequence[Token],
    answer: Sequence[Token],
    spoken: Spoken,
    *,
    most: int,
) -> AsyncGenerator[str]:
    """Have an answer said after a prompt; yield the text of each token.

    Args:
        server: Whose model says it.
        prompt: What was said before.
        answer: What is to be said.
        spoken: Takes what it cost.
        most: The most tokens that may be said.
    """
    numbers = [token.number for token in prompt]
    # The last step is the one in which a model ends its turn.
    for token in [*answer, None][:most]:
        told = await server.post(
            "/completion",
            {
                "prompt": numbers,
                "cache_prompt": True,
                "n_predict": 1,
                "response_fields": ["timings"],
                # What it would say is of no interest.
                "samplers": ["temperature"],
                "temperature": 0,
            },
        )
        spoken.add(told["timings"])
        if token is None:
            spoken.finish("stop")
            return
        numbers.append(token.number)
        yield token.text
    spoken.finish("length")
