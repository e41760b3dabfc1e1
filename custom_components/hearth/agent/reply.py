"""Quick confirmations: what was done, said without asking the model again.

The words are Home Assistant's own, in the user's language, with the names of what was
changed. What cannot be said well that way is left to the model.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
import re
from typing import Any

from homeassistant.core import HomeAssistant, State, callback
from homeassistant.exceptions import TemplateError
from homeassistant.helpers import llm, template
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from .deeds import PLACELESS, Deed, deeds_of
from .responses import Responses, async_responses
from .sentence_table import SENTENCES
from .sentences import Sentence

_TEMPLATES: HassKey[dict[str, template.Template]] = HassKey(f"{DOMAIN}_templates")

# Nobody listens to a longer list.
MOST_NAMES = 3
MOST_SENTENCES = 4

_LIGHT_VALUES = ("brightness", "color", "temperature")
_SLOT = re.compile(r"\bslots\.(\w+)")
_MAY_LACK = re.compile(r"\bis defined\b|\bdefault\(")
# Names one thing by its kind, "the light", or by its name.
_OF_ONE = re.compile(r"\bstate\.|\bslots\.name\b")
_STATE = re.compile(r"\bstate\.")
# The kind of a thing as Home Assistant calls it, in English.
_BARE_DOMAIN = re.compile(r"\{\{\s*state\.domain")
_NOTHING = re.compile(r"\bNone\b")
_DECIMAL = re.compile(r"-?\d+\.\d+")
# Languages that write a number with a comma (Unicode CLDR).
_DECIMAL_COMMA = frozenset(
    "af bg ca cs da de el es et eu fi fr gl hr hu hy id is it ka lb lt lv nb nl pl pt "
    "ro ru sk sl sr sv tr uk vi".split()
)
# Those of other scripts, too: Chinese, Devanagari.
_SENTENCE_ENDS = (*".!?", "\u3002", "\uff01", "\uff1f", "\u0964")


class _CannotSay(Exception):
    """There are no words for it in this language."""


class _TooMuch(Exception):
    """It can be said, but not in a few words."""


async def async_confirm(
    hass: HomeAssistant, language: str, results: Sequence[llm.ToolResult]
) -> str | None:
    """Return what to say after some tool calls, None where the model is to say it.

    Args:
        hass: Home Assistant.
        language: The user's.
        results: What the calls returned, all of one pass.
    """
    found = [deeds_of(result) for result in results]
    if not found or None in found:
        return None
    deeds = [deed for some in found if some is not None for deed in some]
    responses = await async_responses(hass, language)
    if responses is None:
        return None
    try:
        return _joined(_Words(hass, language, responses).say_all(deeds))
    except _CannotSay:
        return None
    except _TooMuch:
        return _done(language)


def _done(language: str) -> str | None:
    """Return the one word for all that was done."""
    for code in (language, language.partition("-")[0]):
        if (table := SENTENCES.get(code)) is not None:
            return table[Sentence.DONE]
    return None


def _together(deeds: Iterable[Deed]) -> Iterator[Deed]:
    """Yield the deeds, those done alike to several named things as one."""
    grouped: list[Deed] = []
    for deed in deeds:
        for place, before in enumerate(grouped):
            if _alike(before, deed):
                changed = {**before.changed, **deed.changed}
                grouped[place] = replace(before, changed=changed)
                break
        else:
            grouped.append(deed)
    yield from grouped


def _alike(one: Deed, other: Deed) -> bool:
    """Return whether the same was done to two named things."""
    return (
        one.named
        and other.named
        and (one.intent, one.domain) == (other.intent, other.domain)
        and {**one.slots, "name": ""} == {**other.slots, "name": ""}
    )


def _joined(sentences: list[str]) -> str:
    """Return sentences as one text; a single one is left as it is."""
    if len(sentences) == 1:
        return sentences[0]
    return " ".join(
        sentence if sentence.endswith(_SENTENCE_ENDS) else f"{sentence}."
        for sentence in dict.fromkeys(sentences)
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """Puts deeds into the words of one language."""

    hass: HomeAssistant
    language: str
    responses: Responses

    def say_all(self, deeds: Iterable[Deed]) -> list[str]:
        """Return what was done in a few sentences."""
        said = [sentence for deed in _together(deeds) for sentence in self._say(deed)]
        if not said:
            raise _CannotSay
        if len(said) > MOST_SENTENCES:
            raise _TooMuch
        return said

    def _say(self, deed: Deed) -> list[str]:
        """Return a deed in as few sentences as it takes."""
        if deed.intent in PLACELESS:
            return [self._placeless(deed)]
        values = [""]
        if deed.intent == "HassLightSet":
            values = [value for value in _LIGHT_VALUES if value in deed.given]
        return [
            sentence for value in values for sentence in self._of_devices(deed, value)
        ]

    def _placeless(self, deed: Deed) -> str:
        """Say what was done to a timer or a list."""
        command = "conversation_command" in deed.slots
        for text in self.responses.find(
            deed.intent, "command" if command else "", domain="todo"
        ):
            if (said := self._render(text, deed.slots)) is not None:
                return said
        raise _CannotSay

    def _of_devices(self, deed: Deed, value: str) -> list[str]:
        """Say what was done to devices."""
        names = list(deed.changed)
        if deed.named or len(names) == 1:
            if len(names) > MOST_NAMES:
                raise _TooMuch
            if len(names) > 1 and (said := self._as_several(deed, value, names)):
                return [said]
            return [self._of_one(deed, value, name) for name in names]
        if (said := self._of_place(deed, value)) is not None:
            return [said]
        if not 0 < len(names) <= MOST_NAMES:
            raise _TooMuch
        return [self._of_one(deed, value, name) for name in names]

    def _of_one(self, deed: Deed, value: str, name: str) -> str:
        """Say what was done to one device."""
        slots, state = {**deed.slots, "name": name}, deed.changed[name]
        for text in self.responses.find(
            deed.intent,
            "name",
            domain=deed.domain if state is None else state.domain,
            value=value,
        ):
            said = self._render(text, slots, state)
            if said is not None:
                return _about(name, said)
        raise _CannotSay

    def _as_several(self, deed: Deed, value: str, names: list[str]) -> str | None:
        """Say what was done to some devices as if they were all there are."""
        for text in self._find(deed, "area", value):
            if not _OF_ONE.search(text) and (
                said := self._render(text, _without_places(deed.slots))
            ):
                return _about(", ".join(names), said)
        return None

    def _of_place(self, deed: Deed, value: str) -> str | None:
        """Say what was done to all devices of a kind in a place, or in the home."""
        beginnings = [deed.place] if deed.place else ["domain_all", "domain_only"]
        general = list(self._find(deed, "name", value))
        for beginning in [*beginnings, "default", "name"]:
            for text in self._find(deed, beginning, value):
                if (
                    _OF_ONE.search(text)
                    or (said := self._render(text, deed.slots)) is None
                ):
                    continue
                if not deed.place:
                    return said
                subject = deed.slots[deed.place]
                if text in general and 0 < len(deed.changed) <= MOST_NAMES:
                    # Without a word for what it is, it would be all that is there.
                    subject = ", ".join(deed.changed)
                return _about(subject, said)
        return None

    def _find(self, deed: Deed, beginning: str, value: str) -> Iterator[str]:
        """Yield the templates for a deed."""
        return self.responses.find(
            deed.intent, beginning, domain=deed.domain, value=value
        )

    def _render(
        self, text: str, slots: Mapping[str, Any], state: State | None = None
    ) -> str | None:
        """Return a template's words, None where it needs what is not known."""
        lacks = set(_SLOT.findall(text)) - slots.keys()
        if lacks and not _MAY_LACK.search(text):
            return None
        if (state is None and _STATE.search(text)) or _BARE_DOMAIN.search(text):
            return None
        shown = None if state is None else template.TemplateState(self.hass, state)
        states = [] if shown is None else [shown]
        try:
            said = _template(self.hass, text).async_render(
                {
                    "query": {"matched": states, "unmatched": []},
                    "slots": slots,
                    "state": shown,
                },
                parse_result=False,
                log_fn=_log,
            )
        except TemplateError:
            return None
        said = " ".join(str(said).split())
        if not said or _NOTHING.search(said):
            return None
        if self.language.partition("-")[0] in _DECIMAL_COMMA:
            for value in slots.values():
                if isinstance(value, str) and _DECIMAL.fullmatch(value):
                    said = said.replace(value, value.replace(".", ","))
        # Georgian has capitals, but begins no sentence with one.
        return said[0].title() + said[1:]


@callback
def _template(hass: HomeAssistant, text: str) -> template.Template:
    """Return a template that was compiled when it was first needed."""
    known = hass.data.setdefault(_TEMPLATES, {})
    if text not in known:
        known[text] = template.Template(text, hass)
    return known[text]


def _log(level: int, message: str) -> None:
    """Note a template that does not work; nobody here can mend it."""
    LOGGER.debug("%s", message)


def _without_places(slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return slots that do not say where."""
    return {key: text for key, text in slots.items() if key not in ("area", "floor")}


def _about(subject: str, said: str) -> str:
    """Return a sentence that names what it is about, if it does not yet."""
    if subject.casefold() in said.casefold():
        return said
    return f"{said.rstrip(''.join(_SENTENCE_ENDS))}: {subject}"
