"""What the demo prints."""

import json

from demo.calls import Call
from demo.report import as_json, as_text
from demo.say import Said

CALL = Call(service="light.turn_on", entities=("light.a",), data={"brightness_pct": 30})
MEASURED = Said(
    said="lamp",
    reply="Done",
    calls=[CALL],
    states={"light.a": "on"},
    seconds=1.23456,
    measures={
        "passes": 1,
        "prompt_tokens": 700,
        "cached_tokens": 600,
        "generated_tokens": 20,
        "generated_tokens_per_second": 99.99999,
        "first_word_seconds": 0.25,
        "total_seconds": 1.2,
    },
)
UNMEASURED = Said(said="hi", reply="", calls=[], states={}, seconds=0.5)


def test_json() -> None:
    """One line has everything; what is not known is null."""
    assert json.loads(as_json(MEASURED)) == {
        "say": "lamp",
        "reply": "Done",
        "calls": [
            {
                "service": "light.turn_on",
                "entities": ["light.a"],
                "data": {"brightness_pct": 30},
            }
        ],
        "states": {"light.a": "on"},
        "first_token_s": 0.25,
        "total_s": 1.2,
        "prompt_tokens": 700,
        "cached_tokens": 600,
        "generated_tokens": 20,
        "tokens_per_second": 100.0,
        "passes": 1,
    }
    plain = json.loads(as_json(UNMEASURED))
    assert plain["total_s"] == 0.5
    assert plain["prompt_tokens"] is None
    assert "\n" not in as_json(MEASURED)


def test_text() -> None:
    """A person reads reply, actions, states and cost."""
    assert as_text(MEASURED) == (
        "> lamp\n"
        "Done\n"
        "    light.turn_on light.a brightness_pct=30\n"
        "    light.a is on\n"
        "    1.23 s, first word after 0.25 s, "
        "700 tokens read (600 of them kept from before), 20 written"
    )
    assert as_text(UNMEASURED).splitlines() == ["> hi", "(no reply)"]
