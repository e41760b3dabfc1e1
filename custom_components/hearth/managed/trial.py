"""Starting an engine of our own once, before it is kept."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..agent_form import AGENT_KINDS
from ..const import SUBENTRY_CONVERSATION
from ..engines.chat import TurnStats
from ..engines.faults import EngineError
from ..engines.launch import LaunchPlan
from ..engines.managed import ManagedEngine
from ..errors import error_key
from ..trial import TrialError, async_try_agent
from .problem import ManagedError

# What these say about a server elsewhere means, of our own, that it ended.
_ENDED = frozenset({"bad_answer", "cannot_connect", "start_failed", "timeout_connect"})


async def async_try_plan(
    hass: HomeAssistant, plan: LaunchPlan, settings: Mapping[str, Any]
) -> TurnStats:
    """Start the engine, let its model answer once, and stop it again.

    Returns what the answer cost; raises :class:`ManagedError`.

    Args:
        hass: Home Assistant.
        plan: How the engine is started.
        settings: Of the agent, where they are not the usual ones.
    """
    engine = ManagedEngine(async_get_clientsession(hass), plan)
    first = AGENT_KINDS[SUBENTRY_CONVERSATION].first(plan.alias)
    try:
        await engine.start()
        await engine.ready(first_try=True)
        model = await engine.model(plan.alias)
        return await async_try_agent(engine, model, first | dict(settings))
    except EngineError as err:
        raise _problem(error_key(err), str(err)) from err
    except TrialError as err:
        raise _problem(err.key, engine.failure or "") from err
    finally:
        await engine.stop()


def _problem(key: str, said: str) -> ManagedError:
    """Return what to tell about a trial in vain, with what the engine said."""
    return ManagedError("start_failed" if key in _ENDED else key, {"error": said})
