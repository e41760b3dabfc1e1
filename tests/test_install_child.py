"""The call of Home Assistant's installer, here in this process."""

import os
from pathlib import Path
import runpy
import sys
from unittest.mock import Mock, patch

import pytest

from custom_components.hearth import install_child


@pytest.mark.parametrize("works", [True, False])
def test_calls_the_installer(works: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a folder of its own and Home Assistant's constraints, and politely."""
    install, nice, write = Mock(return_value=works), Mock(), Mock(side_effect=OSError)
    monkeypatch.setattr(os, "nice", nice)
    monkeypatch.setattr(Path, "write_text", write)
    monkeypatch.setattr(sys, "path", list(sys.path))
    arguments = ["", "/library", "package==1", "/target", "/constraints", "60"]
    monkeypatch.setattr(sys, "argv", arguments)

    with (
        patch("homeassistant.util.package.install_package", install),
        pytest.raises(SystemExit) as ended,
    ):
        runpy.run_path(install_child.__file__, run_name="__main__")

    assert ended.value.code == int(not works)
    install.assert_called_once_with(
        "package==1", target="/target", constraints="/constraints", timeout=60
    )
    nice.assert_called_once_with(10)
    write.assert_called_once_with("800")
    assert sys.path[-1] == "/library"
