"""Whether something is above or below a number."""

import pytest

from custom_components.hearth.agent.answers import answer
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.limits import limit_in
from custom_components.hearth.agent.seen import Seen

SENSOR = ExposedEntity(
    entity_id="sensor.kitchen",
    name="Kitchen temperature",
    area="Kitchen",
    device_class="temperature",
)


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("is it over twenty degrees in the kitchen", (20, True)),
        ("is it more than 20.5 degrees", (20.5, True)),
        ("is the battery below 30%", (30, False)),
        ("is it colder than -5", (-5, False)),
        ("is it colder than minus five", (-5, False)),
        ("is it warm in the kitchen", None),
        ("is it over in the kitchen", None),
        # Another number says something else.
        ("is lamp 2 over 30 percent", None),
        ("is it over 20 or under 10", None),
    ],
)
def test_limit(said: str, limit: tuple[float, bool] | None) -> None:
    """One number after a word for more or less is a limit."""
    assert limit_in(said) == limit


@pytest.mark.parametrize(
    ("said", "state", "told"),
    [
        ("is it over twenty degrees in the kitchen", "21", "Yes, it is 21 °C."),
        ("is it over twenty degrees in the kitchen", "20", "No, it is 20 °C."),
        ("is it below 20 degrees in the kitchen", "19.5", "Yes, it is 19.5 °C."),
        ("is it over 20 in the kitchen", "unknown", "Kitchen temperature is unknown."),
    ],
)
def test_answer(said: str, state: str, told: str) -> None:
    """The answer says whether, and how much it is."""
    seen = Seen(SENSOR, state, {"unit_of_measurement": "°C"})
    assert answer(said, (seen,), "en") == told
