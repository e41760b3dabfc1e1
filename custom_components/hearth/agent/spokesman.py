"""What Hearth says itself once the calls of the first pass are done."""

from collections.abc import Sequence
from dataclasses import dataclass
import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm

from .answers import answer
from .reply import async_confirm
from .results import looked_up
from .seen import Seen

# How tools say that something is not there, in English, and what may come after that.
_ABSENT = re.compile(r"(There is no .+?)(?:\. (?:Areas|Did you mean): .*)?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spokesman:
    """Speaks for the model, where that says all there is to say.

    Args:
        hass: Home Assistant.
        language: The user's.
        said: The user's words.
        confirms: Whether actions are confirmed without asking the model again.
    """

    hass: HomeAssistant
    language: str
    said: str
    confirms: bool

    async def async_say(
        self, results: Sequence[llm.ToolResult], *, by_heart: bool
    ) -> str | None:
        """Return what to say, None where the model is to say it.

        Args:
            results: What the calls returned, all of one pass.
            by_heart: Whether the model was made for these tools: so small a one finds
                what is asked about, and reads badly what it is told of it.
        """
        if by_heart and (said := self._told(results)) is not None:
            return said
        if not self.confirms:
            return None
        return await async_confirm(self.hass, self.language, results)

    def _told(self, results: Sequence[llm.ToolResult]) -> str | None:
        """Return what was looked up, or that it is not there."""
        seen: dict[str, Seen] = {}
        for result in results:
            if (found := looked_up(result)) is None:
                return self._absent(results)
            seen |= {one.entity.entity_id: one for one in found}
        return answer(self.said, tuple(seen.values()), self.language)

    def _absent(self, results: Sequence[llm.ToolResult]) -> str | None:
        """Return what the only call did not find."""
        if len(results) != 1 or not self.language.startswith("en"):
            return None
        found = _ABSENT.fullmatch(str(results[0].data.get("error")))
        return f"{found[1]}." if found and results[0].error else None
