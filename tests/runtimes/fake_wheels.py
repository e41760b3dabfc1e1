"""Tiny packages and programs that take the place of the real engines."""

from hashlib import sha256
from pathlib import Path
import zipfile

WORKS = """
__version__ = "{version}"
def llama_backend_init(): pass
llama_decode = llama_get_memory = llama_init_from_model = llama_memory_seq_rm = 0
llama_model_load_from_file = llama_sampler_init_grammar = 0
llama_sampler_init_grammar_lazy_patterns = llama_set_abort_callback = 0
llama_state_seq_load_file = llama_state_seq_save_file = 0
"""
OLD = """
__version__ = "{version}"
def llama_backend_init(): pass
"""
# What a library does that was compiled for a newer processor.
ILLEGAL = "import os, signal; os.kill(os.getpid(), signal.SIGILL)"
CRASHES = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
LACKS_LIBRARY = "import ctypes; ctypes.CDLL('libhearth-has-none.so.1')"
LACKS_MODULE = "import hearth_has_no_such_module"
RAISES = "raise RuntimeError('it is\\nbroken')"


def write_package(folder: Path, code: str = WORKS, version: str = "0.3.36") -> None:
    """Write a ``llama_cpp`` as an installer would leave it."""
    (folder / "llama_cpp").mkdir(parents=True)
    (folder / "llama_cpp" / "__init__.py").write_text(
        code.replace("{version}", version)
    )


def wheel_name(version: str = "0.3.36", tags: str = "py3-none-any") -> str:
    """Return the name of a wheel of llama-cpp-python."""
    return f"llama_cpp_python-{version}-{tags}.whl"


def write_wheel(
    folder: Path,
    code: str = WORKS,
    version: str = "0.3.36",
    tags: str = "py3-none-any",
    requires: str = "",
) -> Path:
    """Write a wheel that an installer takes; returns where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / wheel_name(version, tags)
    info = f"llama_cpp_python-{version}.dist-info"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    files = {
        "llama_cpp/__init__.py": code.replace("{version}", version),
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: llama_cpp_python\n"
        f"Version: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: hearth\n"
        f"Root-Is-Purelib: false\nTag: {tags}\n",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (files | {f"{info}/RECORD": record}).items():
            archive.writestr(name, text)
    return path


def sum_of(path: Path) -> str:
    """Return a file's sha256."""
    return sha256(path.read_bytes()).hexdigest()


def write_program(path: Path, script: str) -> Path:
    """Write a program in the shell's language; returns where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path
