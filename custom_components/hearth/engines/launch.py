"""What a llama.cpp of our own is started with."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Runtime(StrEnum):
    """The programs that can run a model for us."""

    LLAMA_CPP_PYTHON = "llama_cpp_python"
    LLAMA_SERVER = "llama_server"


class CacheType(StrEnum):
    """How the numbers of the KV cache are kept; the value is llama.cpp's name."""

    F16 = "f16"
    Q8_0 = "q8_0"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPlan:
    """One way to run one model, decided before anything is started.

    Args:
        runtime: Which program it is.
        program: The ``llama-server``, or the Python that runs our worker.
        packages: A folder with ``llama_cpp`` for the worker, where it is not
            among the Python's own packages.
        model: The model file; of a split one the first part.
        alias: The name that the engine gives the model.
        context_window: Tokens of context.
        threads: Threads that compute.
        cache_type: How the KV cache is kept.
        slots: How many prompts llama-server keeps read, each in a KV cache of its
            own with all of the context window; our worker has one.
        prompt_cache: Bytes of host memory for prompts that are not in the KV
            cache any more; 0 keeps none.
        checkpoints: Most context checkpoints of a slot.
        batch: Tokens of a prompt that llama-server reads before it looks who else
            wants something: a reading ahead that is in the way of a person ends
            after so many. With fewer, llama.cpp reads more slowly
            (docs/speed.md has the numbers).
        ngram: Whether llama-server guesses what comes next from words that came
            before, and checks the guess in one go.
        version: Of the program, as it was found.
        folder: Where the key, saved slots and the like go; only we can read it.
    """

    runtime: Runtime
    program: Path
    model: Path
    alias: str
    context_window: int
    threads: int
    folder: Path
    packages: Path | None = None
    cache_type: CacheType = CacheType.F16
    slots: int = 1
    prompt_cache: int = 0
    checkpoints: int = 0
    batch: int = 64
    ngram: bool = False
    version: str = ""
