"""What is kept of an entry's models."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.library.store import Known, LibraryStore

KEY = "hearth.library.entry"
CHECKED = datetime(2026, 11, 26, 12, tzinfo=UTC)


async def test_is_read_again(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """What is kept comes back as it was."""
    store = LibraryStore(hass, "entry")
    await store.async_load()
    assert (store.unfinished, store.known) == ({}, {})
    store.unfinished = {"a:latest": "a"}
    store.known = {
        "a:latest": Known(checked=CHECKED, digest="1", size=2),
        "b:latest": Known(checked=CHECKED, missing=True),
    }
    await store.async_save()

    again = LibraryStore(hass, "entry")
    await again.async_load()
    assert again.unfinished == store.unfinished
    assert again.known == store.known


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"known": None, "unfinished": None},
        {"known": [], "unfinished": "a"},
        {"known": {"a": None, "b": [], "c": {}}, "unfinished": {"a": 1, "b": None}},
        {"known": {"a": {"checked": "yesterday"}, "b": {"checked": 7}}},
        {"known": {"a": {"checked": "2026-11-26T12:00:00"}}},
    ],
)
async def test_nonsense(
    hass: HomeAssistant, hass_storage: dict[str, Any], data: dict[str, Any]
) -> None:
    """What makes no sense was never kept."""
    hass_storage[KEY] = {"version": 1, "data": data}
    store = LibraryStore(hass, "entry")
    await store.async_load()

    assert (store.unfinished, store.known) == ({}, {})


async def test_half_sense(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """What is known about a version may be little."""
    told = {"checked": CHECKED.isoformat(), "digest": 7, "size": "large", "missing": 1}
    hass_storage[KEY] = {"version": 1, "data": {"known": {"a": told}}}
    store = LibraryStore(hass, "entry")
    await store.async_load()

    assert store.known == {"a": Known(checked=CHECKED)}


async def test_close(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """What is to be kept soon is kept at the latest when the entry is unloaded."""
    store = LibraryStore(hass, "entry")
    await store.async_close()
    assert KEY not in hass_storage
    store.known["a"] = Known(checked=CHECKED)
    store.async_save_soon()
    await store.async_close()
    assert list(hass_storage[KEY]["data"]["known"]) == ["a"]
