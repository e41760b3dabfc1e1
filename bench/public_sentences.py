"""Home Assistant's public test sentences, read from a checkout of their repository.

Two formats are read. Older files (``light_HassTurnOn.yaml``) are about the home in
``_fixtures.yaml`` and name the intent at each test; newer ones
(``HassTurnOn/name_only.yaml``) have the intent in their folder's name, and may bring
devices of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from demo.errors import DemoError

LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Sentences and what is to be understood of them."""

    intent: str
    sentences: tuple[str, ...]
    slots: Mapping[str, Any]
    area: str | None = None
    response: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceFile:
    """A file's tests, and the home that they are about, as it is written there."""

    tests: tuple[Case, ...]
    home: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def folder_of(checkout: Path) -> Path:
    """Return the folder of the English tests in a checkout, or the folder itself."""
    for folder in (checkout / "tests" / LANGUAGE, checkout / LANGUAGE, checkout):
        if (folder / "_fixtures.yaml").exists():
            return folder
    raise DemoError(
        f"{checkout} has no tests/{LANGUAGE}/_fixtures.yaml: "
        "clone https://github.com/OHF-Voice/intents and name that folder"
    )


def fixtures(folder: Path) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the home of the older files."""
    return _home(_load(folder / "_fixtures.yaml"))


def sentence_files(folder: Path) -> Iterator[SentenceFile]:
    """Yield what the files of a folder and of the folders in it have."""
    for path in sorted(folder.rglob("*.yaml")):
        if path.name.startswith("_"):
            continue
        content = _load(path)
        named = path.parent.name if path.parent != folder else ""
        tests = content.get("tests") or ()
        found = tuple(test for raw in tests if (test := _test(raw, named, content)))
        if found:
            yield SentenceFile(tests=found, home=_home(content))


def _load(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as err:
        raise DemoError(f"{path} cannot be read: {err}") from err
    return content if isinstance(content, dict) else {}


def _home(content: Mapping[str, Any]) -> dict[str, Sequence[Mapping[str, Any]]]:
    return {key: content.get(key) or () for key in ("floors", "areas", "entities")}


def _test(
    raw: Mapping[str, Any], named: str, content: Mapping[str, Any]
) -> Case | None:
    """Read one test; one without an intent is none of ours."""
    intent = raw.get("intent") or {}
    name = intent.get("name") or named
    if not name.startswith("Hass"):
        return None
    contexts = (content.get("context"), intent.get("context"), raw.get("context"))
    context = {key: value for one in contexts for key, value in (one or {}).items()}
    sentences = raw.get("sentences") or ()
    response = raw.get("response")
    return Case(
        intent=name,
        sentences=tuple(str(sentence) for sentence in sentences),
        slots=dict(intent.get("slots") or raw.get("slots") or {}),
        area=context.get("area"),
        response=str(response[0] if isinstance(response, list) else response)
        if response
        else None,
    )
