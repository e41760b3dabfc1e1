"""Conversation agents: the voice of the home."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal, override

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import MATCH_ALL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agent.alone import stands_alone
from .agent.briefing import Briefing, async_brief, newest_message
from .agent.doubt import Answer, Doubts, answer_in, held_in
from .agent.history import FAILED, SentWords
from .agent.home import area_of
from .agent.line import Interrupted, LineFull, Priority, WaitedTooLong
from .agent.options import AgentOptions
from .agent.sentences import Sentence, async_say
from .agent.spokesman import Spokesman
from .agent.strict import strict
from .agent.turn import Turn, TurnOutcome
from .agent.understood import understand
from .agent.uses import async_note_turn
from .const import DOMAIN, EVENT_TURN_FINISHED, LOGGER, SUBENTRY_CONVERSATION
from .coordinator import HearthConfigEntry
from .entity import HearthAgentEntity

PARALLEL_UPDATES = 0

# Seconds. Who waits longer without a word thinks that nobody listens.
LONGEST_WAIT = 30.0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an agent for each conversation subentry."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_CONVERSATION):
        async_add_entities(
            [HearthConversationEntity(entry, subentry)],
            config_subentry_id=subentry.subentry_id,
        )


class HearthConversationEntity(HearthAgentEntity, conversation.ConversationEntity):
    """An agent that hears, acts and answers through a local model."""

    _attr_supports_streaming = True

    def __init__(self, entry: HearthConfigEntry, subentry: ConfigSubentry) -> None:
        """Read the agent's options."""
        super().__init__(entry, subentry)
        self._options = AgentOptions.of(subentry.data)
        self._sent = SentWords()
        self._ahead = entry.runtime_data.read_ahead[subentry.subentry_id]
        self._budget = entry.runtime_data.budgets[subentry.subentry_id]
        if self._options.apis:
            self._attr_supported_features = (
                conversation.ConversationEntityFeature.CONTROL
            )

    @property
    @override
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Return every language: the model decides what it understands."""
        return MATCH_ALL

    @override
    async def async_prepare(self, language: str | None = None) -> None:
        """Read while a person speaks, if there is anything to be read."""
        self._ahead.async_request(for_speech=True)

    @override
    async def _async_handle_message(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
    ) -> conversation.ConversationResult:
        """Answer what was said; whatever breaks ends in a spoken sentence."""
        options = self._options.within(self.runtime.window(self._options))
        try:
            briefing = await async_brief(
                self.hass, options, user_input.as_llm_context(DOMAIN), self._budget
            )
        except HomeAssistantError as err:
            LOGGER.error("The agent %s could not be prepared: %s", self.entity_id, err)
            return await self._not_begun(user_input, chat_log, Sentence.UNKNOWN)
        # In a large home both parts take milliseconds; others get a word in between.
        await asyncio.sleep(0)
        by_heart = await self.runtime.engine.knows_tools(options.model)
        understood = understand(
            briefing.entities,
            briefing.tools.values(),
            user_input.text,
            user_input.language,
            by_heart=by_heart,
            here=area_of(self.hass, user_input.device_id),
            attributes_of=self._attributes,
        )
        self._open(user_input, chat_log, briefing, understood.said)
        async_note_turn(self.hass, user_input.context)
        held = held_in(chat_log, self.entity_id, user_input.device_id)
        answer = answer_in(user_input.text, user_input.language) if held else None
        if answer is Answer.NO:
            return await self._left(user_input, chat_log)

        turn = Turn(
            engine=self.runtime.engine,
            options=options,
            chat_log=chat_log,
            agent_id=self.entity_id,
            prefix=briefing.prefix,
            sent=self._sent,
            say=lambda sentence: async_say(self.hass, sentence, user_input.language),
            tools=strict(briefing.tools.values(), briefing.entities, understood.meant)
            if by_heart or options.ask_back
            else briefing.tools,
            names=briefing.names,
            areas=briefing.areas,
            think=await self.async_thinks(options),
            prompt_tokens=self._budget.tokens(options, briefing.parts),
            spokesman=Spokesman(
                hass=self.hass,
                language=user_input.language,
                said=understood.said,
                confirms=options.quick_confirmations,
            ),
            doubts=self._doubts(user_input, briefing, understood.said)
            if options.ask_back
            else None,
            agreed=held if answer is Answer.YES else understood.calls,
            alone=stands_alone(understood.said, briefing.entities),
            by_heart=by_heart,
            entities=briefing.entities,
            said=understood.said,
            spared=understood.spared,
        )
        try:
            outcome = await self._run(turn, user_input, waits=not understood.calls)
        except LineFull, WaitedTooLong:
            return await self._not_begun(user_input, chat_log, Sentence.BUSY)
        except Interrupted:
            return self._interrupted(user_input, chat_log)
        # Who waits for the words does not wait for the entities, too.
        self.hass.loop.call_soon(self._report, outcome, chat_log.conversation_id)
        if outcome.error is None and outcome.metrics.passes:
            # Whoever reads ahead goes on now, and must know what has been read.
            self._ahead.async_turn_ended(briefing, user_input.device_id)
        if outcome.problem is not None:
            return await self._failed(user_input, chat_log, outcome.problem)
        return conversation.async_get_result_from_chat_log(user_input, chat_log)

    def _attributes(self, entity_id: str) -> Mapping[str, Any]:
        """Return the attributes that something has now."""
        state = self.hass.states.get(entity_id)
        return {} if state is None else state.attributes

    async def _run(
        self, turn: Turn, user_input: conversation.ConversationInput, *, waits: bool
    ) -> TurnOutcome:
        """Run a turn when it is its turn; one that needs no model waits for none."""
        if not waits:
            return await turn.run()
        async with self.runtime.line.place(
            Priority.VOICE,
            within=min(turn.options.deadlines.first_byte, LONGEST_WAIT),
            owner=user_input.satellite_id or user_input.device_id,
        ):
            return await turn.run()

    def _doubts(
        self,
        user_input: conversation.ConversationInput,
        briefing: Briefing,
        said: str,
    ) -> Doubts:
        """Return what decides on the calls that are asked about first."""
        tools = briefing.api.tools if briefing.api else ()
        return Doubts(
            entities=briefing.entities,
            only_tell=frozenset(t.name for t in tools if t.annotations.read_only),
            here=area_of(self.hass, user_input.device_id),
            device_id=user_input.device_id,
            language=user_input.language,
            said=said,
        )

    async def _left(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
    ) -> conversation.ConversationResult:
        """Say that what was asked about is not done."""
        said = await async_say(self.hass, Sentence.LEFT, user_input.language)
        chat_log.async_add_assistant_content_without_tools(
            conversation.AssistantContent(agent_id=self.entity_id, content=said)
        )
        return conversation.async_get_result_from_chat_log(user_input, chat_log)

    def _open(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        briefing: Briefing,
        said: str,
    ) -> None:
        """Put prefix, tools and the newest message where the turn finds them."""
        chat_log.llm_api = briefing.api
        chat_log.extra_system_prompt = (
            user_input.extra_system_prompt or chat_log.extra_system_prompt
        )
        chat_log.content[0] = conversation.SystemContent(content=briefing.prefix)
        chat_log.llm_input_provided_index = len(chat_log.content)
        message = newest_message(
            self.hass,
            said,
            briefing.entities,
            device_id=user_input.device_id,
            extra=chat_log.extra_system_prompt,
        )
        self._sent.remember(
            chat_log.conversation_id, len(chat_log.content) - 1, message
        )
        chat_log.async_trace(
            {
                "prefix": briefing.prefix,
                "message": message,
                "tools": list(briefing.tools),
            }
        )

    @callback
    def _report(self, outcome: TurnOutcome, conversation_id: str) -> None:
        """Tell the entities, the coordinator and automations how the turn went."""
        if outcome.error is None:
            # Who was not asked has not answered.
            if outcome.metrics.passes:
                self.runtime.coordinator.async_report_success()
                self._budget.learn(outcome.characters, outcome.tokens)
        else:
            LOGGER.warning("%s got no answer: %s", self.entity_id, outcome.error)
            self.runtime.coordinator.async_report_error(outcome.error)
        self.metrics.add(outcome.metrics)
        self.hass.bus.async_fire(
            EVENT_TURN_FINISHED,
            {
                "entity_id": self.entity_id,
                "conversation_id": conversation_id,
                **asdict(outcome.metrics),
            },
        )

    async def _not_begun(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        problem: Sentence,
    ) -> conversation.ConversationResult:
        """Answer with what keeps a turn from beginning."""
        result = await self._failed(user_input, chat_log, problem)
        speech: str = result.response.speech["plain"]["speech"]
        self._close(chat_log, speech)
        return result

    def _interrupted(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
    ) -> conversation.ConversationResult:
        """Say nothing more to who has asked for something else meanwhile."""
        self._close(chat_log, "")
        response = intent.IntentResponse(language=user_input.language)
        response.async_set_speech("")
        return conversation.ConversationResult(
            response=response, conversation_id=chat_log.conversation_id
        )

    def _close(self, chat_log: conversation.ChatLog, text: str) -> None:
        """Answer the newest message in the log, as one that the model never saw.

        Templates of some models refuse two messages of the user in a row.
        """
        chat_log.async_add_assistant_content_without_tools(
            conversation.AssistantContent(
                agent_id=self.entity_id, content=text, native=FAILED
            )
        )

    async def _failed(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        problem: Sentence,
    ) -> conversation.ConversationResult:
        """Return an error that is spoken in the user's language."""
        response = intent.IntentResponse(language=user_input.language)
        response.async_set_error(
            intent.IntentResponseErrorCode.FAILED_TO_HANDLE,
            await async_say(self.hass, problem, user_input.language),
        )
        return conversation.ConversationResult(
            response=response, conversation_id=chat_log.conversation_id
        )
