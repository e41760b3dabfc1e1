"""Telling a person of problems with an entry's machine, engine and agents."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .agent.options import AgentOptions
from .board_coordinator import BoardCoordinator, async_entries_here
from .board_hosts import is_on_network
from .const import DOMAIN
from .coordinator import HearthConfigEntry
from .engines.base import EngineKind
from .engines.faults import ContextOverflow, EngineError
from .issues import (
    AGENT_FAULTS,
    ENGINE_FAULTS,
    MACHINE_FAULTS,
    AgentEvidence,
    AgentTurn,
    EngineFacts,
    Fault,
    Verdicts,
    engine_verdicts,
)
from .managed.settings import is_managed


def issue_id(fault: Fault, owner: str | None = None) -> str:
    """Return the id of a problem's issue.

    Args:
        fault: The problem.
        owner: The id of the entry or of the subentry that has it; None for the
            machine.
    """
    return fault.value if owner is None else f"{fault}_{owner}"


class IssueWatch:
    """Follows a loaded entry, and creates and deletes the issues of what it finds.

    Args:
        board: The machine, where the entry's engine runs on it.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HearthConfigEntry,
        board: BoardCoordinator | None,
    ) -> None:
        """Know nothing yet."""
        self._hass = hass
        self._entry = entry
        self._board = board
        self._evidence: dict[str, AgentEvidence] = {}
        self._asking = False

    @callback
    def async_start(self) -> None:
        """Tell what is known already, and follow the rest until the entry unloads."""
        entry, coordinator = self._entry, self._entry.runtime_data.coordinator
        self._async_tell_of_engine()
        if (board := self._board) is not None:
            self._async_tell_of_machine(board)
            entry.async_on_unload(
                board.async_add_listener(partial(self._async_tell_of_machine, board))
            )
        for agent in entry.subentries.values():
            self._evidence[agent.subentry_id] = AgentEvidence()
            self._async_follow_turns(agent)
            self._async_follow_budget(agent)
        if entry.runtime_data.engine.kind is EngineKind.OLLAMA:
            self._async_look_at_models()
            entry.async_on_unload(
                coordinator.async_add_listener(self._async_look_at_models)
            )

    @callback
    def _async_tell_of_machine(self, board: BoardCoordinator) -> None:
        """Tell of the problems of the machine."""
        async_tell(self._hass, board.data.evidence.verdicts())

    @callback
    def _async_tell_of_engine(self) -> None:
        """Tell of the problems of the engine, which has just answered."""
        entry, board = self._entry, self._board
        url = "" if is_managed(entry.data) else entry.data[CONF_URL]
        facts = EngineFacts(
            is_ollama=entry.runtime_data.engine.kind is EngineKind.OLLAMA,
            on_this_host=board is not None,
            on_network=is_on_network(url),
            has_key=bool(entry.data.get(CONF_API_KEY)),
            memory=board.data.reading.memory.total if board is not None else None,
        )
        words = {"title": entry.title, "url": url}
        async_tell(self._hass, engine_verdicts(facts), entry.entry_id, words)

    @callback
    def _async_follow_turns(self, agent: ConfigSubentry) -> None:
        """Learn from each turn of an agent."""
        metrics = self._entry.runtime_data.metrics[agent.subentry_id]

        @callback
        def turn_ended() -> None:
            self._async_learn(agent)
            # A turn that failed at once has not put the machine to work.
            if self._board is not None and metrics.last and metrics.last.passes:
                self._entry.async_create_background_task(
                    self._hass,
                    self._board.async_turn_ended(),
                    "Looking at the machine",
                )

        self._entry.async_on_unload(metrics.subscribe(turn_ended))

    @callback
    def _async_follow_budget(self, agent: ConfigSubentry) -> None:
        """Learn whenever it is known anew what an agent's prompt takes."""
        budget = self._entry.runtime_data.budgets[agent.subentry_id]

        @callback
        def measured() -> None:
            if budget.last is not None:
                evidence = self._evidence[agent.subentry_id]
                evidence = replace(evidence, left_out=budget.last.left_out)
                self._evidence[agent.subentry_id] = evidence
                self._async_tell_of_agent(agent)

        self._entry.async_on_unload(budget.subscribe(measured))

    @callback
    def _async_learn(self, agent: ConfigSubentry) -> None:
        """Take an agent's newest turn into account."""
        runtime = self._entry.runtime_data
        turn = runtime.metrics[agent.subentry_id].last
        prompt = None
        if turn is not None and turn.prompt_tokens is not None and turn.passes:
            # Each pass sends the whole prompt again.
            prompt = turn.prompt_tokens // turn.passes
        newest = AgentTurn(
            window=self._window(agent),
            prompt=prompt,
            overflowed=isinstance(runtime.coordinator.chat_error, ContextOverflow),
        )
        evidence = self._evidence[agent.subentry_id].after(newest)
        self._evidence[agent.subentry_id] = evidence
        self._async_tell_of_agent(agent)

    def _window(self, agent: ConfigSubentry) -> int:
        """Return the tokens of the context window that an agent's turns have."""
        options = AgentOptions.of(agent.data)
        runtime = self._entry.runtime_data
        if runtime.engine.kind is not EngineKind.LLAMA_SERVER:
            # Others take the window that a request asks for.
            return options.context_window
        loaded = runtime.coordinator.data.loaded
        windows = [
            model.context_window
            for model in loaded
            if model.name == options.model or len(loaded) == 1
        ]
        smallest = min((window for window in windows if window), default=None)
        return options.within(smallest).context_window

    @callback
    def _async_look_at_models(self) -> None:
        """Find out where the models run of which that is not known yet."""
        unknown = [
            agent
            for agent in self._entry.subentries.values()
            if self._evidence[agent.subentry_id].remote is None
        ]
        if unknown and not self._asking:
            self._asking = True
            self._entry.async_create_background_task(
                self._hass, self._async_ask_for(unknown), "Looking at the models"
            )

    async def _async_ask_for(self, agents: list[ConfigSubentry]) -> None:
        """Ask the engine about some agents' models; silence changes nothing."""
        for agent in agents:
            model = AgentOptions.of(agent.data).model
            try:
                found = await self._entry.runtime_data.engine.model(model)
            except EngineError:
                continue
            evidence = self._evidence[agent.subentry_id]
            self._evidence[agent.subentry_id] = replace(evidence, remote=found.remote)
            self._async_tell_of_agent(agent)
        self._asking = False

    @callback
    def _async_tell_of_agent(self, agent: ConfigSubentry) -> None:
        """Tell of the problems of an agent."""
        budget = self._entry.runtime_data.budgets[agent.subentry_id].last
        words = {
            "agent": agent.title,
            "devices": str(budget.devices if budget else 0),
            "left_out": str(budget.left_out if budget else 0),
            "model": AgentOptions.of(agent.data).model,
            "title": self._entry.title,
            "window": str(self._window(agent)),
        }
        verdicts = self._evidence[agent.subentry_id].verdicts()
        async_tell(self._hass, verdicts, agent.subentry_id, words)


@callback
def async_tell(
    hass: HomeAssistant,
    verdicts: Verdicts,
    owner: str | None = None,
    words: Mapping[str, str] | None = None,
) -> None:
    """Create the issues of what stands, and delete those of what does not.

    Deleting an issue forgets that a person did not want to see it, so one of which
    nothing is known stays.
    """
    for fault, stands in verdicts.items():
        if stands:
            ir.async_create_issue(
                hass,
                DOMAIN,
                issue_id(fault, owner),
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key=fault,
                translation_placeholders=dict(words) if words else None,
            )
        elif stands is False:
            ir.async_delete_issue(hass, DOMAIN, issue_id(fault, owner))


@callback
def async_drop_stale_issues(hass: HomeAssistant) -> None:
    """Delete the issues of machines, engines and agents that are not used any more."""
    valid = {issue_id(f) for f in MACHINE_FAULTS if async_entries_here(hass)}
    for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False):
        valid |= {issue_id(fault, entry.entry_id) for fault in ENGINE_FAULTS}
        for agent in entry.subentries:
            valid |= {issue_id(fault, agent) for fault in AGENT_FAULTS}
    ours = tuple(fault.value for fault in Fault)
    for domain, found in tuple(ir.async_get(hass).issues):
        if domain == DOMAIN and found.startswith(ours) and found not in valid:
            ir.async_delete_issue(hass, domain, found)
