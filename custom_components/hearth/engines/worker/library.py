"""The border to llama_cpp, which has no types that are of use here.

Nothing is imported before it is needed: a server answers while the library, and then
the model, is being loaded.
"""

import ctypes
from importlib import import_module
import logging
from pathlib import Path
import sys
from typing import Any

LOGGER = logging.getLogger("worker")

# ggml's levels of log lines.
_WARNING, _ERROR, _CONTINUED = 3, 4, 5
_FOREVER: list[Any] = []
# The sequence that all tokens belong to.
SEQUENCE = 0


class LibraryError(Exception):
    """llama_cpp is missing, or refuses."""


class _Log:
    """Passes on what llama.cpp warns of; its other lines say nothing to anybody."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._level = 0

    def __call__(self, level: int, text: bytes, _data: object) -> None:
        """Take a line, or the rest of one."""
        self._level = level = self._level if level == _CONTINUED else level
        if level >= _WARNING and (line := text.decode(errors="replace").strip()):
            at = logging.ERROR if level == _ERROR else logging.WARNING
            LOGGER.log(at, "%s", line)


def load_library(packages: Path | None) -> Any:
    """Import the library.

    Args:
        packages: A folder to look for it in first: there is one that was checked.

    Raises:
        LibraryError: It is missing or broken.
    """
    if packages is not None and str(packages) not in sys.path:
        sys.path.insert(0, str(packages))
    library: Any
    try:
        library = import_module("llama_cpp.llama_cpp")
    except (ImportError, OSError, RuntimeError) as err:
        raise LibraryError(f"llama-cpp-python cannot be loaded: {err}") from err
    # The library calls it for as long as the process lives.
    _FOREVER.append(library.llama_log_callback(_Log()))
    library.llama_log_set(_FOREVER[-1], None)
    library.llama_backend_init()
    _load_processor_code(library)
    return library


def _load_processor_code(library: Any) -> None:
    """Load the code that computes, where it is in files of its own.

    Hearth's wheels carry it once for each kind of processor. Others have it in the
    library itself, which then knows at least one device.
    """
    native = library._lib  # noqa: SLF001 - llama_cpp has no other way to it
    native.ggml_backend_dev_count.restype = ctypes.c_size_t
    if native.ggml_backend_dev_count():
        return
    folder = Path(str(library.__file__)).with_name("lib")
    native.ggml_backend_load_all_from_path.argtypes = [ctypes.c_char_p]
    native.ggml_backend_load_all_from_path.restype = None
    native.ggml_backend_load_all_from_path(str(folder).encode())
    if not native.ggml_backend_dev_count():
        raise LibraryError("llama-cpp-python has no code for this kind of processor")


def version() -> str:
    """Return the version of the library that was imported."""
    found = getattr(sys.modules.get("llama_cpp"), "__version__", "")
    return f"llama-cpp-python {found}".strip()


class Switch:
    """A switch that llama.cpp looks at many times a second, without Python.

    llama.cpp asks a C function whether to go on. The C library's ``strlen`` of a text
    that is empty (go on) or one byte long (stop) is such a function: it costs nothing
    and takes no lock of Python's.
    """

    def __init__(self, library: Any) -> None:
        """Make a switch that is off."""
        self._text = ctypes.create_string_buffer(2)
        self._length = ctypes.cast(
            ctypes.CDLL(None).strlen, library.ggml_abort_callback
        )

    def attach(self, library: Any, context: Any) -> None:
        """Let a context look at the switch."""
        address = ctypes.addressof(self._text)
        library.llama_set_abort_callback(context, self._length, address)

    def set(self, stop: bool) -> None:
        """Say whether to stop."""
        self._text[0] = b"\1" if stop else b"\0"
