"""What Home Assistant and people read about the blueprints."""

import json
from pathlib import Path
from urllib.parse import quote

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.util.yaml import load_yaml_dict
import pytest

from .conftest import FOLDER, REPOSITORY, ROOT

FILES = sorted((ROOT / FOLDER).iterdir())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_is_a_blueprint(file: Path) -> None:
    """Home Assistant accepts each one, people know what to enter, and find it."""
    blueprint = Blueprint(
        load_yaml_dict(str(file)),
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )
    told = blueprint.metadata
    url = f"{REPOSITORY}/blob/main/{FOLDER}/{file.name}"
    hacs = json.loads((ROOT / "hacs.json").read_text())

    assert blueprint.validate() is None
    assert told["description"]
    assert told["homeassistant"]["min_version"] == hacs["homeassistant"]
    assert told["source_url"] == url
    for field in blueprint.inputs.values():
        assert field["name"]
        assert field["description"]
        assert field["selector"]
    assert f"?blueprint_url={quote(url, safe='')}" in (ROOT / "README.md").read_text()
