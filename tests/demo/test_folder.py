"""The configuration folder of the demo's Home Assistant."""

import json
from pathlib import Path

import yaml

from demo.components import HEARTH
from demo.folder import make_folder

from ..homes import FAMILY


def test_folder(tmp_path: Path) -> None:
    """It has the components, the home, the port, and nothing of the last run."""
    folder = tmp_path / "config"
    for port in (1, 2):
        make_folder(folder, home=FAMILY, port=port)
        (folder / "left").touch(exist_ok=False)
    config = yaml.safe_load((folder / "configuration.yaml").read_text())
    assert config["home_file"] == {"file": str(FAMILY)}
    assert "frontend" in config
    # Where it listens is not told in YAML: Home Assistant would go back on it.
    assert "http" not in config
    stored = json.loads((folder / ".storage" / "http").read_text())
    assert stored["data"] == {"server_host": ["127.0.0.1"], "server_port": 2}
    onboarding = json.loads((folder / ".storage" / "onboarding").read_text())
    assert "user" not in onboarding["data"]["done"]
    linked = folder / "custom_components" / "hearth"
    assert linked.resolve() == HEARTH
