"""To-do lists of a home file."""

from typing import override
from uuid import uuid4

from homeassistant.components.todo import (
    TodoItem,
    TodoItemStatus,
    TodoListEntity,
    TodoListEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType

from .entity import HomeFileEntity, async_add_described


async def async_setup_platform(
    hass: HomeAssistant,
    config: ConfigType,
    async_add_entities: AddEntitiesCallback,
    discovery_info: DiscoveryInfoType | None = None,
) -> None:
    """Add the home's lists."""
    async_add_described(hass, "todo", HomeFileList, async_add_entities)


class HomeFileList(HomeFileEntity, TodoListEntity):
    """A list with as many open items as the file's state says."""

    _attr_supported_features = (
        TodoListEntityFeature.CREATE_TODO_ITEM
        | TodoListEntityFeature.DELETE_TODO_ITEM
        | TodoListEntityFeature.UPDATE_TODO_ITEM
    )

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        self._attr_todo_items = [
            _item(f"Item {number}")
            for number in range(1, int(self.described.state or 0) + 1)
        ]

    @override
    async def async_create_todo_item(self, item: TodoItem) -> None:
        """Add an item."""
        self._replace([*(self.todo_items or ()), _item(item.summary)])

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        """Change an item."""
        self._replace(
            [item if item.uid == old.uid else old for old in self.todo_items or ()]
        )

    @override
    async def async_delete_todo_items(self, uids: list[str]) -> None:
        """Take items off the list."""
        self._replace([old for old in self.todo_items or () if old.uid not in uids])

    def _replace(self, items: list[TodoItem]) -> None:
        """Have other items."""
        self._attr_todo_items = items
        self.async_write_ha_state()


def _item(summary: str | None) -> TodoItem:
    """Return an open item."""
    return TodoItem(
        summary=summary, uid=uuid4().hex, status=TodoItemStatus.NEEDS_ACTION
    )
