"""What compact calls reach: exceptions, garage doors, and the whole home."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
import pytest

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.targets import find_targets
from custom_components.hearth.agent.toolset import async_register_api

from .conftest import Effects


def thing(
    entity_id: str,
    name: str,
    area: str | None = None,
    kind: str | None = None,
    *aliases: str,
) -> ExposedEntity:
    """Return an entity; the rooms upstairs are the bedroom and the bathroom."""
    upstairs = "Upstairs" if area in ("Bedroom", "Bathroom") else None
    return ExposedEntity(
        entity_id=entity_id,
        name=name,
        aliases=aliases,
        area=area,
        floor=upstairs,
        device_class=kind,
    )


HOME = (
    thing("light.bed", "Bed lamp", "Bedroom"),
    thing("light.bath", "Mirror", "Bathroom"),
    thing("light.hall", "Hall lamp", "Hall", None, "Lantern"),
    thing("light.string", "Fairy lights"),
    thing("fan.bed", "Fan", "Bedroom"),
    thing("cover.bed", "Bed blind", "Bedroom", "blind"),
    thing("cover.hall", "Hall blind", "Hall", "blind"),
    thing("cover.side", "Side door", "Hall", "door"),
    thing("cover.garage", "Garage door", "Garage", "garage"),
    thing("cover.gate", "Driveway", "Yard", "gate"),
    thing("valve.water", "Water", "Yard", "water"),
    thing("lock.front", "Front door", "Hall"),
)
LIGHTS = ["light.bath", "light.bed", "light.hall", "light.string"]
UNCLEAR = "Say which device or which area"


def reached(
    entities: tuple[ExposedEntity, ...] = HOME,
    /,
    *,
    here: str | None = None,
    **arguments: Any,
) -> list[str] | str:
    """Return the IDs of what a call reaches; ``spare`` is its ``except``."""
    if "spare" in arguments:
        arguments["except"] = arguments.pop("spare")
    targets = find_targets(entities, arguments, here=here)
    if isinstance(targets, str):
        return targets
    return sorted(entity.entity_id for target in targets for entity in target.entities)


@pytest.mark.parametrize(
    ("spared", "left"),
    [
        ("Bed lamp", ["light.bath", "light.hall", "light.string"]),
        ("the hall lamps", ["light.bath", "light.bed", "light.string"]),
        ("lantern", ["light.bath", "light.bed", "light.string"]),
        ("Bathroom", ["light.bed", "light.hall", "light.string"]),
        ("upstairs", ["light.hall", "light.string"]),
        ("", LIGHTS),
    ],
)
def test_what_is_spared(spared: str, left: list[str]) -> None:
    """A thing, an area or a floor is left out by its name, however it is spelled."""
    assert reached(action="off", domain="light", area="home", spare=spared) == left


@pytest.mark.parametrize("spared", ["Sauna", "Fan", "Garage", "!", "bed"])
def test_nothing_of_that_name(spared: str) -> None:
    """What is not there cannot be spared: somebody means something else."""
    assert reached(action="off", domain="light", area="home", spare=spared) == (
        f"There is no {spared} among them"
    )


def test_everything_spared() -> None:
    """Of a room without the room nothing is left."""
    assert (
        reached(action="off", domain="light", area="Hall", spare="Hall lamp") == UNCLEAR
    )


def test_spared_things_are_reached_by_name() -> None:
    """Assist knows no exceptions, so the others are named one by one."""
    arguments = {"action": "off", "domain": "light", "except": "Upstairs"}
    targets = find_targets(HOME, arguments, here=None)
    assert not isinstance(targets, str)
    assert [target.slots for target in targets] == [
        {"area": "Hall", "name": "Hall lamp", "domain": "light"},
        {"name": "Fairy lights", "domain": "light"},
    ]


def test_a_place_as_a_whole() -> None:
    """Without exceptions a place is one call for each domain."""
    targets = find_targets(HOME, {"action": "off", "area": "Upstairs"}, here=None)
    assert not isinstance(targets, str)
    assert [target.slots for target in targets] == [
        {"floor": "Upstairs", "domain": "fan"},
        {"floor": "Upstairs", "domain": "light"},
    ]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (
            {"action": "close", "domain": "cover", "area": "home"},
            ["cover.bed", "cover.hall"],
        ),
        (
            {"action": "close", "area": "house"},
            ["cover.bed", "cover.hall", "valve.water"],
        ),
        ({"position": 50}, UNCLEAR),
        ({"position": 50, "domain": "cover"}, ["cover.bed", "cover.hall"]),
        ({"action": "open", "area": "Hall"}, ["cover.hall"]),
        ({"action": "open", "area": "Garage"}, ["cover.garage"]),
        ({"action": "open", "area": "Yard"}, ["cover.gate", "valve.water"]),
        ({"action": "close", "name": "Garage door"}, ["cover.garage"]),
    ],
)
def test_garage_doors_and_gates(
    arguments: dict[str, Any], found: list[str] | str
) -> None:
    """Who closes all blinds means no gate, unless a place has nothing else."""
    assert reached(**arguments) == found


def test_only_a_garage_door() -> None:
    """A home's only cover does not open because all are told to."""
    only = (thing("cover.garage", "Garage door", "Garage", "garage"),)
    assert reached(only, action="open", domain="cover") == UNCLEAR
    assert reached(only, action="open", here="Garage") == ["cover.garage"]


@pytest.mark.parametrize(
    "arguments",
    [{"domain": "cover"}, {"domain": "cover", "area": "home"}],
)
def test_who_only_asks(arguments: dict[str, Any]) -> None:
    """A question about all that opens is about the garage door, too."""
    found = reached(**arguments)
    assert "cover.garage" in found
    assert "cover.gate" in found


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"action": "open", "domain": "cover"}, ["cover.bed", "cover.hall"]),
        ({"action": "open"}, UNCLEAR),
        ({"action": "open", "area": "home"}, UNCLEAR),
        ({"action": "open", "domain": "valve"}, UNCLEAR),
        ({"action": "open", "domain": "lock", "area": "home"}, UNCLEAR),
        ({"action": "unlock", "domain": "lock"}, UNCLEAR),
        ({"action": "off"}, UNCLEAR),
        ({"action": "off", "domain": "light"}, LIGHTS),
        ({"action": "lock"}, ["lock.front"]),
        ({"brightness": 10}, UNCLEAR),
    ],
)
def test_the_whole_home(arguments: dict[str, Any], found: list[str] | str) -> None:
    """Blinds are opened all over the home, valves and locks are not."""
    assert reached(**arguments) == found


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"action": "on", "area": "Cellar"}, "There is no area Cellar. Areas: "),
        ({"action": "on", "name": "Bed lamb"}, "Did you mean: Bed lamp?"),
        ({"action": "on", "name": "Sauna"}, "There is no Sauna in this home"),
        ({"domain": "siren"}, "There is no siren in this home"),
        ({"action": "next"}, "There is no such thing in this home"),
    ],
)
def test_what_is_not_there(arguments: dict[str, Any], found: str) -> None:
    """A call for what is not there is told so, with a hint where there is one."""
    assert found in reached(**arguments)


def test_a_name_that_is_shared() -> None:
    """Of several things of one name those are meant that can do it."""
    light = thing("light.door", "Door", "Hall")
    lock = thing("lock.door", "Door", "Hall")
    contact = thing("binary_sensor.door", "Door", "Hall", "door")
    home = (contact, light, lock)
    assert reached(home, action="lock", name="door") == ["lock.door"]
    assert reached(home, action="open", name="door") == ["light.door", "lock.door"]
    assert reached((contact,), action="open", name="door") == ["binary_sensor.door"]
    assert reached(home, name="door") == [
        "binary_sensor.door",
        "light.door",
        "lock.door",
    ]
    assert reached(home, name="Door", area="Hall", brightness=3) == ["light.door"]


def test_sensors_that_share_a_name() -> None:
    """Who looks sees all of one name; what is done is done once."""
    cold = thing("binary_sensor.cold", "Phone", "Hall", "cold")
    low = thing("binary_sensor.low", "Phone", "Hall", "battery")
    left, right = thing("light.left", "Spot", "Hall"), thing("light.right", "Spot")
    home = (cold, low, left, right)
    assert reached(home, name="phone") == ["binary_sensor.cold", "binary_sensor.low"]
    assert reached(home, name="spot") == ["light.left", "light.right"]
    assert reached(home, name="spot", action="on") == ["light.left"]
    assert reached(home, name="spot", brightness=3) == ["light.left"]


def test_hundreds_of_lamps() -> None:
    """A large home is reached as a whole but for one thing."""
    many = tuple(thing(f"light.l{i}", f"Lamp {i}", "Hall") for i in range(400))
    found = reached(many, action="off", domain="light", spare="Lamp 7")
    assert len(found) == 399
    assert "light.l7" not in found


async def test_in_a_home(
    hass: HomeAssistant, home: None, llm_context: llm.LLMContext, effects: Effects
) -> None:
    """Home Assistant switches what is left, and nothing else."""
    async_register_api(hass)
    api = await llm.async_get_api(hass, "hearth", llm_context)

    async def call(**arguments: Any) -> llm.ToolResult:
        result = await api.async_call_tool(
            llm.ToolInput(tool_name="control", tool_args=arguments)
        )
        await hass.async_block_till_done()
        return result

    off = {"action": "on", "domain": "light", "area": "Bedroom"}
    result = await call(**off, **{"except": "bedside lamp left"})
    assert result.data == {"done": ["Bedroom ceiling", "Bedside lamp right"]}
    assert [entity for _, entity, _ in effects()] == [
        "light.bedroom_ceiling",
        "light.bedside_lamp_right",
    ]
    await call(action="open", domain="cover", area="home")
    assert [entity for _, entity, _ in effects()] == [
        "cover.bedroom_blinds",
        "cover.living_room_blinds",
    ]
    result = await call(**off, **{"except": "Kitchen"})
    assert result.error
    assert effects() == []
