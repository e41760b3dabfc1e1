"""Starting an engine of our own once, before it is kept."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..agent_form import AGENT_KINDS
from ..const import SUBENTRY_CONVERSATION
from ..engines.base import EngineError
from ..engines.launch import LaunchPlan
from ..engines.managed import ManagedEngine
from ..errors import error_key
from ..trial import async_try_agent
from .problem import ManagedError

# What these say about a server elsewhere means, of our own, that it ended.
_ENDED = frozenset({"bad_answer", "cannot_connect", "start_failed", "timeout_connect"})


async def async_try_plan(hass: HomeAssistant, plan: LaunchPlan) -> None:
    """Start the engine, let its model answer once, and stop it again.

    Raises :class:`ManagedError`.
    """
    engine = ManagedEngine(async_get_clientsession(hass), plan)
    try:
        await engine.start()
        await engine.ready(first_try=True)
        model = await engine.model(plan.alias)
        key = await async_try_agent(
            engine, model, AGENT_KINDS[SUBENTRY_CONVERSATION].first(plan.alias)
        )
        said = engine.failure or ""
    except EngineError as err:
        key, said = error_key(err), str(err)
    finally:
        await engine.stop()
    if key is not None:
        raise ManagedError("start_failed" if key in _ENDED else key, {"error": said})
