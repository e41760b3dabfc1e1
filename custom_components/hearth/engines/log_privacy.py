"""What a stranger may read of the log of an engine of our own.

While a program loads its model it knows nothing about anybody, but where its files
are. Once it serves, what it writes may quote a request: an exception, a grammar, the
name of a tool. Then only lines of its own about its work are kept, up to where they
begin to quote.
"""

from collections.abc import Iterable, Sequence
import re

from .log_tail import LINES, LONGEST_LINE
from .values import shown

LEFT_OUT = "[left out]"
PATH = "[folder]/"

# The first line after which requests are answered: of the worker, and of llama-server.
# The worker listens before its model is loaded, and refuses everything until then.
_SERVES = re.compile(r"^I ready$|^(?!I listening ).*\blistening on http")

# Lines of llama-server about slots and the server, of its libraries about memory and
# devices, and of the worker.
_ABOUT_WORK = re.compile(
    r"(?:[\d.]+ )?"
    r"(?:[A-Z] (?:slot|srv|que|ggml\w*|llama_(?!grammar|sampler)\w*|CUDA|Vulkan)\b"
    r"|I ready$|GGML_ASSERT\()"
    r"[^\"'`{}<>\[\]^\\]*"
)
_QUOTES_AFTER = re.compile(r"\b(?:error|exception)\s*:", re.IGNORECASE)
# Folders of a path, of which one in quotes may have spaces.
_QUOTED = re.compile(r"(?<=[\"'`])[^\"'`]*[/\\](?=[^\"'`]*[\"'`])")
_ABSOLUTE = re.compile(r"(?<![\w.])(?:~|[A-Za-z]:)?[/\\](?:[^\s/\\:'\"]+[/\\])+")


def shareable(lines: Sequence[str], private: Iterable[str] = ()) -> list[str]:
    """Return the lines of a log without anything personal.

    Args:
        lines: The end of a log, oldest line first.
        private: Folders and whatever else must not be seen.
    """
    known = [shown(text, LONGEST_LINE) for text in private]
    first = _first_served(lines)
    kept: list[str] = []
    for number, line in enumerate(lines):
        said = without_folders(line, known)
        if number >= first:
            said = _about_work(said)
        if said != LEFT_OUT or kept[-1:] != [LEFT_OUT]:
            kept.append(said)
    return kept


def without_folders(line: str, private: Iterable[str] = ()) -> str:
    """Return a line in which of every path only the file is left."""
    for text in sorted(private, key=len, reverse=True):
        if folder := text.rstrip("/"):
            line = line.replace(f"{folder}/", PATH).replace(folder, LEFT_OUT)
    if len(line) >= LONGEST_LINE:
        # It may be cut off in the middle of a path.
        line = line[: max(line.rfind("/"), line.rfind("\\")) + 1 or None]
    return _ABSOLUTE.sub(PATH, _QUOTED.sub(PATH, line))


def _first_served(lines: Sequence[str]) -> int:
    """Return the number of the first line that may quote a request."""
    for number, line in enumerate(lines):
        if _SERVES.search(line):
            return number
    # What came before is lost where the log is full.
    return 0 if len(lines) >= LINES else len(lines)


def _about_work(line: str) -> str:
    """Return the beginning of a line that quotes nothing."""
    found = _ABOUT_WORK.match(line)
    if found is None:
        return LEFT_OUT
    quotes = _QUOTES_AFTER.search(found[0])
    said = found[0][: quotes.end()] if quotes else found[0]
    return said.rstrip() if said == line else f"{said.rstrip()} {LEFT_OUT}"
