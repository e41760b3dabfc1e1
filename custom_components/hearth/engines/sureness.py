"""How sure a model was of a call, from the probabilities of the tokens it is made of."""

from bisect import bisect_right
from collections.abc import Sequence
from math import exp

from .faults import ProtocolError
from .values import JsonObject, mapping, objects, text


class Sureness:
    """The product of the probabilities of tokens: that of writing just these."""

    def __init__(self) -> None:
        """Know of no token yet."""
        self._log: float | None = None

    def add(self, choice: JsonObject) -> None:
        """Take the tokens that a part of an answer tells the probabilities of."""
        for token in _tokens(choice):
            self._log = (self._log or 0.0) + _log_of(token)

    def take(self) -> float | None:
        """Return the product in [0, 1], None where none was told; begin anew."""
        log, self._log = self._log, None
        return None if log is None else exp(log)


def of_whole(
    choice: JsonObject, content: str, names: Sequence[str]
) -> list[float | None]:
    """Return the products of the calls of an answer that came as a whole.

    What was said before the first call counts for none of them. Where it cannot be
    seen which token is of which call, all have the product of all.

    Args:
        choice: The answer, with the probabilities of its tokens.
        content: What it says.
        names: Of the tools that it calls, in that order.
    """
    tokens = _tokens(choice)
    if not tokens:
        return [None] * len(names)
    words = [text(token, "token") for token in tokens]
    logs = [_log_of(token) for token in tokens]
    begins = _beginnings("".join(words), content, names)
    if begins is None:
        return [exp(sum(logs))] * len(names)
    sums, offset = [0.0] * len(names), 0
    for word, log in zip(words, logs, strict=True):
        if call := bisect_right(begins, offset):
            sums[call - 1] += log
        offset += len(word)
    return [exp(log) for log in sums]


def _beginnings(written: str, content: str, names: Sequence[str]) -> list[int] | None:
    """Return where calls begin in what was written, None where that is not clear.

    All begin as the first one does.
    """
    begin = len(content) if written.startswith(content) else 0
    named = written.find(names[0], begin) if names else -1
    opening = written[begin:named]
    if named <= begin:
        return None
    begins = [begin]
    for name in names[1:]:
        begin = written.find(opening + name, begin + 1)
        if begin < 0:
            return None
        begins.append(begin)
    return begins


def _tokens(choice: JsonObject) -> list[JsonObject]:
    """Return the tokens that a part of an answer tells the probabilities of."""
    return objects(mapping(choice, "logprobs"), "content")


def _log_of(token: JsonObject) -> float:
    """Return the logarithm of a token's probability."""
    found = token.get("logprob")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ProtocolError("The engine sent a probability that is no number")
    return min(found, 0.0)
