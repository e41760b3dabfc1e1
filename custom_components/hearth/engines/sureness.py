"""How sure a model was of a call, from the probabilities of the tokens it is made of."""

from math import exp

from .faults import ProtocolError
from .values import JsonObject, mapping, objects


class Sureness:
    """The product of the probabilities of tokens: that of writing just these."""

    def __init__(self) -> None:
        """Know of no token yet."""
        self._log: float | None = None

    def add(self, choice: JsonObject) -> None:
        """Take the tokens that a part of an answer tells the probabilities of."""
        for token in objects(mapping(choice, "logprobs"), "content"):
            self._log = (self._log or 0.0) + _log_of(token)

    def take(self) -> float | None:
        """Return the product in [0, 1], None where none was told; begin anew."""
        log, self._log = self._log, None
        return None if log is None else exp(log)


def _log_of(token: JsonObject) -> float:
    """Return the logarithm of a token's probability."""
    found = token.get("logprob")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ProtocolError("The engine sent a probability that is no number")
    return min(found, 0.0)
