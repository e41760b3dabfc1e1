"""The last step: how the model did, and whether it is to be kept."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback

from ..agent_form import AGENT_KINDS, first_agents
from ..const import SUBENTRY_CONVERSATION
from ..trial import Tried
from .assist import async_assistant_name, async_let_answer
from .result import result_text, settings_text
from .texts import async_texts
from .work import WorkSteps


class ReadySteps(WorkSteps):
    """A flow that ends with an engine whose model has answered once."""

    def __init__(self) -> None:
        """Start with nothing tried."""
        super().__init__()
        self._result: Tried | None = None
        self._is_kept = False
        self._is_to_answer = False
        # Where a model was asked for the last time.
        self._choose: Callable[[], Awaitable[ConfigFlowResult]] = self.async_step_first

    @abstractmethod
    async def async_step_first(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go back to the beginning."""

    @abstractmethod
    async def _async_check_new(self, tried: Tried) -> None:
        """Abort where somebody has set the same engine up meanwhile."""

    @property
    def _kept(self) -> Tried | None:
        """Return what there is an entry of now."""
        return self._result if self._is_kept else None

    @callback
    def _tidy(self) -> None:
        """Take back what was done for models that are not kept."""

    async def async_step_ready(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say how fast the model was and what was set, and ask whether to keep it."""
        if TYPE_CHECKING:
            assert self._result is not None
        texts = await async_texts(self.hass)
        assistant = await async_assistant_name(self.hass)
        return self.async_show_menu(
            step_id="ready",
            menu_options=[
                *(["add_and_use"] if assistant else []),
                "add",
                "choose_again",
            ],
            description_placeholders={
                "assistant": assistant or "",
                "model": self._name(),
                "result": result_text(self._result.stats, texts),
                "settings": settings_text(self._result, texts),
            },
        )

    def _name(self) -> str:
        """Return what people call the model that answered."""
        if TYPE_CHECKING:
            assert self._result is not None
        return AGENT_KINDS[SUBENTRY_CONVERSATION].title(self._result.model)

    async def async_step_choose_again(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go back to where the model was chosen."""
        return await self._choose()

    async def async_step_add_and_use(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Keep the engine, and let the voice assistant answer with it."""
        self._is_to_answer = True
        return await self.async_step_add()

    async def async_step_add(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Keep the engine, with its first agents."""
        if TYPE_CHECKING:
            assert self._result is not None
        tried = self._result
        await self._async_check_new(tried)
        texts = await async_texts(self.hass)
        return self.async_create_entry(
            title=tried.title,
            data=tried.data,
            description_placeholders={
                "assistant": await async_assistant_name(self.hass) or "",
                "model": self._name(),
                "result": result_text(tried.stats, texts),
            },
            subentries=first_agents(tried.model, **tried.settings),
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Say what to do next, and let the voice assistant answer if it is to."""
        self._is_kept = True
        if self._is_to_answer and await async_let_answer(self.hass, result["result"]):
            result["description"] = "answers"
        return result

    @callback
    @override
    def async_remove(self) -> None:
        """Take back what was done for models that are not kept."""
        super().async_remove()
        self._tidy()
