"""A model with random weights that says what a grammar lets it say."""

import ctypes
from pathlib import Path
from typing import Any

import llama_cpp

from tests.engines.gguf_models import Shape, write_random

MOST_TOKENS = 200
ROOM = 64


class Model:
    """A model with random weights, and grammars for what it says."""

    def __init__(self, path: Path) -> None:
        """Load a model."""
        write_random(path, Shape(layers=1))
        self._llama = llama_cpp.Llama(str(path), n_ctx=1024, n_threads=1, verbose=False)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)

    def close(self) -> None:
        """Give the memory back."""
        self._llama.close()

    def _grammar(self, gbnf: str, patterns: tuple[str, ...] = ()) -> Any:
        """Return the sampler of a grammar."""
        if patterns:
            array = (ctypes.c_char_p * len(patterns))(*(p.encode() for p in patterns))
            found = llama_cpp.llama_sampler_init_grammar_lazy_patterns(
                self._vocabulary, gbnf.encode(), b"root", array, len(patterns), None, 0
            )
        else:
            found = llama_cpp.llama_sampler_init_grammar(
                self._vocabulary, gbnf.encode(), b"root"
            )
        assert found, gbnf
        return found

    def _piece(self, token: int) -> bytes:
        """Return the text of a token."""
        buffer = ctypes.create_string_buffer(ROOM)
        size = llama_cpp.llama_token_to_piece(
            self._vocabulary, token, buffer, ROOM, 0, True
        )
        return buffer.raw[:size]

    def says(self, gbnf: str, seed: int) -> str:
        """Return what the model says under a grammar, at random, cut off in the end."""
        settings = llama_cpp.llama_sampler_chain_default_params()
        chain = llama_cpp.llama_sampler_chain_init(settings)
        llama_cpp.llama_sampler_chain_add(chain, self._grammar(gbnf))
        for sampler in (
            llama_cpp.llama_sampler_init_temp(1.5),
            llama_cpp.llama_sampler_init_dist(seed),
        ):
            llama_cpp.llama_sampler_chain_add(chain, sampler)
        self._llama.reset()  # type: ignore[no-untyped-call]
        said, tokens = b"", [1]
        for _ in range(MOST_TOKENS):
            self._llama.eval(tokens)
            token = llama_cpp.llama_sampler_sample(chain, self._llama.ctx, -1)
            if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                break
            said += self._piece(token)
            tokens = [token]
        llama_cpp.llama_sampler_free(chain)
        # A grammar lets bytes pass that no UTF-8 begins with.
        return said.decode(errors="replace")

    def allows(self, gbnf: str, text: str, patterns: tuple[str, ...] = ()) -> bool:
        """Return whether a grammar lets a model say a text and then stop."""
        sampler = self._grammar(gbnf, patterns)
        tokens = self._llama.tokenize(text.encode(), add_bos=False, special=True)
        try:
            for token in (*tokens, llama_cpp.llama_vocab_eos(self._vocabulary)):
                single = llama_cpp.llama_token_data(id=token, logit=1.0, p=0.0)
                array = llama_cpp.llama_token_data_array(
                    data=ctypes.pointer(single), size=1, selected=-1, sorted=False
                )
                llama_cpp.llama_sampler_apply(sampler, ctypes.byref(array))
                if single.logit < 0:
                    return False
                if token != llama_cpp.llama_vocab_eos(self._vocabulary):
                    llama_cpp.llama_sampler_accept(sampler, token)
            return True
        finally:
            llama_cpp.llama_sampler_free(sampler)
