"""Answers to questions about states, from what was looked up."""

from collections.abc import Sequence
from typing import Any

import pytest

from custom_components.hearth.agent.answers import answer
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.seen import Seen


def seen(
    entity_id: str,
    name: str,
    state: str,
    kind: str | None = None,
    *,
    area: str | None = None,
    floor: str | None = None,
    **attributes: Any,
) -> Seen:
    """Return a thing in a state."""
    entity = ExposedEntity(
        entity_id=entity_id, name=name, area=area, floor=floor, device_class=kind
    )
    return Seen(entity, state, attributes)


def light(name: str, state: str, percent: int | None = None, **more: Any) -> Seen:
    """Return a light."""
    level: dict[str, Any] = (
        {} if percent is None else {"brightness": round(percent * 2.55)}
    )
    return seen(f"light.{name.lower()}", name, state, **level, **more)


def lock(name: str, state: str) -> Seen:
    """Return a lock."""
    return seen(f"lock.{name.lower()}", name, state)


def window(name: str, state: str) -> Seen:
    """Return a contact of a window."""
    return seen(f"binary_sensor.{name.lower()}", name, state, "window")


def sensed(name: str, kind: str | None, state: str) -> Seen:
    """Return a binary sensor."""
    return seen(f"binary_sensor.{name.lower()}", name, state, kind)


def person(name: str, state: str) -> Seen:
    """Return a person."""
    return seen(f"person.{name.lower()}", name, state)


def sensor(
    kind: str | None,
    state: str,
    unit: str | None = None,
    area: str | None = None,
    floor: str | None = None,
) -> Seen:
    """Return a sensor of an area."""
    told = {} if unit is None else {"unit_of_measurement": unit}
    name = f"{area or 'Old'} {kind or 'sensor'}"
    return seen(
        f"sensor.{name.lower()}", name, state, kind, area=area, floor=floor, **told
    )


def warm(area: str | None, degrees: str, floor: str | None = None) -> Seen:
    """Return a thermometer."""
    return sensor("temperature", degrees, "°C", area, floor)


def damp(area: str, percent: str) -> Seen:
    """Return a hygrometer."""
    return sensor("humidity", percent, "%", area)


def heating(
    name: str, state: str, now: Any = None, target: Any = None, area: str | None = None
) -> Seen:
    """Return a thermostat."""
    known = {"current_temperature": now, "temperature": target}
    return seen(f"climate.{name.lower()}", name, state, area=area, **known)


def blind(
    name: str, state: str, percent: int | None = None, kind: str = "blind"
) -> Seen:
    """Return a cover."""
    position: dict[str, Any] = {} if percent is None else {"current_position": percent}
    return seen(f"cover.{name.lower()}", name, state, kind, **position)


LAMP, DARK = light("Lamp", "on", 40), light("Hall", "off")
BEDROOM = warm("Bedroom", "19")
ANNA, BEN, CARA = (
    person("Anna", "home"),
    person("Ben", "not_home"),
    person("Cara", "School"),
)
GARAGE = blind("Garage door", "closed", 0, "garage")
SCENE = seen("scene.movie", "Movie night", "unknown")


def told(said: str, *things: Seen, language: str = "en") -> str | None:
    """Return what is answered."""
    return answer(said, things, language)


@pytest.mark.parametrize(
    ("said", "things", "language"),
    [
        ("is the lamp on", (), "en"),
        ("", (), "en"),
        ("ist die Lampe an", (LAMP,), "de"),
        ("", (LAMP,), ""),
        # Orders want the state first.
        ("make it warmer", (heating("Heater", "heat", 20, 21),), "en"),
        ("is it a bit warmer", (heating("Heater", "heat", 20, 21),), "en"),
        ("turn the heating up a bit", (heating("Heater", "off"),), "en"),
        ("more light", (LAMP,), "en"),
        ("boost the heat", (heating("Heater", "heat"), BEDROOM), "en"),
        ("it's cold, turn it up", (BEDROOM,), "en"),
        ("the hall lamp a notch higher", (LAMP, DARK), "en"),
    ],
)
def test_what_a_model_answers(said: str, things: Sequence[Seen], language: str) -> None:
    """Without anything seen, in other languages, and to orders nothing is said."""
    assert told(said, *things, language=language) is None


@pytest.mark.parametrize(
    ("said", "thing", "words"),
    [
        ("is the lamp on", LAMP, "Yes, Lamp is on 40%."),
        ("Is the lamp off?", LAMP, "No, Lamp is on 40%."),
        ("is the hall still on", DARK, "No, Hall is off."),
        ("the lamp, on or off?", LAMP, "Lamp is on 40%."),
        ("Is the garage door closed?", GARAGE, "Yes, Garage door is closed."),
        ("did I leave the garage open", GARAGE, "No, Garage door is closed."),
        ("are the blinds up", blind("Blind", "open", 30), "Yes, Blind is open 30%."),
        ("is it closed", blind("Blind", "opening"), "No, Blind is opening."),
        ("is it closed", blind("Blind", "closing", 9), "No, Blind is closing."),
        ("did I lock up", lock("Front", "locked"), "Yes, Front is locked."),
        ("did I lock it", lock("Front", "unlocking"), "No, Front is unlocking."),
        ("is it locked", lock("Front", "open"), "No, Front is open."),
        ("is the door closed", lock("Front", "locked"), "Yes, Front is locked."),
        # An unlocked door may well be closed, and nobody knows of a jammed one.
        ("is the door closed", lock("Front", "unlocked"), "Front is unlocked."),
        ("is the door locked", lock("Front", "jammed"), "Front is jammed."),
        ("did I forget to lock it", lock("Front", "unlocked"), "Yes, Front is unlocked."),
        ("did nobody lock it", lock("Front", "locked"), "No, Front is locked."),
        ("is the window open", window("Window", "on"), "Yes, Window is open."),
        ("how is the window", window("Window", "on"), "Window is open."),
        ("is the vacuum docked", seen("vacuum.v", "Robo", "docked"), "Yes, Robo is docked."),
        ("is it cleaning", seen("vacuum.v", "Robo", "returning"), "No, Robo is returning."),
        ("is it mowing", seen("lawn_mower.m", "Mo", "mowing"), "Yes, Mo is mowing."),
        ("is it running", seen("vacuum.v", "Robo", "idle"), "Robo is idle."),
        ("is Anna home", ANNA, "Yes, Anna is home."),
        ("is Ben home", BEN, "No, Ben is away."),
        ("is Cara out", CARA, "Yes, Cara is at School."),
        ("where is Cara", CARA, "Cara is at School."),
        ("is the phone home", seen("device_tracker.p", "Phone", "not_home"), "No, Phone is away."),
        ("is the movie scene on", SCENE, "Movie night is ready."),
        ("how is movie night", seen("scene.m", "Movie", "2026-01-01T10:00:00"), "Movie is ready."),
        ("is the doorbell there", seen("button.b", "Bell", "unknown"), "Bell is ready."),
        ("what is the weather", seen("weather.w", "Weather", "rainy"), "Weather is rainy."),
        ("", LAMP, "Lamp is on 40%."),
        ("?", LAMP, "Lamp is on 40%."),
    ],
)  # fmt: skip
def test_one_thing(said: str, thing: Seen, words: str) -> None:
    """What one thing is, is said as it is asked."""
    assert told(said, thing) == words


@pytest.mark.parametrize("state", ["unavailable", "unknown"])
@pytest.mark.parametrize(
    "thing",
    [
        light("Lamp", ""),
        sensor("temperature", "", "°C"),
        heating("Heater", "", None, None),
        person("Anna", ""),
        lock("Front", ""),
        window("Window", ""),
    ],
)
@pytest.mark.parametrize("said", ["is it on", "is it home", "how warm is it", ""])
def test_what_nobody_knows(said: str, thing: Seen, state: str) -> None:
    """What is unavailable is neither on nor off, and nobody is away for it."""
    gone = Seen(thing.entity, state, {})
    assert told(said, gone) == f"{thing.entity.name} is {state}."


def test_scenes_that_are_gone() -> None:
    """A scene that was never used is ready, one that is gone is not."""
    gone = Seen(SCENE.entity, "unavailable", {})
    assert told("movie night?", gone) == "Movie night is unavailable."


@pytest.mark.parametrize(
    ("said", "thing", "words"),
    [
        ("how warm is the bedroom", BEDROOM, "It is 19 °C."),
        ("is it freezing out", BEDROOM, "It is 19 °C."),
        ("what's the humidity", damp("Bath", "62"), "The humidity is 62 %."),
        ("battery?", sensor("battery", "80", "%"), "The battery is at 80 %."),
        ("how is the air", sensor("carbon_dioxide", "640", "ppm"), "The CO2 level is 640 ppm."),
        ("how bright is it", sensor("illuminance", "12", "lx"), "The brightness is 12 lx."),
        ("how much power", sensor("power", "9", "W"), "The power is 9 W."),
        ("how much energy", sensor("energy", "3", "kWh"), "The energy is 3 kWh."),
        ("how windy is it", sensor("wind_speed", "7", "km/h"), "Old wind_speed is 7 km/h."),
        ("what does it say", sensor(None, "running"), "Old sensor is running."),
        ("how much", sensor(None, "12, or so"), "Old sensor is 12, or so."),
        ("", sensor(None, "42"), "Old sensor is 42."),
    ],
)  # fmt: skip
def test_sensors(said: str, thing: Seen, words: str) -> None:
    """A sensor's value is told, with its unit where it has one."""
    assert told(said, thing) == words


@pytest.mark.parametrize(
    ("said", "thing", "words"),
    [
        ("is there motion in the hall", sensed("Hall", "motion", "on"), "Yes, Hall is detected."),
        ("is the bathroom free", sensed("Bath", "occupancy", "off"), "Yes, Bath is clear."),
        ("is anybody in there", sensed("Bath", "occupancy", "on"), "Yes, Bath is occupied."),
        ("is everybody out", sensed("Bath", "occupancy", "off"), "Yes, Bath is clear."),
        ("is nobody in the hall", sensed("Hall", "motion", "off"), "Yes, Hall is clear."),
        ("is the motion sensor off", sensed("Hall", "motion", "off"), "Yes, Hall is clear."),
        ("is there a leak", sensed("Leak", "moisture", "off"), "No, Leak is dry."),
        ("is the floor dry", sensed("Floor", "moisture", "on"), "No, Floor is wet."),
        ("is it clear of water", sensed("Floor", "moisture", "off"), "Yes, Floor is dry."),
        ("is water coming out", sensed("Floor", "moisture", "off"), "No, Floor is dry."),
        ("has the smoke alarm gone off", sensed("Smoke", "smoke", "on"), "Yes, Smoke is detected."),
        ("is there a carbon monoxide leak", sensed("CO", "carbon_monoxide", "off"), "No, CO is clear."),
        ("anybody there", sensed("Hall", "motion", "off"), "No, Hall is clear."),
        ("how is the hall motion", sensed("Hall", "motion", "off"), "Hall is clear."),
        ("how many motion sensors", sensed("Hall", "motion", "off"), "None: Hall is clear."),
        ("how many smokers", sensed("Smoke", "smoke", "off"), "Smoke is clear."),
        ("is the dishwasher running", sensed("Washer", "running", "off"), "No, Washer is not running."),
        ("is the car charging", sensed("Car", "battery_charging", "on"), "Yes, Car is charging."),
        ("is the door moving", sensed("Door", "moving", "on"), "Yes, Door is moving."),
        ("is it on", sensed("Flag", None, "on"), "Yes, Flag is on."),
        ("is it plugged in", sensed("Plug", "plug", "off"), "Plug is unplugged."),
        ("is the battery low", sensed("Cell", "battery", "on"), "Yes, Cell is low."),
    ],
)  # fmt: skip
def test_binary_sensors(said: str, thing: Seen, words: str) -> None:
    """Whether there is something is yes or no, also for one that tells when it is not."""
    assert told(said, thing) == words


HEATER = heating("Heater", "heat", 20.5, 21, "Office")
OFF_NOW = heating("Heater", "off", None, None)


@pytest.mark.parametrize(
    ("said", "thing", "words"),
    [
        ("how warm is it in the office", HEATER, "It is 20.5°."),
        ("is it hot in here", HEATER, "It is 20.5°."),
        ("current temperature on deck", HEATER, "It is 20.5°."),
        ("what is the heater set to", HEATER, "Heater is set to 21°."),
        ("is the heating on, it's cold", HEATER, "Yes, Heater is heat."),
        ("have I switched off the heating", HEATER, "No, Heater is heat."),
        ("is it off", OFF_NOW, "Yes, Heater is off."),
        ("how is the heater", HEATER, "Heater is heat, it is 20.5°, set to 21°."),
        # What is off aims at nothing, and what comes as text is still a number.
        ("what is the heater set to", OFF_NOW, "Heater is off."),
        ("how warm is it", OFF_NOW, "Heater is off."),
        ("how is the heater", OFF_NOW, "Heater is off."),
        ("how warm is it", heating("H", "heat", "20.5", "x"), "It is 20.5°."),
        ("what is it set to", heating("H", "heat", [], "x"), "H is heat."),
    ],
)
def test_thermostats(said: str, thing: Seen, words: str) -> None:
    """A thermostat tells what it measures, what it aims at, and whether it is on."""
    assert told(said, thing) == words


def player(state: str, **known: Any) -> Seen:
    """Return a radio."""
    return seen("media_player.r", "Radio", state, **known)


@pytest.mark.parametrize(
    ("said", "thing", "words"),
    [
        ("is the radio on", player("playing"), "Yes, Radio is playing."),
        ("is the radio on", player("paused"), "Yes, Radio is paused."),
        ("is anything on", player("idle"), "No, Radio is idle."),
        ("is the radio on by any chance", player("idle"), "Yes, Radio is idle."),
        ("is the radio off", player("standby"), "Yes, Radio is standby."),
        ("is the radio playing", player("idle"), "No, Radio is idle."),
        ("is the radio paused", player("paused"), "Yes, Radio is paused."),
        ("is the radio playing", seen("switch.r", "Radio", "on"), "Radio is on."),
        ("what's playing", player("playing", media_title="Help"), "Radio is playing Help."),
        ("what's playing", player("paused", media_title="Help"), "Radio is paused."),
        ("what's playing", player("playing"), "Radio is playing."),
        ("how loud is the radio", player("playing", volume_level=0.25), "The volume is 25%."),
        ("how loud is the radio", player("off", volume_level=None), "Radio is off."),
        ("how loud is it", player("on", volume_level=0), "The volume is 0%."),
        ("is the radio muted", player("on", is_volume_muted=True), "Yes, Radio is muted."),
        ("is the radio muted", player("on", is_volume_muted=False), "No, Radio is not muted."),
        ("is the radio muted", player("off"), "No, Radio is not muted."),
        ("is the lamp muted", LAMP, "Lamp is on 40%."),
        ("how much charge is left", seen("vacuum.v", "Vac", "docked", battery_level=64), "The battery is at 64%."),
        ("how much charge is left", seen("vacuum.v", "Vac", "docked"), "Vac is docked."),
        ("how bright is the lamp", LAMP, "The brightness is 40%."),
        ("how bright is the hall", light("Hall", "off", brightness=None), "Hall is off."),
        ("how bright is the hall", light("Hall", "on", brightness="x"), "Hall is on."),
        ("how fast is the fan", seen("fan.f", "Fan", "on", percentage=33), "The speed is 33%."),
        ("how fast is the fan", seen("fan.f", "Fan", "off", percentage=0), "Fan is off."),
    ],
)  # fmt: skip
def test_aspects(said: str, thing: Seen, words: str) -> None:
    """How loud, how bright, how fast, what is playing: where it is known."""
    assert told(said, thing) == words


LIGHTS = (LAMP, DARK, light("Desk", "on"))
LOCKED = (lock("Front", "locked"), lock("Back", "locked"))
SHUT = (window("Bath", "off"), window("Attic", "off"))
AJAR = window("Roof", "on")


@pytest.mark.parametrize(
    ("said", "things", "words"),
    [
        ("which lights are on", LIGHTS, "Lamp and Desk are on."),
        ("which lights are not on", LIGHTS, "Hall is off."),
        ("which lights are on", (DARK,), "None: Hall is off."),
        ("how many lights are on", LIGHTS, "2: Lamp and Desk."),
        ("how many lights are on", (DARK, light("Den", "off")), "None."),
        ("how many lights are on", (LAMP,), "1: Lamp."),
        ("how many lights are on", (DARK,), "None: Hall is off."),
        ("how many lamps", (LAMP,), "Lamp is on 40%."),
        ("is anything on", LIGHTS, "Yes, Lamp and Desk are on."),
        ("is anything on", (DARK, light("Den", "off")), "No, nothing is on."),
        ("is a lamp on", (LAMP, DARK), "Yes, Lamp is on 40%."),
        ("what is on", (DARK, light("Den", "off")), "Nothing is on."),
        ("are all lights on", LIGHTS, "No, Hall is off."),
        ("is everything off", LIGHTS, "No, Lamp and Desk are on."),
        ("no lights on, right?", LIGHTS, "No, Lamp and Desk are on."),
        ("is nothing on", (DARK, light("Den", "off")), "Yes, nothing is on."),
        ("are all the doors locked", LOCKED, "Yes, all are locked."),
        ("are all the windows closed", (*SHUT, AJAR), "No, Roof is open."),
        ("is a window open", (*SHUT, AJAR), "Yes, Roof is open."),
        ("is there a window open", SHUT, "No, nothing is open."),
        # Who asks if the windows are closed means all of them; if any is, that is said.
        ("are the windows closed", (*SHUT, AJAR), "No, Roof is open."),
        ("are the windows closed", SHUT, "Yes, all are closed."),
        ("are any windows closed", (*SHUT, AJAR), "Yes, Bath and Attic are closed."),
        ("are any windows not closed", (*SHUT, AJAR), "Yes, Roof is open."),
        ("did I leave the windows open", (*SHUT, AJAR), "Yes, Roof is open."),
        ("are the lights off", LIGHTS, "No, Lamp and Desk are on."),
        ("did I forget to turn off the lights", LIGHTS, "Yes, Lamp and Desk are on."),
        ("did anyone lock up", (*LOCKED, lock("Side", "unlocked")), "No, Side is unlocked."),
        ("is there motion", (sensed("Hall", "motion", "off"), sensed("Den", "motion", "off")), "No, nothing is detected."),
        ("any leak", (sensed("Bath", "moisture", "off"), sensed("Den", "moisture", "off")), "No, nothing is wet."),
        ("is any robot docked", (seen("vacuum.a", "Rob", "docked"), seen("vacuum.b", "Bob", "cleaning")), "Yes, Rob is docked."),
        ("are the robots docked", (seen("vacuum.a", "Rob", "docked"), seen("vacuum.b", "Bob", "cleaning")), "No, Bob is cleaning."),
    ],
)  # fmt: skip
def test_several_things(said: str, things: Sequence[Seen], words: str) -> None:
    """Which, how many, whether any or all: with the names of those that matter."""
    assert told(said, *things) == words


@pytest.mark.parametrize(
    ("said", "people", "words"),
    [
        ("who is home", (ANNA, BEN, CARA), "Anna is home."),
        ("who isn't home", (ANNA, BEN, CARA), "Ben is away and Cara is at School."),
        ("who is home", (BEN, CARA), "Nobody is home."),
        ("is anyone home", (ANNA, BEN), "Yes, Anna is home."),
        ("isn't anyone home", (BEN, CARA), "No, nobody is home."),
        ("is everyone home", (ANNA, BEN), "No, Ben is away."),
        ("is everyone home", (ANNA, person("Dan", "home")), "Yes, everyone is home."),
        ("is everybody out", (BEN, CARA), "Yes, everyone is away."),
        ("are they out", (ANNA, BEN), "No, Anna is home."),
        ("is no one home", (ANNA, BEN), "No, Anna is home."),
        ("is no one home", (BEN, CARA), "Yes, nobody is home."),
        ("nobody answers, is anyone home", (BEN, CARA), "No, nobody is home."),
        ("where is everybody", (ANNA, CARA), "Anna is home and Cara is at School."),
        ("how many are home", (ANNA, BEN), "1: Anna."),
    ],
)
def test_people(said: str, people: Sequence[Seen], words: str) -> None:
    """Somebody is home, away or at a place."""
    assert told(said, *people) == words


GONE = window("Roof", "unavailable")


@pytest.mark.parametrize(
    ("said", "things", "words"),
    [
        ("are all windows closed", (*SHUT, GONE), "Bath and Attic are closed and Roof is unavailable."),
        ("are all windows closed", (*SHUT, AJAR, window("Loft", "unknown")), "No, Roof is open."),
        ("is anything open", (*SHUT, GONE), "No, nothing is open, but Roof is unavailable."),
        ("is a window open", (AJAR, window("Loft", "unknown")), "Yes, Roof is open."),
        ("which windows are open", (*SHUT, GONE), "Nothing is open, but Roof is unavailable."),
        ("how many windows are open", (*SHUT, GONE), "None, but Roof is unavailable."),
        ("no windows open, right", (*SHUT, GONE), "Yes, nothing is open, but Roof is unavailable."),
        ("are the doors locked", (*LOCKED, lock("Side", "jammed")), "No, Side is jammed."),
        ("are the doors locked", (*LOCKED, lock("Side", "unavailable")), "Front and Back are locked and Side is unavailable."),
        ("is everything closed", (blind("A", "closed"), blind("B", "opening")), "No, B is opening."),
        ("are all the doors closed", (lock("A", "locked"), lock("B", "unlocked")), "No, B is unlocked."),
        ("is anyone home", (BEN, person("Anna", "unknown")), "No, nobody is home, but Anna is unknown."),
        ("is everyone out", (BEN, person("Anna", "unavailable")), "Ben is away and Anna is unavailable."),
        ("are the lights off", (light("A", "unavailable"), light("B", "unavailable")), "A and B are unavailable."),
        ("is anything playing", (player("off"), seen("media_player.x", "X", "unavailable")), "No, nothing is playing, but X is unavailable."),
        # What cannot be so does not matter.
        ("is anything open", (*SHUT, light("Lamp", "unavailable")), "No, nothing is open."),
    ],
)  # fmt: skip
def test_what_is_gone_among_others(
    said: str, things: Sequence[Seen], words: str
) -> None:
    """Nobody says that all doors are locked where one does not answer."""
    assert told(said, *things) == words


@pytest.mark.parametrize(
    ("said", "things", "words"),
    [
        # What hums or shines is on, not a heating or a door.
        ("is anything on", (HEATER, DARK, light("Den", "off")), "No, nothing is on."),
        ("is anything on", (HEATER, heating("Den", "off")), "Yes, Heater is heat."),
        ("is the heating on", (HEATER, DARK, LAMP), "Yes, Heater is heat."),
        ("is the light on", (LAMP, sensor("illuminance", "120", "lx")), "Yes, Lamp is on 40%."),
        ("how much light is there", (LAMP, sensor("illuminance", "120", "lx")), "The brightness is 120 lx."),
        ("is it warm in here", (LAMP, BEDROOM, window("Bath", "off")), "It is 19 °C."),
        ("is it freezing out", (BEDROOM, LAMP), "It is 19 °C."),
        ("how warm is it", (HEATER, warm("Office", "22")), "It is 22 °C."),
        ("how warm is it", (HEATER, LAMP), "It is 20.5°."),
        ("what is the temperature set to", (HEATER, warm("Office", "22")), "Heater is set to 21°."),
        ("how warm is it", (HEATER, BEDROOM), "Bedroom temperature is 19 °C and Heater is heat."),
        ("are the windows closed", (*SHUT, LAMP, window("Roof", "off")), "Yes, all are closed."),
        ("did we switch off everything", (LAMP, seen("switch.p", "Pump", "off")), "No, Lamp is on 40%."),
        ("are all the blinds closed", (blind("A", "closed"), blind("Garage", "open", 100, "garage"), blind("B", "closed")), "Yes, all are closed."),
        ("are all the doors closed", (blind("A", "open"), blind("Garage", "closed", 0, "garage"), sensed("Front", "door", "off")), "Yes, all are closed."),
        ("is everything closed", (blind("A", "closed"), blind("Garage", "open", 100, "garage")), "No, Garage is open 100%."),
        ("is the fan on", (LAMP, seen("fan.f", "Fan", "off")), "No, Fan is off."),
        ("is the fan on", (LAMP, DARK), "Yes, Lamp is on 40%."),
        ("is the garage open and the front door locked", (GARAGE, LOCKED[0]), "Garage door is closed and Front is locked."),
        # Nothing of it can be playing.
        ("is anything playing", (LAMP, DARK), "Lamp is on 40% and Hall is off."),
        ("how is everything", (LAMP, BEDROOM), "Lamp is on 40% and Bedroom temperature is 19 °C."),
        ("", (LAMP, DARK), "Lamp is on 40% and Hall is off."),
        # Who pauses is not on; who idles is off.
        ("is anything on", (player("paused"), DARK), "No, nothing is on."),
        ("is everything off", (player("idle"), DARK), "Yes, all are off."),
        ("is anything paused", (player("paused"), player("off")), "Yes, Radio is paused."),
    ],
)  # fmt: skip
def test_what_is_meant(said: str, things: Sequence[Seen], words: str) -> None:
    """Of all that was looked up a question is about some."""
    assert told(said, *things) == words


def test_where() -> None:
    """A place is told once, and a thing without a place by its name."""
    lamps = (
        light("A", "on", area="Hall"),
        light("B", "on", area="Hall"),
        light("C", "on"),
        light("D", "off", area="Den"),
    )
    assert told("where are the lights on", *lamps) == "Hall and C."
    assert told("where are the lights on", *lamps[3:], DARK) == "Nothing is on."


BATH, HALL, DEN = warm("Bath", "23"), warm("Hall", "18.5"), warm("Den", "18.5")


@pytest.mark.parametrize(
    ("said", "things", "words"),
    [
        ("is it warmer in the bath than in the hall", (HALL, BATH), "Yes, Bath is warmer, 23 °C and 18.5 °C."),
        ("is it warmer in the hall than in the bath", (HALL, BATH), "No, Bath is warmer, 23 °C and 18.5 °C."),
        ("is it colder in the hall than in the bath", (BATH, HALL), "Yes, Hall is colder, 18.5 °C and 23 °C."),
        # Where only one of them is known by that name, it is enough.
        ("is the loo warmer than the hall", (BATH, HALL), "Yes, Bath is warmer, 23 °C and 18.5 °C."),
        ("is the hall warmer than the loo", (BATH, HALL), "No, Bath is warmer, 23 °C and 18.5 °C."),
        ("is it warmer in here than outside", (BATH, HALL), "Bath is warmer, 23 °C and 18.5 °C."),
        ("is the bath warmer than the bath in the hall", (BATH, HALL), "Bath is warmer, 23 °C and 18.5 °C."),
        ("which is warmer, the bath or the hall", (HALL, BATH), "Bath is warmer, 23 °C and 18.5 °C."),
        ("the bath is warmer than the hall, which I like", (HALL, BATH), "Yes, Bath is warmer, 23 °C and 18.5 °C."),
        ("how much warmer than the hall", (BATH, HALL), "Bath is 4.5 °C warmer, 23 °C and 18.5 °C."),
        ("how many degrees colder is the hall than the bath", (BATH, HALL), "Hall is 4.5 °C colder, 18.5 °C and 23 °C."),
        ("which room is the warmest", (HALL, BATH, DEN), "Bath is the warmest, 23 °C."),
        ("which room is the warmest", (HALL, BATH), "Bath is the warmest, 23 °C."),
        ("which room is warmer", (HALL, BATH, DEN), "Bath is warmer, 23 °C."),
        ("which room is the coldest", (HALL, BATH, DEN), "Hall temperature is 18.5 °C and Den temperature is 18.5 °C."),
        ("is the hall warmer than the den", (HALL, DEN), "Hall temperature is 18.5 °C and Den temperature is 18.5 °C."),
        ("which is more humid", (damp("Bath", "70"), damp("Hall", "40"), BATH), "Bath is more humid, 70 % and 40 %."),
        ("where is the air damper", (damp("Bath", "70"), damp("Hall", "40"), BATH), "Bath is more humid, 70 % and 40 %."),
        ("is the office warmer than the hall", (HEATER, HALL), "Yes, Office is warmer, 20.5° and 18.5 °C."),
        ("which room is warmer", (HALL, warm("Den", "unavailable")), "Hall temperature is 18.5 °C and Den temperature is unavailable."),
        ("which room is warmer", (HALL, warm("Den", "nan"), warm("Bath", "inf")), "Hall temperature is 18.5 °C, Den temperature is nan °C and Bath temperature is inf °C."),
        ("which is warmer", (warm(None, "7"), HALL), "Hall is warmer, 18.5 °C and 7 °C."),
        ("where is it colder", (warm(None, "7"), HALL), "Old temperature is colder, 7 °C and 18.5 °C."),
        ("is it warmer upstairs than outside", (warm("Bed", "19", "Upstairs"), warm("Yard", "7", "Outside")), "Yes, Upstairs is warmer, 19 °C and 7 °C."),
        ("is the bed upstairs warmer than the yard", (warm("Bed", "19", "Upstairs"), warm("Yard", "7", "Outside")), "Yes, Bed is warmer, 19 °C and 7 °C."),
    ],
)  # fmt: skip
def test_comparisons(said: str, things: Sequence[Seen], words: str) -> None:
    """Where it is warmer, with both values, and yes or no where that is clear."""
    assert told(said, *things) == words


def test_hundreds_of_things() -> None:
    """Nobody listens to hundreds of names: they are counted."""
    many = [light(f"L{i}", "on", i % 90 + 1) for i in range(300)]
    few = [light(f"O{i}", "off") for i in range(2)]
    first = ", ".join(f"L{i}" for i in range(8))
    assert told("which lights are on", *many) == f"{first} and 292 more are on."
    assert told("how many lights are on", *many, *few) == f"300: {first} and 292 more."
    assert told("are all lights on", *many, *few) == "No, O0 and O1 are off."
    assert told("how are they", *many, *few) == "300 are on and 2 are off: O0 and O1."
    one = light("Odd", "unavailable")
    assert told("and now", *many, one) == "300 are on and 1 is unavailable: Odd."


def test_hundreds_of_values() -> None:
    """Of many that differ only the commonest are told."""
    many = [warm(f"R{i}", str(i)) for i in range(100)]
    words = told("", *many)
    assert words is not None
    assert words.startswith("1 is 0 °C: R0 temperature, 1 is 1 °C: R1 temperature")
    assert words.count(" is ") == 8


def test_words_of_names() -> None:
    """What is said of a thing is not what it is called."""
    air = seen("light.air", "On air", "off")
    assert told("how is the on air light", air) == "On air is off."
    assert told("is the on air light off", air) == "Yes, On air is off."
    hall = warm("Lower hall", "17")
    assert told("temperature of the lower hall please", hall) == "It is 17 °C."


def test_two_questions() -> None:
    """Of two things that were named none is left out because it cannot be so."""
    door = lock("Front door", "locked")
    gate = blind("Garage door", "open", None, "garage")
    words = told("is the garage door open and the front door locked", gate, door)
    assert words == "Garage door is open and Front door is locked."


def test_a_lamp_named_like_its_room() -> None:
    """Who says where a window is does not ask for the room's lamp."""
    lamp = light("Dining room", "off", area="Dining Room")
    closed = window("Left window", "off")
    words = told("are the panes in the dining room open", lamp, closed)
    assert words == "No, nothing is open."
