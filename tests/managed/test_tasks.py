"""AI tasks with nested structures, on models that know nothing of them."""

from collections.abc import Iterator
import random
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.const import SUBENTRY_AI_TASK
from custom_components.hearth.engines.managed import ManagedEngine

pytestmark = pytest.mark.usefixtures("socket_enabled")

WORDS = ("name", "room", "level", "colour", "reason", "when", "plan", "who", "note")


def structures(count: int) -> Iterator[dict[str, Any]]:
    """Yield structures of every kind of field, nested up to three times."""
    chance = random.Random(2026)
    for _ in range(count):
        names = chance.sample(WORDS, 4)
        yield {name: _field(chance, depth=0) for name in names}


def _field(chance: random.Random, depth: int) -> dict[str, Any]:
    """Return one field, which may hold others."""
    plain: list[dict[str, Any]] = [
        {"text": {}},
        {"text": {"multiple": True}},
        {"boolean": {}},
        {"number": {}},
        {"number": {"min": -5, "max": 5}},
        {"number": {"min": 0.5, "max": 99.5, "step": 0.5}},
        {"select": {"options": ["red", "green", "blue"]}},
        {"select": {"options": ["a", "b"], "multiple": True}},
        {"date": {}},
        {"datetime": {}},
        {"time": {}},
        {"entity": {}},
        {"color_rgb": {}},
        {"object": {}},
    ]
    if depth < 2 and chance.random() < 0.5:
        fields = {name: _field(chance, depth + 1) for name in chance.sample(WORDS, 2)}
        many = chance.random() < 0.5
        return {
            "selector": {"object": {"multiple": many, "fields": fields}},
            "required": True,
        }
    return {"selector": chance.choice(plain), "required": chance.random() < 0.7}


@pytest.mark.parametrize(
    ("model", "many", "temperature"),
    [("", 30, 0.0), ("", 10, 1.5), ("babbler.gguf", 30, 1.0)],
    indirect=["model"],
)
async def test_every_answer_has_its_structure(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    engine: ManagedEngine,
    many: int,
    temperature: float,
) -> None:
    """As many tasks give as many answers of the right form, sense or none.

    The tiny model has never seen JSON of this kind, and the babbler nothing at all;
    at a high temperature they say something else each time.
    """
    (subentry,) = entry.get_subentries_of_type(SUBENTRY_AI_TASK)
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        data={**subentry.data, "max_tokens": 300, "temperature": temperature},
    )
    await hass.async_block_till_done()
    engine = entry.runtime_data.engine
    await engine.ready()
    for structure in structures(many):
        response = await hass.services.async_call(
            "ai_task",
            "generate_data",
            {
                "entity_id": "ai_task.tasks",
                "instructions": "Describe the home.",
                "structure": structure,
                "task_name": "form",
            },
            blocking=True,
            return_response=True,
        )
        assert response is not None
        json_bytes(response)
        data = response["data"]
        assert isinstance(data, dict)
        for name, field in structure.items():
            assert name in data or not field["required"]
    last = entry.runtime_data.metrics[subentry.subentry_id].last
    assert last is not None
    assert 1 <= last.passes <= 2
