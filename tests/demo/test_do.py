"""Files of actions, and what is printed of them."""

import json
from pathlib import Path

import pytest

from demo.do import Done, load_steps
from demo.errors import DemoError
from demo.report import done_as_json, done_as_text


def test_steps(tmp_path: Path) -> None:
    """A list of actions is read as it stands in an automation."""
    file = tmp_path / "actions.yaml"
    file.write_text(
        "- action: light.turn_on\n  target: {entity_id: light.a}\n"
        "- action: hearth.list_models\n  response: true\n"
    )
    assert load_steps(file) == [
        {"action": "light.turn_on", "target": {"entity_id": "light.a"}},
        {"action": "hearth.list_models", "response": True},
    ]


@pytest.mark.parametrize(
    "text", ["{", "light.turn_on", "- data: {}", "- action: a.b\n  what: 1"]
)
def test_no_steps(tmp_path: Path, text: str) -> None:
    """A file that is none says so, by its name."""
    file = tmp_path / "actions.yaml"
    file.write_text(text)
    with pytest.raises(DemoError, match="no list of actions"):
        load_steps(file)
    with pytest.raises(DemoError, match="cannot be read"):
        load_steps(tmp_path / "gone.yaml")


def test_what_is_printed() -> None:
    """An answer is shown, a failure too, and silence is silence."""
    answered = Done(action="hearth.a", response={"models": [{"name": "tiny"}]})
    assert done_as_text(answered) == "> hearth.a\n    models:\n    - name: tiny"
    failed = Done(action="hearth.b", error="Home Assistant says: no")
    assert done_as_text(failed) == "> hearth.b\n    Home Assistant says: no"
    assert done_as_text(Done(action="hearth.c")) == "> hearth.c"
    assert json.loads(done_as_json(answered)) == {
        "action": "hearth.a",
        "response": {"models": [{"name": "tiny"}]},
        "error": None,
    }
