"""When an agent's prompts are read ahead: whenever they are new, or were lost."""

import asyncio

from homeassistant.components.homeassistant import exposed_entities
from homeassistant.components.intent import async_device_supports_timers
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import MATCH_ALL, Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    llm,
)
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import (
    async_track_state_added_domain,
    async_track_state_removed_domain,
)
from homeassistant.helpers.start import async_at_started

from .agent.briefing import Briefing, async_brief, newest_message
from .agent.options import AgentOptions
from .agent.warmup import NotRead, WarmUp
from .const import DOMAIN, LOGGER, SUBENTRY_CONVERSATION
from .coordinator import EngineStatus, HearthConfigEntry

# Seconds. Who renames a room's devices does one after the other.
COOLDOWN = 5.0

_ASSISTANT = "conversation"
_REGISTRIES = (
    ar.EVENT_AREA_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
    fr.EVENT_FLOOR_REGISTRY_UPDATED,
)


class ReadAhead:
    """Has one agent's prompts read ahead as long as its entry is loaded.

    What hears a person decides on the tools: a satellite that can ring has timers,
    the text chat has none. So there are two prompts, alike but for their ends.
    """

    def __init__(
        self, hass: HomeAssistant, entry: HearthConfigEntry, agent: ConfigSubentry
    ) -> None:
        """Read nothing yet."""
        self._hass = hass
        self._entry = entry
        self._agent = agent
        self._budget = entry.runtime_data.budgets[agent.subentry_id]
        self._briefed: Briefing | None = None
        self._heard_by: list[str | None] = []
        self._instance = self._loaded_instance()
        self._task: asyncio.Task[None] | None = None
        self._for_speech = False
        self.warm_up = WarmUp(
            entry.runtime_data.engine,
            entry.runtime_data.line,
            self._options,
            self._async_brief_all,
            lambda: len(entry.runtime_data.read_ahead) == 1,
            self._async_opening,
        )
        self._debouncer: Debouncer[None] = Debouncer(
            hass,
            LOGGER,
            cooldown=COOLDOWN,
            immediate=False,
            function=self._async_request_if_loaded,
            background=True,
        )

    @callback
    def async_start(self) -> None:
        """Begin to follow everything that changes the prompt, or loses it."""
        for stop in self._async_listen():
            self._entry.async_on_unload(stop)
        self._entry.async_on_unload(self._debouncer.async_shutdown)

    def _async_listen(self) -> list[CALLBACK_TYPE]:
        """Listen; states are not among it, only what there is and its names."""
        hass, soon = self._hass, self._async_soon
        coordinator = self._entry.runtime_data.coordinator
        return [
            *(hass.bus.async_listen(str(kind), soon) for kind in _REGISTRIES),
            async_track_state_added_domain(hass, MATCH_ALL, soon),
            async_track_state_removed_domain(hass, MATCH_ALL, soon),
            exposed_entities.async_listen_entity_updates(hass, _ASSISTANT, soon),
            coordinator.async_add_listener(self._async_look_at_engine),
            async_at_started(hass, self._async_at_started),
        ]

    @callback
    def _async_at_started(self, hass: HomeAssistant) -> None:
        """Read now that everything that will be told is there."""
        self.async_request()

    @callback
    def _async_soon(self, _: object = None) -> None:
        """Read when nothing has changed for a moment."""
        if self._hass.is_running:
            self._debouncer.async_schedule_call()

    @callback
    def _async_look_at_engine(self) -> None:
        """Notice that the model left memory, or came back."""
        instance = self._loaded_instance()
        if instance == self._instance:
            return
        self._instance = instance
        self.warm_up.forget()
        if instance is not None and self._hass.is_running:
            self.async_request()

    def _loaded_instance(self) -> tuple[str, int | None] | None:
        """Return what identifies the model in memory, None where it is not."""
        coordinator = self._entry.runtime_data.coordinator
        if not coordinator.last_update_success:
            return None
        status: EngineStatus = coordinator.data
        model = AgentOptions.of(self._agent.data).model
        for loaded in status.loaded:
            if loaded.name == model or len(status.loaded) == 1:
                return loaded.name, loaded.instance
        return None

    @callback
    def _async_request_if_loaded(self) -> None:
        """Read what has changed, but do not load a model for it that was let go."""
        can_load = self._entry.runtime_data.engine.capabilities.load
        if self._loaded_instance() is not None or not can_load:
            self.async_request()

    @callback
    def async_request(self, *, for_speech: bool = False) -> None:
        """Have the prompt read in the background, if it is not.

        Where somebody begins to speak, what he needs is read before all else.
        """
        if self._options().keep_alive == 0:
            return
        if self._task is not None and not self._task.done():
            if self._for_speech or not for_speech:
                return
            self._task.cancel()
        self._for_speech = for_speech
        self._task = self._entry.async_create_background_task(
            self._hass,
            self._async_run(for_speech),
            f"Reading ahead for {self._agent.title}",
        )

    async def _async_run(self, for_speech: bool) -> None:
        """Read; that it cannot be done is nothing that a person must know."""
        try:
            if for_speech:
                await self.warm_up.run(for_speech=True)
            await self.warm_up.run()
            if await self._async_measure(self._briefed):
                await self.warm_up.run()
                await self._async_measure(self._briefed)
        except (HomeAssistantError, NotRead) as err:
            LOGGER.debug("Nothing was read ahead: %s", err)

    @callback
    def async_turn_ended(self, briefing: Briefing, device_id: str | None) -> None:
        """Know that a turn has read its prompt, and where it was heard."""
        rings = self._async_rings(device_id)
        others = [one for one in self._heard_by if self._async_rings(one) != rings]
        self._heard_by = [device_id, *others]
        self.warm_up.note(briefing)
        if not self.warm_up.is_done:
            self._async_soon()
        self._entry.async_create_background_task(
            self._hass,
            self._async_measure(briefing),
            f"Counting for {self._agent.title}",
            # The answer is on its way to who waits for it.
            eager_start=False,
        )

    async def _async_measure(self, briefing: Briefing | None) -> bool:
        """Find out how much of the window is used, now that the engine is awake.

        Returns whether there may be room for more of the home now, or for less.
        """
        if briefing is None:
            return False
        options, parts = self._options(), briefing.parts
        await self._budget.measure(options, parts)
        return parts.left_out > 0 or not await self._budget.fits(options, parts)

    def _options(self) -> AgentOptions:
        """Return the agent's options as its next turn will have them."""
        options = AgentOptions.of(self._agent.data)
        return options.within(self._entry.runtime_data.window(options))

    async def _async_brief_all(self) -> list[Briefing]:
        """Gather what the agent may be told next, the likeliest first."""
        devices = self._async_devices()
        if not self._entry.runtime_data.engine.capabilities.prompt_cache:
            devices = devices[:1]
        found = [await self._async_brief(device_id) for device_id in devices]
        self._briefed = found[0]
        return found

    @callback
    def _async_opening(self) -> str:
        """Return how the next message begins, if the likeliest hears it now."""
        likeliest = self._async_devices()[0]
        return newest_message(self._hass, "", (), device_id=likeliest, extra=None)

    @callback
    def _async_devices(self) -> list[str | None]:
        """Return one of each kind of what may hear a person, the likeliest first.

        What heard the last words will hear the next; at first, a satellite will.
        """
        kinds: dict[bool, str | None] = {}
        satellites = (
            entity.device_id
            for entity in er.async_get(self._hass).entities.values()
            if entity.domain == Platform.ASSIST_SATELLITE
        )
        for device_id in (*self._heard_by, *satellites, None):
            kinds.setdefault(self._async_rings(device_id), device_id)
        return list(kinds.values())

    @callback
    def _async_rings(self, device_id: str | None) -> bool:
        """Return whether a device can ring when a timer is over."""
        return device_id is not None and async_device_supports_timers(
            self._hass, device_id
        )

    async def _async_brief(self, device_id: str | None) -> Briefing:
        """Gather what the agent is told when a device hears the next words."""
        return await async_brief(
            self._hass,
            self._options(),
            llm.LLMContext(
                platform=DOMAIN,
                context=None,
                language=self._hass.config.language,
                assistant=_ASSISTANT,
                device_id=device_id,
            ),
            self._budget,
        )


@callback
def async_set_up_read_ahead(hass: HomeAssistant, entry: HearthConfigEntry) -> None:
    """Read ahead for each agent that people talk to."""
    for agent in entry.get_subentries_of_type(SUBENTRY_CONVERSATION):
        ahead = ReadAhead(hass, entry, agent)
        entry.runtime_data.read_ahead[agent.subentry_id] = ahead
        ahead.async_start()


async def async_read_ahead(entry: HearthConfigEntry, subentry_id: str) -> None:
    """Have an agent's prompt read, whatever was read before.

    Raises HomeAssistantError.
    """
    warm_up = entry.runtime_data.read_ahead[subentry_id].warm_up
    warm_up.forget()
    try:
        await warm_up.run()
    except NotRead as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_read_ahead",
            translation_placeholders={"error": str(err)},
        ) from err
    finally:
        await entry.runtime_data.coordinator.async_refresh()
