"""The LLM API ``hearth``: a handful of compact tools on top of Assist's own.

The model sees few, short tools (compact.py). Each call is translated into calls of
Home Assistant's Assist API, so exposure, area preference, permissions and traces
stay Home Assistant's. What the compact tools do not cover is passed through.
"""

from dataclasses import dataclass, field, replace
from typing import Any, override

from homeassistant.components.intent import async_device_supports_timers
from homeassistant.components.vacuum import VacuumEntityFeature
from homeassistant.const import ATTR_SUPPORTED_FEATURES
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent, llm
import voluptuous as vol

from ..const import LLM_API_HEARTH
from ..engines.chat import ToolSpec
from .assist import (
    async_are_lasting,
    async_assist_tools,
    async_call_assist,
    available,
    intent_name,
)
from .compact import CONTROL, SET, STATE
from .home import ExposedEntity, area_of, async_exposed_entities
from .kept import Kept
from .list_tool import LIST_TOOLS, ListTool
from .results import Looked, failure, merge
from .seen import Seen
from .spec_tool import SpecTool
from .specs import spec_of
from .states import MOST_STATES, state_words
from .targets import Target, find_targets
from .timer_tool import TIMER_TOOLS, TimerTool
from .translate import COVERED, AssistCall, translate

# A home's worth of states would drown a small model.
MOST_TOLD = 4 * MOST_STATES


@callback
def async_register_api(hass: HomeAssistant) -> None:
    """Offer the API ``hearth`` to every agent of Home Assistant, once."""
    if all(api.id != LLM_API_HEARTH for api in llm.async_get_apis(hass)):
        llm.async_register_api(hass, HearthAPI(hass))


@dataclass
class HearthInstance(llm.APIInstance):
    """The compact tools for who asks, what a model is shown, and what they reach."""

    specs: dict[str, ToolSpec] = field(default_factory=dict)
    entities: tuple[ExposedEntity, ...] = ()


class HearthAPI(llm.API):
    """Assist with compact tools."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Name the API."""
        super().__init__(hass=hass, id=LLM_API_HEARTH, name="Hearth")
        self._kept: Kept[HearthInstance] = Kept(hass)

    @override
    async def async_get_api_instance(
        self, llm_context: llm.LLMContext
    ) -> llm.APIInstance:
        """Return the compact tools that make sense in this home."""
        hass = self.hass
        device_id = llm_context.device_id
        known = self._kept.async_values(llm_context.assistant)
        # What is no event: who can ring, and what else can be done.
        rings = device_id is not None and async_device_supports_timers(hass, device_id)
        key = (llm_context.assistant, rings, *intent.async_get(hass))
        if (instance := known.get(key)) is None:
            instance = await self._async_gather(llm_context)
            if await async_are_lasting(hass):
                known[key] = instance
        return replace(instance, llm_context=llm_context)

    async def _async_gather(self, llm_context: llm.LLMContext) -> HearthInstance:
        """Look what this home has, and what can be done with it."""
        assist = await async_assist_tools(self.hass, llm_context)
        entities = async_exposed_entities(self.hass, llm_context.assistant)
        offered = available(assist)
        tools: list[llm.Tool] = [
            CompactTool(spec, assist, entities)
            for spec in (CONTROL, SET)
            if COVERED[spec.name] & offered
        ]
        if entities:
            tools.append(StateTool(entities))
        if lists := [entity for entity in entities if entity.domain == "todo"]:
            tools.append(ListTool(assist, lists))
        if intent.INTENT_START_TIMER in offered:
            tools.append(TimerTool(assist))
        hidden = frozenset[str]().union(*COVERED.values(), LIST_TOOLS, TIMER_TOOLS)
        hidden |= _useless(self.hass, entities)
        tools += [tool for tool in assist.tools if intent_name(tool.name) not in hidden]
        return HearthInstance(
            api=self,
            api_prompt="",
            llm_context=llm_context,
            tools=tools,
            custom_serializer=assist.custom_serializer,
            specs={
                tool.name: spec_of(tool, assist.custom_serializer) for tool in tools
            },
            entities=entities,
        )


def _useless(
    hass: HomeAssistant, entities: tuple[ExposedEntity, ...]
) -> frozenset[str]:
    """Return tools of Assist that would cost tokens and can do nothing here."""
    useless = set()
    features = (
        state.attributes.get(ATTR_SUPPORTED_FEATURES, 0)
        for entity in entities
        if entity.domain == "vacuum" and (state := hass.states.get(entity.entity_id))
    )
    if not any(feature & VacuumEntityFeature.CLEAN_AREA for feature in features):
        useless.add("HassVacuumCleanArea")
    if not hass.states.async_entity_ids("assist_satellite"):
        useless.add(intent.INTENT_BROADCAST)
    return frozenset(useless)


class CompactTool(SpecTool):
    """A compact tool whose calls become calls of Assist's tools."""

    def __init__(
        self,
        spec: ToolSpec,
        assist: llm.APIInstance,
        entities: tuple[ExposedEntity, ...],
    ) -> None:
        """Remember what it works with."""
        super().__init__(spec)
        self._assist = assist
        self._entities = entities

    @override
    async def async_call(
        self,
        hass: HomeAssistant,
        tool_input: llm.ToolInput,
        llm_context: llm.LLMContext,
    ) -> llm.ToolResult:
        """Run the call for every target it reaches."""
        arguments: dict[str, Any] = self.parameters(tool_input.tool_args)
        targets = find_targets(
            self._entities, arguments, here=area_of(hass, llm_context.device_id)
        )
        if isinstance(targets, str):
            return failure(targets)
        results: list[tuple[llm.ToolResult, AssistCall, Target]] = []
        problems: list[str] = []
        for target in targets:
            try:
                planned = list(translate(self.name, arguments, target))
            except HomeAssistantError as err:
                problems.append(str(err))
                continue
            for call in planned:
                try:
                    result = await self._run(call, target, llm_context)
                except (HomeAssistantError, vol.Invalid) as err:
                    problems.append(str(err) or type(err).__name__)
                else:
                    results.append((result, call, target))
        return merge(results, problems)

    async def _run(
        self, call: AssistCall, target: Target, llm_context: llm.LLMContext
    ) -> llm.ToolResult:
        """Run one call of Assist; a target that fails is tried by name alone."""
        try:
            return await async_call_assist(
                self._assist, llm_context, call.intent, call.slots | target.slots
            )
        except intent.MatchFailedError:
            alone = {"name": target.slots.get("name")}
            if target.slots in ({}, alone) or alone["name"] is None:
                raise
            return await async_call_assist(
                self._assist, llm_context, call.intent, call.slots | alone
            )


class StateTool(SpecTool):
    """Tells present states in as few tokens as possible."""

    annotations = llm.ToolAnnotations(
        read_only=True, destructive=False, idempotent=True, open_world=False
    )

    def __init__(self, entities: tuple[ExposedEntity, ...]) -> None:
        """Remember what it works with."""
        super().__init__(STATE)
        self._entities = entities

    @override
    async def async_call(
        self,
        hass: HomeAssistant,
        tool_input: llm.ToolInput,
        llm_context: llm.LLMContext,
    ) -> llm.ToolResult:
        """Return the states of what is asked for."""
        arguments: dict[str, Any] = self.parameters(tool_input.tool_args)
        targets = find_targets(self._entities, arguments, here=None)
        if isinstance(targets, str):
            return failure(targets)
        reached = {entity.entity_id for target in targets for entity in target.entities}
        wanted = [entity for entity in self._entities if entity.entity_id in reached]
        told = state_words(hass, wanted, MOST_TOLD)
        result = Looked(states="; ".join(f"{name} = {state}" for name, state in told))
        result.seen = seen(hass, wanted)
        if len(wanted) > len(told):
            result["more"] = len(wanted) - len(told)
        return llm.ToolResult(data=result)


@callback
def seen(hass: HomeAssistant, entities: list[ExposedEntity]) -> tuple[Seen, ...]:
    """Return what entities are now."""
    return tuple(
        Seen(entity, state.state, state.attributes)
        for entity in entities
        if (state := hass.states.get(entity.entity_id)) is not None
    )
