"""Actions on the home, from events."""

from typing import Any

from demo.calls import Call, calls_on_home

HOME = {"light.a", "light.b", "fan.a"}


def _event(name: str, **data: Any) -> dict[str, Any]:
    domain, _, service = name.partition(".")
    return {"domain": domain, "service": service, "service_data": data}


def test_calls_on_home() -> None:
    """Only actions on the home count; equal ones are made one."""
    assert calls_on_home(
        [
            _event("homeassistant.turn_on", entity_id=["light.a", "light.b"]),
            _event("light.turn_on", entity_id=["light.b"]),
            _event("light.turn_on", entity_id="light.a, light.other"),
            _event("light.turn_on", entity_id="light.a", brightness_pct=3),
            _event("fan.turn_on", entity_id=["fan.other"]),
            _event("home_file.reset"),
            {"domain": "fan", "service": "turn_off", "service_data": None},
        ],
        HOME,
    ) == [
        Call(service="light.turn_on", entities=("light.a", "light.b")),
        Call(
            service="light.turn_on",
            entities=("light.a",),
            data={"brightness_pct": 3},
        ),
    ]
