"""From a chat to what the engine is told: tokens, grammar, and how to read the answer.

Templates come with model files, and may take their time: none of this runs in the
event loop.
"""

from dataclasses import dataclass
from functools import lru_cache
import json

from .chat_request import ChatRequest, ToolChoice
from .errors import bad_request
from .fields import JsonObject
from .formats import SchemaError, ToolFormat, format_for
from .generation import Order
from .grammar import ToolGrammar, schema_grammar, tool_grammar
from .library import LOGGER
from .model import Model
from .output import OutputParser, ends_in_thought
from .sampler import Grammar
from .shelf import shared
from .template import ChatTemplate, TemplateError

# For models that bring no template along: what most of them were tuned with.
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
# Grammars that are kept: a home's tools are the same in each turn, and a grammar of
# two hundred names takes tens of milliseconds to write.
_MOST_GRAMMARS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A chat, ready for the engine."""

    order: Order
    parser: OutputParser


class Prompts:
    """Turns chats into orders; used by one thread at a time."""

    def __init__(self, model: Model, *, places: bool) -> None:
        """Read the model's template.

        Args:
            model: The model.
            places: Whether the engine wants to know where the user's last words are.
        """
        self._model = model
        self._places = places
        self.template = self._read_template()
        self.format: ToolFormat = format_for(self.template)
        self._grammar = lru_cache(_MOST_GRAMMARS)(self._written_grammar)
        self._shown = self._control_tokens_shown()
        LOGGER.info("tool calls are written as %s", self.format.name)

    def _read_template(self) -> ChatTemplate:
        """Return the model's template, or the usual one where that is no use."""
        facts = self._model.facts
        try:
            return ChatTemplate(facts.template or CHATML, bos=facts.bos, eos=facts.eos)
        except TemplateError as err:
            LOGGER.warning("%s; the usual one takes its place", err)
            return ChatTemplate(CHATML, bos=facts.bos, eos=facts.eos)

    def _control_tokens_shown(self) -> frozenset[int]:
        """Return the control tokens that are markup of calls and thoughts."""
        return frozenset(
            token
            for special in self.format.specials
            for token in self._model.tokens(special)
            if self._model.is_control(token)
        )

    def text(self, chat: ChatRequest) -> str:
        """Return the text of a chat."""
        try:
            return self.template.render(
                chat.messages, tools=chat.tools, kwargs=chat.template_values
            )
        except TemplateError as err:
            raise bad_request(str(err)) from err

    def count(self, chat: ChatRequest) -> int:
        """Return how many tokens a chat's prompt has."""
        return len(self._model.prompt_tokens(self.text(chat)))

    def prepare(self, chat: ChatRequest) -> Prepared:
        """Return what a chat means to the engine."""
        text = self.text(chat)
        prompt = self._model.prompt_tokens(text)
        if not prompt:
            raise bad_request("The prompt is empty")
        tools = [] if chat.choice is ToolChoice.NONE else chat.tools
        wants_json = chat.schema is not None or chat.any_object
        if wants_json and tools:
            raise bad_request("Cannot use custom grammar constraints with tools.")
        # Where it must be JSON from the first token on, there is no thought.
        thinks = not wants_json and ends_in_thought(self.format, text)
        try:
            grammar = (
                Grammar(gbnf=schema_grammar(chat.schema))
                if wants_json
                else self._call_grammar(chat, tools, thinks)
            )
        except (SchemaError, RecursionError) as err:
            raise bad_request(f"No grammar can be made of the schema: {err}") from err
        return Prepared(
            order=Order(
                prompt=prompt,
                sampling=chat.sampling,
                grammar=grammar,
                stops=chat.stops,
                most_tokens=chat.most_tokens,
                ignore_end=chat.ignore_end,
                shown=self._shown,
                user_start=self._user_start(chat, text, prompt),
                reuse=chat.reuse,
                weigh=chat.weigh,
            ),
            parser=OutputParser(self.format, tools=tools, thinking_open=thinks),
        )

    def _call_grammar(
        self, chat: ChatRequest, tools: list[JsonObject], thinks: bool
    ) -> Grammar | None:
        """Return the grammar of calls; from the first token on, or once one begins."""
        must_call = chat.choice is ToolChoice.REQUIRED
        if not tools or not (must_call or chat.constrain):
            return None
        found = self._grammar(json.dumps(tools), chat.parallel, must_call and thinks)
        return Grammar(
            gbnf=found.gbnf, patterns=() if must_call else found.lazy_patterns
        )

    def _written_grammar(
        self, tools: str, parallel: bool, thinking_open: bool
    ) -> ToolGrammar:
        """Return the grammar of calls of tools, which are given as JSON."""
        return tool_grammar(
            self.format,
            json.loads(tools),
            parallel=parallel,
            thinking_open=thinking_open,
        )

    def _user_start(
        self, chat: ChatRequest, text: str, prompt: list[int]
    ) -> int | None:
        """Return how many tokens the last words of the user come after."""
        if not self._places:
            return None
        place = self.template.user_start(
            chat.messages, tools=chat.tools, kwargs=chat.template_values
        )
        if place is None:
            return None
        before = self._model.prompt_tokens(text[:place])
        return shared(before, prompt)
