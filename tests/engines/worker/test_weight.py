"""How likely a token was, from the scores of all."""

from math import exp, inf

import numpy as np
import pytest

from custom_components.hearth.engines.worker.weight import weight_of


def test_weights_are_probabilities() -> None:
    """Over all tokens they add up to one, however high the scores."""
    scores = np.array([1000.0, 1001.0, 999.0], np.float32)
    weights = [weight_of(scores, token, b"a") for token in range(3)]
    assert sum(exp(weight.log) for weight in weights) == pytest.approx(1.0)
    assert weights[1].log > weights[0].log > weights[2].log


def test_what_json_cannot_say() -> None:
    """Half a character is told as a mark, what can never come as a number."""
    weight = weight_of(np.array([0.0, -inf], np.float32), 1, b"\xc3")
    assert weight.token == "\ufffd"
    assert weight.log == pytest.approx(-1e9)
