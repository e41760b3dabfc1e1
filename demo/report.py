"""How the demo tells what happened."""

import json

import yaml

from .do import Done
from .say import Said


def as_json(said: Said) -> str:
    """Return one utterance as one line of JSON."""
    measures = said.measures
    return json.dumps(
        {
            "say": said.said,
            "reply": said.reply,
            "calls": [
                {
                    "service": call.service,
                    "entities": list(call.entities),
                    "data": dict(call.data),
                }
                for call in said.calls
            ],
            "states": said.states,
            "first_token_s": _rounded(measures.get("first_word_seconds")),
            "total_s": _rounded(measures.get("total_seconds", said.seconds)),
            "prompt_tokens": measures.get("prompt_tokens"),
            "cached_tokens": measures.get("cached_tokens"),
            "generated_tokens": measures.get("generated_tokens"),
            "tokens_per_second": _rounded(measures.get("generated_tokens_per_second")),
            "passes": measures.get("passes"),
        },
        ensure_ascii=False,
        default=str,
    )


def as_text(said: Said) -> str:
    """Return one utterance as lines for a person."""
    lines = [f"> {said.said}", said.reply or "(no reply)"]
    for call in said.calls:
        data = "".join(f" {key}={value}" for key, value in call.data.items())
        lines.append(f"    {call.service} {', '.join(call.entities)}{data}")
    lines += [f"    {entity_id} is {state}" for entity_id, state in said.states.items()]
    if (cost := _cost(said)) is not None:
        lines.append(f"    {cost}")
    return "\n".join(lines)


def done_as_json(done: Done) -> str:
    """Return one action as one line of JSON."""
    return json.dumps(
        {"action": done.action, "response": done.response, "error": done.error},
        ensure_ascii=False,
        default=str,
    )


def done_as_text(done: Done) -> str:
    """Return one action as lines for a person."""
    lines = [f"> {done.action}"]
    if done.error is not None:
        lines.append(f"    {done.error}")
    elif done.response is not None:
        answer = yaml.safe_dump(done.response, allow_unicode=True, sort_keys=False)
        lines += [f"    {line}" for line in answer.splitlines()]
    return "\n".join(lines)


def _cost(said: Said) -> str | None:
    """Return what the turn cost, as far as it is known."""
    measures = said.measures
    if not measures:
        return None
    parts = [f"{said.seconds:.2f} s"]
    if (first := measures.get("first_word_seconds")) is not None:
        parts.append(f"first word after {first:.2f} s")
    if (prompt := measures.get("prompt_tokens")) is not None:
        cached = measures.get("cached_tokens") or 0
        parts.append(f"{prompt} tokens read ({cached} of them kept from before)")
    if (generated := measures.get("generated_tokens")) is not None:
        parts.append(f"{generated} written")
    return ", ".join(parts)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
