"""What was read once is not read again."""

from collections.abc import Callable
from typing import Any

from .conftest import At
from .site import Site

type Chat = list[dict[str, Any]]

SYSTEM = {"role": "system", "content": "You are the voice of a home. " * 30}


async def take(site: Site, messages: Chat, **more: Any) -> dict[str, Any]:
    """Return the numbers of an answer to messages."""
    body = {"messages": messages, "max_tokens": 8, "temperature": 0} | more
    reply = await site.ask("POST", "/v1/chat/completions", body)
    assert reply.status == 200, reply.body
    timings: dict[str, Any] = reply.body["timings"]
    return timings


async def test_a_shared_beginning_is_read_once(
    both: Callable[[str], list[Site]],
) -> None:
    """Turn by turn both use the same tokens again, to within the last one."""
    hello: Chat = [SYSTEM, {"role": "user", "content": "Is the light on?"}]
    more: Chat = [
        *hello,
        {"role": "assistant", "content": "It is on now."},
        {"role": "user", "content": "And in the hall?"},
    ]
    other: Chat = [SYSTEM, {"role": "user", "content": "Good night"}]
    told = []
    for site in both("thinker"):
        await site.ask("POST", "/slots/0?action=erase", {})
        numbers = []
        for messages in (hello, hello, more, other):
            timings = await take(site, messages)
            numbers.append((timings["cache_n"], timings["prompt_n"]))
        told.append(numbers)
    for one, two in zip(*told, strict=True):
        assert sum(one) == sum(two)
        assert abs(one[0] - two[0]) <= 1, told
    first, again, longer, another = told[1]
    assert first[0] == 0
    assert again == (sum(first) - 1, 1)
    assert longer[0] > sum(first) - 10
    assert longer[1] < 50
    assert another[0] > sum(first) - 30


async def test_no_use_of_what_was_read(at: At) -> None:
    """A request can have everything read again."""
    hello: Chat = [SYSTEM, {"role": "user", "content": "Is it warm?"}]
    await take(at("thinker"), hello)
    assert (await take(at("thinker"), hello))["cache_n"] > 100
    assert (await take(at("thinker"), hello, cache_prompt=False))["cache_n"] == 0


async def test_a_slot_that_is_saved(at: At) -> None:
    """What was read can be saved, forgotten, and be there again."""
    site = at("thinker")
    hello: Chat = [SYSTEM, {"role": "user", "content": "Save me"}]
    read = await take(site, hello)
    total = read["cache_n"] + read["prompt_n"]
    saved = await site.ask("POST", "/slots/0?action=save", {"filename": "a.bin"})
    assert saved.status == 200, saved.body
    assert saved.body["id_slot"] == 0
    assert saved.body["filename"] == "a.bin"
    assert saved.body["n_saved"] >= total
    assert saved.body["n_written"] > 1000

    erased = await site.ask("POST", "/slots/0?action=erase", {})
    assert erased.body["n_erased"] == saved.body["n_saved"]
    assert (await take(site, hello))["cache_n"] == 0
    await take(site, [{"role": "user", "content": "Something else"}])

    restored = await site.ask("POST", "/slots/0?action=restore", {"filename": "a.bin"})
    assert restored.status == 200, restored.body
    assert restored.body["n_restored"] == saved.body["n_saved"]
    assert restored.body["n_read"] == saved.body["n_written"]
    again = await take(site, hello)
    assert (again["cache_n"], again["prompt_n"]) == (total - 1, 1)


async def test_slots_that_are_refused(at: At) -> None:
    """Names that lead elsewhere, files that are not there, and what is no action."""
    site = at("thinker")
    for path, body in (
        ("/slots/0?action=save", {"filename": "../a.bin"}),
        ("/slots/0?action=save", {"filename": "/etc/a.bin"}),
        ("/slots/0?action=save", {"filename": ""}),
        ("/slots/0?action=save", {}),
        ("/slots/0?action=restore", {"filename": "missing.bin"}),
        ("/slots/0?action=restore", {"filename": "a/../../b.bin"}),
        ("/slots/x?action=erase", {}),
        ("/slots/0?action=dance", {}),
    ):
        reply = await site.ask("POST", path, body)
        assert reply.status == 400, (path, body, reply)
        assert reply.body["error"]["type"] == "invalid_request_error"
    assert (await site.chat("Hello"))["choices"]
