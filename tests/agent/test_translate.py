"""Compact calls as calls of Assist's tools, one domain after the other."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.hearth.agent.compact import ACTIONS, SET
from custom_components.hearth.agent.targets import ONLY_TELL, Target
from custom_components.hearth.agent.translate import (
    COVERED,
    AssistCall,
    actions_of,
    translate,
    values_of,
)

AT_ONCE = ("button", "input_button", "scene")


def translated(tool: str, domain: str, **arguments: Any) -> list[AssistCall]:
    """Return the calls that one call means for something of a domain."""
    return list(translate(tool, arguments, Target(domain, {}, ())))


@pytest.mark.parametrize("domain", AT_ONCE)
def test_what_is_over_at_once(domain: str) -> None:
    """A scene or a button is turned on, and can do nothing else."""
    assert actions_of(domain) == {"on"}
    assert translated("control", domain, action="on") == [AssistCall("HassTurnOn", {})]
    for action in set(ACTIONS) - {"on"}:
        with pytest.raises(HomeAssistantError, match=f"A {domain} knows only: on$"):
            translated("control", domain, action=action)


@pytest.mark.parametrize(
    ("domain", "actions"),
    [
        ("light", {"on", "off"}),
        ("siren", {"on", "off"}),
        ("lock", {"lock", "unlock"}),
        ("cover", {"on", "off", "open", "close", "stop"}),
        ("valve", {"on", "off", "open", "close", "stop"}),
        ("vacuum", {"on", "off", "start", "dock", "stop"}),
        ("lawn_mower", {"on", "off", "start", "dock", "stop"}),
        *((domain, set()) for domain in sorted(ONLY_TELL)),
    ],
)
def test_actions(domain: str, actions: set[str]) -> None:
    """Each kind of device does what it can, and a sensor nothing."""
    assert actions_of(domain) == actions
    assert actions <= set(ACTIONS)


@pytest.mark.parametrize(
    ("domain", "values"),
    [
        ("light", {"brightness", "color", "kelvin", "temperature"}),
        ("climate", {"temperature"}),
        ("fan", {"speed"}),
        ("cover", {"position"}),
        ("media_player", {"volume"}),
        ("scene", set()),
        ("lock", set()),
        ("sensor", set()),
    ],
)
def test_values(domain: str, values: set[str]) -> None:
    """Each kind of device has the values it has."""
    assert values_of(domain) == values
    assert values <= set(SET.parameters["properties"])


@pytest.mark.parametrize(
    ("domain", "action", "intent", "slots"),
    [
        ("light", "off", "HassTurnOff", {}),
        ("lock", "lock", "HassTurnOn", {}),
        ("lock", "unlock", "HassTurnOff", {}),
        ("cover", "open", "HassTurnOn", {}),
        ("cover", "close", "HassTurnOff", {}),
        ("cover", "stop", "HassStopMoving", {}),
        ("media_player", "stop", "HassMediaPause", {}),
        ("media_player", "louder", "HassSetVolumeRelative", {"volume_step": "up"}),
        ("media_player", "quieter", "HassSetVolumeRelative", {"volume_step": "down"}),
        ("vacuum", "off", "HassVacuumReturnToBase", {}),
        ("lawn_mower", "start", "HassLawnMowerStartMowing", {}),
    ],
)
def test_control(domain: str, action: str, intent: str, slots: dict[str, str]) -> None:
    """An action is what Assist calls it for that kind of device."""
    assert translated("control", domain, action=action) == [AssistCall(intent, slots)]
    assert intent in COVERED["control"]


@pytest.mark.parametrize(
    ("domain", "action"),
    [("lock", "off"), ("lock", "open"), ("light", "open"), ("cover", "unlock")],
)
def test_what_it_cannot_do(domain: str, action: str) -> None:
    """Nobody unlocks a door by turning it off; what it knows is told."""
    with pytest.raises(HomeAssistantError, match=f"A {domain} knows only: "):
        translated("control", domain, action=action)


@pytest.mark.parametrize(
    ("domain", "arguments", "made"),
    [
        ("light", {"brightness": 130}, [("HassLightSet", {"brightness": 100})]),
        ("light", {"brightness": -5}, [("HassLightSet", {"brightness": 0})]),
        ("light", {"temperature": 2700.4}, [("HassLightSet", {"temperature": 2700})]),
        (
            "light",
            {"brightness": 30, "color": "red"},
            [("HassLightSet", {"brightness": 30, "color": "red"})],
        ),
        (
            "climate",
            {"temperature": 19.5},
            [("HassClimateSetTemperature", {"temperature": 19.5})],
        ),
        (
            "media_player",
            {"volume": 15, "speed": 20},
            [
                ("HassFanSetSpeed", {"percentage": 20}),
                ("HassSetVolume", {"volume_level": 15}),
            ],
        ),
    ],
)
def test_set(
    domain: str, arguments: dict[str, Any], made: list[tuple[str, dict[str, Any]]]
) -> None:
    """Values of one tool of Assist go into one call; a percent is one."""
    assert translated("set", domain, **arguments) == [
        AssistCall(intent, slots) for intent, slots in made
    ]


@pytest.mark.parametrize("arguments", [{}, {"brightness": None}, {"name": "Lamp"}])
def test_nothing_to_set(arguments: dict[str, Any]) -> None:
    """Without a value nothing is set, and that is told."""
    with pytest.raises(HomeAssistantError, match="no value was given"):
        translated("set", "light", **arguments)
