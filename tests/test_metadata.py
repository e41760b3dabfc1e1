"""What Home Assistant and HACS read about the integration holds together."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
import struct
from typing import Any

import pytest
import yaml

from custom_components.hearth import errors
from custom_components.hearth.actions.common import Action
from custom_components.hearth.board_sensors import BOARD_BINARY_SENSORS, BOARD_SENSORS
from custom_components.hearth.budget_sensor import PROMPT_SIZE
from custom_components.hearth.const import DOMAIN
from custom_components.hearth.engines import base
from custom_components.hearth.engines.faults import EngineError
from custom_components.hearth.sensor import (
    AGENT_SENSORS,
    BENCHMARK_SENSORS,
    ENGINE_SENSORS,
)

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "custom_components" / DOMAIN

# Home Assistant's script/hassfest/quality_scale.py.
QUALITY_RULES = frozenset(
    """
    action-exceptions action-setup appropriate-polling async-dependency brands
    common-modules config-entry-unloading config-flow config-flow-test-coverage
    dependency-transparency devices diagnostics discovery discovery-update-info
    docs-actions docs-conditions docs-configuration-parameters docs-data-update
    docs-examples docs-high-level-description docs-installation-instructions
    docs-installation-parameters docs-known-limitations docs-removal-instructions
    docs-supported-devices docs-supported-functions docs-triggers
    docs-troubleshooting docs-use-cases dynamic-devices entity-category
    entity-device-class entity-disabled-by-default entity-event-setup
    entity-translations entity-unavailable entity-unique-id exception-translations
    has-entity-name icon-translations inject-websession integration-owner
    log-when-unavailable parallel-updates reauthentication-flow
    reconfiguration-flow repair-issues runtime-data stale-devices strict-typing
    test-before-configure test-before-setup test-coverage unique-config-entry
    """.split()
)


def load(path: Path) -> Any:
    """Return a JSON file."""
    return json.loads(path.read_text())


TRANSLATIONS = load(PACKAGE / "translations" / "en.json")
ICONS = load(PACKAGE / "icons.json")
MANIFEST = load(PACKAGE / "manifest.json")


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every translation."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    else:
        yield ".".join(path), tree


TEXTS = dict(leaves(TRANSLATIONS))


def engine_errors() -> list[EngineError]:
    """Return one of each error that an engine may raise."""
    return [
        kind("said")
        for kind in vars(base).values()
        if isinstance(kind, type) and issubclass(kind, EngineError)
    ]


@pytest.mark.parametrize("path", TEXTS)
def test_text_is_allowed(path: str) -> None:
    """Texts follow the rules that Home Assistant checks for its own."""
    text = TEXTS[path]

    assert text
    assert text == text.strip()
    assert "[%key" not in text
    assert "://" not in text
    assert not re.search(r"<[^>]+>", text)
    assert not re.search(r"'\{\w+\}'", text)
    assert all(re.fullmatch(r"[a-z0-9_-]+", key) for key in path.split("."))


def test_there_is_nothing_to_expand() -> None:
    """A custom integration's texts are read as they are."""
    assert not (PACKAGE / "strings.json").exists()


def steps(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every step and section that has fields."""
    if isinstance(tree, dict):
        if "data" in tree:
            yield tree
        for value in tree.values():
            yield from steps(value)


def test_every_field_is_described() -> None:
    """Each field of each form has a name and a description, and no other has."""
    found = list(steps(TRANSLATIONS))

    assert len(found) == 16
    for step in found:
        assert set(step["data"]) == set(step["data_description"])


@pytest.mark.parametrize("err", engine_errors(), ids=lambda err: type(err).__name__)
def test_every_engine_error_has_its_texts(err: EngineError) -> None:
    """What goes wrong with an engine can be said in a form and in an exception."""
    at_work, on_probing = errors.error_key(err), errors.probe_error_key(err)

    assert at_work in TRANSLATIONS["config"]["error"]
    assert at_work in TRANSLATIONS["config_subentries"]["conversation"]["error"]
    assert on_probing in TRANSLATIONS["config"]["error"]
    assert {at_work, on_probing} <= set(TRANSLATIONS["exceptions"])


def keyword_values(*names: str) -> Iterator[str]:
    """Yield the strings that our code passes as these keyword arguments."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.keyword)
                and node.arg in names
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield node.value.value


def first_values(method: str) -> Iterator[str]:
    """Yield the strings that our code passes first to a method of its own."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == method
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                yield node.args[0].value


def test_every_step_has_its_texts() -> None:
    """Each form, progress and way to end that the code names has a text."""
    config = TRANSLATIONS["config"]
    agent = TRANSLATIONS["config_subentries"]["conversation"]

    named = {*keyword_values("step_id"), *first_values("_show_form")}
    assert {"agent", "model", "model_file", "ready", "reauth_confirm"} <= named
    for step in named - {"try_model"}:
        assert step in config["step"] or step in agent["step"]
    for action in keyword_values("progress_action"):
        assert action in config["progress"]
        assert action in agent["progress"]
    for reason in keyword_values("reason"):
        assert reason in agent["abort"]
    assert {"reconfigure", "user"} <= set(agent["initiate_flow"])
    assert agent["entry_type"]


def test_every_work_has_its_text() -> None:
    """What takes a while is named; a download is told of before its speed is known."""
    shown = set(first_values("_show_work"))
    assert shown == {"download", "install", "pull", "try_engine", "try_model"}
    begins = {f"{name}_begins" for name in ("download", "pull")}
    others = {"look", "pull_checks"}
    assert set(TRANSLATIONS["config"]["progress"]) == shown | begins | others


def test_every_way_on_has_its_text() -> None:
    """What can be chosen from a menu says what it means."""
    menus = [
        step
        for step in TRANSLATIONS["config"]["step"].values()
        if "menu_options" in step
    ]
    assert len(menus) == 2
    for step in menus:
        assert set(step["menu_options"]) == set(step["menu_option_descriptions"])


def test_every_exception_has_its_text() -> None:
    """Each translated exception that the code raises by name has a text."""
    keys = set(keyword_values("translation_key"))
    entities = {key for keys in TRANSLATIONS["entity"].values() for key in keys}
    issues = set(TRANSLATIONS["issues"])

    assert keys <= set(TRANSLATIONS["exceptions"]) | entities | issues


def test_sensors_have_texts_and_icons() -> None:
    """Names and icons are those of the sensors, no more and no fewer."""
    sensors = [
        *(*AGENT_SENSORS, *BENCHMARK_SENSORS, *BOARD_SENSORS, *ENGINE_SENSORS),
        PROMPT_SIZE,
    ]
    keys = {sensor.key for sensor in sensors}
    binary = {"prompt_ready", *(sensor.key for sensor in BOARD_BINARY_SENSORS)}

    assert all(sensor.key == sensor.translation_key for sensor in sensors)
    assert set(TRANSLATIONS["entity"]["sensor"]) == keys
    assert set(ICONS["entity"]["sensor"]) == keys
    assert set(TRANSLATIONS["entity"]["binary_sensor"]) == binary
    for sensor in sensors:
        text = TRANSLATIONS["entity"]["sensor"][sensor.key]
        if "unit_of_measurement" in text:
            assert sensor.native_unit_of_measurement is None
        elif sensor.state_class is not None:
            assert sensor.native_unit_of_measurement is not None


def test_actions_hold_together() -> None:
    """Each action has its fields, texts and icon, and nobody else has."""
    names = {action.value for action in Action}
    fields = yaml.safe_load((PACKAGE / "services.yaml").read_text())
    texts = TRANSLATIONS["services"]

    assert set(fields) == names
    assert set(texts) == names
    assert set(ICONS["services"]) == names
    for name in names:
        told = texts[name].get("fields", {})
        assert set(told) == set((fields[name] or {}).get("fields", {}))
        assert all(one["name"] and one["description"] for one in told.values())


@pytest.mark.parametrize("platform", ["button", "select"])
def test_controls_have_texts_and_icons(platform: str) -> None:
    """What can be pressed and chosen has a name and an icon."""
    assert set(TRANSLATIONS["entity"][platform]) == set(ICONS["entity"][platform])


def test_icons_have_names() -> None:
    """Icons are those of Home Assistant's set."""
    assert all(icon.startswith("mdi:") for _, icon in leaves(ICONS))


def test_manifest() -> None:
    """The manifest is sorted and asks for nothing to be installed."""
    keys = list(MANIFEST)

    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert MANIFEST["domain"] == DOMAIN
    assert MANIFEST["requirements"] == []
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert MANIFEST["documentation"].startswith("https://")
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])
    assert not {"categories", "connectivity", "quality_scale"} & set(MANIFEST)


def test_hacs() -> None:
    """HACS knows only these keys."""
    assert load(ROOT / "hacs.json") == {
        "hide_default_branch": True,
        "homeassistant": "2026.10.0",
        "name": MANIFEST["name"],
    }


def test_quality_scale() -> None:
    """Every rule has a state, and what does not apply has a reason."""
    rules = yaml.safe_load((PACKAGE / "quality_scale.yaml").read_text())["rules"]

    assert len(QUALITY_RULES) == 54
    assert set(rules) == QUALITY_RULES
    for rule in rules.values():
        if isinstance(rule, dict):
            assert rule["status"] == "exempt"
            assert rule["comment"]
        else:
            assert rule in ("done", "todo")


@pytest.mark.parametrize(("name", "size"), [("icon.png", 256), ("icon@2x.png", 512)])
def test_brand(name: str, size: int) -> None:
    """The icons are square PNG files with transparency."""
    data = (PACKAGE / "brand" / name).read_bytes()
    # A PNG file says its width, height, depth and colour type (6 has alpha) first.
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">IIBB", data[16:26]) == (size, size, 8, 6)


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github" / "workflows").iterdir()), ids=lambda p: p.name
)
def test_workflow_is_pinned_and_may_nothing(path: Path) -> None:
    """Workflows run code that cannot change, with no rights but those they name."""
    text = path.read_text()
    workflow = yaml.safe_load(text)

    assert workflow["permissions"] == {}
    for used in re.findall(r"uses: (?!\./)(.*)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # \S+", used)


def test_pictures() -> None:
    """Pictures that are shown are there, small, and no others are."""
    shown = {
        (page.parent / name).resolve()
        for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
        for name in re.findall(r"\]\(([^)]+\.png)\)", page.read_text())
    }
    assert len(shown) > 10
    assert shown == {path.resolve() for path in (ROOT / "docs").rglob("*.png")}
    assert all(path.stat().st_size <= 150_000 for path in shown)
