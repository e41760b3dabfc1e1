"""From JSON schemas to grammars: what a grammar allows is what a schema allows.

Not minded are formats, multiples, whether items are unique, and patterns that no
grammar can be made of.
"""

from collections.abc import Callable, Sequence
from typing import Any

from .gbnf import Grammar, SchemaError, any_of, text
from .notation import JSON, Notation
from .numbers import integer, number
from .patterns import pattern_rule
from .schema_parts import (
    JsonObject,
    counts,
    limits,
    list_in,
    object_in,
    parts_of,
    repeated,
    types_of_value,
    without,
)

_DEEPEST = 48
_STEPS_OF_REFERENCES = 8
# A character of a text of limited length that ends where a tag begins.
_BEFORE_TAG = r"[^<\x0A]"


class Rules(Grammar):
    """A grammar that can be told schemas."""

    def __init__(self, notation: Notation = JSON) -> None:
        """Start with no rules, for values in a notation."""
        super().__init__()
        self._notation = notation
        self._schema: JsonObject = {}
        self._depth = 0
        self._references: dict[tuple[int, str], str] = {}

    def text(self, literal: str) -> str:
        """Return a text as a grammar has it."""
        return text(literal)

    def value(self, schema: JsonObject, name: str) -> str:
        """Add rules for what a whole schema describes; return a rule's name."""
        self._schema = schema
        return self._rule(schema, name)

    def pairs(self, schema: JsonObject, name: str) -> str:
        """Add rules for arguments as Python has them; return a rule's name."""
        self._schema = schema
        members = [
            (f"{text(key + '=')} {self._rule(part, f'{name}-{key}')}", needed)
            for key, part, needed in parts_of(self._plain(schema))
        ]
        return self.add(name, self._sequence(name, members, text(", ")))

    def tagged(
        self,
        schema: JsonObject,
        name: str,
        *,
        before: Callable[[str], str],
        after: str,
    ) -> str:
        """Add rules for arguments in tags, texts as they are; return a rule's name.

        Args:
            schema: What the arguments are.
            name: The rule's name.
            before: Returns what is before the value of an argument.
            after: What is after it.
        """
        self._schema = schema
        members = []
        for key, part, needed in parts_of(self._plain(schema)):
            plain = self._plain(part)
            if isinstance(words := plain.get("enum"), list):
                ways = [w if isinstance(w, str) else JSON.written(w) for w in words]
                value = f"{any_of(map(text, ways))} {text(after)}"
            elif "string" in types_of_value(plain):
                count = repeated(plain, "minLength", "maxLength")
                bounded = f"{_BEFORE_TAG}{count} {text(after)}"
                value = self.until(after) if count == "*" else bounded
            else:
                value = f"{self._rule(part, f'{name}-{key}')} {text(after)}"
            members.append((f"{text(before(key))} {value}", needed))
        return self.add(name, self._sequence(name, members, ""))

    def _plain(self, schema: object) -> JsonObject:
        """Return a schema with its references and parts put in place."""
        found = schema if isinstance(schema, dict) else {}
        for _ in range(_STEPS_OF_REFERENCES):
            if "$ref" not in found:
                break
            found = {**self._referred(found["$ref"]), **without(found, "$ref")}
        for part in found.get("allOf") or ():
            plain = self._plain(part)
            found = {
                **plain,
                **found,
                "properties": {
                    **object_in(plain, "properties"),
                    **object_in(found, "properties"),
                },
                "required": [*list_in(plain, "required"), *list_in(found, "required")],
            }
        return without(found, "allOf")

    def _referred(self, reference: object) -> JsonObject:
        """Return the part of the schema that a reference points to."""
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise SchemaError("The schema refers to something outside it")
        found: Any = self._schema
        for step in reference.removeprefix("#").split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            found = found.get(key) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise SchemaError("The schema refers to something that it lacks")
        return found

    def _rule(self, schema: object, name: str) -> str:
        """Add a rule for a schema; return its name."""
        if schema is True or schema is None:
            schema = {}
        if not isinstance(schema, dict):
            raise SchemaError("The schema is not valid")
        if "$ref" not in schema:
            return self._deeper(schema, name)
        key = (id(self._schema), str(schema["$ref"]))
        if key not in self._references:
            self._references[key] = self.reserve(name)
            found = self._deeper(self._plain(schema), f"{name}-is")
            self.set(self._references[key], found)
        return self._references[key]

    def _deeper(self, schema: JsonObject, name: str) -> str:
        """Add a rule for a schema within another; return its name."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SchemaError("The schema is nested too deeply")
        try:
            plain = self._plain(schema) if "allOf" in schema else schema
            return self.add(name, self._expression(plain, name))
        finally:
            self._depth -= 1

    def _expression(self, schema: JsonObject, name: str) -> str:
        """Return the expression for a schema."""
        if "const" in schema:
            return text(self._notation.written(schema["const"]))
        if words := list_in(schema, "enum"):
            return any_of(text(self._notation.written(word)) for word in words)
        for key in ("anyOf", "oneOf"):
            if parts := list_in(schema, key):
                rest = without(schema, key)
                merged = [{**rest, **p} if isinstance(p, dict) else p for p in parts]
                ways = [self._rule(p, f"{name}-{n}") for n, p in enumerate(merged)]
                return any_of(ways)
        kinds = types_of_value(schema)
        if not kinds:
            return self._anything()
        if len(kinds) > 1:
            return any_of(self._typed(schema, kind, f"{name}-{kind}") for kind in kinds)
        return self._typed(schema, kinds[0], name)

    def _typed(self, schema: JsonObject, kind: str, name: str) -> str:
        """Return the expression for a schema of one type."""
        if kind == "object":
            return self._object(schema, name)
        if kind == "array":
            return self._array(schema, name)
        if kind == "string":
            return self._string(schema)
        if kind == "boolean":
            words = (self._notation.words[True], self._notation.words[False])
            return any_of(map(text, words))
        if kind == "null":
            return text(self._notation.words[None])
        low, high = limits(schema, whole=kind == "integer")
        kind = "integer" if kind == "integer" else "number"
        body = integer(low, high) if kind == "integer" else number(low, high)
        return self.add(kind, body) if low is None and high is None else body

    def _string(self, schema: JsonObject) -> str:
        """Return the expression for a text."""
        quote = text(self._notation.quote)
        count = repeated(schema, "minLength", "maxLength")
        if self._notation.character:
            if rule := pattern_rule(schema.get("pattern")):
                return f"{quote} {rule} {quote}"
            character = self.add("character", self._notation.character)
        elif count == "*":
            return self.add("string", f"{quote} {self._until_quote()}")
        else:
            character = _BEFORE_TAG
        if count == "*":
            return self.add("string", f"{quote} {character}* {quote}")
        return f"{quote} {character}{count} {quote}"

    def _until_quote(self) -> str:
        """Return the rule for a text up to the marker around it."""
        key = (0, self._notation.quote)
        if key not in self._references:
            self._references[key] = self.until(self._notation.quote)
        return self._references[key]

    def _object(self, schema: JsonObject, name: str) -> str:
        """Return the expression for an object, with its keys in the schema's order."""
        more = schema.get("additionalProperties")
        if "properties" not in schema and more is None:
            return self._any_object()
        colon = f'":" {self._space}'
        members = []
        for key, part, needed in parts_of(schema):
            value = self._rule(part, f"{name}-{key}")
            members.append((f"{text(self._notation.key(key))} {colon} {value}", needed))
        extra = ""
        if more is True or isinstance(more, dict):
            value = self._rule(more, f"{name}-more")
            extra = self.add(f"{name}-pair", f"{self._any_key()} {colon} {value}")
        inside = self._sequence(name, members, f'"," {self._space}', extra)
        return f'"{{" {inside} "}}"'

    @property
    def _space(self) -> str:
        """Return the expression for what may be after commas and colons."""
        return "" if self._notation.bare_keys else '" "?'

    def _sequence(
        self,
        name: str,
        members: Sequence[tuple[str, bool]],
        separator: str,
        extra: str = "",
    ) -> str:
        """Return the expression for members in order, those not needed left out at will.

        Args:
            name: The beginning of the rules' names.
            members: Each member's expression, and whether it is needed.
            separator: The expression for what is between two of them.
            extra: The expression for what may follow them as often as one likes.
        """
        tail = f"({separator} {extra})*" if extra else ""
        head = f"({extra} {tail})?" if extra else ""
        for place in range(len(members) - 1, -1, -1):
            member, needed = members[place]
            first = f"{member} {tail}".strip()
            if needed:
                head = first
            else:
                head = f"({first} | {head})" if head else f"({first})?"
            follows = f"{separator} {member}".strip()
            tail = f"{follows if needed else f'({follows})?'} {tail}".strip()
            if place:
                tail = self.add(f"{name}-rest-{place}", tail) if tail else ""
                head = self.add(f"{name}-from-{place}", head)
        return head or '""'

    def _array(self, schema: JsonObject, name: str) -> str:
        """Return the expression for a list."""
        comma = f'"," {self._space}'
        if fixed := list_in(schema, "prefixItems"):
            parts = [self._rule(p, f"{name}-{n}") for n, p in enumerate(fixed)]
            return f'"[" {f" {comma} ".join(parts)} "]"'
        item = self._rule(schema.get("items", {}), f"{name}-item")
        low, high = counts(schema, "minItems", "maxItems")
        if high == 0:
            return '"[]"'
        most = "" if high is None else high - 1
        items = f"{item} ({comma} {item}){{{max(low - 1, 0)},{most}}}"
        return f'"[" {items} "]"' if low else f'"[" ({items})? "]"'

    def _any_key(self) -> str:
        """Return the expression for a key of any name."""
        if self._notation.bare_keys:
            return self.add("key", "[a-zA-Z_] [a-zA-Z0-9_]{0,63}")
        return self._string({})

    def _any_object(self) -> str:
        """Return the rule for any object."""
        self._anything()
        return "object"

    def _anything(self) -> str:
        """Return the rule for any value."""
        if (0, "") not in self._references:
            self._references[0, ""] = self.reserve("value")
            value, comma = self._references[0, ""], f'"," {self._space}'
            pair = f'{self._any_key()} ":" {self._space} {value}'
            kinds = ["string", "number", "boolean", "null"]
            ways = [self._typed({}, kind, kind) for kind in kinds]
            self.set(
                self._references[0, ""],
                any_of(
                    (
                        *ways,
                        self.add("object", f'"{{" ({pair} ({comma} {pair})*)? "}}"'),
                        self.add("array", f'"[" ({value} ({comma} {value})*)? "]"'),
                    )
                ),
            )
        return self._references[0, ""]
