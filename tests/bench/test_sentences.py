"""Public test sentences: small files of our own in their formats."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.public_sentences import folder_of
from bench.sentences import scenes
from bench.utterances import Effect, Kind, Utterance
from demo.errors import DemoError
from demo.homes import load_home

FIXTURES = {
    "floors": [{"name": "Top Floor", "id": "top"}],
    "areas": [
        {"name": "Den", "id": "den_id", "floor": "top"},
        {"name": "Yard", "id": "yard_id"},
    ],
    "entities": [
        {"name": "Big Lamp", "id": "light.big", "area": "den_id", "state": "on"},
        {"name": "Small Lamp", "id": "light.small", "area": "den_id"},
        {"name": "Yard Lamp", "id": "light.yard", "area": "yard_id"},
        {
            "name": "Left[ Drape]",
            "id": "cover.left one",
            "area": "den_id",
            "attributes": {"device_class": "curtain"},
        },
        {"name": "Hatch", "id": "lock.hatch", "state": {"in": "shut", "out": "locked"}},
        {"name": "Moon", "id": "weather.moon", "state": "clear"},
        {"name": "Radio", "id": "media_player.radio", "state": "idle"},
    ],
}


def _old(intent: str, slots: dict[str, Any], *said: str, **more: Any) -> dict[str, Any]:
    return {"sentences": list(said), "intent": {"name": intent, "slots": slots}, **more}


def _write(path: Path, tests: list[dict[str, Any]], **more: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"language": "en", "tests": tests, **more}))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a checkout with the fixtures alone."""
    folder = tmp_path / "tests" / "en"
    folder.mkdir(parents=True)
    (folder / "_fixtures.yaml").write_text(yaml.safe_dump(FIXTURES))
    return tmp_path


def _read(checkout: Path) -> tuple[dict[str, Utterance], int]:
    """Return the utterances by their words, and how many were left out."""
    plain, _, left_out = scenes(folder_of(checkout), None, checkout / "work")
    return {one.say: one for scene in plain for one in scene.utterances}, left_out


def _effect(service: str, *entities: str, **data: Any) -> Effect:
    return Effect(service=service, entities=frozenset(entities), data=data)


@pytest.mark.parametrize(
    ("intent", "slots", "effect"),
    [
        ("HassTurnOn", {"name": "Big Lamp"}, _effect("light.turn_on", "light.big")),
        ("HassTurnOn", {"name": "light.big"}, _effect("light.turn_on", "light.big")),
        ("HassTurnOff", {"name": "Hatch"}, _effect("lock.unlock", "lock.hatch")),
        ("HassTurnOn", {"name": "Left"}, _effect("cover.open_cover", "cover.left_one")),
        (
            "HassTurnOff",
            {"domain": "light", "area": "Den"},
            _effect("light.turn_off", "light.big", "light.small"),
        ),
        (
            "HassTurnOff",
            {"domain": "light", "name": "all", "floor": "Top Floor"},
            _effect("light.turn_off", "light.big", "light.small"),
        ),
        (
            "HassTurnOff",
            {"domain": "light"},
            _effect("light.turn_off", "light.big", "light.small", "light.yard"),
        ),
        (
            "HassTurnOff",
            {"device_class": ["curtain"], "area": "Den"},
            _effect("cover.close_cover", "cover.left_one"),
        ),
        (
            "HassLightSet",
            {"brightness": 40, "area": "Yard", "name": "all"},
            _effect("light.turn_on", "light.yard", brightness_pct=40),
        ),
        (
            "HassLightSet",
            {"color": "red", "name": "Big Lamp"},
            _effect("light.turn_on", "light.big", rgb_color=[255, 0, 0]),
        ),
        (
            "HassSetVolume",
            {"name": "Radio", "volume_level": 50},
            _effect("media_player.volume_set", "media_player.radio", volume_level=0.5),
        ),
    ],
)
def test_what_sentences_mean(
    checkout: Path, intent: str, slots: dict[str, Any], effect: Effect
) -> None:
    """Slots become the effect that the intent has in the home."""
    _write(checkout / "tests" / "en" / "some.yaml", [_old(intent, slots, "do it")])
    said, left_out = _read(checkout)
    assert said["do it"].effects == (effect,)
    assert (said["do it"].kind, said["do it"].phenomenon) == (Kind.PLAIN, intent)
    assert left_out == 0


@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        ("HassTurnOn", {"name": "Moon"}),
        ("HassTurnOn", {"name": "Sofa"}),
        ("HassTurnOn", {"area": "Den"}),
        ("HassTurnOn", {"domain": "cover", "device_class": "garage"}),
        ("HassClimateSetTemperature", {"temperature": 9, "temperature_unit": "f"}),
    ],
)
def test_what_is_not_there(checkout: Path, intent: str, slots: dict[str, Any]) -> None:
    """A sentence about nothing that is in the home is left out, and counted."""
    folder = checkout / "tests" / "en"
    _write(folder / "some.yaml", [_old(intent, slots, "a", "b")])
    assert _read(checkout) == ({}, 2)
    _write(folder / "some.yaml", [_old("HassStartTimer", {}, "a")])
    assert _read(checkout) == ({}, 0)


def test_questions(checkout: Path) -> None:
    """An answer must tell what the response tells; nothing may happen."""
    tests = [
        _old("HassGetState", {"name": "Hatch"}, "a", response="No, locked"),
        _old("HassGetState", {"name": "Hatch"}, "b", response="Hatch is locked"),
        _old("HassGetState", {}, "c", response="Big Lamp and Small Lamp"),
        _old("HassClimateGetTemperature", {}, "d", response="68 degrees"),
    ]
    _write(checkout / "tests" / "en" / "some.yaml", tests)
    said, _ = _read(checkout)
    assert {words: one.must_tell for words, one in said.items()} == {
        "a": ("no",),
        "b": ("locked",),
        "c": ("Big Lamp", "Small Lamp"),
        "d": ("68",),
    }
    assert all(one.kind is Kind.STATE and not one.effects for one in said.values())


def test_here(checkout: Path) -> None:
    """Who is heard in an area means what is there."""
    context = {"context": {"area": "Den"}}
    tests = [_old("HassTurnOff", {"domain": "light"}, "lights off", **context)]
    _write(checkout / "tests" / "en" / "some.yaml", tests)
    said, _ = _read(checkout)
    assert said["lights off"].area == "Den"
    assert said["lights off"].effects[0].entities == {"light.big", "light.small"}


def test_newer_files(checkout: Path) -> None:
    """The folder names the intent; questions have a home of their own."""
    folder = checkout / "tests" / "en"
    lamp = [{"name": "New Lamp", "domain": "light", "state": "on"}]
    new = [{"sentences": ["go"], "slots": {"name": "New Lamp"}, "response": "Yes"}]
    _write(folder / "HassTurnOn" / "name.yaml", new, entities=lamp)
    _write(folder / "HassGetState" / "name.yaml", new, entities=lamp)
    plain, varied, _ = scenes(folder_of(checkout), None, checkout / "work")
    homes = [{e.name for e in load_home(scene.home).entities} for scene in plain]
    assert homes[0] == {"New Lamp"}
    assert {"New Lamp", "Big Lamp", "Left"} <= homes[1]
    assert "Moon" not in homes[1]
    assert [scene.utterances[0].kind for scene in plain] == [Kind.STATE, Kind.PLAIN]
    assert [scene.utterances for scene in varied] == [(), ()]


def test_no_checkout(tmp_path: Path) -> None:
    """Whoever names another folder is told where the sentences are."""
    with pytest.raises(DemoError, match="OHF-Voice/intents"):
        folder_of(tmp_path)
