"""What a model is told before a turn: prefix, tools, and the newest message."""

from dataclasses import dataclass, replace
from functools import partial

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import llm, template
from homeassistant.util import dt as dt_util

from ..const import LLM_API_HEARTH
from ..engines.chat import ToolSpec
from .assist import intent_name
from .budget import AgentBudget, Parts
from .compact import STATE
from .crowded import Priority, fitted, partial_overview
from .forgiving import ForgivingInstance
from .home import ExposedEntity, area_of, async_exposed_entities, overview
from .options import AgentOptions
from .prompt import INSTRUCTIONS, duties, home_text, user_message
from .specs import spec_of
from .states import named, state_words
from .toolset import HearthInstance
from .uses import async_used


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """The stable part of a prompt, and what repairing calls needs to know."""

    parts: Parts
    tools: dict[str, ToolSpec]
    api: llm.APIInstance | None
    entities: tuple[ExposedEntity, ...]

    @property
    def prefix(self) -> str:
        """Return the system message."""
        return self.parts.prefix

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name of what is exposed."""
        return tuple(name for entity in self.entities for name in entity.names)

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the names of areas and floors."""
        return tuple(
            {
                place: None
                for entity in self.entities
                for place in (entity.area, entity.floor)
                if place
            }
        )


async def async_brief(
    hass: HomeAssistant,
    options: AgentOptions,
    llm_context: llm.LLMContext,
    budget: AgentBudget | None = None,
) -> Briefing:
    """Gather the prefix and the tools of an agent.

    Args:
        hass: Home Assistant.
        options: The agent's options, with the window that its engine has.
        llm_context: Who asks, and where.
        budget: What the prompt takes; where it is not given, all of it is told.

    Raises:
        HomeAssistantError: an LLM API that was chosen does not exist any more.
        TemplateError: the user's instructions are no valid template.
    """
    instructions = options.prompt.strip()
    if instructions:
        instructions = template.Template(instructions, hass).async_render(
            {"ha_name": hass.config.location_name, "llm_context": llm_context},
            parse_result=False,
        )
    api: llm.APIInstance | None = None
    entities: tuple[ExposedEntity, ...] = ()
    tools: dict[str, ToolSpec] = {}
    if options.apis:
        offered = await llm.async_get_api(hass, list(options.apis), llm_context)
        api = ForgivingInstance.around(offered)
        if isinstance(offered, HearthInstance):
            tools, entities = offered.specs, offered.entities
        else:
            serializer = offered.custom_serializer
            tools = {tool.name: spec_of(tool, serializer) for tool in offered.tools}
            entities = async_exposed_entities(hass, llm_context.assistant)
    # Assist's own prompt brings an overview of its own; Hearth's leaves it to us.
    in_overview = entities if LLM_API_HEARTH in options.apis else ()
    parts = Parts(
        instructions=duties(
            instructions or INSTRUCTIONS, api.api_prompt if api else ""
        ),
        home=home_text(overview(in_overview)) if in_overview else "",
        tools=tuple(tools.values()),
        devices=len(in_overview),
    )
    if in_overview and budget and not await budget.fits(options, parts):
        room = budget.spare(options, replace(parts, home=""))
        area = area_of(hass, llm_context.device_id)
        priority = Priority(used=async_used(hass), area=area)
        parts = _shortened(parts, in_overview, priority, room)
    return Briefing(parts=parts, tools=tools, api=api, entities=entities)


def _shortened(
    parts: Parts, entities: tuple[ExposedEntity, ...], priority: Priority, room: int
) -> Parts:
    """Return the parts with as much of the home as there is room for."""
    tool = next(
        (tool.name for tool in parts.tools if intent_name(tool.name) == STATE.name),
        STATE.name,
    )
    told, left_out = fitted(
        entities,
        priority,
        partial(partial_overview, tool=tool),
        room - len(home_text("\n")),
    )
    return replace(parts, home=home_text(told), left_out=left_out)


@callback
def newest_message(
    hass: HomeAssistant,
    said: str,
    entities: tuple[ExposedEntity, ...],
    *,
    device_id: str | None,
    extra: str | None,
) -> str:
    """Return the user's words with what changes: time, place, states named."""
    return user_message(
        said,
        now=dt_util.now(),
        area=area_of(hass, device_id),
        states=state_words(hass, named(entities, said)),
        extra=extra or "",
    )
