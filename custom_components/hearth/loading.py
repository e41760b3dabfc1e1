"""Bringing models into memory and taking them out, as agents need them."""

from homeassistant.config_entries import ConfigSubentry

from .agent.options import AgentOptions
from .coordinator import HearthConfigEntry
from .helpers import engine_for


async def async_load_for(entry: HearthConfigEntry, subentry: ConfigSubentry) -> None:
    """Load an agent's model just as its next turn will need it."""
    options = AgentOptions.of(subentry.data)
    await async_load(entry, options.model)


async def async_load(
    entry: HearthConfigEntry,
    model: str,
    *,
    context_window: int | None = None,
    keep_alive: float | None = None,
) -> None:
    """Load a model; raises HomeAssistantError.

    Args:
        entry: Of the engine.
        model: The engine's name of the model.
        context_window: Tokens; None for those that an agent with this model has, for
            Ollama loads a model again for another size.
        keep_alive: Seconds it stays after its last use; None for an agent's.
    """
    options = _options_with(entry, model)
    if options is not None:
        if context_window is None:
            context_window = options.context_window
        if keep_alive is None:
            keep_alive = options.keep_alive
    async with engine_for(entry):
        await entry.runtime_data.engine.load(
            model, context_window=context_window, keep_alive=keep_alive
        )


async def async_unload(entry: HearthConfigEntry, model: str) -> None:
    """Take a model out of memory; raises HomeAssistantError."""
    async with engine_for(entry):
        await entry.runtime_data.engine.unload(model)


async def async_unload_all(entry: HearthConfigEntry) -> None:
    """Take all models out of memory; raises HomeAssistantError."""
    engine = entry.runtime_data.engine
    async with engine_for(entry):
        for model in await engine.loaded():
            await engine.unload(model.name)


def _options_with(entry: HearthConfigEntry, model: str) -> AgentOptions | None:
    """Return the options of the first agent with a model."""
    agents = (AgentOptions.of(one.data) for one in entry.subentries.values())
    return next((options for options in agents if options.model == model), None)
