"""One answer: the prompt is read, and token after token is chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter
from typing import Any

from .context import Context
from .model import Model
from .reading import Reading
from .sampler import Grammar, Sampler, Sampling
from .text import Spelling
from .timings import Timings
from .weight import Weight, weight_of


class Finish(StrEnum):
    """Why an answer ended."""

    LENGTH = "length"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be generated.

    Args:
        prompt: The tokens of the prompt; at least one, and fewer than the context.
        sampling: How tokens are chosen.
        grammar: What the answer must look like.
        stops: Texts that end the answer.
        most_tokens: Most tokens to generate; None for as many as there is room for.
            One is generated in any case.
        shown: Control tokens that are part of the answer's text.
        user_start: How many tokens the last words of the user come after.
        reuse: Whether what was read before may be used again.
        ignore_end: Whether to go on where the model would end, as benchmarks do.
        weigh: Whether the probability of each token is told.
    """

    prompt: list[int]
    sampling: Sampling
    grammar: Grammar | None = None
    stops: tuple[str, ...] = ()
    most_tokens: int | None = None
    shown: frozenset[int] = frozenset()
    user_start: int | None = None
    reuse: bool = True
    ignore_end: bool = False
    weigh: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of an answer."""

    finish: Finish
    timings: Timings


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """All that generating takes; only the thread of the engine uses it."""

    library: Any
    model: Model
    context: Context
    reading: Reading


def generate(
    machine: Machine,
    order: Order,
    say: Callable[[str | Weight], None],
    go_on: Callable[[], bool],
) -> Ended:
    """Generate an answer.

    Args:
        machine: What to do it with.
        order: What is wanted.
        say: Takes the answer's text, piece by piece, and the weight of each token
            before the text that it completes.
        go_on: Asked before each batch and each token.

    Raises:
        Aborted: It was stopped.
        LibraryError: The computing failed, or the grammar is broken.
    """
    model, reading = machine.model, machine.reading
    spelling = Spelling(order.stops)
    with Sampler(machine.library, model, order.sampling, order.grammar) as sampler:
        start = perf_counter()
        cached = reading.begin(order.prompt, reuse=order.reuse)
        reading.read(order.prompt, order.user_start, go_on)
        read = last = perf_counter()
        count = 0
        finish = Finish.LENGTH
        most = _budget(order, machine.context.size)
        while True:
            token = sampler.choose(machine.context)
            count += 1
            last = perf_counter()
            if model.ends(token) and not order.ignore_end:
                finish = Finish.STOP
                break
            shown = token in order.shown
            piece = model.special_piece(token) if shown else model.piece(token)
            if order.weigh:
                say(weight_of(machine.context.logits(), token, piece))
            if text := spelling.add(piece):
                say(text)
            if spelling.stopped:
                finish = Finish.STOP
                break
            if count >= most:
                break
            if not go_on():
                # What was generated until now stays read.
                break
            reading.step(token)
        if text := spelling.finish():
            say(text)
    return Ended(
        finish,
        Timings(
            cached=cached,
            read=len(order.prompt) - cached,
            read_seconds=read - start,
            generated=count,
            generation_seconds=last - read,
        ),
    )


def _budget(order: Order, context: int) -> int:
    """Return how many tokens may be generated; the last one is not read any more."""
    room = context - len(order.prompt)
    return max(1, room if order.most_tokens is None else min(room, order.most_tokens))
