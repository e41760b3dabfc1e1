"""How sure a model was of what it wrote."""

from math import log
from typing import Any

import pytest

from custom_components.hearth.engines.faults import ProtocolError
from custom_components.hearth.engines.sureness import Sureness


def choice(*logs: Any) -> dict[str, Any]:
    """Return a part of an answer with the logarithms of its tokens."""
    return {"logprobs": {"content": [{"logprob": found} for found in logs]}}


def test_the_product() -> None:
    """Tokens of several parts count together, until somebody takes the product."""
    sureness = Sureness()
    sureness.add({})
    assert sureness.take() is None
    sureness.add(choice(log(0.5), 0))
    sureness.add({"logprobs": None})
    sureness.add(choice(log(0.5)))
    assert sureness.take() == pytest.approx(0.25)
    assert sureness.take() is None


def test_it_stays_within_its_bounds() -> None:
    """Rounding makes no probability of more than one, and the least is nought."""
    sureness = Sureness()
    sureness.add(choice(1e-6))
    assert sureness.take() == 1.0
    sureness.add(choice(-1e9, -1e9))
    assert sureness.take() == 0.0


@pytest.mark.parametrize("wrong", [None, "-1", True])
def test_what_is_no_number(wrong: Any) -> None:
    """A probability that cannot be read is not taken for a high one."""
    with pytest.raises(ProtocolError):
        Sureness().add(choice(wrong))
