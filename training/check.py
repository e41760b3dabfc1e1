"""Check a GGUF through llama-server: template, tool parser, well-formed answers."""

import argparse
from pathlib import Path
from typing import Any

from . import render
from .contract import INSTRUCTIONS, prefix
from .dice import Dice
from .homes import Home, draw_home
from .render import Call
from .server import Server, serve
from .talkback import answer, parsed, request, tool_calls, tools
from .turns import Turn, draw_turn

_ODD_NAMES = (
    "Küche <hell>",
    'the "quoted" one',
    "it's & that",
    "床头灯",
    "Lampe 💡",
    "a\\b",
    "tab\there",
)


class CheckFailed(Exception):
    """The model does not behave as the integration needs it to."""


def conversation(dice: Dice) -> tuple[list[dict[str, Any]], str]:
    """Return messages of a made-up talk, and how they were rendered for training."""
    home = draw_home(dice)
    system = prefix(INSTRUCTIONS, home.entities)
    messages: list[dict[str, Any]] = [{"role": "system", "content": system}]
    text = render.system(system)
    for _ in range(dice.randint(1, 3)):
        turn = draw_turn(dice, home)
        messages.append({"role": "user", "content": turn.user})
        text += render.user(turn.user)
        if turn.calls:
            calls = (
                *turn.calls,
                ("control", {"action": "on", "name": dice.choice(_ODD_NAMES)}),
            )
            outcome = {"done": [dice.choice(_ODD_NAMES), "Lamp"]}
            messages += _called(calls, outcome)
            text += (
                render.calls(calls)
                + render.result(outcome) * len(calls)
                + "<|assistant|>"
            )
        messages.append({"role": "assistant", "content": "Done, 21.5 °C."})
        text += render.sentence("Done, 21.5 °C.")
    messages.append({"role": "user", "content": "And now?"})
    return messages, text + render.user("And now?")


def _called(calls: tuple[Call, ...], outcome: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the assistant's message that calls tools, and the tools' results."""
    made = tool_calls(calls)
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": render.dumps(outcome)}
        for call in made
    ]
    return [{"role": "assistant", "content": "", "tool_calls": made}, *results]


def check_template(server: Server, talks: int) -> None:
    """Compare the server's rendering with the one the model was trained on."""
    caps = server.get("/props")["chat_template_caps"]
    if not (caps["supports_tools"] and caps["supports_tool_calls"]):
        raise CheckFailed(f"the server sees no tools in the template: {caps}")
    dice = Dice("templates")
    for _ in range(talks):
        messages, wanted = conversation(dice)
        got = server.post("/apply-template", {"messages": messages, "tools": tools()})[
            "prompt"
        ]
        if got != wanted:
            raise CheckFailed(
                f"rendered differently:\nwanted {wanted!r}\ngot    {got!r}"
            )


def check_answers(
    server: Server, asked: int, *, may_ramble: bool = False
) -> tuple[int, int]:
    """Ask questions; every answer must be a well-formed call or a sentence.

    Args:
        server: The server with the model.
        asked: How many questions.
        may_ramble: Whether an answer may be without end, as those of a model that
            was trained for a minute; where it is cut off it is not well-formed.

    Returns how many answers were calls and how many were sentences.
    """
    dice = Dice("answers")
    home = draw_home(dice, 12)
    called = said = 0
    for _ in range(asked):
        turn = draw_turn(dice, home)
        calls, words, whole = answer(server, request(home, turn.user))
        if not whole and not may_ramble:
            raise CheckFailed(f"{turn.said!r}: the answer has no end")
        if not whole:
            continue
        _well_formed(turn, calls, words)
        if _streamed(server, home, turn.user) != (calls, words):
            raise CheckFailed(f"{turn.said!r}: the streamed answer differs")
        called += bool(calls)
        said += not calls
    if not called + said:
        raise CheckFailed("no answer came to its end")
    return called, said


def _well_formed(turn: Turn, calls: tuple[Call, ...], words: str) -> None:
    if not calls and not words.strip():
        raise CheckFailed(f"{turn.said!r}: neither a call nor a word")
    if "<tool_call>" in words or "<|" in words:
        raise CheckFailed(f"{turn.said!r}: the call was not parsed: {words!r}")
    for name, arguments in calls:
        if name not in render.TOOLS or "unreadable" in arguments:
            raise CheckFailed(f"{turn.said!r}: ill-formed call {name} {arguments}")


def _streamed(server: Server, home: Home, user: str) -> tuple[tuple[Call, ...], str]:
    """Return the same answer, put together from a stream."""
    words = ""
    names: dict[int, str] = {}
    arguments: dict[int, str] = {}
    for delta in server.stream(request(home, user)):
        words += delta.get("content") or ""
        for call in delta.get("tool_calls") or []:
            function = call["function"]
            index = call["index"]
            names[index] = names.get(index, "") + (function.get("name") or "")
            arguments[index] = arguments.get(index, "") + (
                function.get("arguments") or ""
            )
    return tuple((names[i], parsed(arguments[i])) for i in sorted(names)), words


def main() -> None:
    """Check from the command line; ends with 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--talks", type=int, default=50)
    parser.add_argument("--asked", type=int, default=20)
    parser.add_argument("--may-ramble", action="store_true")
    args = parser.parse_args()
    with serve(args.model) as server:
        check_template(server, args.talks)
        print(f"template: {args.talks} talks rendered as in training")
        called, said = check_answers(server, args.asked, may_ramble=args.may_ramble)
        print(
            f"answers: {called} calls and {said} sentences, all well-formed, streamed too"
        )


if __name__ == "__main__":
    main()
