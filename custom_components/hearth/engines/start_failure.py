"""Why an engine of our own ended, in plain words, from what it wrote."""

from collections.abc import Sequence
import re
import signal

from .child import End

_LONGEST_QUOTE = 200

# What llama.cpp, the loader of libraries and Python write, and what it means. The
# first that fits is the answer: the end of a log says only that it failed.
_MEANINGS = {
    "This llama.cpp is too old for the model": r"unknown model architecture",
    "The model file is cut short or damaged": (
        r"not within the file bounds|failed to read (key-value|tensor)"
        r"|read error|unexpectedly reached end"
    ),
    "The model file is not a GGUF file": r"invalid magic",
    "The model file cannot be opened": (
        r"failed to open GGUF file|cannot open model file"
    ),
    "There was not enough memory": (
        r"out of memory|bad_alloc|cannot allocate memory"
        r"|(failed|unable) to allocate|MemoryError"
    ),
    "Another program took its port": r"couldn't bind|address (already )?in use",
    "A library that the program needs is missing": (
        r"error (while )?loading shared librar|symbol not found|error relocating"
    ),
    "A Python package that the program needs is missing": r"No module named",
    "This build needs a newer processor": r"illegal instruction",
    "The program does not know an option that it needs": (
        r"invalid argument: |unrecognized arguments?: "
    ),
    "The model could not be loaded": r"failed to load model|error loading model",
}
_KNOWN = {
    meaning: re.compile(said, re.IGNORECASE) for meaning, said in _MEANINGS.items()
}

# Seconds, milliseconds and microseconds since the start, and the level.
_PREFIX = re.compile(r"^[\d.]+ [A-Z] ")
_TELLING = re.compile(r"error|fail|abort|assert|cannot|terminate", re.IGNORECASE)

_SIGNALS: dict[int | None, str] = {
    signal.SIGBUS: "It crashed; the model file may have been changed meanwhile",
    signal.SIGILL: "This build needs a newer processor",
    signal.SIGKILL: "It was killed from outside, as happens when memory runs out",
    signal.SIGSEGV: "It crashed",
}


def explain(end: End, log: Sequence[str]) -> str:
    """Return why a program ended.

    Args:
        end: How it ended.
        log: What it wrote, oldest line first.
    """
    if (number := _signal_of(end)) in _SIGNALS:
        return _SIGNALS[number]
    for meaning, said in _KNOWN.items():
        for line in log:
            if said.search(line):
                return f"{meaning} ({_quote(line)})"
    if end.code is None:
        return "Its keeper was killed"
    if number is not None:
        return f"It was ended by signal {number}{_last_words(log)}"
    return f"It ended by itself with exit code {end.code}{_last_words(log)}"


def _signal_of(end: End) -> int | None:
    """Return the signal that ended a program, None where none did.

    A shell that ran it tells of a signal by adding 128 to it.
    """
    if end.code is None:
        return None
    number = -end.code if end.code < 0 else end.code - 128
    return number if 0 < number < signal.NSIG else None


def _last_words(log: Sequence[str]) -> str:
    """Return the last line that tells of an error, else the last line."""
    telling = [line for line in log if _TELLING.search(line)]
    said = telling or log
    return f" ({_quote(said[-1])})" if said else ""


def _quote(line: str) -> str:
    """Return a line of a log without the program's own prefix."""
    return _PREFIX.sub("", line)[:_LONGEST_QUOTE].strip()
