"""The end of the way to a new engine."""

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType


async def add(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Keep an engine whose model has answered; return how the flow ends."""
    assert result["type"] is FlowResultType.MENU, result
    assert result["step_id"] == "ready"
    return await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "add"}
    )
