"""What a person can mend with a click."""

from typing import override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.core import HomeAssistant


class StartAgain(ConfirmRepairFlow):
    """Start an engine again that was given up on."""

    def __init__(self, entry_id: str) -> None:
        """Remember whose engine it is."""
        super().__init__()
        self._entry_id = entry_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start the whole entry again; a new failure is a new issue."""
        if user_input is not None:
            self.hass.config_entries.async_schedule_reload(self._entry_id)
        return await super().async_step_confirm(user_input)


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the way to mend an issue."""
    return StartAgain(str((data or {})["entry_id"]))
