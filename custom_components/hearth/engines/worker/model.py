"""A model file in memory: its weights, its words, and what it says about itself."""

from collections.abc import Callable
import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .library import LibraryError

# Bytes of a token's text that need no second look.
_USUAL_PIECE = 64
_NO_TOKEN = -1
_FTYPE_GUESSED = "(guessed) "


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a model says about itself; sizes are in bytes and tokens."""

    vocabulary: int
    vocabulary_type: int
    trained_context: int
    width: int
    parameters: int
    size: int
    quantization: str
    template: str
    bos: str
    eos: str
    # Tokens that a layer with a sliding window looks back; 0 where all look at all.
    window: int
    # Whether it has a state that cannot be rolled back.
    recurrent: bool


class Model:
    """A loaded model."""

    def __init__(self, library: Any, path: Path, go_on: Callable[[], bool]) -> None:
        """Load a model.

        Args:
            library: llama_cpp's functions.
            path: The file.
            go_on: Asked many times during the load; no stops it.

        Raises:
            LibraryError: It cannot be loaded; llama.cpp's log says why.
        """
        self._library = library
        parameters = library.llama_model_default_params()
        self._progress = library.llama_progress_callback(lambda _part, _: go_on())
        parameters.progress_callback = self._progress
        self.pointer = library.llama_model_load_from_file(
            str(path).encode(), parameters
        )
        if not self.pointer:
            raise LibraryError(f"The model cannot be loaded: {path}")
        self.vocabulary = library.llama_model_get_vocab(self.pointer)
        self.facts = self._read_facts()
        self._adds_bos = bool(library.llama_vocab_get_add_bos(self.vocabulary))
        self._pieces: dict[int, bytes] = {}
        self._ends: dict[int, bool] = {}

    def _read_facts(self) -> Facts:
        """Ask the model about itself."""
        lib, model, vocabulary = self._library, self.pointer, self.vocabulary
        template = lib.llama_model_chat_template(model, None)
        name = lib.llama_ftype_name(lib.llama_model_ftype(model))
        return Facts(
            vocabulary=lib.llama_vocab_n_tokens(vocabulary),
            vocabulary_type=lib.llama_vocab_type(vocabulary),
            trained_context=lib.llama_model_n_ctx_train(model),
            width=lib.llama_model_n_embd(model),
            parameters=lib.llama_model_n_params(model),
            size=lib.llama_model_size(model),
            quantization=(name or b"").decode().removeprefix(_FTYPE_GUESSED),
            template=(template or b"").decode(errors="replace"),
            bos=self._token_text(lib.llama_vocab_bos(vocabulary)),
            eos=self._token_text(lib.llama_vocab_eos(vocabulary)),
            window=lib.llama_model_n_swa(model),
            recurrent=bool(
                lib.llama_model_is_recurrent(model) or lib.llama_model_is_hybrid(model)
            ),
        )

    def _token_text(self, token: int) -> str:
        """Return a special token's text; nothing where there is no such token."""
        if token == _NO_TOKEN:
            return ""
        return self._spell(token, special=True).decode(errors="replace")

    def prompt_tokens(self, text: str) -> list[int]:
        """Return the tokens of a prompt; its beginning is marked once."""
        if self._adds_bos and self.facts.bos:
            text = text.removeprefix(self.facts.bos)
        return self.tokens(text, add_special=True)

    def tokens(
        self, text: str, *, add_special: bool = False, parse_special: bool = True
    ) -> list[int]:
        """Return the tokens of a text."""
        raw = text.encode(errors="replace")
        room = len(raw) + 8
        for _ in range(2):
            found = (ctypes.c_int32 * room)()
            count = self._library.llama_tokenize(
                self.vocabulary, raw, len(raw), found, room, add_special, parse_special
            )
            if count >= 0:
                return list(found[:count])
            room = -count
        raise LibraryError("The text cannot be split into tokens")

    def piece(self, token: int) -> bytes:
        """Return a token's text; that of a control token is empty.

        It may begin and end in the middle of a character.
        """
        if (piece := self._pieces.get(token)) is None:
            piece = self._pieces[token] = self._spell(token, special=False)
        return piece

    def special_piece(self, token: int) -> bytes:
        """Return a token's text, also if it is a control token."""
        return self._spell(token, special=True)

    def ends(self, token: int) -> bool:
        """Return whether a token ends the answer."""
        if (ends := self._ends.get(token)) is None:
            found = self._library.llama_vocab_is_eog(self.vocabulary, token)
            ends = self._ends[token] = bool(found)
        return ends

    def is_control(self, token: int) -> bool:
        """Return whether a token is no text."""
        return bool(self._library.llama_vocab_is_control(self.vocabulary, token))

    def _spell(self, token: int, *, special: bool) -> bytes:
        """Ask for a token's text."""
        room = _USUAL_PIECE
        for _ in range(2):
            text = ctypes.create_string_buffer(room)
            size = self._library.llama_token_to_piece(
                self.vocabulary, token, text, room, 0, special
            )
            if size >= 0:
                return text.raw[:size]
            room = -size
        raise LibraryError(f"The token {token} cannot be spelled")
