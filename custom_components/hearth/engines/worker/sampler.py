"""Choosing the next token, with llama.cpp's own samplers."""

import ctypes
from dataclasses import dataclass
import secrets
from types import TracebackType
from typing import Any, Self

import numpy as np

from .context import Context
from .library import LibraryError
from .model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the next token is chosen; what llama-server does without being told."""

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    seed: int | None = None
    repeat_penalty: float = 1.0
    repeat_last: int = 64
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What an answer must look like.

    Args:
        gbnf: The grammar; its root is "root".
        patterns: Where it begins; without any it begins with the answer.
    """

    gbnf: str
    patterns: tuple[str, ...] = ()


class Sampler:
    """The samplers of one answer; to be used in a ``with``."""

    def __init__(
        self, library: Any, model: Model, sampling: Sampling, grammar: Grammar | None
    ) -> None:
        """Put the samplers in a row.

        Raises:
            LibraryError: The grammar is broken.
        """
        self._library = library
        self._grammar = None
        if grammar is not None:
            self._grammar = _grammar_sampler(library, model, grammar)
            size = model.facts.vocabulary
            self._all = np.empty(
                size, np.dtype([("id", "i4"), ("logit", "f4"), ("p", "f4")])
            )
            self._single = library.llama_token_data()
        settings = library.llama_sampler_chain_default_params()
        settings.no_perf = True
        self._chain = library.llama_sampler_chain_init(settings)
        for sampler in _samplers(library, model.facts.vocabulary, sampling):
            library.llama_sampler_chain_add(self._chain, sampler)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the memory back."""
        self._library.llama_sampler_free(self._chain)
        if self._grammar is not None:
            self._library.llama_sampler_free(self._grammar)

    def choose(self, context: Context) -> int:
        """Return the token that follows what was read last."""
        token: int
        token = self._library.llama_sampler_sample(self._chain, context.pointer, -1)
        if self._grammar is not None:
            # To look at one token is quick, at all of them slow.
            if not self._fits(token):
                token = self._allowed(context)
                self._library.llama_sampler_accept(self._chain, token)
            self._library.llama_sampler_accept(self._grammar, token)
        return token

    def _allowed(self, context: Context) -> int:
        """Choose among the tokens that the grammar allows."""
        self._all["id"] = np.arange(self._all.size, dtype=np.int32)
        self._all["logit"] = context.logits()
        data = self._all.ctypes.data_as(self._library.llama_token_data_p)
        found = self._array(data, self._all.size)
        self._library.llama_sampler_apply(self._grammar, ctypes.byref(found))
        self._library.llama_sampler_apply(self._chain, ctypes.byref(found))
        token: int = found.data[found.selected].id
        return token

    def _fits(self, token: int) -> bool:
        """Return whether the grammar allows a token."""
        self._single.id, self._single.logit, self._single.p = token, 1.0, 0.0
        found = self._array(ctypes.pointer(self._single), 1)
        self._library.llama_sampler_apply(self._grammar, ctypes.byref(found))
        return bool(np.isfinite(found.data[0].logit))

    def _array(self, data: Any, size: int) -> Any:
        """Return tokens as the samplers want them."""
        return self._library.llama_token_data_array(
            data=data, size=size, selected=-1, sorted=False
        )


def _samplers(library: Any, vocabulary: int, sampling: Sampling) -> list[Any]:
    """Return the samplers in llama-server's order."""
    row = []
    penalties = (
        sampling.repeat_penalty,
        sampling.frequency_penalty,
        sampling.presence_penalty,
    )
    if sampling.repeat_last and penalties != (1.0, 0.0, 0.0):
        row.append(
            library.llama_sampler_init_penalties(
                vocabulary, sampling.repeat_last, *penalties
            )
        )
    if sampling.temperature <= 0:
        return [*row, library.llama_sampler_init_greedy()]
    seed = secrets.randbits(32) if sampling.seed is None else sampling.seed
    if sampling.top_k > 0:
        row.append(library.llama_sampler_init_top_k(sampling.top_k))
    if sampling.top_p < 1:
        row.append(library.llama_sampler_init_top_p(sampling.top_p, 1))
    if sampling.min_p > 0:
        row.append(library.llama_sampler_init_min_p(sampling.min_p, 1))
    row.append(library.llama_sampler_init_temp(sampling.temperature))
    row.append(library.llama_sampler_init_dist(seed))
    return row


def _grammar_sampler(library: Any, model: Model, grammar: Grammar) -> Any:
    """Return the sampler that knows a grammar."""
    gbnf, root = grammar.gbnf.encode(), b"root"
    if grammar.patterns:
        patterns = [pattern.encode() for pattern in grammar.patterns]
        array = (ctypes.c_char_p * len(patterns))(*patterns)
        sampler = library.llama_sampler_init_grammar_lazy_patterns(
            model.vocabulary, gbnf, root, array, len(patterns), None, 0
        )
    else:
        sampler = library.llama_sampler_init_grammar(model.vocabulary, gbnf, root)
    if not sampler:
        raise LibraryError("The grammar is broken")
    return sampler
