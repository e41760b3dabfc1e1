"""A model's context: what it has read, and the computing itself."""

from collections.abc import Sequence
import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .library import SEQUENCE, LibraryError, Switch
from .model import Model
from .options import Options

# Tokens computed at once while a prompt is read. llama.cpp splits larger batches
# into pieces of this size anyway, and after each piece it is known how far it got.
BATCH = 512

_PARTIAL = 1
_ABORTED = 2
_NO_ROOM = 1

type State = NDArray[np.uint8]


class Aborted(Exception):
    """The computing was stopped from outside."""


class Context:
    """The one context of the worker; only its own thread may use it."""

    def __init__(self, library: Any, model: Model, options: Options) -> None:
        """Make room for the context.

        Raises:
            LibraryError: There is not enough memory, or the settings do not fit.
        """
        self._library = library
        self._model = model
        settings = library.llama_context_default_params()
        settings.n_ctx = options.context or model.facts.trained_context
        settings.n_batch = settings.n_ubatch = BATCH
        settings.n_seq_max = 1
        settings.n_threads = settings.n_threads_batch = options.threads
        settings.type_k = options.cache_type_k
        settings.type_v = options.cache_type_v
        settings.flash_attn_type = options.flash_attention
        settings.no_perf = True
        # Layers with a sliding window keep only their window.
        settings.swa_full = False
        self.pointer = library.llama_init_from_model(model.pointer, settings)
        if not self.pointer:
            raise LibraryError("There is no room for the context")
        self.size: int = library.llama_n_ctx(self.pointer)
        self._memory = library.llama_get_memory(self.pointer)
        self.switch = Switch(library)
        self.switch.attach(library, self.pointer)
        self._next = (ctypes.c_int32 * 1)()
        self._one = library.llama_batch_get_one(self._next, 1)
        self._warm_up()

    def _warm_up(self) -> None:
        """Compute once for nothing, which brings the weights into memory."""
        self.step(max(self._library.llama_vocab_bos(self._model.vocabulary), 0))
        self.clear()

    def read(self, tokens: Sequence[int]) -> None:
        """Read at most ``BATCH`` tokens after those that are there.

        Raises:
            Aborted: The switch was set; some of them may have been read.
            LibraryError: They cannot be read.
        """
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = self._library.llama_batch_get_one(array, len(tokens))
        self._check(self._library.llama_decode(self.pointer, batch))

    def step(self, token: int) -> None:
        """Read one token; what ``read`` says is true here as well."""
        self._next[0] = token
        self._check(self._library.llama_decode(self.pointer, self._one))

    def _check(self, status: int) -> None:
        """Raise what a status of the computing stands for."""
        if status == _ABORTED:
            raise Aborted
        if status == _NO_ROOM:
            raise LibraryError("There is no room left in the context")
        if status:
            raise LibraryError(f"The computing failed ({status})")

    def clear(self) -> None:
        """Forget everything."""
        self._library.llama_memory_clear(self._memory, False)

    def keep(self, count: int) -> bool:
        """Forget all but the first tokens; return whether that was possible."""
        removed = self._library.llama_memory_seq_rm(self._memory, SEQUENCE, count, -1)
        return bool(removed)

    def first_place(self) -> int:
        """Return the first place that is still known in all layers; -1 for none."""
        found: int = self._library.llama_memory_seq_pos_min(self._memory, SEQUENCE)
        return found

    def state_size(self, *, partial: bool = False) -> int:
        """Return the bytes that ``state`` would return."""
        size: int = self._library.llama_state_seq_get_size_ext(
            self.pointer, SEQUENCE, _PARTIAL if partial else 0
        )
        return size

    def state(self, *, partial: bool) -> State | None:
        """Return a copy of what was read; None where there is none.

        Args:
            partial: Only that which cannot be rolled back.
        """
        flags = _PARTIAL if partial else 0
        size = self.state_size(partial=partial)
        copy = np.empty(size, np.uint8)
        written = self._library.llama_state_seq_get_data_ext(
            self.pointer, _bytes_of(copy), size, SEQUENCE, flags
        )
        return copy if written else None

    def restore(self, state: State, *, partial: bool) -> bool:
        """Put a copy back; return whether that worked."""
        read = self._library.llama_state_seq_set_data_ext(
            self.pointer,
            _bytes_of(state),
            state.size,
            SEQUENCE,
            _PARTIAL if partial else 0,
        )
        return bool(read)

    def logits(self) -> NDArray[np.float32]:
        """Return the scores of all tokens after the last one read; not a copy."""
        pointer = self._library.llama_get_logits_ith(self.pointer, -1)
        return np.ctypeslib.as_array(pointer, (self._model.facts.vocabulary,))


def _bytes_of(array: State) -> Any:
    """Return an array's memory as C functions want it."""
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
