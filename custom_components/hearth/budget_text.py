"""What an agent's form says about its context window."""

from homeassistant.core import HomeAssistant

from .agent.budget import Budget
from .steps.texts import async_texts, filled


async def async_budget_text(hass: HomeAssistant, budget: Budget | None) -> str:
    """Return what uses how many tokens, in words; empty where that is not known."""
    if budget is None:
        return ""
    texts = await async_texts(hass)
    said = [texts["budget_about" if budget.estimated else "budget_counted"]]
    if budget.left_out:
        said.append(texts["budget_left_out"])
    values = {
        "conversation": str(budget.conversation),
        "devices": str(budget.devices),
        "home": str(budget.home),
        "instructions": str(budget.instructions),
        "left_out": str(budget.left_out),
        "tools": str(budget.tools),
        "window": str(budget.window),
    }
    return "\n\n" + " ".join(filled(text, values) for text in said)
